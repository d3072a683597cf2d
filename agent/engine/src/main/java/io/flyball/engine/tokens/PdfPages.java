package io.flyball.engine.tokens;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * How many pages a PDF has, at most: told by its objects and by the tree of its pages, also where
 * those are in compressed streams of objects. Reads all of it in one pass, in constant memory.
 */
final class PdfPages {
  /** What is looked at of an object before its stream begins. */
  private static final int DICTIONARY = 1_024;

  /** A stream of objects that is larger when it is inflated is not looked through. */
  private static final long MOST_INFLATED = 64L << 20;

  private static final int CHUNK = 8_192;

  private final Scan outer = new Scan();
  private final Scan inner = new Scan();
  private final byte[] recent = new byte[DICTIONARY];
  private long position;
  private long inflated;
  private boolean unreadable;

  private PdfPages() {}

  /**
   * @return pages, at least 1; 0 when it cannot be known
   */
  static long atMost(InputStream pdf) throws IOException {
    PdfPages pages = new PdfPages();
    pages.read(pdf);
    long found = Math.max(pages.outer.pages + pages.inner.pages, pages.count());
    return pages.unreadable ? 0 : found;
  }

  private long count() {
    return Math.max(outer.largestCount, inner.largestCount);
  }

  private void read(InputStream pdf) throws IOException {
    for (int next = pdf.read(); next >= 0; next = pdf.read()) {
      accept(next);
      if (next == '\n' && isStreamBegun() && isOfObjects()) {
        inflate(pdf);
      }
    }
  }

  private void accept(int next) {
    recent[(int) (position++ % DICTIONARY)] = (byte) next;
    outer.accept(next);
  }

  private boolean isStreamBegun() {
    return (endsWith("stream\n") && !endsWith("endstream\n"))
        || (endsWith("stream\r\n") && !endsWith("endstream\r\n"));
  }

  private boolean endsWith(String text) {
    return matches(text, text.length());
  }

  /** Whether that text begins so many bytes before the end. */
  private boolean matches(String text, int distance) {
    if (text.length() > distance) {
      return false;
    }
    for (int i = 0; i < text.length(); i++) {
      if (back(distance - i) != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** The byte so many before the end. */
  private int back(int distance) {
    return distance > position ? 0 : recent[(int) ((position - distance) % DICTIONARY)];
  }

  /** Whether the dictionary in front of the stream says that there are objects in it. */
  private boolean isOfObjects() {
    boolean objects = find("/ObjStm");
    unreadable |= objects && !find("/FlateDecode") && find("/Filter");
    return objects && find("/FlateDecode");
  }

  /** Looks for a name in what was last read, back to where the object begins. */
  private boolean find(String name) {
    int most = (int) Math.min(position, DICTIONARY);
    for (int distance = name.length(); distance <= most; distance++) {
      if (matches(name, distance)) {
        return true;
      }
      if (matches("endobj", distance)) {
        return false;
      }
    }
    return false;
  }

  private void inflate(InputStream pdf) throws IOException {
    Inflater inflater = new Inflater();
    byte[] in = new byte[1];
    byte[] out = new byte[CHUNK];
    try {
      while (!inflater.finished() && inflated < MOST_INFLATED) {
        int made = inflater.inflate(out);
        for (int i = 0; i < made; i++) {
          inner.accept(out[i]);
        }
        inflated += made;
        if (made == 0 && inflater.needsInput()) {
          int next = pdf.read();
          if (next < 0) {
            break;
          }
          in[0] = (byte) next;
          inflater.setInput(in);
        }
      }
      unreadable |= !inflater.finished();
    } catch (DataFormatException encrypted) {
      unreadable = true;
    } finally {
      inflater.end();
    }
    inner.accept(' ');
  }

  /** Finds {@code /Type /Page} and {@code /Count 7} in text that comes byte by byte. */
  private static final class Scan {
    private static final String TYPE = "/Type";
    private static final String PAGE = "/Page";
    private static final String COUNT = "/Count";

    long pages;
    long largestCount;

    /** The name at hand, as much of it as matters. */
    private final StringBuilder name = new StringBuilder();

    private boolean afterType;
    private boolean afterCount;
    private long number = -1;

    void accept(int raw) {
      char next = (char) (raw & 0xFF);
      boolean space = next <= ' ';
      if (name.length() > 0 && isRegular(next)) {
        if (name.length() < COUNT.length() + 1) {
          name.append(next);
        }
        return;
      }
      endName();
      if (next == '/') {
        endNumber();
        name.append(next);
      } else if (afterCount && next >= '0' && next <= '9') {
        number = Math.min(Integer.MAX_VALUE, Math.max(0, number) * 10 + (next - '0'));
      } else if (!space || number >= 0) {
        endNumber();
        afterType = false;
      }
    }

    private static boolean isRegular(char c) {
      return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
    }

    private void endName() {
      if (name.length() == 0) {
        return;
      }
      String ended = name.toString();
      name.setLength(0);
      pages += afterType && ended.equals(PAGE) ? 1 : 0;
      afterType = ended.equals(TYPE);
      afterCount = ended.equals(COUNT);
    }

    private void endNumber() {
      largestCount = Math.max(largestCount, number);
      number = -1;
      afterCount = false;
    }
  }
}
