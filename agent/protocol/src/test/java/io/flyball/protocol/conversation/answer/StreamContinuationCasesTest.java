package io.flyball.protocol.conversation.answer;

import static io.flyball.protocol.conversation.answer.AnswerStreams.count;
import static io.flyball.protocol.conversation.answer.Streams.CHAT;
import static io.flyball.protocol.conversation.answer.Streams.GEMINI;
import static io.flyball.protocol.conversation.answer.Streams.MESSAGES;
import static io.flyball.protocol.conversation.answer.Streams.bytes;
import static io.flyball.protocol.conversation.answer.Streams.chat;
import static io.flyball.protocol.conversation.answer.Streams.gemini;
import static io.flyball.protocol.conversation.answer.Streams.message;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Single streams that are joined, or are not. */
class StreamContinuationCasesTest {
  @Test
  void whatWasNotReadYetCountsAsDelivered() {
    StreamContinuation continuation = Streams.continuation(CHAT);
    for (int i = 0; i < 2000; i++) {
      ByteBuffer event = ByteBuffer.wrap(bytes(chat("\"content\":\"w" + i + "\"", null)));
      assertThat(continuation.deliver(event)).isSameAs(event);
    }
    continuation.end();
    assertThat(continuation.held().remaining()).isZero();
    assertThat(continuation.isComplete()).isFalse();
    assertThat(continuation.canJoin()).isTrue();
    Joint joint = continuation.join();
    for (int i = 0; i < 2000; i++) {
      String event = chat("\"content\":\"w" + i + "\"", null);
      assertThat(joint.feed(ByteBuffer.wrap(bytes(event))).remaining()).isZero();
    }
    assertThat(joint.isCaughtUp()).isTrue();
    String last = chat("\"content\":\"!\"", "stop");
    assertThat(joint.feed(ByteBuffer.wrap(bytes(last))).remaining()).isPositive();
    assertThat(joint.isComplete()).isTrue();
  }

  @Test
  void halfAnEventIsHeldBack() {
    StreamContinuation continuation = Streams.continuation(CHAT);
    String event = chat("\"content\":\"a\"", null);
    ByteBuffer whole = ByteBuffer.wrap(bytes(event));

    assertThat(continuation.deliver(whole)).isSameAs(whole);
    ByteBuffer half = ByteBuffer.wrap(bytes(event), 0, event.length() - 2);
    assertThat(continuation.deliver(half).remaining()).isZero();
    continuation.end();
    assertThat(StandardCharsets.UTF_8.decode(continuation.held()).toString())
        .isEqualTo(event.substring(0, event.length() - 2));
  }

  @Test
  void whatLacksOnlyItsBlankLineIsHandedOnAndTheLineComesBeforeWhatGoesOn() {
    StreamContinuation continuation = Streams.continuation(CHAT);
    String event = chat("\"content\":\"a\"", null);
    ByteBuffer line = ByteBuffer.wrap(bytes(event), 0, event.length() - 1);
    assertThat(continuation.deliver(line).remaining()).isEqualTo(event.length() - 1);
    String next = chat("\"content\":\"b\"", null);
    Joint joint = continuation.join();
    assertThat(
            StandardCharsets.UTF_8
                .decode(joint.feed(ByteBuffer.wrap(bytes(event + next))))
                .toString())
        .isEqualTo("\n" + next);
  }

  @Test
  void aTerminalEventWithoutItsBlankLineIsAnEnd() {
    StreamContinuation continuation = Streams.continuation(CHAT);
    String stream = chat("\"content\":\"a\"", null) + "data: [DONE]";

    continuation.deliver(ByteBuffer.wrap(bytes(stream)));
    assertThat(continuation.isComplete()).isFalse();

    continuation.end();
    assertThat(StandardCharsets.UTF_8.decode(continuation.held()).toString())
        .isEqualTo("data: [DONE]");
    assertThat(StandardCharsets.UTF_8.decode(continuation.heldWithItsEnd()).toString())
        .isEqualTo("data: [DONE]\n\n");
    assertThat(continuation.isComplete()).isTrue();
  }

  @Test
  void halfAnEventAfterACompleteAnswerIsNobodys() {
    StreamContinuation continuation = Streams.continuation(CHAT);
    String stream = chat("\"content\":\"a\"", null) + chat("", "stop") + "data:{\"id\":\"ch";

    continuation.deliver(ByteBuffer.wrap(bytes(stream)));
    continuation.end();

    assertThat(continuation.isComplete()).isTrue();
    assertThat(continuation.heldWithItsEnd().remaining()).isZero();
  }

  private static StreamContinuation delivered(String protocol, String stream) {
    StreamContinuation continuation = Streams.continuation(protocol);
    continuation.deliver(ByteBuffer.wrap(bytes(stream)));
    return continuation;
  }

  @Test
  void completeIsWhatHasItsLastWord() {
    assertThat(delivered(CHAT, chat("\"content\":\"a\"", "stop")).isComplete()).isTrue();
    assertThat(delivered(CHAT, chat("\"content\":\"a\"", null)).isComplete()).isFalse();
    assertThat(delivered(MESSAGES, Streams.MESSAGES_TOOLS).isComplete()).isTrue();
    assertThat(delivered(GEMINI, Streams.GEMINI_TOOLS).isComplete()).isTrue();
    assertThat(delivered(GEMINI, gemini("{\"text\":\"a\"}", "}]")).isComplete()).isFalse();
  }

  @Test
  void whatCannotBeComparedIsNotJoined() {
    String logprobs =
        chat("\"content\":\"a\"", null)
            .replace("\"finish_reason\"", "\"logprobs\":{\"content\":[]},\"finish_reason\"");
    assertThat(delivered(CHAT, logprobs).canJoin()).isFalse();
    assertThat(
            delivered(CHAT, chat("\"content\":\"a\"", null).replace("\"index\":0", "\"index\":1"))
                .canJoin())
        .isFalse();
    assertThat(delivered(CHAT, chat("\"audio\":{\"id\":\"x\"}", null)).canJoin()).isFalse();
    assertThat(delivered(CHAT, chat("\"content\":[{\"type\":\"text\"}]", null)).canJoin())
        .isFalse();
    assertThat(delivered(CHAT, "data: {\"choices\":[{\n\n").canJoin()).isFalse();
    assertThat(delivered(CHAT, "{\"choices\":[]}").canJoin()).isFalse();
    assertThat(delivered(GEMINI, gemini("{\"inlineData\":{\"data\":\"AA==\"}}", "}]")).canJoin())
        .isFalse();
    assertThat(
            delivered(
                    MESSAGES,
                    message(
                        "content_block_start",
                        ",\"index\":0,\"content_block\":{\"type\":\"server_tool_use\"}"))
                .canJoin())
        .isFalse();
    assertThat(Streams.continuation("openai.embeddings")).isNull();
  }

  @Test
  void tooLongAnAnswerIsNotJoined() {
    char[] text = new char[1 << 16];
    Arrays.fill(text, 'x');
    String event = chat("\"content\":\"" + new String(text) + "\"", null);
    StreamContinuation continuation = Streams.continuation(CHAT);
    for (int i = 0; i < 63; i++) {
      continuation.deliver(ByteBuffer.wrap(bytes(event)));
    }
    assertThat(continuation.canJoin()).isTrue();

    continuation.deliver(ByteBuffer.wrap(bytes(event)));

    assertThat(continuation.canJoin()).isFalse();
  }

  @Test
  void anEscapedTextIsTheSameText() throws Exception {
    String first = chat("\"role\":\"assistant\",\"content\":\"gr\\u00fc\\ud83d\"", null);
    String second =
        chat("\"role\":\"assistant\",\"content\":\"grü💡\\/\"", null).replace("c1", "c2")
            + chat("", "stop")
            + "data: [DONE]\n\n";

    Joined joined = new Joined(CHAT, bytes(first), first.length(), bytes(second), Arrays.asList(9));

    assertThat(joined.text().substring(first.length()))
        .startsWith("data: {\"id\":\"c1\",")
        .contains("\"delta\":{\"content\":\"\\udca1/\"}");
    assertThat(Streams.read(CHAT, joined.out.toByteArray()).text.toString()).isEqualTo("grü💡/");
  }

  @Test
  void reasoningThatWasDeliveredMustComeAgain() {
    String first = chat("\"reasoning_content\":\"hm\"", null) + chat("\"content\":\"a\"", null);
    byte[] same = bytes(first + chat("\"content\":\"b\"", "stop"));
    byte[] other =
        bytes(chat("\"reasoning_content\":\"eh\"", null) + chat("\"content\":\"ab\"", "stop"));

    assertThat(
            new Joined(CHAT, bytes(first), first.length(), same, Arrays.asList(40))
                .joint.isComplete())
        .isTrue();
    assertThat(
            new Joined(CHAT, bytes(first), first.length(), other, Arrays.asList(40))
                .joint.isDiverged())
        .isTrue();
  }

  @Test
  void anErrorOfTheNewStreamIsNoEnd() {
    String first = chat("\"content\":\"a\"", null);
    byte[] second =
        bytes(chat("\"content\":\"ab\"", null) + "data: {\"error\":{\"message\":\"m\"}}\n\n");

    Joined joined = new Joined(CHAT, bytes(first), first.length(), second, Arrays.asList(40));

    assertThat(joined.joint.isFailed()).isTrue();
    assertThat(joined.joint.isComplete()).isFalse();
    assertThat(joined.text()).contains("\"content\":\"b\"").doesNotContain("error");
  }

  @Test
  void anAnswerShorterThanWhatWasDeliveredDiverges() {
    String first = chat("\"content\":\"abc\"", null);
    byte[] second = bytes(chat("\"content\":\"ab\"", "stop") + "data: [DONE]\n\n");

    assertThat(
            new Joined(CHAT, bytes(first), first.length(), second, Arrays.asList(40))
                .joint.isDiverged())
        .isTrue();
  }

  /** Older models give every piece of an answer a finish reason: then only the end is the end. */
  @Test
  void aFinishReasonInEveryPieceIsNoEnd() {
    String one = gemini("{\"text\":\"a\"}", ",\"finishReason\":\"STOP\"}]");
    String two = gemini("{\"text\":\"b\"}", ",\"finishReason\":\"STOP\"}]");
    assertThat(delivered(GEMINI, one).isComplete()).isTrue();
    StreamContinuation broken = delivered(GEMINI, one + two);
    assertThat(broken.isComplete()).isFalse();
    broken.end();
    Joint joint = broken.join();
    String three = gemini("{\"text\":\"c\"}", ",\"finishReason\":\"STOP\"}]");
    joint.feed(ByteBuffer.wrap(bytes(one + two + three)));
    joint.end();
    assertThat(joint.isComplete()).isFalse();
    assertThat(joint.isOpenEnded()).isTrue();
  }

  @Test
  void anotherServersEventsGetTheNamesOfTheFirst() {
    String start =
        Streams.MESSAGES_TOOLS.substring(0, Streams.MESSAGES_TOOLS.indexOf("event: ping"));
    byte[] unnamed = bytes(Streams.MESSAGES_TOOLS.replaceAll("event: .*\n", ""));

    Joined joined =
        new Joined(MESSAGES, bytes(start), bytes(start).length, unnamed, Arrays.asList(50));

    assertThat(joined.joint.isComplete()).isTrue();
    assertThat(count(joined.text(), "event: content_block_delta\ndata: {")).isEqualTo(5);
    assertThat(joined.text()).contains("event: message_stop\ndata: {");
  }

  @Test
  void aFlatErrorOfTheNewStreamIsNotHandedOn() {
    String first = chat("\"content\":\"a\"", null);
    byte[] second =
        bytes(
            chat("\"content\":\"ab\"", null)
                + "data: {\"object\":\"error\",\"message\":\"m\",\"code\":500}\n\n");
    Joined joined = new Joined(CHAT, bytes(first), first.length(), second, Arrays.asList(40));
    assertThat(joined.joint.isFailed()).isTrue();
    assertThat(joined.text()).contains("\"content\":\"b\"").doesNotContain("error");
  }
}
