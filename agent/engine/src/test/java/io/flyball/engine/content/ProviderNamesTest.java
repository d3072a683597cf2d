package io.flyball.engine.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.ResponseFacts;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProviderNamesTest {
  private static final String KEY = "sk-proj-abcdefghijklmnop1234567890";

  private final ProviderNames names = new ProviderNames(new Redactor()::redact);

  private static CallRecord call(ResponseFacts response, String error) {
    RequestHead head =
        new RequestHead(
            "POST", "https", "localhost", 443, "/v1/chat/completions", null, name -> null);
    RequestFacts request =
        new Protocols(Collections.<Endpoint>emptyList())
            .recognise(
                head,
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                    .getBytes(StandardCharsets.UTF_8));
    AttemptRecord attempt =
        AttemptRecord.builder(1, "localhost", "localhost", 443)
            .outcome(Outcome.ERROR, 400, error)
            .request(request)
            .response(response)
            .build();
    return CallRecord.builder("c", request)
        .outcome(Outcome.ERROR, 400, error)
        .response(response)
        .attempts(Collections.singletonList(attempt))
        .build();
  }

  @Test
  void noNameOfAProviderHoldsASecret() {
    ResponseFacts said =
        ResponseFacts.builder()
            .id("x")
            .model("model-" + KEY)
            .finishReasons(Arrays.asList("stop", KEY))
            .serviceTier(KEY)
            .speed(KEY)
            .region(KEY)
            .systemFingerprint(KEY)
            .errorType("code_" + KEY)
            .errorMessage("as it is")
            .toolCalls(3)
            .outputCharacters(7)
            .complete(true)
            .build();

    CallRecord shown =
        names.apply(call(said, "Incorrect API key provided " + KEY + " a@b.example"));

    assertThat(shown.errorType()).isEqualTo("Incorrect API key provided [key] [email]");
    assertThat(shown.outcome()).isEqualTo(Outcome.ERROR);
    assertThat(shown.status()).isEqualTo(400);
    assertThat(shown.attempts().get(0).errorType()).isEqualTo(shown.errorType());
    for (ResponseFacts facts :
        Arrays.asList(shown.response(), shown.attempts().get(0).response())) {
      assertThat(facts.model()).doesNotContain("abcdef");
      assertThat(facts.finishReasons()).containsExactly("stop", "[key]");
      assertThat(facts.serviceTier()).isEqualTo("[key]");
      assertThat(facts.speed()).isEqualTo("[key]");
      assertThat(facts.region()).isEqualTo("[key]");
      assertThat(facts.systemFingerprint()).isEqualTo("[key]");
      assertThat(facts.errorType()).doesNotContain("abcdef");
      assertThat(facts.id()).isEqualTo("x");
      assertThat(facts.toolCalls()).isEqualTo(3);
      assertThat(facts.outputCharacters()).isEqualTo(7);
      assertThat(facts.complete()).isTrue();
    }
  }

  @Test
  void namesAreNoLongerThanNamesAre() {
    String error = String.join("", Collections.nCopies(3_000, "x"));

    assertThat(names.apply(call(null, error)).errorType()).hasSize(256);
  }

  @Test
  void whatMayBeShownStaysAndIsLookedAtOnce() {
    AtomicInteger looks = new AtomicInteger();
    ProviderNames counted =
        new ProviderNames(
            text -> {
              looks.incrementAndGet();
              return new Redactor().redact(text);
            });
    for (int i = 0; i < 10; i++) {
      CallRecord call =
          call(
              ResponseFacts.builder()
                  .model("gpt-4o-2024-08-06")
                  .finishReasons(Collections.singletonList("stop"))
                  .build(),
              "invalid_api_key");
      assertThat(counted.apply(call)).isSameAs(call);
    }

    assertThat(looks).hasValue(3);
  }
}
