package io.flyball.engine;

import static io.flyball.engine.BrokenStreams.begun;
import static io.flyball.engine.BrokenStreams.cut;
import static io.flyball.engine.BrokenStreams.otherwise;
import static io.flyball.engine.BrokenStreams.read;
import static io.flyball.engine.BrokenStreams.reset;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.BrokenStreams.Read;
import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.WireStreams.Piece;
import io.flyball.engine.WireStreams.Style;
import io.flyball.engine.WireStreams.Wire;
import io.flyball.wire.Headers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * A stream in gzip, as the application asked for, that breaks off anywhere: who decodes what is
 * handed on has the beginning of the true answer, its end only with the whole of it, and the
 * provider's very bytes where nobody goes on.
 */
class BrokenGzipStreamTest {
  private static final Style PLAIN = new Style("\n", false, false);
  private static final Headers GZIP =
      Headers.of("Content-Type", "text/event-stream", "Content-Encoding", "gzip");

  /** At so many bytes at most of the streams here. */
  private static final int WITHIN_A_CODE = 16;

  private static final Headers IDENTITY = Headers.of("Content-Type", "text/event-stream");

  /** After what a server flushes its compressor. */
  private enum Flush {
    EVENT,
    LINE,
    TWO_EVENTS,
    ANYWHERE,
    NEVER
  }

  private static byte[] gzip(byte[] plain, Flush flush) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(all, 512, flush != Flush.NEVER)) {
      int lines = 0;
      for (int i = 0; i < plain.length; i++) {
        out.write(plain[i]);
        boolean lineEnd = plain[i] == '\n';
        boolean eventEnd = lineEnd && i > 0 && plain[i - 1] == '\n';
        lines += eventEnd ? 1 : 0;
        if (flush == Flush.LINE && lineEnd
            || flush == Flush.EVENT && eventEnd
            || flush == Flush.TWO_EVENTS && eventEnd && lines % 2 == 0
            || flush == Flush.ANYWHERE && i % 37 == 0) {
          out.flush();
        }
      }
    }
    return all.toByteArray();
  }

  /** What can be decoded of it, and whether it is whole. */
  private static boolean gunzip(byte[] coded, ByteArrayOutputStream plain) {
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(coded), 1)) {
      byte[] one = new byte[1];
      while (in.read(one) > 0) {
        plain.write(one[0]);
      }
      return true;
    } catch (IOException half) {
      assertThat(half).isInstanceOf(EOFException.class);
      return false;
    }
  }

  private static byte[] gunzip(byte[] coded) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    gunzip(coded, plain);
    return plain.toByteArray();
  }

  private static boolean hasContent(Wire wire, byte[] coded) throws IOException {
    byte[] plain = gunzip(coded);
    return begun(wire, plain, 1) < plain.length;
  }

  @Property(tries = 2000)
  void whereverItBreaks(
      @ForAll Wire wire,
      @ForAll("answers") List<Piece> answer,
      @ForAll("styles") Style style,
      @ForAll Flush flush,
      @ForAll boolean nextIsCompressed,
      @ForAll boolean endsAsIfWhole,
      @ForAll @IntRange(min = 1, max = 4000) int firstCut,
      @ForAll @IntRange(min = 0, max = 4000) int secondCut,
      @ForAll @IntRange(min = 0, max = 3) int then,
      @ForAll @IntRange(min = 1, max = 400) int piece,
      @ForAll long seed)
      throws Exception {
    byte[] whole = WireStreams.write(wire, "one", answer, style);
    byte[] coded = gzip(whole, flush);
    int length = 1 + firstCut % coded.length;
    byte[] bare = Arrays.copyOf(coded, length);
    if (!hasContent(wire, bare)) {
      return;
    }
    byte[] second = WireStreams.write(wire, "two", otherwise(answer, seed), style);
    Headers headers = nextIsCompressed ? GZIP : IDENTITY;
    byte[] next = nextIsCompressed ? gzip(second, flush) : second;
    Pieces again =
        then == 0
            ? null
            : then == 1
                ? cut(next, secondCut % next.length, piece, reset())
                : cut(next, next.length, piece, null);

    Read read =
        read(
            wire,
            Arrays.asList(GZIP, headers),
            Arrays.asList(cut(coded, length, piece, endsAsIfWhole ? null : reset()), again));

    String as = wire + " " + flush + " cut at " + length + " of " + coded.length;
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    boolean ended = gunzip(read.bytes(), plain);
    byte[] given = plain.toByteArray();
    assertThat(
            StreamReaders.isPrefix(
                StreamReaders.said(wire, given), StreamReaders.said(wire, whole)))
        .as(as)
        .isTrue();
    byte[] without = gunzip(bare);
    assertThat(
            StreamReaders.isPrefix(
                StreamReaders.saidByLines(wire, without), StreamReaders.saidByLines(wire, given)))
        .as(as + ": fewer than bare")
        .isTrue();
    if (endsAsIfWhole && Arrays.equals(read.bytes(), bare)) {
      return;
    }
    if (read.failure == null) {
      assertThat(ended).as(as).isTrue();
      assertThat(StreamReaders.said(wire, given)).as(as).isEqualTo(StreamReaders.said(wire, whole));
    } else {
      assertThat(read.failure).isInstanceOf(IOException.class);
      if (StreamReaders.strictEvents(given).size() <= StreamReaders.strictEvents(without).size()) {
        assertThat(read.bytes()).as(as).isEqualTo(bare);
        assertThat(read.failure).as(as).hasMessage("reset");
      }
    }
  }

  /** The kind the others cannot be told from: at every byte, flushed after each event. */
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
      byte[] whole = WireStreams.write(wire, "one", answer, PLAIN);
      for (Flush flush : Arrays.asList(Flush.EVENT, Flush.LINE)) {
        byte[] coded = gzip(whole, flush);
        byte[] next =
            gzip(WireStreams.write(wire, "two", otherwise(answer, 7), PLAIN), Flush.NEVER);
        int within = 0;
        for (int length = 1; length < coded.length; length++) {
          if (!hasContent(wire, Arrays.copyOf(coded, length))) {
            continue;
          }
          Read read =
              read(
                  wire,
                  Arrays.asList(GZIP, GZIP),
                  Arrays.asList(
                      cut(coded, length, 1 << 20, reset()), cut(next, next.length, 64, null)));
          String as = wire + " " + flush + " cut at " + length + " of " + coded.length;
          if (read.failure != null) {
            // All of an event, but not of its last code: nothing can follow within a byte.
            assertThat(new String(gunzip(read.bytes()), StandardCharsets.UTF_8))
                .as(as)
                .endsWith("\n");
            within++;
            continue;
          }
          ByteArrayOutputStream plain = new ByteArrayOutputStream();
          assertThat(gunzip(read.bytes(), plain)).as(as).isTrue();
          assertThat(StreamReaders.said(wire, plain.toByteArray()))
              .as(as)
              .isEqualTo(StreamReaders.said(wire, whole));
        }
        assertThat(within).as(wire + " " + flush).isLessThanOrEqualTo(WITHIN_A_CODE);
      }
    }
  }

  /**
   * As long as nothing breaks not one byte is different, and none comes later than it could be
   * read.
   */
  @Property(tries = 1000)
  void whatDoesNotBreakPassesAsItComes(
      @ForAll Wire wire,
      @ForAll("answers") List<Piece> answer,
      @ForAll("styles") Style style,
      @ForAll Flush flush,
      @ForAll @IntRange(min = 1, max = 400) int piece)
      throws Exception {
    byte[] coded = gzip(WireStreams.write(wire, "one", answer, style), flush);
    Read read =
        read(wire, Arrays.asList(GZIP), Arrays.asList(cut(coded, coded.length, piece, null)));
    assertThat(read.failure).isNull();
    assertThat(read.bytes()).isEqualTo(coded);
    assertThat(read.asked).isEqualTo(1);
  }

  @Provide
  Arbitrary<List<Piece>> answers() {
    return BrokenStreams.answers();
  }

  @Provide
  Arbitrary<Style> styles() {
    return Combinators.combine(
            Arbitraries.of("\n", "\r\n"), Arbitraries.of(true, false), Arbitraries.of(true, false))
        .as(Style::new);
  }
}
