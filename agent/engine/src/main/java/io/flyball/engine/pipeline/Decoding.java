package io.flyball.engine.pipeline;

import io.flyball.engine.meter.ContentDecoder;
import io.flyball.engine.meter.TransformedBody;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.ZipException;

/**
 * Takes a Content-Encoding off an answer. What is not of that encoding goes on as it comes; what
 * breaks off or goes wrong later fails as it would where it is decoded.
 */
final class Decoding implements TransformedBody.Transform {
  private final ContentDecoder decoder;

  /** What came before there was anything of it; null afterwards. */
  private ByteArrayOutputStream head = new ByteArrayOutputStream();

  private boolean passes;
  private boolean over;

  Decoding(ContentDecoder decoder) {
    this.decoder = decoder;
  }

  @Override
  public ByteBuffer feed(ByteBuffer bytes) throws ZipException {
    if (passes) {
      return bytes;
    }
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    if (over) {
      return ByteBuffer.wrap(plain.toByteArray());
    }
    if (head != null) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      head.write(copy, 0, copy.length);
    }
    try {
      decoder.decodeTo(plain, bytes.duplicate());
    } catch (DataFormatException garbage) {
      if (head != null && plain.size() == 0) {
        passes = true;
        return ByteBuffer.wrap(head.toByteArray());
      }
      if (decoder.isAtEnd()) {
        over = true;
      } else {
        throw (ZipException) new ZipException(garbage.getMessage()).initCause(garbage);
      }
    }
    if (plain.size() > 0) {
      head = null;
    }
    return ByteBuffer.wrap(plain.toByteArray());
  }

  @Override
  public ByteBuffer end() throws EOFException {
    if (!passes && !decoder.isAtEnd()) {
      throw new EOFException("Unexpected end of a compressed answer");
    }
    return null;
  }

  @Override
  public void close() {
    decoder.close();
  }
}
