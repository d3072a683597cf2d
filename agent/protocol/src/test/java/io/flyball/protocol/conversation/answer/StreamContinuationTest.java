package io.flyball.protocol.conversation.answer;

import static io.flyball.protocol.conversation.answer.AnswerStreams.ANSWER;
import static io.flyball.protocol.conversation.answer.AnswerStreams.IN_ONE;
import static io.flyball.protocol.conversation.answer.AnswerStreams.OTHER_PIECES;
import static io.flyball.protocol.conversation.answer.AnswerStreams.PROTOCOLS;
import static io.flyball.protocol.conversation.answer.AnswerStreams.normal;
import static io.flyball.protocol.conversation.answer.AnswerStreams.oneStream;
import static io.flyball.protocol.conversation.answer.AnswerStreams.write;
import static io.flyball.protocol.conversation.answer.Streams.CHAT;
import static io.flyball.protocol.conversation.answer.Streams.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Wherever a stream breaks, another one goes on with it or nothing of that one is given. */
class StreamContinuationTest {
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

  @Test
  void whereThereIsNoRoomToKeepItTheStreamGoesOnAndCannotBeJoined() throws Exception {
    for (String protocol : PROTOCOLS) {
      byte[] stream = write(protocol, "first", OTHER_PIECES, StopReason.STOP);
      int[] asked = {0};
      for (boolean room : new boolean[] {true, false}) {
        StreamContinuation continuation =
            Streams.continuation(protocol)
                .within(
                    more -> {
                      asked[0] += more;
                      return room;
                    });
        ByteBuffer all = continuation.deliver(ByteBuffer.wrap(stream));
        assertThat(continuation.canJoin()).as(protocol).isEqualTo(room);
        assertThat(all.remaining()).as(protocol).isEqualTo(stream.length);
      }
      assertThat(asked[0]).as(protocol).isPositive();
    }
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
