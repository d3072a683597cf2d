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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderNamesTest {
  private static final String KEY = "sk-proj-abcdefghijklmnop1234567890";

  private final ProviderNames names = new ProviderNames(new ShownNames(new Redactor()::redact));

  private static CallRecord call(ResponseFacts response, String error) {
    return call(response, error, "m");
  }

  private static CallRecord call(ResponseFacts response, String error, String model) {
    RequestHead head =
        new RequestHead(
            "POST", "https", "localhost", 443, "/v1/chat/completions", null, name -> null);
    RequestFacts request =
        new Protocols(Collections.<Endpoint>emptyList())
            .recognise(
                head,
                ("{\"model\":\""
                        + model
                        + "\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}")
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
            .id("x-" + KEY)
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
        names.apply(call(said, "incorrect_api_key_provided:" + KEY + ":a@b.example"));

    assertThat(shown.errorType()).isEqualTo("incorrect_api_key_provided:[key]:[email]");
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
      assertThat(facts.id()).isEqualTo("x-[key]");
      assertThat(facts.toolCalls()).isEqualTo(3);
      assertThat(facts.outputCharacters()).isEqualTo(7);
      assertThat(facts.complete()).isTrue();
    }
  }

  /** What is no name may be what the application asked, in any script. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "invalid code: my mother's name is Ada",
        "two words",
        "a\tb",
        "\u5bc6\u7801\u662f\u4e00\u4e8c\u4e09",
        "\"quoted\"",
        "{}",
        "a,b",
        "(a)",
        "",
        " ",
        "a\u0000b",
        "LONG"
      })
  void aTextThatIsNoNameIsNotShown(String given) {
    String text = given.equals("LONG") ? String.join("", Collections.nCopies(3_000, "x")) : given;
    ResponseFacts said =
        ResponseFacts.builder()
            .id(text)
            .model(text)
            .finishReasons(Arrays.asList("stop", text))
            .serviceTier(text)
            .speed(text)
            .region(text)
            .systemFingerprint(text)
            .errorType(text)
            .build();

    CallRecord shown = names.apply(call(said, text));

    assertThat(shown.errorType()).isEqualTo("400");
    assertThat(shown.attempts().get(0).errorType()).isEqualTo("400");
    CallRecord inStream = call(said, text).toBuilder().outcome(Outcome.ERROR, 200, text).build();
    assertThat(names.apply(inStream).errorType()).isEqualTo("other");
    for (ResponseFacts facts :
        Arrays.asList(shown.response(), shown.attempts().get(0).response())) {
      assertThat(facts.finishReasons()).containsExactly("stop", "other");
      assertThat(
              Arrays.asList(
                  facts.id(),
                  facts.model(),
                  facts.serviceTier(),
                  facts.speed(),
                  facts.region(),
                  facts.systemFingerprint(),
                  facts.errorType()))
          .containsOnly("other");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-4o-2024-08-06",
        "accounts/fireworks/models/llama-v3p1-405b-instruct",
        "anthropic/claude-3.5-sonnet:beta",
        "arn:aws:bedrock:us-east-1:000000000000:inference-profile/us.anthropic.claude-v1:0",
        "com.amazonaws.bedrockruntime#ThrottlingException",
        "java.net.http.HttpTimeoutException",
        "com.example.Outer$Inner",
        "MAX_TOKENS",
        "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
        "fp_06737a9306",
        "429"
      })
  void whatProvidersCallThingsByIsShown(String name) {
    CallRecord call =
        call(
            ResponseFacts.builder()
                .id(name)
                .model(name)
                .finishReasons(Collections.singletonList(name))
                .build(),
            name);

    assertThat(names.apply(call)).isSameAs(call);
  }

  /** Also where the provider only says it back. */
  @ParameterizedTest
  @ValueSource(strings = {"my password is hunter2", "sk-proj-abcdefghijklmnop1234567890"})
  void whatTheApplicationAskedForIsShownByTheSameRule(String model) {
    CallRecord shown = names.apply(call(ResponseFacts.builder().model(model).build(), null, model));

    AttemptRecord attempt = shown.attempts().get(0);
    String name = model.startsWith("sk-") ? "[key]" : "other";
    assertThat(shown.request().model()).isEqualTo(name);
    assertThat(attempt.request().model()).isEqualTo(name);
    assertThat(shown.response().model()).isEqualTo(name);
    assertThat(attempt.response().model()).isEqualTo(name);
    assertThat(shown.answeredRequest().model()).isEqualTo(name);
  }

  /** All but its name. */
  @Test
  void theRequestIsTheSameBesides() {
    RequestFacts facts =
        call(null, null, "m").request().withMaxOutputTokens(7L).withNames(name -> name + "!");

    assertThat(facts.model()).isEqualTo("m!");
    assertThat(facts)
        .usingRecursiveComparison()
        .ignoringFields("model", "serviceTier", "speed", "region")
        .isEqualTo(call(null, null, "m").request().withMaxOutputTokens(7L));
  }

  @Test
  void whatMayBeShownStaysAndIsLookedAtOnce() {
    AtomicInteger looks = new AtomicInteger();
    ProviderNames counted =
        new ProviderNames(
            new ShownNames(
                text -> {
                  looks.incrementAndGet();
                  return new Redactor().redact(text);
                }));
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

    assertThat(looks).hasValue(4);
  }
}
