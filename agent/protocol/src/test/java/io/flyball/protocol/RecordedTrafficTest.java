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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What real SDKs sent and accepted: every exchange is recognised and read to the last token. */
class RecordedTrafficTest {
  private static final List<String> STREAMS_AND_BODIES =
      Arrays.asList(
          "openai-java-chat",
          "openai-java-chat-stream",
          "openai-java-chat-stream-usage",
          "openai-java-chat-stream-sseerr",
          "openai-java-chat-e503",
          "openai-java-embeddings",
          "openai-java-responses",
          "openai-java-responses-stream",
          "anthropic-java-messages",
          "anthropic-java-messages-stream",
          "anthropic-java-messages-stream-sseerr",
          "azure-openai-chat-stream",
          "google-genai-generate",
          "google-genai-stream",
          "google-genai-stream-sseerr",
          "vertexai-rest-stream");

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "/recorded/requests.csv", useHeadersInDisplayName = false)
  void recognisesTheRequest(
      String file, String protocol, String provider, String model, boolean stream, Long limit) {
    Recorded recorded = Recorded.load(file);

    RequestFacts request = recorded.recognise();

    assertThat(request).isNotNull();
    assertThat(request.protocol().id()).isEqualTo(protocol);
    assertThat(request.provider()).isEqualTo(provider);
    assertThat(request.model()).isEqualTo(model);
    assertThat(request.stream()).isEqualTo(stream);
    assertThat(request.maxOutputTokens()).isEqualTo(limit);
  }

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "/recorded/answers.csv")
  void readsTheAnswer(
      String file,
      boolean complete,
      String finishReason,
      Long input,
      Long cacheRead,
      Long cacheWrite,
      Long output,
      Long reasoning,
      String errorType,
      String text) {
    Recorded recorded = Recorded.load(file);
    ResponseReader reader = reader(recorded);
    reader.keepText(1000);

    reader.feed(ByteBuffer.wrap(recorded.responseBody));
    reader.end();

    ResponseFacts facts = reader.facts();
    assertThat(facts.complete()).isEqualTo(complete);
    assertThat(facts.finishReasons())
        .isEqualTo(finishReason == null ? Arrays.<String>asList() : Arrays.asList(finishReason));
    assertThat(facts.errorType()).isEqualTo(errorType);
    assertThat(reader.errorSeen()).isEqualTo(errorType != null);
    assertThat(reader.text()).isEqualTo(text);
    assertThat(facts.malformedEvents()).isZero();
    if (input == null) {
      assertThat(facts.usage()).isNull();
    } else {
      assertThat(facts.usage().input()).isEqualTo(input);
      assertThat(facts.usage().cacheRead()).isEqualTo(cacheRead);
      assertThat(facts.usage().cacheWrite5m()).isEqualTo(cacheWrite);
      assertThat(facts.usage().cacheWrite1h()).isZero();
      assertThat(facts.usage().output()).isEqualTo(output);
      assertThat(facts.usage().reasoning()).isEqualTo(reasoning);
    }
  }

  @Property(tries = 300)
  void theCutOfTheBytesMakesNoDifference(
      @ForAll("files") String file, @ForAll("lengths") List<Integer> lengths) {
    Recorded recorded = Recorded.load(file);
    ResponseReader whole = reader(recorded);
    whole.keepText(1000);
    whole.feed(ByteBuffer.wrap(recorded.responseBody));
    whole.end();

    ResponseReader cut = reader(recorded);
    cut.keepText(1000);
    Answers.feed(cut, recorded.responseBody, lengths);

    assertThat(cut.facts()).usingRecursiveComparison().isEqualTo(whole.facts());
    assertThat(cut.text()).isEqualTo(whole.text());
    assertThat(cut.contentSeen()).isEqualTo(whole.contentSeen());
  }

  @Property(tries = 300)
  void anAnswerCutShortIsNeverComplete(
      @ForAll("files") String file, @ForAll("shares") double share) {
    Recorded recorded = Recorded.load(file);
    String body = new String(recorded.responseBody, java.nio.charset.StandardCharsets.UTF_8);
    int terminal = terminalStart(body);
    int length = (int) (share * terminal);
    ResponseReader reader = reader(recorded);

    reader.feed(ByteBuffer.wrap(recorded.responseBody, 0, length));
    reader.end();

    assertThat(reader.facts().complete()).isFalse();
  }

  /** Where the part begins without which an answer is not whole. */
  private static int terminalStart(String body) {
    for (String mark :
        Arrays.asList(
            "\"stop\"}]", "event: message_stop", "response.completed", "\"finishReason\"")) {
      int at = body.lastIndexOf(mark);
      if (at >= 0 && !body.startsWith("{")) {
        return at;
      }
    }
    return body.length() - 1;
  }

  private static ResponseReader reader(Recorded recorded) {
    RequestFacts request = recorded.recognise();
    return request.protocol().reader(request, recorded.status, recorded.contentType);
  }

  @Provide
  Arbitrary<String> files() {
    return Arbitraries.of(STREAMS_AND_BODIES);
  }

  @Provide
  Arbitrary<Double> shares() {
    return Arbitraries.doubles().between(0, 1);
  }

  @Provide
  Arbitrary<List<Integer>> lengths() {
    return Arbitraries.integers().between(1, 40).list().ofMinSize(1).ofMaxSize(8);
  }
}
