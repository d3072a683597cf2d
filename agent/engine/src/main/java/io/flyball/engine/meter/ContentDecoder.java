package io.flyball.engine.meter;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Undoes a Content-Encoding on the side, piece by piece, for the reader only: the application's
 * bytes stay encoded. Constant memory.
 */
public abstract class ContentDecoder {
  /** Beyond that many decoded bytes an answer is not looked at any more. */
  private static final long MAX_DECODED = 64L << 20;

  /**
   * A decoder of that encoding, for who only looks on. Of one that we do not speak (br, zstd, two
   * of them at once) it reads what stands there as it is, if that is text, because some servers
   * call plain text anything; else it gives up at the first byte that is none.
   *
   * @param encoding the Content-Encoding, or null
   */
  public static ContentDecoder of(String encoding) {
    return of(encoding, MAX_DECODED);
  }

  /**
   * A decoder of all that comes, for who hands it on; as {@link #of} otherwise.
   *
   * @param encoding the Content-Encoding, or null
   */
  public static ContentDecoder ofAll(String encoding) {
    return of(encoding, Long.MAX_VALUE);
  }

  private static ContentDecoder of(String encoding, long most) {
    switch (coding(encoding)) {
      case "":
        return new Identity();
      case "gzip":
      case "x-gzip":
        return new Inflating(true, most);
      case "deflate":
        return new Inflating(false, most);
      default:
        return new TextAsItIs();
    }
  }

  /** Whether that Content-Encoding is none, or one that can be undone. */
  public static boolean isSpoken(String encoding) {
    switch (coding(encoding)) {
      case "":
      case "gzip":
      case "x-gzip":
      case "deflate":
        return true;
      default:
        return false;
    }
  }

  /** The coding that a Content-Encoding names; empty for none, all of them where there are more. */
  static String coding(String encoding) {
    if (encoding == null) {
      return "";
    }
    String all = "";
    for (String named : encoding.split(",", -1)) {
      String name = named.split(";", 2)[0].trim().toLowerCase(Locale.ROOT);
      if (!name.isEmpty() && !name.equals("identity")) {
        all = all.isEmpty() ? name : all + ", " + name;
      }
    }
    return all;
  }

  /** Whether bytes under that Content-Encoding (null: none) are as they were written. */
  public static boolean isPlain(String encoding) {
    return encoding == null || coding(encoding).isEmpty();
  }

  /**
   * A short body without its encoding.
   *
   * @param most decoded bytes; the rest is left out
   * @return as much as can be decoded; nothing of an encoding we do not speak
   */
  public static byte[] decoded(byte[] body, String encoding, int most) {
    ContentDecoder decoder = of(encoding);
    if (decoder instanceof Identity) {
      return body;
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      decoder.decode(ByteBuffer.wrap(body), piece -> append(piece, all, most));
    } catch (DataFormatException cutOrGarbage) {
      // What came out before is what there is.
    } finally {
      decoder.close();
    }
    return all.toByteArray();
  }

  /**
   * The next bytes without their encoding, as many as there are by now; the very buffer where there
   * is no encoding.
   *
   * @throws DataFormatException when the bytes are not what the encoding says
   */
  public ByteBuffer decoded(ByteBuffer bytes) throws DataFormatException {
    if (this instanceof Identity) {
      return bytes;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    decodeTo(out, bytes);
    return ByteBuffer.wrap(out.toByteArray());
  }

  /**
   * Adds the next bytes without their encoding, as many as there are by now.
   *
   * @throws DataFormatException when the bytes are not what the encoding says; what could be
   *     decoded of them was added
   */
  public void decodeTo(ByteArrayOutputStream out, ByteBuffer bytes) throws DataFormatException {
    decode(bytes, piece -> append(piece, out, Integer.MAX_VALUE));
  }

  private static void append(ByteBuffer piece, ByteArrayOutputStream all, int most) {
    byte[] bytes = new byte[Math.min(piece.remaining(), most - all.size())];
    piece.get(bytes);
    all.write(bytes, 0, bytes.length);
  }

  /**
   * Feeds the decoded bytes to the reader, whose buffer is valid only during the call; false when
   * the rest cannot or need not be decoded.
   *
   * @throws DataFormatException when the bytes are not what the encoding says
   */
  public abstract boolean decode(ByteBuffer bytes, Consumer<ByteBuffer> reader)
      throws DataFormatException;

  /**
   * Whether what was decoded so far may be all: nothing that was begun is missing its end. Garbage
   * behind a whole member of gzip does not change that, as for {@link
   * java.util.zip.GZIPInputStream}.
   */
  public boolean isAtEnd() {
    return true;
  }

  /** Whether it undoes a coding that it was named. */
  boolean isCoding() {
    return true;
  }

  /** Gives the memory outside the heap back. */
  public void close() {}

  private static final class Identity extends ContentDecoder {
    @Override
    public boolean decode(ByteBuffer bytes, Consumer<ByteBuffer> reader) {
      reader.accept(bytes);
      return true;
    }
  }

  /** Text under a name that says nothing to us. */
  private static final class TextAsItIs extends ContentDecoder {
    /**
     * What is compressed shows within a few bytes: each is no text of UTF-8 more often than not.
     */
    private static final int LOOKED_AT = 64;

    private int looked;
    private int following;
    private boolean isText = true;

    @Override
    public boolean decode(ByteBuffer bytes, Consumer<ByteBuffer> reader) {
      for (int i = bytes.position(); isText && looked < LOOKED_AT && i < bytes.limit(); i++) {
        isText = isText(bytes.get(i));
        looked++;
      }
      if (isText) {
        reader.accept(bytes);
      }
      return isText;
    }

    @Override
    boolean isCoding() {
      return false;
    }

    private boolean isText(byte b) {
      int value = b & 0xff;
      if (following > 0) {
        following--;
        return (value & 0xc0) == 0x80;
      }
      if (value >= 0xc2 && value < 0xf5) {
        following = value >= 0xf0 ? 3 : value >= 0xe0 ? 2 : 1;
        return true;
      }
      return value == '\n' || value == '\r' || value == '\t' || (value >= ' ' && value < 0x7f);
    }
  }

  /** gzip (RFC 1952, members one after another) and deflate (RFC 1950, or bare RFC 1951). */
  private static final class Inflating extends ContentDecoder {
    private static final int TRAILER_BYTES = 8;
    private static final int ZLIB_TRAILER_BYTES = 4;
    private static final int HAS_DICTIONARY = 0x20;

    private final boolean gzip;
    private final long most;
    private final GzipHeader header = new GzipHeader();
    private final byte[] decoded = new byte[8192];
    private final ByteBuffer view = ByteBuffer.wrap(decoded);
    private Inflater inflater;
    private int trailerLeft;
    private boolean inHeader;
    private int firstByte = -1;
    private boolean zlib;
    private boolean ended;
    private long total;

    Inflating(boolean gzip, long most) {
      this.gzip = gzip;
      this.most = most;
      this.inHeader = gzip;
      if (gzip) {
        inflater = new Inflater(true);
      }
    }

    @Override
    public boolean decode(ByteBuffer bytes, Consumer<ByteBuffer> reader)
        throws DataFormatException {
      byte[] input;
      int offset;
      int end;
      if (bytes.hasArray()) {
        input = bytes.array();
        offset = bytes.arrayOffset() + bytes.position();
        end = offset + bytes.remaining();
      } else {
        input = new byte[bytes.remaining()];
        bytes.duplicate().get(input);
        offset = 0;
        end = input.length;
      }
      while (offset < end) {
        if (trailerLeft > 0) {
          int skipped = Math.min(trailerLeft, end - offset);
          trailerLeft -= skipped;
          offset += skipped;
          inHeader = gzip && trailerLeft == 0;
        } else if (ended && !gzip) {
          return true;
        } else if (inHeader) {
          inHeader = !header.isComplete(input[offset++] & 0xff);
        } else if (inflater == null) {
          offset = chooseDeflate(input, offset);
          if (offset < 0) {
            return false;
          }
        } else {
          offset = inflate(input, offset, end, reader);
          if (offset < 0 || total > most) {
            return false;
          }
        }
      }
      return true;
    }

    private boolean isEmpty() {
      return gzip ? inHeader && header.isEmpty() : firstByte < 0;
    }

    /** The first two bytes tell zlib's header from bare deflate, which some servers send. */
    private int chooseDeflate(byte[] input, int offset) throws DataFormatException {
      int current = input[offset] & 0xff;
      if (firstByte < 0) {
        firstByte = current;
        return offset + 1;
      }
      zlib = (firstByte & 0x0f) == 8 && ((firstByte << 8) | current) % 31 == 0;
      // Bare also within zlib: a wrong check sum behind a whole answer takes nothing of it back.
      inflater = new Inflater(true);
      if (zlib) {
        return (current & HAS_DICTIONARY) == 0 ? offset + 1 : -1;
      }
      // The first byte belongs to the data; alone it yields no output.
      inflater.setInput(new byte[] {(byte) firstByte});
      inflater.inflate(decoded);
      return offset;
    }

    private int inflate(byte[] input, int offset, int end, Consumer<ByteBuffer> reader)
        throws DataFormatException {
      inflater.setInput(input, offset, end - offset);
      while (total <= most) {
        int count = inflater.inflate(decoded);
        if (count > 0) {
          total += count;
          view.clear();
          view.limit(count);
          reader.accept(view);
        } else if (inflater.finished()) {
          int next = end - inflater.getRemaining();
          ended = true;
          if (!gzip) {
            trailerLeft = zlib ? ZLIB_TRAILER_BYTES : 0;
            return next;
          }
          inflater.reset();
          header.reset();
          trailerLeft = TRAILER_BYTES;
          return next;
        } else {
          return inflater.needsDictionary() ? -1 : end;
        }
      }
      return end;
    }

    @Override
    public boolean isAtEnd() {
      return trailerLeft == 0 && (ended ? !gzip || inHeader : isEmpty());
    }

    @Override
    public void close() {
      if (inflater != null) {
        inflater.end();
      }
    }
  }

  /** Finds the end of a gzip member's header (RFC 1952, section 2.3), byte by byte. */
  private static final class GzipHeader {
    private static final int FIXED_BYTES = 10;
    private static final int HAS_CHECKSUM = 2;
    private static final int HAS_EXTRA = 4;
    private static final int HAS_NAME = 8;
    private static final int HAS_COMMENT = 16;

    private int index;
    private int flags;
    private int extraLength;
    private int extraLengthBytes;
    private int checksumBytes;

    void reset() {
      index = 0;
      flags = 0;
      extraLength = 0;
      extraLengthBytes = 0;
      checksumBytes = 0;
    }

    boolean isEmpty() {
      return index == 0;
    }

    /** Takes the next byte; true when it was the header's last. */
    boolean isComplete(int value) throws DataFormatException {
      if (index < FIXED_BYTES) {
        if ((index == 0 && value != 0x1f) || (index == 1 && value != 0x8b)) {
          throw new DataFormatException("not gzip");
        }
        if (index == 3) {
          flags = value;
        }
        index++;
      } else if ((flags & HAS_EXTRA) != 0) {
        if (extraLengthBytes < 2) {
          extraLength |= value << (8 * extraLengthBytes++);
        } else {
          extraLength--;
        }
        if (extraLengthBytes == 2 && extraLength == 0) {
          flags &= ~HAS_EXTRA;
        }
      } else if ((flags & HAS_NAME) != 0) {
        flags = value == 0 ? flags & ~HAS_NAME : flags;
      } else if ((flags & HAS_COMMENT) != 0) {
        flags = value == 0 ? flags & ~HAS_COMMENT : flags;
      } else if (++checksumBytes == 2) {
        flags &= ~HAS_CHECKSUM;
      }
      return index == FIXED_BYTES
          && (flags & (HAS_EXTRA | HAS_NAME | HAS_COMMENT | HAS_CHECKSUM)) == 0;
    }
  }
}
