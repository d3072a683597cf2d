package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiAnswerTest {
  private static final String FIRST = chunk(text("Hello"), null, null);
  private static final String LAST =
      chunk(text(" you"), "\"STOP\"", "\"promptTokenCount\":9,\"candidatesTokenCount\":4");

  private static String text(String text) {
    return "{\"text\":\"" + text + "\"}";
  }

  /**
   * @param reason JSON, or null
   * @param usage fields, or null
   */
  private static String chunk(String part, String reason, String usage) {
    return "{\"candidates\":[{\"content\":{\"parts\":["
        + part
        + "],\"role\":\"model\"}"
        + (reason == null ? "" : ",\"finishReason\":" + reason)
        + "}]"
        + (usage == null ? "" : ",\"usageMetadata\":{" + usage + "}")
        + ",\"modelVersion\":\"gemini-x\",\"responseId\":\"r\"}";
  }

  private static String usage(String fields) {
    return chunk(text("x"), "\"STOP\"", fields);
  }

  private static String events(String... chunks) {
    StringBuilder stream = new StringBuilder();
    for (String chunk : chunks) {
      stream.append("data: ").append(chunk).append("\r\n\r\n");
    }
    return stream.toString();
  }

  /** As Google writes it, each chunk's separator with the chunk after it. */
  private static String array(String... chunks) {
    return "[" + String.join("\n,\r\n", chunks) + "\n]\n";
  }

  private static ResponseFacts read(String body) {
    return Answers.read(Answers.GEMINI, body);
  }

  private static ResponseFacts readStream(String body) {
    return Answers.read(Answers.GEMINI_STREAM, body);
  }

  private static Usage.Builder reported(long input, long output) {
    return Usage.builder(Usage.Source.REPORTED).input(input).output(output);
  }

  /** The numbers of BerriAI/litellm#14849. */
  @Test
  void bytesWithACommentInThemAreNoEvents() {
    for (String marks : new String[] {"\n:", "\n: x\n", "\nid\n", "\nretry: 3\n"}) {
      ResponseFacts facts = read("\u001f\u0003\u0007 zip" + marks + "\u0001\u0002");

      assertThat(facts.unreadable()).as(marks).isTrue();
      assertThat(facts.empty()).as(marks).isTrue();
    }
  }

  @Test
  void aCommentAtTheVeryBeginningMakesEvents() {
    assertThat(read(": keep-alive\n\n").events()).isTrue();
    assertThat(read(": keep-alive\n\n").unreadable()).isFalse();
    assertThat(read("retry: 3000\n\n").unreadable()).isFalse();
    assertThat(read("x\nevent: ping\n\n").unreadable()).isFalse();
  }

  @Test
  void cachedTokensAreWithinThePrompt() {
    ResponseFacts facts =
        read(
            usage(
                "\"promptTokenCount\":262960,\"candidatesTokenCount\":1744,"
                    + "\"cachedContentTokenCount\":257955,\"totalTokenCount\":264704"));

    assertThat(facts.usage()).isEqualTo(reported(262_960, 1_744).cacheRead(257_955).build());
    assertThat(facts.complete()).isTrue();
    assertThat(facts.model()).isEqualTo("gemini-x");
    assertThat(facts.id()).isEqualTo("r");
  }

  @Test
  void thoughtsAndToolResultsAreAddedWhereGoogleCountsThemApart() {
    assertThat(
            read(usage(
                    "\"promptTokenCount\":100,\"toolUsePromptTokenCount\":20,"
                        + "\"candidatesTokenCount\":7,\"thoughtsTokenCount\":40,"
                        + "\"totalTokenCount\":167"))
                .usage())
        .isEqualTo(reported(120, 47).reasoning(40).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"AUDIO\"", "4"})
  void audioIsToldByItsModality(String audio) {
    assertThat(
            read(usage(
                    "\"promptTokenCount\":100,\"cachedContentTokenCount\":50,"
                        + "\"candidatesTokenCount\":10,\"promptTokensDetails\":["
                        + "{\"modality\":\"TEXT\",\"tokenCount\":10},"
                        + "{\"modality\":"
                        + audio
                        + ",\"tokenCount\":90}],"
                        + "\"cacheTokensDetails\":[{\"tokenCount\":50,\"modality\":"
                        + audio
                        + "}],\"candidatesTokensDetails\":[{\"modality\":"
                        + audio
                        + ",\"tokenCount\":8}]"))
                .usage())
        .isEqualTo(
            reported(100, 10)
                .cacheRead(50)
                .cacheReadAudio(50)
                .inputAudio(40)
                .outputAudio(8)
                .build());
  }

  @Test
  void countsThatAreNoneOrAbsurdAreTaken() {
    assertThat(read(usage("\"promptTokenCount\":null")).usage()).isNull();
    assertThat(read(usage("\"totalTokenCount\":5")).usage()).isNull();
    assertThat(read(usage("\"totalTokenCount\":5")).besidesTokens().total()).isEqualTo(5);
    assertThat(read("{\"usageMetadata\":{\"promptTokenCount\":0}}").usage())
        .isEqualTo(reported(0, 0).build());
    assertThat(
            read(usage(
                    "\"promptTokenCount\":-5,\"candidatesTokenCount\":9223372036854775807,"
                        + "\"thoughtsTokenCount\":9223372036854775807"))
                .usage()
                .output())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void theLastCountsOfAStreamReplaceTheFirst() {
    String[] chunks = {
      chunk(text("a"), null, "\"promptTokenCount\":9,\"thoughtsTokenCount\":3"),
      chunk(text("b"), null, "\"promptTokenCount\":9,\"candidatesTokenCount\":1"),
      chunk(text("c"), "\"STOP\"", "\"promptTokenCount\":9,\"candidatesTokenCount\":4")
    };

    for (String stream : Arrays.asList(events(chunks), array(chunks))) {
      ResponseFacts facts = readStream(stream);

      assertThat(facts.usage()).isEqualTo(reported(9, 7).reasoning(3).build());
      assertThat(facts.finishReasons()).containsExactly("STOP");
      assertThat(facts.complete()).isTrue();
      assertThat(facts.outputCharacters()).isEqualTo(3);
    }
  }

  @Test
  void aStreamWithoutAFinishReasonIsNotWhole() {
    String[] chunks = {FIRST, chunk(text("b"), null, "\"promptTokenCount\":9")};

    for (String stream : Arrays.asList(events(chunks), array(chunks))) {
      ResponseFacts facts = readStream(stream);

      assertThat(facts.complete()).isFalse();
      assertThat(facts.usage()).isEqualTo(Usage.builder(Usage.Source.PARTIAL).input(9).build());
    }
  }

  @Test
  void anArrayThatIsCutIsNotWhole() {
    String whole = array(FIRST, LAST);

    assertThat(readStream(whole).complete()).isTrue();
    assertThat(readStream(whole.substring(0, whole.indexOf(']', whole.length() - 3))).complete())
        .isFalse();
    assertThat(readStream("[]").complete()).isFalse();
  }

  @Test
  void contentOfAnArrayIsSeenAsItComes() {
    ResponseReader reader = Answers.reader(Answers.GEMINI_STREAM, 200);
    reader.keepText(100);

    reader.feed(ByteBuffer.wrap(Answers.bytes("[{\"candidates\":[{\"content\":{\"parts\":[")));
    assertThat(reader.contentSeen()).isFalse();
    reader.feed(ByteBuffer.wrap(Answers.bytes("{\"text\":\"Hello\"}")));

    assertThat(reader.contentSeen()).isTrue();
    assertThat(reader.text()).isEqualTo("Hello");
    assertThat(reader.facts().complete()).isFalse();
  }

  @Test
  void aWholeAnswerInPlaceOfAStreamIsTaken() {
    ResponseFacts facts = readStream(LAST);

    assertThat(facts.complete()).isTrue();
    assertThat(facts.usage().output()).isEqualTo(4);
  }

  @Test
  void anErrorMayEndAStream() {
    String error =
        "{\"error\":{\"code\":503,\"message\":\"m\",\"status\":\"UNAVAILABLE\",\"details\":[{}]}}";

    for (String stream : Arrays.asList(events(FIRST, error), array(FIRST, error), array(error))) {
      ResponseReader reader = Answers.reader(Answers.GEMINI_STREAM, 200);
      reader.feed(ByteBuffer.wrap(Answers.bytes(stream)));
      reader.end();

      assertThat(reader.errorSeen()).isTrue();
      assertThat(reader.facts().errorType()).isEqualTo("UNAVAILABLE");
      assertThat(reader.facts().errorMessage()).isEqualTo("m");
      assertThat(reader.facts().complete()).isFalse();
    }
  }

  @Test
  void functionCallsArriveWholeAndEndWithStop() {
    ResponseFacts facts =
        readStream(
            events(
                chunk(
                    "{\"functionCall\":{\"name\":\"f\",\"args\":{\"name\":\"x\"}},"
                        + "\"thoughtSignature\":\"s\"},{\"functionCall\":{\"name\":\"g\"}}",
                    "\"STOP\"",
                    null)));

    assertThat(facts.toolCalls()).isEqualTo(2);
    assertThat(facts.finishReasons()).containsExactly("STOP");
    assertThat(facts.complete()).isTrue();
  }

  @Test
  void aFunctionCallWhoseArgumentsAreStreamedIsOne() {
    ResponseFacts facts =
        readStream(
            events(
                chunk("{\"functionCall\":{\"name\":\"f\",\"willContinue\":true}}", null, null),
                chunk(
                    "{\"functionCall\":{\"partialArgs\":[{\"jsonPath\":\"$.a\","
                        + "\"stringValue\":\"abc\"}],\"willContinue\":true}}",
                    null,
                    null),
                chunk("{\"functionCall\":{}}", "\"STOP\"", null)));

    assertThat(facts.toolCalls()).isEqualTo(1);
    assertThat(facts.outputCharacters()).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\":\"t\",\"thought\":true}",
        "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"AA\"}}",
        "{\"executableCode\":{\"language\":\"PYTHON\",\"code\":\"1\"}}",
        "{\"codeExecutionResult\":{\"outcome\":\"OUTCOME_OK\"}}"
      })
  void contentIsMoreThanText(String part) {
    ResponseReader reader = Answers.reader(Answers.GEMINI_STREAM, 200);
    reader.feed(ByteBuffer.wrap(Answers.bytes(events(chunk(part, null, null)))));

    assertThat(reader.contentSeen()).isTrue();
  }

  @Test
  void anEmptyTextOrASignatureIsNoContent() {
    ResponseReader reader = Answers.reader(Answers.GEMINI_STREAM, 200);
    reader.feed(
        ByteBuffer.wrap(
            Answers.bytes(
                events(
                    chunk("{\"text\":\"\",\"thoughtSignature\":\"s\"}", null, null),
                    "{\"usageMetadata\":{\"promptTokenCount\":1}}"))));

    assertThat(reader.contentSeen()).isFalse();
  }

  @Test
  void aBlockedPromptIsFinishedByTheFilterAndNoError() {
    String blocked =
        "{\"promptFeedback\":{\"blockReason\":\"SAFETY\",\"safetyRatings\":[]},"
            + "\"usageMetadata\":{\"promptTokenCount\":9,\"totalTokenCount\":9}}";

    for (ResponseFacts facts :
        Arrays.asList(read(blocked), readStream(events(blocked)), readStream(array(blocked)))) {
      assertThat(facts.finishReasons()).containsExactly("content_filter");
      assertThat(facts.errorType()).isNull();
      assertThat(facts.complete()).isTrue();
      assertThat(facts.usage()).isEqualTo(reported(9, 0).build());
    }
    assertThat(read("{\"promptFeedback\":{\"blockReason\":3}}").finishReasons())
        .containsExactly("content_filter");
    assertThat(read("{\"promptFeedback\":{\"safetyRatings\":[]}}").finishReasons()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "\"SAFETY\", SAFETY",
        "\"MAX_TOKENS\", MAX_TOKENS",
        "1, STOP",
        "3, SAFETY",
        "9, 9",
        "0, -",
        "\"FINISH_REASON_UNSPECIFIED\", -"
      })
  void finishReasonsMayBeNumbers(String told, String reason) {
    ResponseFacts facts = readStream(array(chunk(text("x"), told, null)));

    assertThat(facts.finishReasons())
        .isEqualTo(reason == null ? Arrays.asList() : Arrays.asList(reason));
    assertThat(facts.complete()).isEqualTo(reason != null);
  }

  @Test
  void everyCandidateHasToFinish() {
    String second = "{\"candidates\":[{\"index\":1,\"content\":{\"parts\":[{\"text\":\"b\"}]}}]}";
    String secondEnd = "{\"candidates\":[{\"index\":1,\"finishReason\":\"MAX_TOKENS\"}]}";

    assertThat(readStream(events(FIRST, second, LAST)).complete()).isFalse();
    ResponseFacts facts = readStream(events(FIRST, second, LAST, secondEnd));
    assertThat(facts.complete()).isTrue();
    assertThat(facts.finishReasons()).containsExactly("STOP", "MAX_TOKENS");
  }

  @Test
  void embeddingsReportUsageWhereTheModelDoes() {
    assertThat(Answers.read(Answers.GEMINI_EMBED, "{\"embedding\":{\"values\":[0.5,1]}}").usage())
        .isNull();
    assertThat(
            Answers.read(
                    Answers.GEMINI_EMBED,
                    "{\"embedding\":{\"values\":[1]},\"usageMetadata\":{\"promptTokenCount\":3}}")
                .usage())
        .isEqualTo(reported(3, 0).build());
  }

  @Test
  void aLongArrayIsReadInConstantMemory() {
    ResponseReader reader = Answers.reader(Answers.GEMINI_STREAM, 200);
    byte[] chunk = Answers.bytes(FIRST + ",");

    reader.feed(ByteBuffer.wrap(Answers.bytes("[")));
    for (int i = 0; i < 300_000; i++) {
      reader.feed(ByteBuffer.wrap(chunk));
    }
    reader.feed(ByteBuffer.wrap(Answers.bytes(LAST + "]")));
    reader.end();

    assertThat(reader.facts().complete()).isTrue();
    assertThat(reader.facts().outputCharacters()).isEqualTo(5 * 300_000 + 4);
    assertThat(reader.text()).isNull();
  }

  @Property(tries = 300)
  void theCutOfTheBytesMakesNoDifference(
      @ForAll("bodies") String body, @ForAll("lengths") List<Integer> lengths) {
    ResponseReader whole = Answers.reader(Answers.GEMINI_STREAM, 200);
    whole.keepText(1000);
    whole.feed(ByteBuffer.wrap(Answers.bytes(body)));
    whole.end();

    ResponseReader cut = Answers.reader(Answers.GEMINI_STREAM, 200);
    cut.keepText(1000);
    Answers.feed(cut, Answers.bytes(body), lengths);

    assertThat(cut.facts()).usingRecursiveComparison().isEqualTo(whole.facts());
    assertThat(cut.text()).isEqualTo(whole.text()).isEqualTo("Hello you");
    assertThat(cut.contentSeen()).isTrue();
  }

  @Provide
  Arbitrary<String> bodies() {
    return Arbitraries.of(
        events(FIRST, LAST), array(FIRST, LAST), events(FIRST, LAST).replace("\r", ""));
  }

  @Provide
  Arbitrary<List<Integer>> lengths() {
    return Arbitraries.integers().between(1, 40).list().ofMinSize(1).ofMaxSize(8);
  }
}
