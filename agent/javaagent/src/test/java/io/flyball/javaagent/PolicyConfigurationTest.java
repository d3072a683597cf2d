package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import io.flyball.base.log.LoggedInternalErrors;
import io.flyball.engine.Engine;
import io.flyball.engine.EngineSettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.config.Sections;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.LoadedConfig;
import io.flyball.wire.Bodies;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What the user writes reaches the stages. */
class PolicyConfigurationTest {
  private static final String OLD =
      "{\"role\":\"user\",\"content\":\"Hi\"},{\"role\":\"assistant\",\"content\":\"Hello\"},";
  private static final String LAST = "{\"role\":\"user\",\"content\":\"And now?\"}";

  private final List<CallRecord> records = new ArrayList<>();
  private final Upstream upstream = new Upstream();

  private static final class Upstream implements Transport {
    final List<WireRequest> sent = new ArrayList<>();

    @Override
    public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
      sent.add(request);
      return CompletableFuture.completedFuture(
          WireResponse.received(
              200,
              Headers.of("Content-Type", "application/json"),
              Bodies.of("{\"choices\":[]}".getBytes(StandardCharsets.UTF_8)),
              new Object()));
    }
  }

  private WireResponse ask(String arguments, String messages) throws Exception {
    LoadedConfig loaded =
        ConfigLoader.load(
            Sections.SCHEMA,
            arguments,
            Collections.<String, String>emptyMap(),
            Collections.<String, String>emptyMap());
    assertThat(loaded.explain()).isEmpty();
    Log log = Log.open(Level.WARN, null);
    LoggedInternalErrors errors = new LoggedInternalErrors(log);
    PolicyConfiguration policies =
        new PolicyConfiguration(
            TimeSource.SYSTEM,
            (nanos, task) -> () -> {},
            AccountStore.MEMORY,
            null,
            null,
            new Pricing(null),
            alert -> {},
            log,
            errors);
    Engine engine =
        Engine.builder(
                EngineSettings.builder(new Protocols(Collections.<Endpoint>emptyList()))
                    .policies(policies.policies(loaded.config()))
                    .build(),
                records::add,
                errors)
            .timer((nanos, task) -> () -> {})
            .build();
    WireResponse response =
        engine
            .open(
                new WireRequest(
                    "POST",
                    URI.create("https://api.openai.com/v1/chat/completions"),
                    Headers.of("Content-Type", "application/json"),
                    body(messages).getBytes(StandardCharsets.UTF_8)))
            .executeAsync(upstream, Runnable::run)
            .toCompletableFuture()
            .get();
    assertThat(errors.count()).isZero();
    return response;
  }

  private static String body(String messages) {
    return "{\"model\":\"gpt-4o-mini\",\"messages\":[" + messages + "]}";
  }

  @Test
  void aPromptThatIsTooLargeIsRefused() throws Exception {
    assertThat(ask("request.max-input-tokens=10", LAST).headers().first("x-flyball-refusal"))
        .isEqualTo("flyball_prompt_too_large");
    assertThat(upstream.sent).isEmpty();
  }

  @Test
  void aPromptIsTrimmed() throws Exception {
    int tokens = 40;
    ask("request.max-input-tokens=" + tokens + ",request.on-exceed=trim", OLD + LAST);
    assertThat(new String(upstream.sent.get(0).body(), StandardCharsets.UTF_8))
        .isEqualTo(body(LAST));
  }

  @Test
  void anAnswerIsLimitedByWhatItCosts() throws Exception {
    ask("request.max-cost=0.001 USD", LAST);
    assertThat(new String(upstream.sent.get(0).body(), StandardCharsets.UTF_8))
        .containsPattern("\"max_completion_tokens\":16[0-9][0-9]\\D");
  }

  @Test
  void aTargetTakesWhatIsTooLarge() throws Exception {
    ask(
        "request.max-input-tokens=10,request.on-exceed=route:large,target.large.protocol=openai,"
            + "target.large.url=https://api.openai.com/v1,target.large.model=gpt-4.1",
        LAST);
    assertThat(new String(upstream.sent.get(0).body(), StandardCharsets.UTF_8)).contains("gpt-4.1");
  }
}
