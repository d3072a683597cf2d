package io.flyball.engine.meter;

import io.flyball.protocol.ResponseReader;
import java.nio.ByteBuffer;
import java.util.function.Supplier;
import java.util.zip.DataFormatException;

/**
 * Looks whether an answer is encoded as its Content-Encoding says, and reads one that is not for
 * its bill: an application may know better than the label and use it, and its provider has it paid.
 * A label that names nothing we speak is as none. Costs a look at the first bytes where the label
 * is right. Not thread safe.
 */
final class AnswerLabel {
  private static final int MOST_LAYERS = 3;
  private static final int BYTE = 0xff;
  private static final int LOOKED_AT = 32;

  private final String encoding;
  private final Supplier<ResponseReader> readers;
  private final Peek raw = new Peek();
  private final Peek decoded = new Peek();
  private ResponseReader reader;
  private Layer outermost;
  private boolean isWithin;
  private boolean coded;
  private boolean broken;
  private boolean binary;

  /**
   * @param encoding the Content-Encoding; null for none
   * @param readers makes a reader of such an answer
   */
  AnswerLabel(String encoding, Supplier<ResponseReader> readers) {
    this.encoding = encoding;
    this.readers = readers;
  }

  /** The next bytes as they came. */
  void raw(ByteBuffer bytes) {
    if (outermost != null) {
      if (!isWithin) {
        feed(bytes);
      }
    } else if (!raw.told) {
      binary |= ContentDecoder.isPlain(encoding) && isBinary(bytes);
      if (raw.isTold(bytes)) {
        begin(truth(encoding, raw.first, raw.second), raw, bytes);
      }
    }
  }

  /** The next bytes as the label's decoder has them; not to be told where there is no label. */
  void decoded(ByteBuffer bytes) {
    if (outermost != null) {
      if (isWithin) {
        feed(bytes);
      }
    } else if (!decoded.told) {
      binary |= isBinary(bytes);
      if (decoded.isTold(bytes)) {
        isWithin = true;
        begin(truth(null, decoded.first, decoded.second), decoded, bytes);
      }
    }
  }

  private void begin(String truth, Peek peek, ByteBuffer bytes) {
    if (truth != null) {
      coded = !ContentDecoder.isPlain(truth);
      reader = readers.get();
      outermost = new Layer(ContentDecoder.of(truth), MOST_LAYERS);
      if (peek.isSplit) {
        feed(ByteBuffer.wrap(new byte[] {(byte) peek.first}));
      }
      feed(bytes);
    }
  }

  private void feed(ByteBuffer bytes) {
    if (broken) {
      return;
    }
    try {
      outermost.feed(bytes.duplicate());
    } catch (DataFormatException garbage) {
      broken = true;
    }
  }

  /** No more bytes will come. */
  void end() {
    if (reader != null) {
      reader.end();
      outermost.close();
    }
  }

  void close() {
    if (outermost != null) {
      outermost.close();
    }
  }

  /** Reads what is labelled wrongly; null where the label is right, as far as can be told. */
  ResponseReader reader() {
    return reader;
  }

  /** Whether it is in a coding, and in another than the label says. */
  boolean isCodedOtherwise() {
    return coded;
  }

  /** Whether there are bytes of no text, in no coding that can be undone. */
  boolean isUnreadable() {
    return binary || broken;
  }

  private static boolean isBinary(ByteBuffer bytes) {
    int end = Math.min(bytes.limit(), bytes.position() + LOOKED_AT);
    for (int i = bytes.position(); i < end; i++) {
      byte b = bytes.get(i);
      if (b >= 0 && b < ' ' && b != '\n' && b != '\r' && b != '\t') {
        return true;
      }
    }
    return false;
  }

  /** The coding the bytes are in; null where that is what the label says, or cannot be told. */
  private static String truth(String encoding, int first, int second) {
    boolean plain = ContentDecoder.isPlain(encoding) || !ContentDecoder.isSpoken(encoding);
    boolean deflate = ContentDecoder.coding(encoding).equals("deflate");
    if (first == 0x1f && second == 0x8b) {
      return plain || deflate ? "gzip" : null;
    }
    if (first == 0x78 && (second == 0x01 || second == 0x5e || second == 0x9c || second == 0xda)) {
      return deflate ? null : "deflate";
    }
    // No JSON in deflate begins as JSON does.
    boolean json = first == '{' || first == '[';
    return plain || (deflate && !json) ? null : "identity";
  }

  /** The first two bytes, which need not come together. */
  private static final class Peek {
    boolean told;
    boolean isSplit;
    int first = -1;
    int second;

    /** Whether both are there now for the first time. */
    boolean isTold(ByteBuffer bytes) {
      if (told || !bytes.hasRemaining()) {
        return false;
      }
      int at = bytes.position();
      if (first >= 0) {
        isSplit = true;
        second = bytes.get(at) & BYTE;
      } else {
        first = bytes.get(at) & BYTE;
        if (bytes.remaining() == 1) {
          return false;
        }
        second = bytes.get(at + 1) & BYTE;
      }
      told = true;
      return true;
    }
  }

  /** One coding, and perhaps another within. */
  private final class Layer {
    private final ContentDecoder decoder;
    private final int layersLeft;
    private final Peek peek = new Peek();
    private Layer inner;
    private DataFormatException within;

    Layer(ContentDecoder decoder, int layersLeft) {
      this.decoder = decoder;
      this.layersLeft = layersLeft;
    }

    void feed(ByteBuffer bytes) throws DataFormatException {
      broken |= !decoder.decode(bytes, this::pass);
      if (within != null) {
        throw within;
      }
    }

    private void pass(ByteBuffer bytes) {
      if (!peek.told) {
        if (!peek.isTold(bytes)) {
          return;
        }
        String truth = layersLeft > 1 ? truth(null, peek.first, peek.second) : null;
        inner = truth == null ? null : new Layer(ContentDecoder.of(truth), layersLeft - 1);
        binary = isBinary(bytes);
        if (peek.isSplit) {
          toInner(ByteBuffer.wrap(new byte[] {(byte) peek.first}));
        }
      }
      toInner(bytes);
    }

    private void toInner(ByteBuffer bytes) {
      if (inner == null) {
        reader.feed(bytes);
        return;
      }
      try {
        inner.feed(bytes);
      } catch (DataFormatException garbage) {
        within = garbage;
      }
    }

    void close() {
      decoder.close();
      if (inner != null) {
        inner.close();
      }
    }
  }
}
