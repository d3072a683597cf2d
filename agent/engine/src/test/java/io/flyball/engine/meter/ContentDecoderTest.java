package io.flyball.engine.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.file.Mutants;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.ResponseReader;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Whatever the pieces, the reader gets the decoded bytes. */
class ContentDecoderTest {

  @Property(tries = 100)
  void decodesInAnyPieces(
      @ForAll byte[] content, @ForAll @IntRange(min = 1, max = 50) int pieceSize) throws Exception {
    assertThat(decoded("gzip", gzip(content), pieceSize)).isEqualTo(content);
    assertThat(decoded("deflate", deflate(content, false), pieceSize)).isEqualTo(content);
    assertThat(decoded("deflate", deflate(content, true), pieceSize)).isEqualTo(content);
    assertThat(decoded(null, content, pieceSize)).isEqualTo(content);
  }

  @Test
  void readsMembersOneAfterAnother() throws Exception {
    byte[] a = new byte[20_000];
    new Random(1).nextBytes(a);
    byte[] b = {1, 2, 3};
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(gzip(a));
    both.write(gzip(b));
    byte[] expected = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, expected, a.length, b.length);
    assertThat(decoded("x-gzip", both.toByteArray(), 7)).isEqualTo(expected);
  }

  @Test
  void skipsEveryOptionalHeaderField() throws Exception {
    byte[] plain = gzip(new byte[] {42});
    ByteArrayOutputStream decorated = new ByteArrayOutputStream();
    decorated.write(plain, 0, 3);
    decorated.write(2 | 4 | 8 | 16);
    decorated.write(plain, 4, 6);
    decorated.write(new byte[] {3, 0, 'x', 0, 'y'});
    decorated.write(new byte[] {'n', 0});
    decorated.write(new byte[] {'c', 'c', 0});
    decorated.write(new byte[] {9, 9});
    decorated.write(plain, 10, plain.length - 10);
    assertThat(decoded("GZIP", decorated.toByteArray(), 1)).containsExactly(42);
    assertThat(decoded("gzip", decorated.toByteArray(), 100)).containsExactly(42);
  }

  @Test
  void saysWhatItCannotRead() throws Exception {
    assertThat(ContentDecoder.isSpoken("br")).isFalse();
    assertThat(ContentDecoder.isSpoken("gzip, br")).isFalse();
    assertThat(ContentDecoder.isSpoken("identity, GZIP ;q=1")).isTrue();
    assertThat(ContentDecoder.of("br").decode(ByteBuffer.wrap(new byte[] {27}), bytes -> {}))
        .isFalse();
    assertThatThrownBy(() -> decoded("gzip", new byte[] {'{', '}'}, 1))
        .isInstanceOf(DataFormatException.class);
  }

  @Test
  void stopsAtABomb() throws Exception {
    Collector reader = new Collector();
    ContentDecoder decoder = ContentDecoder.of("deflate");
    byte[] bomb = deflate(new byte[80 << 20], false);
    reader.keep = false;
    assertThat(decoder.decode(ByteBuffer.wrap(bomb), reader::feed)).isFalse();
    assertThat(reader.total).isBetween(64L << 20, 65L << 20);
    decoder.close();
  }

  /**
   * Damaged bytes are not what they say, or decode to the same in whatever pieces; what an error
   * leaves unread may differ.
   */
  @Test
  void damagedBytesDecodeTheSameInAnyPieces() throws Exception {
    byte[] text = new byte[30_000];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) ("data: {}\n\n".charAt(i % 10) + (i % 997 == 0 ? i : 0));
    }
    byte[] few = {1, 2, 3};
    List<byte[]> gzip = Arrays.asList(gzip(text), gzip(few), both(gzip(few), gzip(text)));
    List<byte[]> deflate =
        Arrays.asList(deflate(text, false), deflate(text, true), deflate(few, false));
    long from = Long.getLong("flyball.fuzz.seed", 1);
    for (long seed = from; seed < from + Long.getLong("flyball.fuzz.count", 3_000); seed++) {
      Random random = new Random(seed);
      boolean zipped = random.nextBoolean();
      byte[] mutant = Mutants.of(zipped ? gzip : deflate, random);
      String encoding = zipped ? "gzip" : "deflate";
      Outcome whole = new Outcome(encoding, mutant, mutant.length);
      Outcome pieces = new Outcome(encoding, mutant, 1 + random.nextInt(mutant.length));
      assertThat(pieces.failed).as("seed %s", seed).isEqualTo(whole.failed);
      int common = Math.min(whole.decoded.length, pieces.decoded.length);
      if (!whole.failed) {
        assertThat(pieces.decoded.length).as("seed %s", seed).isEqualTo(whole.decoded.length);
        assertThat(pieces.atEnd).as("seed %s", seed).isEqualTo(whole.atEnd);
      }
      assertThat(
              Arrays.equals(
                  Arrays.copyOf(pieces.decoded, common), Arrays.copyOf(whole.decoded, common)))
          .as("seed %s", seed)
          .isTrue();
    }
  }

  private static byte[] both(byte[] one, byte[] other) {
    byte[] both = Arrays.copyOf(one, one.length + other.length);
    System.arraycopy(other, 0, both, one.length, other.length);
    return both;
  }

  /** What became of encoded bytes. */
  private static final class Outcome {
    final byte[] decoded;
    final boolean failed;
    final boolean atEnd;

    Outcome(String encoding, byte[] encoded, int pieceSize) {
      ContentDecoder decoder = ContentDecoder.of(encoding);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      boolean thrown = false;
      try {
        for (int offset = 0; offset < encoded.length; offset += pieceSize) {
          int length = Math.min(pieceSize, encoded.length - offset);
          decoder.decodeTo(out, ByteBuffer.wrap(encoded, offset, length));
        }
      } catch (DataFormatException notWhatItSays) {
        thrown = true;
      }
      decoded = out.toByteArray();
      failed = thrown;
      atEnd = decoder.isAtEnd();
      decoder.close();
    }
  }

  private static byte[] decoded(String encoding, byte[] encoded, int pieceSize) throws Exception {
    Collector reader = new Collector();
    ContentDecoder decoder = ContentDecoder.of(encoding);
    for (int offset = 0; offset < encoded.length; offset += pieceSize) {
      int length = Math.min(pieceSize, encoded.length - offset);
      ByteBuffer piece = ByteBuffer.wrap(encoded, offset, length);
      assertThat(decoder.decode(offset % 2 == 0 ? piece : piece.asReadOnlyBuffer(), reader::feed))
          .isTrue();
    }
    decoder.close();
    return reader.bytes.toByteArray();
  }

  private static byte[] gzip(byte[] content) throws Exception {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(encoded)) {
      out.write(content);
    }
    return encoded.toByteArray();
  }

  private static byte[] deflate(byte[] content, boolean bare) throws Exception {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream();
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, bare);
    try (OutputStream out = new DeflaterOutputStream(encoded, deflater)) {
      out.write(content);
    }
    return encoded.toByteArray();
  }

  /** Keeps what it is fed. */
  private static final class Collector implements ResponseReader {
    final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean keep = true;
    long total;

    @Override
    public int malformedEvents() {
      return 0;
    }

    @Override
    public void feed(ByteBuffer next) {
      total += next.remaining();
      byte[] copy = new byte[next.remaining()];
      next.duplicate().get(copy);
      if (keep) {
        bytes.write(copy, 0, copy.length);
      }
    }

    @Override
    public void end() {}

    @Override
    public boolean contentSeen() {
      return false;
    }

    @Override
    public boolean errorSeen() {
      return false;
    }

    @Override
    public ResponseFacts facts() {
      return ResponseFacts.builder().build();
    }

    @Override
    public String text() {
      return null;
    }

    @Override
    public void keepText(int characters) {}
  }
}
