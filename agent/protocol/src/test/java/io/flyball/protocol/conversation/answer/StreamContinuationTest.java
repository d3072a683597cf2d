package io.flyball.protocol.conversation.answer;

import static io.flyball.protocol.conversation.answer.Streams.CHAT;
import static io.flyball.protocol.conversation.answer.Streams.GEMINI;
import static io.flyball.protocol.conversation.answer.Streams.MESSAGES;
import static io.flyball.protocol.conversation.answer.Streams.RESPONSES;
import static io.flyball.protocol.conversation.answer.Streams.bytes;
import static io.flyball.protocol.conversation.answer.Streams.chat;
import static io.flyball.protocol.conversation.answer.Streams.cut;
import static io.flyball.protocol.conversation.answer.Streams.gemini;
import static io.flyball.protocol.conversation.answer.Streams.message;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.protocol.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class StreamContinuationTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> PROTOCOLS = Arrays.asList(CHAT, MESSAGES, RESPONSES, GEMINI);
  private static final Usage USAGE =
      Usage.builder(Usage.Source.REPORTED).input(7).output(5).build();

  /** What came out when a stream broke and another one went on. */
  private static final class Joined {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    final StreamContinuation continuation;
    int deliveredBefore;
    Joint joint;

    Joined(String protocol, byte[] first, int length, byte[] second, List<Integer> pieces) {
      continuation = Streams.continuation(protocol);
      for (ByteBuffer piece : cut(Arrays.copyOf(first, length), pieces)) {
        Streams.write(continuation.deliver(piece), out);
      }
      deliveredBefore = out.size();
      continuation.end();
      if (continuation.canJoin()) {
        goOn(second, pieces);
      }
    }

    void goOn(byte[] stream, List<Integer> pieces) {
      joint = continuation.join();
      for (ByteBuffer piece : cut(stream, pieces)) {
        Streams.write(joint.feed(piece), out);
      }
      Streams.write(joint.end(), out);
    }

    String text() {
      return Streams.text(out);
    }
  }

  private static byte[] write(
      String protocol, String seed, List<String> pieces, StopReason reason) {
    EventOutput events = new EventOutput();
    Identity identity = new Identity(seed, seed.hashCode());
    AnswerSink sink;
    switch (protocol) {
      case CHAT:
        sink = new ChatStream(events, identity, true);
        break;
      case RESPONSES:
        sink = new ResponsesStream(events, identity);
        break;
      case MESSAGES:
        sink = new MessagesStream(events, identity);
        break;
      default:
        sink = new GeminiStream(events, identity);
        break;
    }
    try {
      sink.start("model-" + seed, null);
      for (String piece : pieces) {
        if (piece.startsWith("tool:")) {
          sink.toolCall(null, piece.substring(5));
        } else if (piece.startsWith("args:")) {
          sink.arguments(piece.substring(5));
        } else {
          sink.text(piece);
        }
      }
      sink.end(reason, USAGE);
    } catch (UnusableAnswerException e) {
      throw new AssertionError(e);
    }
    byte[] stream = new byte[events.isEmpty() ? 0 : 1 << 16];
    ByteBuffer taken = events.take();
    stream = Arrays.copyOf(stream, taken.remaining());
    taken.get(stream);
    return stream;
  }

  private static final List<String> ANSWER =
      Arrays.asList(
          "Hello",
          ", wor",
          "ld \"ü💡\"\n",
          "tool:weather",
          "args:{\"city\":",
          "args:\"Bern\"}",
          "tool:clock",
          "args:{}");

  /** The same answer in other pieces. */
  private static final List<String> OTHER_PIECES =
      Arrays.asList(
          "H",
          "ello, world \"ü",
          "💡\"\n",
          "tool:weather",
          "args:{\"ci",
          "args:ty\":\"B",
          "args:ern\"}",
          "tool:clock",
          "args:{",
          "args:}");

  private static final List<String> IN_ONE =
      Arrays.asList(
          "Hello, world \"ü💡\"\n",
          "tool:weather",
          "args:{\"city\":\"Bern\"}",
          "tool:clock",
          "args:{}");

  @Test
  void whereverItBreaksTheRestGoesOn() throws Exception {
    for (String protocol : PROTOCOLS) {
      byte[] first = write(protocol, "first", ANSWER, StopReason.TOOL_CALLS);
      String expected = normal(protocol, first);
      for (List<String> again : Arrays.asList(ANSWER, OTHER_PIECES, IN_ONE)) {
        byte[] second = write(protocol, "second", again, StopReason.TOOL_CALLS);
        int step = again == OTHER_PIECES ? 1 : 11;
        for (int length = 0; length <= first.length; length += step) {
          Joined joined = new Joined(protocol, first, length, second, Arrays.asList(50));
          String as = protocol + " cut at " + length;
          if (joined.continuation.isComplete()) {
            continue;
          }
          assertThat(joined.joint.isDiverged()).as(as).isFalse();
          assertThat(joined.joint.isCaughtUp()).as(as).isTrue();
          assertThat(joined.joint.isComplete()).as(as).isTrue();
          if (length < first.length) {
            assertThat(normal(protocol, joined.out.toByteArray())).as(as).isEqualTo(expected);
            assertThat(oneStream(protocol, joined.text())).as(as).isTrue();
          }
        }
      }
    }
  }

  /** The first stream's ids, one beginning and one end. */
  private static boolean oneStream(String protocol, String stream) throws IOException {
    switch (protocol) {
      case CHAT:
        boolean oneId =
            count(stream, "\"role\":\"assistant\"") == 1 && count(stream, "[DONE]") == 1;
        boolean ids = count(stream, "\"id\":\"chatcmpl-") == count(stream, "data: {");
        boolean mixed =
            stream.contains("\"id\":\"chatcmpl-first\"")
                && stream.contains("\"id\":\"chatcmpl-second\"");
        return oneId && ids && !mixed && count(stream, "\"id\":\"call_") == 2;
      case MESSAGES:
        return count(stream, "event: message_start\n") == 1
            && count(stream, "event: message_stop\n") == 1
            && count(stream, "event: message_delta\n") == 1
            && count(stream, "event: content_block_start\n") == 3
            && count(stream, "event: content_block_stop\n") == 3;
      case RESPONSES:
        return sequenceHolds(stream);
      default:
        boolean both =
            stream.contains("\"responseId\":\"first\"")
                && stream.contains("\"responseId\":\"second\"");
        return !both && count(stream, "finishReason") == 1;
    }
  }

  private static boolean sequenceHolds(String stream) throws IOException {
    int expected = 0;
    Map<Integer, String> ids = new HashMap<>();
    for (JsonNode event : events(stream)) {
      if (event.get("sequence_number").asInt() != expected++) {
        return false;
      }
      if (!event.has("output_index")) {
        continue;
      }
      JsonNode id = event.has("item_id") ? event.get("item_id") : event.at("/item/id");
      String known = ids.putIfAbsent(event.get("output_index").asInt(), id.asText());
      if (known != null && !known.equals(id.asText())) {
        return false;
      }
    }
    return count(stream, "event: response.created") == 1
        && count(stream, "event: response.in_progress") == 1
        && count(stream, "event: response.completed") == 1
        && count(stream, "event: response.output_item.added") == 3;
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  private static List<JsonNode> events(String stream) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : stream.split("\r?\n")) {
      if (line.startsWith("data: {")) {
        events.add(MAPPER.readTree(line.substring(6)));
      }
    }
    return events;
  }

  /** Everything that was said, without ids and without how it was cut in pieces. */
  private static String normal(String protocol, byte[] stream) throws Exception {
    if (!protocol.equals(RESPONSES)) {
      WholeAnswer answer = Streams.read(protocol, stream);
      StringBuilder out = new StringBuilder(answer.text);
      for (Call call : answer.calls) {
        out.append('|').append(call.name).append(call.arguments);
      }
      return out.append('|').append(answer.reason).append(answer.usage).toString();
    }
    StringBuilder deltas = new StringBuilder();
    StringBuilder last = new StringBuilder();
    Map<String, String> callIds = new HashMap<>();
    for (JsonNode event : events(new String(stream, StandardCharsets.UTF_8))) {
      String type = event.get("type").asText();
      if (type.endsWith(".delta")) {
        deltas.append(event.get("delta").asText());
      } else if (type.equals("response.output_item.added")) {
        deltas.append('|').append(event.at("/item/name").asText());
        callIds.put(event.get("output_index").asText(), event.at("/item/call_id").asText());
      } else if (type.equals("response.completed")) {
        int index = 0;
        for (JsonNode item : event.at("/response/output")) {
          last.append('|')
              .append(item.at("/name").asText())
              .append(item.at("/content/0/text").asText())
              .append(item.at("/arguments").asText());
          assertThat(item.at("/call_id").asText()).isEqualTo(callIds.get("" + index++));
        }
        last.append(event.at("/response/usage"));
      }
    }
    assertThat(last.toString()).startsWith(deltas.toString());
    return last.toString();
  }

  /**
   * Either the joined stream is all of what the new one says, or nothing of the new one is given.
   */
  @Test
  void anotherTextIsNeverJoined() throws Exception {
    List<List<String>> others =
        Arrays.asList(
            Arrays.asList(
                "Hello, World \"ü💡\"\n",
                "tool:weather",
                "args:{\"city\":\"Bern\"}",
                "tool:clock",
                "args:{}"),
            Arrays.asList("Hello, world \"ü💡\"\n", "tool:clock", "args:{}"),
            Arrays.asList("Hello, world \"ü💡\"\n", "tool:weather", "args:{\"city\":\"Biel\"}"),
            Arrays.asList("Hello", "tool:weather", "args:{\"city\":\"Bern\"}"),
            Arrays.asList("Hello, world \"ü💡\"\n and more"),
            Arrays.asList("tool:weather", "args:{}"),
            Collections.<String>emptyList());
    for (String protocol : PROTOCOLS) {
      byte[] first = write(protocol, "first", ANSWER, StopReason.TOOL_CALLS);
      int diverged = 0;
      for (List<String> other : others) {
        byte[] second = write(protocol, "second", other, StopReason.STOP);
        String expected = normal(protocol, second);
        for (int length = 0; length < first.length; length += 11) {
          Joined joined = new Joined(protocol, first, length, second, Arrays.asList(64));
          if (joined.continuation.isComplete() && joined.joint.isDiverged()) {
            continue;
          }
          if (joined.joint.isDiverged()) {
            diverged++;
            assertThat(joined.out.size()).isEqualTo(joined.deliveredBefore);
            assertThat(joined.joint.isComplete()).isFalse();
            assertThat(joined.joint.isCaughtUp()).isFalse();
          } else {
            assertThat(normal(protocol, joined.out.toByteArray()))
                .as(protocol + " cut at " + length)
                .isEqualTo(expected);
          }
        }
      }
      assertThat(diverged).isGreaterThan(first.length / 11);
    }
  }

  @Test
  void aJoinThatBreaksCanBeJoinedAgain() throws Exception {
    for (String protocol : PROTOCOLS) {
      byte[] first = write(protocol, "first", ANSWER, StopReason.TOOL_CALLS);
      byte[] second = write(protocol, "second", OTHER_PIECES, StopReason.TOOL_CALLS);
      byte[] third = write(protocol, "third", IN_ONE, StopReason.TOOL_CALLS);
      String expected = normal(protocol, first);
      for (int length = 0; length < first.length; length += 97) {
        for (int again = 0; again < second.length; again += 101) {
          Joined joined =
              new Joined(protocol, first, length, Arrays.copyOf(second, again), Arrays.asList(33));
          if (!joined.joint.isComplete()) {
            joined.goOn(third, Arrays.asList(90));
          }
          if (joined.text().contains("[DONE]") || !protocol.equals(CHAT)) {
            assertThat(normal(protocol, joined.out.toByteArray()))
                .as(protocol + " cut at " + length + " and " + again)
                .isEqualTo(expected);
            assertThat(oneStream(protocol, joined.text().replace("third", "second"))).isTrue();
          }
        }
      }
    }
  }

  @Property(tries = 400)
  void howTheStreamsAreCutMakesNoDifference(
      @ForAll("protocols") String protocol,
      @ForAll @IntRange(min = 0, max = 2000) int at,
      @ForAll("cuts") List<Integer> cuts) {
    byte[] first = write(protocol, "first", ANSWER, StopReason.TOOL_CALLS);
    byte[] second = write(protocol, "second", OTHER_PIECES, StopReason.TOOL_CALLS);
    int length = Math.min(at, first.length);

    assertThat(new Joined(protocol, first, length, second, cuts).text())
        .isEqualTo(new Joined(protocol, first, length, second, Arrays.asList(1 << 20)).text());
  }

  @Property(tries = 1000)
  void garbageIsNeverJoinedWrongly(
      @ForAll("protocols") String protocol,
      @ForAll @IntRange(min = 0, max = 3000) int at,
      @ForAll("damage") String damage,
      @ForAll boolean damagedFirst)
      throws Exception {
    byte[] whole = write(protocol, "first", ANSWER, StopReason.TOOL_CALLS);
    String text = new String(whole, StandardCharsets.UTF_8);
    int place = Math.min(at, text.length());
    byte[] broken = bytes(text.substring(0, place) + damage + text.substring(place));
    byte[] first = damagedFirst ? broken : whole;
    byte[] second = damagedFirst ? whole : broken;

    Joined joined = new Joined(protocol, first, first.length / 2, second, Arrays.asList(10));

    if (joined.joint == null || joined.joint.isDiverged()) {
      assertThat(joined.out.size()).isEqualTo(joined.deliveredBefore);
    }
  }

  /** What comes as whole events is not read before it must be. */
  @Property(tries = 200)
  void whatComesEventByEventIsTheSame(
      @ForAll("protocols") String protocol, @ForAll @IntRange(min = 0, max = 60) int events) {
    byte[] first = write(protocol, "first", ANSWER, StopReason.TOOL_CALLS);
    byte[] second = write(protocol, "second", OTHER_PIECES, StopReason.TOOL_CALLS);
    String text = new String(first, StandardCharsets.UTF_8);
    List<Integer> lengths = new ArrayList<>();
    int length = 0;
    for (int end = text.indexOf("\n\n"); end >= 0 && lengths.size() < events; ) {
      String event = text.substring(0, end + 2);
      lengths.add(bytes(event).length);
      length += bytes(event).length;
      text = text.substring(end + 2);
      end = text.indexOf("\n\n");
    }
    lengths.add(1 << 20);

    Joined byEvent = new Joined(protocol, first, length, second, lengths);
    Joined inPieces = new Joined(protocol, first, length, second, Arrays.asList(7));
    assertThat(byEvent.text()).isEqualTo(inPieces.text());
    assertThat(byEvent.continuation.isComplete()).isEqualTo(inPieces.continuation.isComplete());
  }

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
    ByteBuffer half = ByteBuffer.wrap(bytes(event), 0, event.length() - 1);
    assertThat(continuation.deliver(half).remaining()).isZero();
    continuation.end();
    assertThat(StandardCharsets.UTF_8.decode(continuation.held()).toString())
        .isEqualTo(event.substring(0, event.length() - 1));
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

  @Provide
  Arbitrary<String> protocols() {
    return Arbitraries.of(PROTOCOLS);
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 200).list().ofMinSize(1).ofMaxSize(5);
  }

  @Provide
  Arbitrary<String> damage() {
    return Arbitraries.of(
        "\"", "}", "{", "]", "\n\n", "\\", "null", "[[", "\u0000", "\r", ":", "x");
  }
}
