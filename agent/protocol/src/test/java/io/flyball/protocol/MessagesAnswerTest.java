package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class MessagesAnswerTest {
  private static final String STOP = event("message_stop", "\"x\":1");

  private static String event(String type, String fields) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
  }

  private static String start(String usage) {
    return event(
        "message_start",
        "\"message\":{\"id\":\"msg\",\"type\":\"message\",\"role\":\"assistant\","
            + "\"model\":\"claude\",\"content\":[],\"stop_reason\":null,\"usage\":{"
            + usage
            + "}}");
  }

  private static String delta(String delta) {
    return event("content_block_delta", "\"index\":0,\"delta\":{" + delta + "}");
  }

  private static String finish(String usage) {
    return event(
        "message_delta",
        "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},\"usage\":{"
            + usage
            + "}");
  }

  private static ResponseFacts read(String body) {
    return Answers.read(Answers.MESSAGES, body);
  }

  private static Usage.Builder reported(long input, long output) {
    return Usage.builder(Usage.Source.REPORTED).input(input).output(output);
  }

  /** The numbers of BerriAI/litellm#9812: the input excludes what was written to the cache. */
  @Test
  void inputExcludesTheCache() {
    ResponseFacts facts =
        read(
            "{\"type\":\"message\",\"usage\":{\"input_tokens\":3,"
                + "\"cache_creation_input_tokens\":12304,\"cache_read_input_tokens\":0,"
                + "\"output_tokens\":550}}");

    assertThat(facts.usage()).isEqualTo(reported(12307, 550).cacheWrite5m(12304).build());
  }

  @Test
  void cacheWritesAreSplitByTheirLifetime() {
    ResponseFacts facts =
        read(
            "{\"usage\":{\"input_tokens\":1,\"cache_creation_input_tokens\":30,"
                + "\"cache_read_input_tokens\":5,\"cache_creation\":{"
                + "\"ephemeral_5m_input_tokens\":10,\"ephemeral_1h_input_tokens\":20},"
                + "\"output_tokens\":7,\"output_tokens_details\":{\"thinking_tokens\":4}}}");

    assertThat(facts.usage())
        .isEqualTo(
            reported(36, 7).cacheRead(5).cacheWrite5m(10).cacheWrite1h(20).reasoning(4).build());
  }

  @Test
  void theLastCountsReplaceTheFirst() {
    ResponseFacts facts =
        read(
            start(
                    "\"input_tokens\":8,\"cache_creation_input_tokens\":2,"
                        + "\"cache_read_input_tokens\":3,\"cache_creation\":{"
                        + "\"ephemeral_5m_input_tokens\":0,\"ephemeral_1h_input_tokens\":2},"
                        + "\"output_tokens\":1,\"service_tier\":\"standard\"")
                + delta("\"type\":\"text_delta\",\"text\":\"Hi\"")
                + finish("\"output_tokens\":5")
                + finish("\"output_tokens\":9,\"cache_read_input_tokens\":3")
                + STOP);

    assertThat(facts.usage()).isEqualTo(reported(13, 9).cacheRead(3).cacheWrite1h(2).build());
    assertThat(facts.serviceTier()).isEqualTo("standard");
    assertThat(facts.finishReasons()).containsExactly("end_turn");
    assertThat(facts.id()).isEqualTo("msg");
    assertThat(facts.model()).isEqualTo("claude");
    assertThat(facts.complete()).isTrue();
  }

  @Test
  void withoutTheFinalCountsUsageIsPartial() {
    ResponseFacts facts =
        read(start("\"input_tokens\":8,\"output_tokens\":1") + delta("\"text\":\"Hi\""));

    assertThat(facts.usage())
        .isEqualTo(Usage.builder(Usage.Source.PARTIAL).input(8).output(1).build());
    assertThat(facts.complete()).isFalse();
  }

  @Test
  void aReportedZeroStaysZeroAndNullIsNone() {
    assertThat(read("{\"usage\":{\"input_tokens\":0,\"output_tokens\":0}}").usage())
        .isEqualTo(reported(0, 0).build());
    assertThat(read("{\"usage\":null}").usage()).isNull();
    assertThat(read("{\"content\":[]}").usage()).isNull();
  }

  @Test
  void contentIsTextThinkingOrATool() {
    ResponseReader reader = Answers.reader(Answers.MESSAGES, 200);
    reader.keepText(100);
    reader.feed(
        ByteBuffer.wrap(
            Answers.bytes(
                start("\"input_tokens\":1")
                    + event("ping", "\"x\":1")
                    + event(
                        "content_block_start",
                        "\"content_block\":{\"type\":\"thinking\",\"thinking\":\"\"}"))));
    assertThat(reader.contentSeen()).isFalse();

    reader.feed(
        ByteBuffer.wrap(
            Answers.bytes(
                delta("\"type\":\"thinking_delta\",\"thinking\":\"a\"")
                    + delta("\"type\":\"signature_delta\",\"signature\":\"zzz\"")
                    + event(
                        "content_block_start",
                        "\"content_block\":{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"f\","
                            + "\"input\":{}}")
                    + delta("\"type\":\"input_json_delta\",\"partial_json\":\"{}\"")
                    + delta("\"type\":\"text_delta\",\"text\":\"b\""))));

    assertThat(reader.contentSeen()).isTrue();
    assertThat(reader.text()).isEqualTo("a\n{}\nb");
    assertThat(reader.facts().toolCalls()).isEqualTo(1);
  }

  @Test
  void anErrorMayComeAfterThePing() {
    ResponseReader reader = Answers.reader(Answers.MESSAGES, 200);
    reader.feed(
        ByteBuffer.wrap(
            Answers.bytes(
                start("\"input_tokens\":1")
                    + event("ping", "\"x\":1")
                    + event(
                        "error",
                        "\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}"))));
    reader.end();

    assertThat(reader.errorSeen()).isTrue();
    assertThat(reader.contentSeen()).isFalse();
    assertThat(reader.facts().errorType()).isEqualTo("overloaded_error");
    assertThat(reader.facts().errorMessage()).isEqualTo("Overloaded");
    assertThat(reader.facts().complete()).isFalse();
  }

  @Test
  void aStreamThatMissesItsStopIsNotWhole() {
    assertThat(read(start("\"input_tokens\":1") + finish("\"output_tokens\":1")).complete())
        .isFalse();
  }

  @Test
  void countingTokensUsesNone() {
    RequestFacts call =
        Answers.recognise(
            "api.anthropic.com", "/v1/messages/count_tokens", "{\"model\":\"m\",\"messages\":[]}");

    ResponseFacts facts = Answers.read(call, "{\"input_tokens\":13}");

    assertThat(call.operation()).isEqualTo(Operation.COUNT_TOKENS);
    assertThat(facts.usage()).isNull();
    assertThat(facts.complete()).isTrue();
  }
}
