package io.flyball.engine;

import io.flyball.engine.meter.ContentDecoder;
import io.flyball.wire.HeldBytes;
import io.flyball.wire.RequestEncoding;
import io.flyball.wire.WireRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.zip.DataFormatException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * One request whose body comes encoded, decoded for reading: what goes out stays as the application
 * encoded it. Bounded, so that what grows beyond all measure is not read.
 */
final class EncodedRequest {
  private static final int MOST_CODINGS = 3;

  /**
   * Where every request must be read, plain ones of any length are; here the sender pays little.
   */
  private static final int MOST_DECODED = 256 << 20;

  private static final long LIKELY_FACTOR = 4;
  private static final List<String> GZIP = Collections.singletonList("gzip");

  private final HeldBytes.Hold hold = HeldBytes.ofThisJvm().hold();
  private final WireRequest request;
  private final int most;
  private final boolean must;
  private long decoded;

  /**
   * @param most decoded bytes, unless it must be read
   * @param must whether it is to be read where there is room for it at all
   */
  EncodedRequest(WireRequest request, int most, boolean must) {
    this.request = request;
    this.most = most;
    this.must = must;
  }

  /** Whether a body without a label is in gzip all the same. */
  static boolean isGzip(byte[] body) {
    return body.length > 2 && body[0] == 0x1f && body[1] == (byte) 0x8b;
  }

  /** The same request, to be read as what its bytes say; null when that cannot be told. */
  WireRequest read() {
    List<String> codings = RequestEncoding.of(request.headers());
    if (codings.isEmpty() && isGzip(request.wireBody())) {
      codings = GZIP;
    }
    if (codings.isEmpty()) {
      return request;
    }
    byte[] plain = codings.size() > MOST_CODINGS ? null : request.wireBody();
    for (int i = codings.size() - 1; i >= 0 && plain != null; i--) {
      plain = decoded(plain, codings.get(i));
    }
    if (plain == null) {
      release();
      return null;
    }
    return request.readAs(plain, encoder(codings));
  }

  private byte[] decoded(byte[] body, String coding) {
    if (!ContentDecoder.isSpoken(coding)) {
      return null;
    }
    ContentDecoder decoder = ContentDecoder.ofAll(coding);
    ByteArrayOutputStream all =
        new ByteArrayOutputStream((int) Math.min(most, LIKELY_FACTOR * body.length));
    try {
      boolean whole = decoder.decode(ByteBuffer.wrap(body), piece -> add(piece, all));
      return whole && decoder.isAtEnd() ? all.toByteArray() : null;
    } catch (DataFormatException | TooLong unreadable) {
      return null;
    } finally {
      decoder.close();
    }
  }

  private void add(ByteBuffer piece, ByteArrayOutputStream all) {
    int count = piece.remaining();
    decoded += count;
    if (!hasRoomFor(count)) {
      throw TooLong.INSTANCE;
    }
    byte[] bytes = new byte[count];
    piece.get(bytes);
    all.write(bytes, 0, count);
  }

  private boolean hasRoomFor(int count) {
    if (decoded > most && !(must && decoded <= MOST_DECODED)) {
      return false;
    }
    if (must && decoded <= most) {
      hold.growAnyway(count);
      return true;
    }
    return hold.grow(count);
  }

  /** Nobody reads the decoded body any more. */
  void release() {
    hold.release();
  }

  private static UnaryOperator<byte[]> encoder(List<String> codings) {
    return plain -> {
      byte[] bytes = plain;
      for (String coding : codings) {
        bytes = encoded(bytes, coding);
      }
      return bytes;
    };
  }

  private static byte[] encoded(byte[] plain, String coding) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(plain.length / 4 + 64);
    try (OutputStream out =
        coding.equals("deflate") ? new DeflaterOutputStream(bytes) : new GZIPOutputStream(bytes)) {
      out.write(plain);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }

  /** A bomb, or more than there is room for. */
  private static final class TooLong extends RuntimeException {
    static final TooLong INSTANCE = new TooLong();
    private static final long serialVersionUID = 1L;

    private TooLong() {
      super(null, null, false, false);
    }
  }
}
