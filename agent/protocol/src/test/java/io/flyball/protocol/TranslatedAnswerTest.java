package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.conversation.answer.AnswerTranslation;
import io.flyball.protocol.conversation.answer.Joint;
import io.flyball.protocol.conversation.answer.StreamContinuation;
import io.flyball.protocol.conversation.answer.StreamTranslator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recorded answers, translated or joined, as the readers of the application's protocol see them.
 */
class TranslatedAnswerTest {

  private static RequestFacts call(String protocol) {
    switch (protocol) {
      case "openai.chat":
        return Answers.CHAT;
      case "openai.responses":
        return Answers.RESPONSES;
      default:
        return Answers.MESSAGES;
    }
  }

  private static void write(ByteBuffer bytes, ByteArrayOutputStream out) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    out.write(copy, 0, copy.length);
  }

  private static ResponseReader read(RequestFacts call, byte[] body) {
    ResponseReader reader = Answers.reader(call, 200);
    reader.keepText(1000);
    Answers.feed(reader, body, Arrays.asList(13));
    return reader;
  }

  @ParameterizedTest
  @CsvSource({
    "openai-java-chat-stream-usage, openai.chat, anthropic.messages, end_turn",
    "openai-java-chat-stream-usage, openai.chat, openai.responses, completed",
    "lc4j-openai-chat-stream, openai.chat, anthropic.messages, end_turn",
    "openai-java-chat, openai.chat, anthropic.messages, end_turn",
    "openai-java-chat, openai.chat, openai.responses, completed",
    "anthropic-java-messages-stream, anthropic.messages, openai.chat, stop",
    "anthropic-java-messages-stream, anthropic.messages, openai.responses, completed",
    "anthropic-java-messages, anthropic.messages, openai.chat, stop",
    "anthropic-java-messages, anthropic.messages, openai.responses, completed"
  })
  void aTranslatedAnswerSaysTheSame(
      String recording, String target, String application, String finish) throws Exception {
    Recorded recorded = Recorded.load(recording);
    ResponseReader original = read(call(target), recorded.responseBody);
    AnswerTranslation translation =
        AnswerTranslation.between(target, application, "m", true, "s", 1);
    byte[] body;
    if (recorded.contentType.startsWith("text/event-stream")) {
      StreamTranslator translator = translation.stream();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      write(translator.feed(ByteBuffer.wrap(recorded.responseBody)), out);
      write(translator.end(), out);
      body = out.toByteArray();
    } else {
      body = translation.whole(recorded.responseBody);
    }

    ResponseReader translated = read(call(application), body);

    ResponseFacts facts = translated.facts();
    assertThat(translated.text()).isEqualTo("Hello from mock").isEqualTo(original.text());
    assertThat(facts.complete()).isTrue();
    assertThat(facts.malformedEvents()).isZero();
    assertThat(facts.model()).isEqualTo(original.facts().model());
    assertThat(facts.finishReasons()).containsExactly(finish);
    assertThat(facts.usage().input()).isEqualTo(original.facts().usage().input());
    assertThat(facts.usage().output()).isEqualTo(original.facts().usage().output());
    assertThat(facts.usage().cacheRead()).isEqualTo(original.facts().usage().cacheRead());
    assertThat(facts.usage().cacheWrite5m()).isEqualTo(original.facts().usage().cacheWrite5m());
  }

  @ParameterizedTest
  @CsvSource({
    "openai-java-chat-stream-usage, openai.chat",
    "azure-openai-chat-stream, openai.chat",
    "springai2-openai-chat-stream, openai.chat",
    "openai-java-responses-stream, openai.responses",
    "anthropic-java-messages-stream, anthropic.messages",
    "lc4j-anthropic-stream, anthropic.messages"
  })
  void aRecordedStreamCutAnywhereGoesOnWithItself(String recording, String protocol) {
    byte[] stream = Recorded.load(recording).responseBody;
    for (int length = 0; length < stream.length; length++) {
      StreamContinuation continuation =
          StreamContinuation.of(protocol, 1, () -> Answers.reader(call(protocol), 200));
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      write(continuation.deliver(ByteBuffer.wrap(stream, 0, length)), out);
      if (length == stream.length - 1) {
        assertThat(continuation.isComplete()).isTrue();
        // All but a blank line: nobody is asked for that.
        continuation.end();
        write(continuation.heldWithItsEnd(), out);
        assertThat(out.toByteArray()).isEqualTo(stream);
        continue;
      }
      Joint joint = continuation.join();
      write(joint.feed(ByteBuffer.wrap(stream)), out);
      write(joint.end(), out);

      if (!Arrays.equals(out.toByteArray(), stream)) {
        assertThat(protocol).as(recording + " cut at " + length).isEqualTo("anthropic.messages");
        assertThat(read(call(protocol), out.toByteArray()).text()).isEqualTo("Hello from mock");
      }
      assertThat(joint.isComplete()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"openai-java-chat-stream-sseerr", "anthropic-java-messages-stream-sseerr"})
  void anErrorInARecordedStreamIsNoAnswer(String recording) {
    String target = recording.startsWith("openai") ? "openai.chat" : "anthropic.messages";
    StreamTranslator translator =
        AnswerTranslation.between(target, "openai.responses", "m", false, "s", 1).stream();

    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> {
              translator.feed(ByteBuffer.wrap(Recorded.load(recording).responseBody));
              translator.end();
            })
        .hasMessageContaining("error");
    assertThat(translator.isComplete()).isFalse();
  }

  @Test
  void anEventThatIsTooLargeToHoldCannotBeJoined() {
    StreamContinuation continuation =
        StreamContinuation.of("openai.chat", 1, () -> Answers.reader(Answers.CHAT, 200));
    byte[] large = new byte[17 << 20];
    Arrays.fill(large, (byte) 'x');

    continuation.deliver(ByteBuffer.wrap(Answers.bytes("data: ")));
    continuation.deliver(ByteBuffer.wrap(large));

    assertThat(continuation.canJoin()).isFalse();
  }
}
