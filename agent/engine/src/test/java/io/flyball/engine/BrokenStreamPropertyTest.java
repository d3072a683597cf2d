package io.flyball.engine;

import static io.flyball.engine.BrokenStreams.begun;
import static io.flyball.engine.BrokenStreams.cut;
import static io.flyball.engine.BrokenStreams.first;
import static io.flyball.engine.BrokenStreams.otherwise;
import static io.flyball.engine.BrokenStreams.read;
import static io.flyball.engine.BrokenStreams.reset;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.BrokenStreams.Read;
import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.WireStreams.Piece;
import io.flyball.engine.WireStreams.Style;
import io.flyball.engine.WireStreams.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Wherever streams break: what the application is given is the beginning of the true answer, only
 * the whole of it ends normally, and where nobody can go on nothing is different from the stream
 * without Flyball.
 */
class BrokenStreamPropertyTest {
  private static final Style PLAIN = new Style("\n", false, false);

  /** The law, whatever the streams after the first one were. */
  private static void assertLaw(Wire wire, byte[] whole, int length, Read read, String as)
      throws Exception {
    byte[] bare = first(whole, length);
    Map<String, String> truth = StreamReaders.said(wire, whole);
    Map<String, String> given = StreamReaders.said(wire, read.bytes());
    Map<String, String> without = StreamReaders.said(wire, bare);
    assertThat(StreamReaders.isPrefix(given, truth)).as(as + ": " + given + truth).isTrue();
    assertThat(StreamReaders.isPrefix(without, given)).as(as + ": fewer than bare").isTrue();
    assertThat(
            StreamReaders.isPrefix(
                StreamReaders.saidByLines(wire, bare),
                StreamReaders.saidByLines(wire, read.bytes())))
        .as(as + ": fewer lines than bare")
        .isTrue();
    if (read.failure == null) {
      assertThat(given).as(as).isEqualTo(truth);
    } else {
      assertThat(read.failure).as(as).isInstanceOf(IOException.class);
      boolean joined =
          StreamReaders.strictEvents(read.bytes()).size() > StreamReaders.strictEvents(bare).size();
      if (!joined) {
        assertThat(read.text()).as(as).isEqualTo(new String(bare, StandardCharsets.UTF_8));
        assertThat(read.failure).as(as).hasMessage("reset");
      }
    }
  }

  @Property(tries = 3000)
  void whereverThreeStreamsBreak(
      @ForAll Wire wire,
      @ForAll("answers") List<Piece> answer,
      @ForAll("styles") Style style,
      @ForAll("styles") Style secondStyle,
      @ForAll @IntRange(min = 1, max = 4000) int firstCut,
      @ForAll @IntRange(min = 0, max = 4000) int secondCut,
      @ForAll @IntRange(min = 0, max = 4000) int thirdCut,
      @ForAll @IntRange(min = 1, max = 400) int piece,
      @ForAll long seed)
      throws Exception {
    byte[] whole = WireStreams.write(wire, "one", answer, style);
    byte[] second = WireStreams.write(wire, "two", otherwise(answer, seed), secondStyle);
    byte[] third = WireStreams.write(wire, "three", otherwise(answer, seed + 1), style);
    int length = begun(wire, whole, 1 + firstCut % whole.length);
    int again = secondCut % (second.length + 1);
    int last = thirdCut % (third.length + 1);

    Read read =
        read(
            wire,
            Arrays.asList(
                cut(whole, length, piece, reset()),
                cut(second, again, piece, again % 2 == 0 ? reset() : null),
                cut(third, last, piece, last < third.length ? reset() : null)));

    assertLaw(wire, whole, length, read, wire + " cut at " + length + ", " + again + ", " + last);
  }

  /** Every byte of the first stream, the second one whole: nothing is lost of what can be had. */
  @Test
  void atEveryByteTheWholeAnswerArrives() throws Exception {
    List<Piece> answer =
        Arrays.asList(
            new Piece("text", "Hé \"\\\n"),
            new Piece("text", "\ud83d\udca1o"),
            new Piece("tool", "f"),
            new Piece("args", "{\"a\":"),
            new Piece("args", "1}"));
    for (Wire wire : Wire.values()) {
      for (Style style :
          Arrays.asList(PLAIN, new Style("\r\n", true, true), new Style("\r", false, false))) {
        byte[] whole = WireStreams.write(wire, "one", answer, style);
        byte[] second = WireStreams.write(wire, "two", otherwise(answer, 7), PLAIN);
        for (int length = begun(wire, whole, 1); length < whole.length; length++) {
          Read read =
              read(
                  wire,
                  Arrays.asList(
                      cut(whole, length, 1 << 20, reset()), cut(second, second.length, 64, null)));
          String as = wire + " " + style + " cut at " + length;
          assertThat(read.failure).as(as).isNull();
          assertLaw(wire, whole, length, read, as);
        }
      }
    }
  }

  /** The known instance: a joined stream breaks again behind a data line, before its blank line. */
  @Test
  void everyByteOfTheSecondStream() throws Exception {
    List<Piece> answer =
        Arrays.asList(new Piece("text", "One "), new Piece("text", "two "), new Piece("text", "3"));
    for (Wire wire : Wire.values()) {
      byte[] whole = WireStreams.write(wire, "one", answer, PLAIN);
      int length = begun(wire, whole, 1) + 20;
      byte[] second = WireStreams.write(wire, "two", answer, PLAIN);
      byte[] third = WireStreams.write(wire, "three", otherwise(answer, 3), PLAIN);
      for (int again = 0; again < second.length; again++) {
        Read read =
            read(
                wire,
                Arrays.asList(
                    cut(whole, length, 1 << 20, reset()),
                    cut(second, again, 1 << 20, reset()),
                    cut(third, third.length, 64, null)));
        assertLaw(wire, whole, length, read, wire + " second cut at " + again);
      }
    }
  }

  @Property(tries = 1000)
  void anotherAnswerLeavesTheFirstAsItWas(
      @ForAll Wire wire,
      @ForAll("answers") List<Piece> answer,
      @ForAll("answers") List<Piece> other,
      @ForAll("styles") Style style,
      @ForAll @IntRange(min = 1, max = 4000) int at,
      @ForAll @IntRange(min = 1, max = 400) int piece)
      throws Exception {
    byte[] whole = WireStreams.write(wire, "one", answer, style);
    byte[] second = WireStreams.write(wire, "two", other, PLAIN);
    int length = begun(wire, whole, 1 + at % whole.length);
    Read read =
        read(
            wire,
            Arrays.asList(
                cut(whole, length, piece, reset()), cut(second, second.length, piece, null)));

    if (read.failure == null) {
      assertThat(StreamReaders.said(wire, read.bytes()))
          .isIn(StreamReaders.said(wire, whole), StreamReaders.said(wire, second));
    } else {
      assertThat(read.failure).hasMessage("reset");
      assertThat(read.text()).isEqualTo(new String(first(whole, length), StandardCharsets.UTF_8));
    }
  }

  /** The transport sees no failure: the bytes are those of the stream, the end is none. */
  @Property(tries = 500)
  void aStreamThatJustEndsLosesNothing(
      @ForAll Wire wire,
      @ForAll("answers") List<Piece> answer,
      @ForAll("styles") Style style,
      @ForAll @IntRange(min = 1, max = 4000) int at,
      @ForAll @IntRange(min = 1, max = 400) int piece)
      throws Exception {
    byte[] whole = WireStreams.write(wire, "one", answer, style);
    int length = begun(wire, whole, 1 + at % whole.length);

    Read read = read(wire, Arrays.asList(cut(whole, length, piece, null), null));

    String bare = new String(first(whole, length), StandardCharsets.UTF_8);
    assertThat(read.text()).isEqualTo(bare);
    if (read.failure != null) {
      assertThat(read.failure).isInstanceOf(IOException.class);
    } else {
      assertThat(StreamReaders.saidByLines(wire, read.bytes()))
          .isEqualTo(StreamReaders.saidByLines(wire, whole));
    }
  }

  @Property(tries = 1000)
  void anErrorEventIsHeldUntilItIsKnownWhatBecomesOfIt(
      @ForAll Wire wire,
      @ForAll("answers") List<Piece> answer,
      @ForAll("styles") Style style,
      @ForAll @IntRange(min = 1, max = 4000) int at,
      @ForAll @IntRange(min = 1, max = 400) int piece,
      @ForAll @IntRange(min = 0, max = 2) int then,
      @ForAll @IntRange(min = 0, max = 4000) int secondCut)
      throws Exception {
    byte[] whole = WireStreams.write(wire, "one", answer, style);
    int length = eventEnd(whole, begun(wire, whole, 1 + at % whole.length), style);
    if (length < 0 || isFinished(wire, first(whole, length))) {
      return;
    }
    byte[] error = WireStreams.error(wire, style);
    byte[] broken = Arrays.copyOf(whole, length + error.length);
    System.arraycopy(error, 0, broken, length, error.length);
    byte[] second = WireStreams.write(wire, "two", otherwise(answer, at), style);
    Pieces again =
        then == 0
            ? cut(second, second.length, piece, null)
            : then == 1 ? cut(second, secondCut % second.length, piece, reset()) : null;
    Pieces failing = new Pieces();
    failing.give(first(whole, length));
    for (int from = length; from < broken.length; from += piece) {
      failing.give(Arrays.copyOfRange(broken, from, Math.min(broken.length, from + piece)));
    }
    failing.give(null);

    Read read = read(wire, Arrays.asList(failing, again));

    Map<String, String> given = StreamReaders.said(wire, read.bytes());
    Map<String, String> truth = StreamReaders.said(wire, whole);
    String firstAsItWas = new String(broken, StandardCharsets.UTF_8);
    if (read.text().contains("rror\"")) {
      assertThat(read.failure).isNull();
      if (!read.text().equals(firstAsItWas)) {
        // Others have gone on, and broke off: the error comes after what they gave.
        String reported = new String(error, StandardCharsets.UTF_8);
        String text = read.text();
        int from = text.lastIndexOf(reported.substring(0, reported.indexOf("rror\"")));
        assertThat(reported).startsWith(text.substring(from));
        assertThat(
                StreamReaders.strictEvents(text.substring(from).getBytes(StandardCharsets.UTF_8)))
            .isNotEmpty();
        byte[] before = text.substring(0, from).getBytes(StandardCharsets.UTF_8);
        assertThat(StreamReaders.isPrefix(StreamReaders.said(wire, before), truth)).isTrue();
        assertThat(StreamReaders.strictEvents(before).size())
            .isGreaterThan(StreamReaders.strictEvents(first(whole, length)).size());
      }
    } else if (read.failure == null) {
      assertThat(given).isEqualTo(truth);
    } else {
      assertThat(StreamReaders.isPrefix(given, truth)).isTrue();
      assertThat(StreamReaders.isPrefix(StreamReaders.said(wire, first(whole, length)), given))
          .isTrue();
      assertThat(StreamReaders.strictEvents(read.bytes()).size())
          .isGreaterThan(StreamReaders.strictEvents(first(whole, length)).size());
    }
    if (then == 0 && !hasThoughts(wire, answer)) {
      assertThat(read.failure).isNull();
      assertThat(given).isEqualTo(truth);
    }
  }

  /** Of Responses: what the model thought cannot be compared, so such a stream is not joined. */
  private static boolean hasThoughts(Wire wire, List<Piece> answer) {
    return wire == Wire.RESPONSES
        && answer.stream().anyMatch(piece -> piece.kind.equals("thought"));
  }

  private static boolean isFinished(Wire wire, byte[] stream) throws IOException {
    return StreamReaders.said(wire, stream).keySet().stream()
        .anyMatch(key -> key.endsWith("finish") || key.equals("all"));
  }

  private static int eventEnd(byte[] stream, int from, Style style) {
    String text = new String(stream, StandardCharsets.ISO_8859_1);
    int end = text.indexOf(style.lineEnd + style.lineEnd, Math.max(0, from - 2));
    return end < 0 ? -1 : end + 2 * style.lineEnd.length();
  }

  @Provide
  Arbitrary<Style> styles() {
    return Combinators.combine(
            Arbitraries.of("\n", "\r\n", "\r"),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false))
        .as(Style::new);
  }

  @Provide
  Arbitrary<List<Piece>> answers() {
    return BrokenStreams.answers();
  }
}
