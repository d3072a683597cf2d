package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ChatAnswerTest {
  private static final String DONE = "data: [DONE]\n\n";

  private static String chunk(String delta, String finishReason) {
    return choice(0, delta, finishReason);
  }

  private static String choice(int index, String delta, String finishReason) {
    return event(
        "\"choices\":[{\"index\":"
            + index
            + ",\"delta\":{"
            + delta
            + "},\"finish_reason\":"
            + (finishReason == null ? "null" : "\"" + finishReason + "\"")
            + "}]");
  }

  private static String event(String fields) {
    return "data: {" + fields + "}\n\n";
  }

  private static ResponseFacts chat(String body) {
    return Answers.read(Answers.CHAT, body);
  }

  private static Usage.Builder reported(long input, long output) {
    return Usage.builder(Usage.Source.REPORTED).input(input).output(output);
  }

  @Test
  void cachedAndReasoningTokensAreParts() {
    ResponseFacts facts =
        chat(
            "{\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":300,\"total_tokens\":1300,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":600,\"cache_write_tokens\":100,"
                + "\"audio_tokens\":50},\"completion_tokens_details\":{\"reasoning_tokens\":200,"
                + "\"audio_tokens\":20}}}");

    assertThat(facts.usage())
        .isEqualTo(
            reported(1000, 300)
                .cacheRead(600)
                .cacheWrite5m(100)
                .reasoning(200)
                .inputAudio(50)
                .outputAudio(20)
                .build());
  }

  @Test
  void aReportedZeroStaysZero() {
    ResponseFacts facts =
        chat(
            event("\"usage\":null,\"choices\":[]")
                + event(
                    "\"choices\":[],\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,"
                        + "\"total_tokens\":0}")
                + DONE);

    assertThat(facts.usage()).isEqualTo(reported(0, 0).build());
  }

  @Test
  void usageNullOnEveryChunkIsNoUsage() {
    ResponseFacts facts =
        chat(event("\"usage\":null,\"choices\":[]") + event("\"usage\":null") + DONE);

    assertThat(facts.usage()).isNull();
  }

  @Test
  void absentOrEmptyUsageIsNoUsage() {
    assertThat(chat(chunk("\"content\":\"x\"", "stop") + DONE).usage()).isNull();
    assertThat(chat("{\"choices\":[],\"usage\":{}}").usage()).isNull();
    assertThat(chat("{\"choices\":[],\"usage\":{\"prompt_tokens\":null}}").usage()).isNull();
  }

  @Test
  void aNullAfterUsageDoesNotTakeItBack() {
    ResponseFacts facts =
        chat(event("\"usage\":{\"prompt_tokens\":3}") + event("\"usage\":null") + DONE);

    assertThat(facts.usage()).isEqualTo(reported(3, 0).build());
  }

  @Test
  void runningUsageOfVllmIsReplacedNotAdded() {
    ResponseFacts facts =
        chat(
            event("\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1}")
                + event("\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2}")
                + DONE);

    assertThat(facts.usage()).isEqualTo(reported(9, 2).build());
  }

  @Test
  void groqAndDeepSeekNameUsageDifferently() {
    assertThat(
            chat(event("\"x_groq\":{\"usage\":{\"prompt_tokens\":4,\"completion_tokens\":2}}"))
                .usage())
        .isEqualTo(reported(4, 2).build());
    assertThat(
            chat("{\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5,"
                    + "\"prompt_cache_hit_tokens\":8,\"prompt_cache_miss_tokens\":2}}")
                .usage())
        .isEqualTo(reported(10, 5).cacheRead(8).build());
  }

  @Test
  void nonsenseCountsNeverMakeATotalNegative() {
    Usage usage =
        chat("{\"usage\":{\"prompt_tokens\":-5,\"completion_tokens\":2.9,"
                + "\"prompt_tokens_details\":{\"audio_tokens\":-7},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":1}}}")
            .usage();

    assertThat(usage).isEqualTo(reported(0, 2).reasoning(1).build());
  }

  @Test
  void textRefusalReasoningAndArgumentsAreOutput() {
    ResponseReader reader = Answers.reader(Answers.CHAT, 200);
    reader.keepText(14);
    reader.feed(
        ByteBuffer.wrap(
            Answers.bytes(
                chunk("\"role\":\"assistant\",\"content\":\"\"", null)
                    + chunk("\"reasoning_content\":\"abc\"", null)
                    + chunk("\"reasoning\":\"de\"", null)
                    + chunk("\"refusal\":\"f\",\"content\":null", null)
                    + chunk("\"content\":\"gr\\u00fc\\ud83d\\udca1\"", null)
                    + chunk("\"content\":[{\"type\":\"text\",\"text\":\"part\"}]", "stop"))));
    reader.end();

    assertThat(reader.facts().outputCharacters()).isEqualTo(15);
    assertThat(reader.text()).isEqualTo("abc\nde\nf\ngrü💡par");
  }

  @Test
  void contentIsSeenWithTheFirstText() {
    ResponseReader reader = Answers.reader(Answers.CHAT, 200);

    reader.feed(ByteBuffer.wrap(Answers.bytes(": OPENROUTER PROCESSING\n\n")));
    reader.feed(ByteBuffer.wrap(Answers.bytes(chunk("\"role\":\"a\",\"content\":\"\"", null))));
    assertThat(reader.contentSeen()).isFalse();
    reader.feed(ByteBuffer.wrap(Answers.bytes(chunk("\"content\":\"x\"", null))));

    assertThat(reader.contentSeen()).isTrue();
    assertThat(reader.text()).isNull();
  }

  @Test
  void toolCallsAreCountedOnceEach() {
    String fragments =
        chunk("\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}]", null)
            + chunk("\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]", null)
            + chunk(
                "\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\","
                    + "\"arguments\":\"[1]\"}}]",
                "tool_calls");

    ResponseFacts facts = chat(fragments + DONE);

    assertThat(facts.toolCalls()).isEqualTo(2);
    assertThat(facts.outputCharacters()).isEqualTo(5);
    assertThat(facts.finishReasons()).containsExactly("tool_calls");
  }

  @Test
  void everyChoiceHasItsOwnToolCalls() {
    String call = "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\"}}]";

    assertThat(chat(choice(0, call, null) + choice(1, call, null) + DONE).toolCalls()).isEqualTo(2);
  }

  @Test
  void toolCallsWithoutIndexesAreToldApartByTheirNames() {
    ResponseFacts whole =
        chat(
            "{\"choices\":[{\"message\":{\"content\":null,\"tool_calls\":["
                + "{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}},"
                + "{\"id\":\"b\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},"
                + "\"finish_reason\":\"tool_calls\"}]}");

    assertThat(whole.toolCalls()).isEqualTo(2);
  }

  @Test
  void everyChoiceHasItsFinishReason() {
    ResponseFacts facts =
        chat(
            choice(1, "\"content\":\"b\"", null)
                + choice(0, "\"content\":\"a\"", "stop")
                + choice(1, "", "length")
                + DONE);

    assertThat(facts.finishReasons()).containsExactly("stop", "length");
  }

  @Test
  void aStreamWithoutDoneIsWholeWhenEveryChoiceFinished() {
    String first = choice(0, "\"content\":\"a\"", "stop");
    String second = choice(1, "\"content\":\"b\"", null);

    assertThat(chat(first).complete()).isTrue();
    assertThat(chat(first + second).complete()).isFalse();
    assertThat(chat(second).complete()).isFalse();
    assertThat(chat("").complete()).isFalse();
  }

  @Test
  void anEmptyFinishReasonIsNone() {
    ResponseFacts facts = chat(chunk("\"content\":\"a\"", ""));

    assertThat(facts.finishReasons()).isEmpty();
    assertThat(facts.complete()).isFalse();
  }

  @Test
  void anEventTooLargeToKeepIsRead() {
    char[] text = new char[17 << 20];
    Arrays.fill(text, 'x');

    ResponseFacts facts = chat(chunk("\"content\":\"" + new String(text) + "\"", null) + DONE);

    assertThat(facts.malformedEvents()).isZero();
    assertThat(facts.outputCharacters()).isEqualTo(text.length);
    assertThat(facts.complete()).isTrue();
  }

  @Test
  void aRunningStreamIsNotWholeBeforeItsEnd() {
    ResponseReader reader = Answers.reader(Answers.CHAT, 200);

    reader.feed(ByteBuffer.wrap(Answers.bytes(chunk("\"content\":\"a\"", "stop"))));

    assertThat(reader.facts().complete()).isFalse();
  }

  @Test
  void theFirstChunkOfAzureSaysNothing() {
    ResponseFacts facts =
        chat(
            event(
                    "\"id\":\"\",\"model\":\"\",\"choices\":[],\"prompt_filter_results\":"
                        + "[{\"prompt_index\":0,\"content_filter_results\":{}}]")
                + event("\"id\":\"i\",\"model\":\"gpt-4o-2024-08-06\",\"choices\":[]")
                + chunk("\"content\":\"x\"", "stop")
                + DONE);

    assertThat(facts.id()).isEqualTo("i");
    assertThat(facts.model()).isEqualTo("gpt-4o-2024-08-06");
    assertThat(facts.complete()).isTrue();
  }

  @Test
  void aMalformedEventIsSkippedAndCounted() {
    String stream =
        ": OPENROUTER PROCESSING\r\n\r\n"
            + "data: {\"choices\":[{\"index\":0,\r\n"
            + "data: \"delta\":{\"content\":\"grüße\"}}]}\r\n\r\n"
            + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"br\r\n\r\n"
            + "data: null\r\n\r\n"
            + "data: {}{}\r\n\r\n"
            + "data: {\"a\" 1}\r\n\r\n"
            + "data:\r\n\r\n"
            + "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\r\n\r\n"
            + "data: [DONE]\r\n\r\n";

    ResponseFacts facts = chat(stream);

    assertThat(facts.malformedEvents()).isEqualTo(3);
    assertThat(facts.outputCharacters()).isEqualTo(5);
    assertThat(facts.usage()).isEqualTo(reported(1, 2).build());
    assertThat(facts.finishReasons()).containsExactly("stop");
    assertThat(facts.complete()).isTrue();
  }

  @Test
  void anErrorInAStreamIsAnErrorAndNoEnd() {
    ResponseFacts facts =
        chat(
            chunk("\"content\":\"x\"", null)
                + event(
                    "\"error\":{\"code\":502,\"message\":\"upstream\"},\"choices\":"
                        + "[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}]")
                + DONE);

    assertThat(facts.errorType()).isEqualTo("502");
    assertThat(facts.errorMessage()).isEqualTo("upstream");
    assertThat(facts.complete()).isFalse();
  }

  @Test
  void tenThousandChunksAreAddedUp() {
    StringBuilder stream = new StringBuilder();
    for (int i = 0; i < 10_000; i++) {
      stream.append(chunk("\"content\":\"word \"", null));
    }

    assertThat(chat(stream + DONE).outputCharacters()).isEqualTo(50_000);
  }

  @Test
  void legacyCompletionsHaveTheirTextInTheChoice() {
    ResponseReader reader = Answers.reader(Answers.COMPLETIONS, 200);
    reader.keepText(10);
    reader.feed(
        ByteBuffer.wrap(
            Answers.bytes(
                event("\"choices\":[{\"text\":\"ab\",\"index\":0,\"finish_reason\":null}]")
                    + event("\"choices\":[{\"text\":\"c\",\"finish_reason\":\"stop\"}]")
                    + DONE)));

    assertThat(reader.text()).isEqualTo("abc");
    assertThat(reader.facts().complete()).isTrue();
  }
}
