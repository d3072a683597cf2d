package io.flyball.protocol.json;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Text in UTF-16 or UTF-32, which parsers of JSON take as well, in pieces as UTF-8. Not thread
 * safe; never throws for what it is fed.
 */
public final class UnicodeText {
  /** Bytes that tell which encoding it is. */
  public static final int TELLING = 4;

  private final CharsetDecoder decoder;
  private final CharBuffer decoded = CharBuffer.allocate(1024);

  /** What is left of a character. */
  private final byte[] rest = new byte[TELLING];

  private int restLength;

  private UnicodeText(String charset) {
    this.decoder =
        Charset.forName(charset)
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
  }

  /**
   * Whether the first bytes of a text, at best {@link #TELLING} of them, are of such an encoding:
   * with a byte order mark, or of ASCII characters, as JSON begins with.
   */
  public static boolean isWide(byte[] bytes, int offset, int length) {
    return length >= 2 && charset(bytes, offset, length) != null;
  }

  /** Reads the text that begins so. Only where {@link #isWide}. */
  public static UnicodeText of(byte[] beginning, int offset, int length) {
    return new UnicodeText(charset(beginning, offset, length));
  }

  private static String charset(byte[] bytes, int offset, int length) {
    int first = bytes[offset] & 0xFF;
    int second = bytes[offset + 1] & 0xFF;
    int third = length > 2 ? bytes[offset + 2] & 0xFF : 1;
    int fourth = length > 3 ? bytes[offset + 3] & 0xFF : 1;
    if (first == 0xFF && second == 0xFE) {
      return third == 0 && fourth == 0 ? "UTF-32LE" : "UTF-16LE";
    }
    if (first == 0xFE && second == 0xFF) {
      return "UTF-16BE";
    }
    if (first == 0 && second == 0) {
      boolean marked = third == 0xFE && fourth == 0xFF;
      return marked || (third == 0 && fourth != 0 && length > 3) ? "UTF-32BE" : null;
    }
    if (first == 0) {
      return "UTF-16BE";
    }
    if (second == 0) {
      return third == 0 && fourth == 0 ? "UTF-32LE" : "UTF-16LE";
    }
    return null;
  }

  /** The next bytes as UTF-8; a character of which not all is there comes with the next ones. */
  public byte[] feed(byte[] bytes, int offset, int length) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(length / 2 + TELLING);
    ByteBuffer in = ByteBuffer.allocate(restLength + length);
    in.put(rest, 0, restLength).put(bytes, offset, length);
    in.flip();
    CoderResult result;
    do {
      result = decoder.decode(in, decoded, false);
      decoded.flip();
      byte[] utf8 = decoded.toString().getBytes(StandardCharsets.UTF_8);
      out.write(utf8, 0, utf8.length);
      decoded.clear();
    } while (result.isOverflow());
    restLength = in.remaining();
    in.get(rest, 0, restLength);
    return out.toByteArray();
  }

  /** A whole text in UTF-8: itself where it is in no such encoding. */
  public static byte[] utf8(byte[] bytes) {
    return isWide(bytes, 0, bytes.length) ? toUtf8(bytes) : bytes;
  }

  /** A whole text that {@link #isWide}. */
  static byte[] toUtf8(byte[] bytes) {
    return of(bytes, 0, bytes.length).feed(bytes, 0, bytes.length);
  }
}
