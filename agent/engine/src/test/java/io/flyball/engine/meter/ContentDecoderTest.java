package io.flyball.engine.meter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.ResponseReader;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
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
  void saysWhatItCannotRead() {
    assertThat(ContentDecoder.of("br")).isNull();
    assertThat(ContentDecoder.of("gzip, br")).isNull();
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
