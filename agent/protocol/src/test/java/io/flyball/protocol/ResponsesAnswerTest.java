package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ResponsesAnswerTest {
  private static final String USAGE =
      "\"usage\":{\"input_tokens\":100,\"input_tokens_details\":{\"cached_tokens\":40,"
          + "\"cache_write_tokens\":10},\"output_tokens\":30,"
          + "\"output_tokens_details\":{\"reasoning_tokens\":20},\"total_tokens\":130}";

  private static String event(String type, String fields) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
  }

  private static String created() {
    return event(
        "response.created",
        "\"response\":{\"id\":\"r\",\"model\":\"gpt-5\",\"status\":\"in_progress\",\"error\":null,"
            + "\"service_tier\":\"auto\",\"usage\":null}");
  }

  private static ResponseFacts read(String body) {
    return Answers.read(Answers.RESPONSES, body);
  }

  @Test
  void theLastEventHasTheUsageAndTheBilledTier() {
    ResponseFacts facts =
        read(
            created()
                + event("response.output_text.delta", "\"delta\":\"Hello\"")
                + event(
                    "response.completed",
                    "\"response\":{\"id\":\"r\",\"status\":\"completed\","
                        + "\"service_tier\":\"default\",\"output\":[{\"type\":\"message\","
                        + "\"content\":[{\"type\":\"output_text\",\"text\":\"Hello\"}]}],"
                        + USAGE
                        + "}"));

    assertThat(facts.usage())
        .isEqualTo(
            Usage.builder(Usage.Source.REPORTED)
                .input(100)
                .cacheRead(40)
                .cacheWrite5m(10)
                .output(30)
                .reasoning(20)
                .build());
    assertThat(facts.id()).isEqualTo("r");
    assertThat(facts.model()).isEqualTo("gpt-5");
    assertThat(facts.serviceTier()).isEqualTo("default");
    assertThat(facts.finishReasons()).containsExactly("completed");
    assertThat(facts.outputCharacters()).isEqualTo(5);
    assertThat(facts.complete()).isTrue();
  }

  @Test
  void anIncompleteResponseSaysWhy() {
    ResponseFacts facts =
        read(
            created()
                + event(
                    "response.incomplete",
                    "\"response\":{\"status\":\"incomplete\",\"incomplete_details\":"
                        + "{\"reason\":\"max_output_tokens\"},"
                        + USAGE
                        + "}"));

    assertThat(facts.finishReasons()).containsExactly("max_output_tokens");
    assertThat(facts.complete()).isTrue();
    assertThat(facts.usage().output()).isEqualTo(30);
  }

  @Test
  void aResponseMayFailWithStatus200() {
    String failed =
        "\"status\":\"failed\",\"error\":{\"code\":\"insufficient_quota\",\"message\":\"no\"}";
    ResponseReader stream = Answers.reader(Answers.RESPONSES, 200);
    stream.feed(
        ByteBuffer.wrap(
            Answers.bytes(created() + event("response.failed", "\"response\":{" + failed + "}"))));

    assertThat(stream.errorSeen()).isTrue();
    assertThat(stream.contentSeen()).isFalse();
    assertThat(stream.facts().errorType()).isEqualTo("insufficient_quota");
    assertThat(stream.facts().complete()).isFalse();

    ResponseFacts body = read("{\"id\":\"r\",\"object\":\"response\"," + failed + "}");
    assertThat(body.errorType()).isEqualTo("insufficient_quota");
    assertThat(body.errorMessage()).isEqualTo("no");
    assertThat(read("{\"status\":\"failed\",\"error\":null}").errorType()).isEqualTo("failed");
  }

  @Test
  void theErrorEventIsFlat() {
    ResponseFacts facts =
        read(
            created()
                + event("error", "\"code\":\"server_error\",\"message\":\"oops\",\"param\":null"));

    assertThat(facts.errorType()).isEqualTo("server_error");
    assertThat(facts.errorMessage()).isEqualTo("oops");
    assertThat(facts.complete()).isFalse();
  }

  @Test
  void toolCallsAreCountedWhenTheyBegin() {
    ResponseFacts facts =
        read(
            event("response.output_item.added", "\"item\":{\"type\":\"reasoning\"}")
                + event("response.output_item.added", "\"item\":{\"type\":\"function_call\"}")
                + event("response.function_call_arguments.delta", "\"delta\":\"{}\"")
                + event("response.output_item.done", "\"item\":{\"type\":\"function_call\"}"));

    assertThat(facts.toolCalls()).isEqualTo(1);
    assertThat(facts.outputCharacters()).isEqualTo(2);
    assertThat(facts.complete()).isFalse();
  }

  @Test
  void aPlainBodyIsCountedWhole() {
    ResponseReader reader = Answers.reader(Answers.RESPONSES, 200);
    reader.keepText(100);
    reader.feed(
        ByteBuffer.wrap(
            Answers.bytes(
                "{\"status\":\"completed\",\"output\":[{\"type\":\"reasoning\",\"summary\":"
                    + "[{\"type\":\"summary_text\",\"text\":\"a\"}]},{\"type\":\"message\","
                    + "\"content\":[{\"type\":\"output_text\",\"text\":\"b\"}]},"
                    + "{\"type\":\"function_call\",\"name\":\"f\",\"arguments\":\"c\"}]}")));
    reader.end();

    assertThat(reader.text()).isEqualTo("a\nb\nc");
    assertThat(reader.facts().toolCalls()).isEqualTo(1);
  }

  @Test
  void spokenAnswersAreContentButNoText() {
    ResponseReader reader = Answers.reader(Answers.RESPONSES, 200);

    reader.feed(
        ByteBuffer.wrap(Answers.bytes(event("response.audio.delta", "\"delta\":\"QQ==\""))));

    assertThat(reader.contentSeen()).isTrue();
    assertThat(reader.facts().outputCharacters()).isZero();
  }
}
