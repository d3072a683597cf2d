package io.flyball.protocol.conversation.answer;

import static io.flyball.protocol.conversation.answer.Streams.CHAT;
import static io.flyball.protocol.conversation.answer.Streams.GEMINI;
import static io.flyball.protocol.conversation.answer.Streams.MESSAGES;
import static io.flyball.protocol.conversation.answer.Streams.RESPONSES;
import static io.flyball.protocol.conversation.answer.Streams.between;
import static io.flyball.protocol.conversation.answer.Streams.bytes;
import static io.flyball.protocol.conversation.answer.Streams.chat;
import static io.flyball.protocol.conversation.answer.Streams.gemini;
import static io.flyball.protocol.conversation.answer.Streams.message;
import static io.flyball.protocol.conversation.answer.Streams.read;
import static io.flyball.protocol.conversation.answer.Streams.translate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers that fail, break off or cannot be said in another protocol. */
class BrokenAnswerTest {
  private static final List<String> TARGETS = Arrays.asList(CHAT, MESSAGES, GEMINI);

  private static void assertUnusable(
      String target, String body, UnusableAnswerException.Kind kind) {
    assertThatThrownBy(() -> translate(target, CHAT, body))
        .isInstanceOfSatisfying(
            UnusableAnswerException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void outputThatTheModelBrokeIsMalformed() {
    for (String reason :
        Arrays.asList("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "OTHER")) {
      String event = gemini("", ",\"finishReason\":\"" + reason + "\"}]");
      assertUnusable(GEMINI, event, UnusableAnswerException.Kind.MALFORMED);
    }
  }

  @Test
  void errorsInAStreamAreFailures() {
    assertUnusable(
        CHAT,
        chat("\"content\":\"x\"", null)
            + "data: {\"error\":{\"message\":\"m\",\"code\":\"c\"}}\n\n",
        UnusableAnswerException.Kind.FAILED);
    assertUnusable(
        MESSAGES,
        message("error", ",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}"),
        UnusableAnswerException.Kind.FAILED);
    assertUnusable(
        GEMINI,
        gemini("{\"text\":\"x\"}", "}]")
            + "data: {\"error\":{\"code\":503,\"status\":\"UNAVAILABLE\"}}\n\n",
        UnusableAnswerException.Kind.FAILED);
  }

  @Test
  void whatCameBeforeAnErrorIsGivenFirst() throws Exception {
    StreamTranslator translator = between(CHAT, MESSAGES).stream();
    String stream = chat("\"content\":\"x\"", null) + "data: {\"error\":{}}\n\n";

    String before =
        StandardCharsets.UTF_8.decode(translator.feed(ByteBuffer.wrap(bytes(stream)))).toString();

    assertThat(before).contains("\"text\":\"x\"").doesNotContain("message_stop");
    assertThatThrownBy(translator::end).isInstanceOf(UnusableAnswerException.class);
    assertThat(translator.isComplete()).isFalse();
  }

  /** Byte by byte: a stream that ends early never ends normally for the application. */
  @Test
  void aStreamCutAnywhereIsIncomplete() {
    for (String target : TARGETS) {
      String stream = Streams.tools(target);
      String marker =
          target.equals(CHAT)
              ? "\"tool_calls\"}"
              : target.equals(MESSAGES) ? "\"message_stop\"}" : "\"STOP\"";
      int last = stream.lastIndexOf(marker);
      for (int end = 0; end < last; end += 3) {
        String cut = stream.substring(0, end);
        assertThatThrownBy(() -> translate(target, RESPONSES, cut))
            .as(target + " cut")
            .isInstanceOf(UnusableAnswerException.class);
      }
    }
  }

  @Test
  void doneIsNotNeededWhereTheFinishWasSeen() throws Exception {
    assertThat(translate(CHAT, MESSAGES, chat("\"content\":\"x\"", "stop")))
        .endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
  }

  @Test
  void theEndGoesOnWithDoneAndDoesNotWaitForTheBody() throws Exception {
    StreamTranslator translator = between(CHAT, MESSAGES).stream();

    translator.feed(ByteBuffer.wrap(bytes(Streams.CHAT_TOOLS)));

    assertThat(translator.isComplete()).isTrue();
  }

  @Test
  void aDocumentWhereAStreamWasAskedFor() throws Exception {
    String body = "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}";
    String array =
        "["
            + gemini("{\"text\":\"a\"}", "}]").substring(6)
            + ","
            + gemini("{\"text\":\"b\"}", ",\"finishReason\":\"STOP\"}]").substring(6)
            + "]";

    assertThat(translate(CHAT, MESSAGES, body)).contains("message_stop").contains("target-model");
    assertThat(read(CHAT, bytes(translate(GEMINI, CHAT, array))).text.toString()).isEqualTo("ab");
  }

  @Test
  void piecesOfCallsThatAreMixedAreNotGuessed() {
    String first =
        "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]";
    String second =
        "\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]";
    String late = "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"}\"}}]";

    assertUnusable(
        CHAT,
        chat(first, null) + chat(second, null) + chat(late, "tool_calls"),
        UnusableAnswerException.Kind.MALFORMED);
  }

  @Test
  void argumentsThatAreNoObjectCannotGoWhereAnObjectIsNeeded() {
    byte[] body =
        bytes(
            "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{oops\"}}]}}]}");

    assertThatThrownBy(() -> between(CHAT, MESSAGES).whole(body))
        .isInstanceOf(UnusableAnswerException.class)
        .hasMessageNotContaining("oops");
  }

  @Test
  void aMalformedEventIsLeftOutAndCounted() throws Exception {
    StreamTranslator translator = between(CHAT, GEMINI).stream();
    String stream =
        chat("\"content\":\"a\"", null) + "data: {\"choi\n\n" + chat("\"content\":\"b\"", "stop");

    translator.feed(ByteBuffer.wrap(bytes(stream)));
    translator.end();

    assertThat(translator.malformedEvents()).isEqualTo(1);
  }

  @Test
  void halvesOfACharacterSurvive() throws Exception {
    String stream = chat("\"content\":\"\\ud83d\"", null) + chat("\"content\":\"\\udca1\"", "stop");

    for (String application : Arrays.asList(MESSAGES, GEMINI)) {
      String translated = translate(CHAT, application, stream);
      assertThat(read(application, bytes(translated)).text.toString()).isEqualTo("💡");
    }
  }

  @Test
  void unknownProtocolsAreNotTranslated() {
    assertThat(between(RESPONSES, CHAT)).isNull();
    assertThat(between(CHAT, "openai.embeddings")).isNull();
    assertThat(between("ollama.chat", CHAT)).isNull();
  }
}
