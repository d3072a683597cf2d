package io.flyball.engine.tokens;

import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;

/**
 * An image, a sound, a film or a file of a prompt, as far as its own first bytes say what it is.
 * Immutable.
 */
final class Medium {
  /** What it is billed as. */
  enum Kind {
    IMAGE,
    AUDIO,
    VIDEO,
    PDF,
    /** Text: no more tokens than bytes. */
    TEXT,
    /** Anything else. */
    FILE
  }

  private static final int HEAD = 64;

  /** The slowest MP3: 8 kbit/s. */
  private static final long SLOWEST_MP3 = 1_000;

  /** Speech is not coded in less than that: 3.2 kbit/s. */
  private static final long SLOWEST_SPEECH = 400;

  /** Silence, by the best who keep it. */
  private static final long SLOWEST = 100;

  /** What begins a block of a GIF. */
  private static final int IMAGE = 0x2C;

  private static final int EXTENSION = 0x21;

  /** A WAV whose samples are told apart further on. */
  private static final long EXTENSIBLE = 0xFFFE;

  /** Nobody records more: then it is not what it says. */
  private static final long MOST_SAMPLES = 384_000;

  private static final long MOST_CHANNELS = 8;
  private static final long MOST_BITS = 64;

  final Kind kind;

  /** Bytes of it; -1 when it is only named. */
  final long length;

  /** Pixels; 0 when not known. */
  final long width;

  final long height;

  /** Of a sound or a film, at most; 0 when not known. */
  final long seconds;

  /** Of a PDF, at most; 0 when not known. */
  final long pages;

  private Medium(Kind kind, long length, long width, long height, long seconds, long pages) {
    this.kind = kind;
    this.length = length;
    this.width = width;
    this.height = height;
    this.seconds = seconds;
    this.pages = pages;
  }

  /** One that is only named. */
  static Medium named(Kind kind) {
    return new Medium(kind, -1, 0, 0, 0, 0);
  }

  private static Medium image(long length, long width, long height) {
    return new Medium(Kind.IMAGE, length, width, height, 0, 0);
  }

  private static Medium lasting(Kind kind, long length, long seconds) {
    return new Medium(kind, length, 0, 0, seconds, 0);
  }

  /** What a media type says; null when it says nothing. */
  static Kind kindOf(String mediaType) {
    if (mediaType == null) {
      return null;
    }
    String type = mediaType.toLowerCase(Locale.ROOT);
    if (type.startsWith("image")) {
      return Kind.IMAGE;
    }
    if (type.startsWith("audio")) {
      return Kind.AUDIO;
    }
    if (type.startsWith("video")) {
      return Kind.VIDEO;
    }
    if (type.endsWith("/pdf")) {
      return Kind.PDF;
    }
    return type.startsWith("text/") || type.endsWith("/json") || type.endsWith("xml")
        ? Kind.TEXT
        : null;
  }

  /**
   * Reads what it is from its head, and of a PDF from all of it.
   *
   * @param bytes in order
   * @param length how many there are, about, and no fewer
   * @param said what it is said to be; null: nothing
   */
  static Medium read(InputStream bytes, long length, Kind said) throws IOException {
    Head head = new Head(bytes);
    if (head.has(0, "\u0089PNG")) {
      return image(length, head.big(16, 4), head.big(20, 4));
    }
    if (head.has(0, "GIF8")) {
      return gif(head, length);
    }
    if (head.has(0, "RIFF") && head.has(8, "WEBP")) {
      return webp(head, length);
    }
    if (head.has(0, "\u00ff\u00d8\u00ff")) {
      return jpeg(head, length);
    }
    if (head.has(0, "%PDF")) {
      head.rewind();
      return new Medium(Kind.PDF, length, 0, 0, 0, PdfPages.atMost(head));
    }
    if (head.has(0, "RIFF") && head.has(8, "WAVE")) {
      return wave(head, length);
    }
    if (head.has(0, "fLaC")) {
      return flac(head, length);
    }
    if (head.has(4, "ftyp")) {
      return isoMedia(head, length, said);
    }
    if (head.has(0, "OggS")) {
      return lasting(Kind.AUDIO, length, length / SLOWEST_SPEECH + 1);
    }
    if (head.has(0, "ID3") || (head.at(0) == 0xFF && (head.at(1) & 0xE6) == 0xE2)) {
      return lasting(Kind.AUDIO, length, length / SLOWEST_MP3 + 1);
    }
    if (said == Kind.AUDIO) {
      return lasting(said, length, length / SLOWEST + 1);
    }
    // What says it is text and is something else was told apart above.
    return said == null || said == Kind.PDF
        ? new Medium(Kind.FILE, length, 0, 0, 0, 0)
        : new Medium(said, length, 0, 0, 0, 0);
  }

  /** The screen that it says it is for, or the largest of its images if one is larger. */
  private static Medium gif(Head head, long length) throws IOException {
    long width = head.little(6, 2);
    long height = head.little(8, 2);
    head.rewind();
    head.skip(10);
    colours(head, head.read(), 2);
    for (int block = head.read(); block == IMAGE || block == EXTENSION; block = head.read()) {
      if (block == IMAGE) {
        head.skip(4);
        width = Math.max(width, head.read() | head.read() << 8);
        height = Math.max(height, head.read() | head.read() << 8);
        colours(head, head.read(), 0);
      }
      // The label of an extension, or how the image is coded.
      head.skip(1);
      for (int size = head.read(); size > 0; size = head.read()) {
        head.skip(size);
      }
    }
    return image(length, width, height);
  }

  /** Passes over a table of colours, of which there is one if the first bit says so. */
  private static void colours(Head head, int flags, int before) throws IOException {
    head.skip(before + (flags >= 0 && (flags & 0x80) != 0 ? 3L << (flags & 7) + 1 : 0));
  }

  private static Medium webp(Head head, long length) {
    if (head.has(12, "VP8X")) {
      return image(length, head.little(24, 3) + 1, head.little(27, 3) + 1);
    }
    if (head.has(12, "VP8L")) {
      long bits = head.little(21, 4);
      return image(length, (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1);
    }
    return image(length, head.little(26, 2) & 0x3FFF, head.little(28, 2) & 0x3FFF);
  }

  /** The frame's size stands behind whatever else is told first, pictures of it included. */
  private static Medium jpeg(Head head, long length) throws IOException {
    head.rewind();
    head.skip(2);
    while (true) {
      int marker = head.read();
      while (marker >= 0 && marker != 0xFF) {
        marker = head.read();
      }
      while (marker == 0xFF) {
        marker = head.read();
      }
      if (marker < 0) {
        return image(length, 0, 0);
      }
      if (marker == 0 || marker == 1 || marker >= 0xD0 && marker <= 0xD9) {
        continue;
      }
      int size = head.read() << 8 | head.read();
      if (size < 0) {
        return image(length, 0, 0);
      }
      boolean frame =
          marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
      if (frame) {
        head.read();
        long height = head.read() << 8 | head.read();
        long width = head.read() << 8 | head.read();
        return image(length, Math.max(0, width), Math.max(0, height));
      }
      head.skip(size - 2L);
    }
  }

  /**
   * What the samples are, stands in the first chunk but for rare files. How many bytes a second are
   * stands there too, and players do not look at it.
   */
  private static Medium wave(Head head, long length) {
    if (!head.has(12, "fmt ")) {
      return lasting(Kind.AUDIO, length, length / SLOWEST + 1);
    }
    long format = head.little(20, 2);
    if (!(format == 1 || format == 3 || format == 6 || format == 7 || format == EXTENSIBLE)) {
      return lasting(Kind.AUDIO, length, length / SLOWEST_SPEECH + 1);
    }
    long channels = Math.max(1, head.little(22, 2));
    long samples = head.little(24, 4);
    long bits = Math.max(8, head.little(34, 2));
    boolean plausible =
        samples > 0 && samples <= MOST_SAMPLES && channels <= MOST_CHANNELS && bits <= MOST_BITS;
    long rate = plausible ? Math.max(1, samples * channels * bits / 8) : SLOWEST;
    return lasting(Kind.AUDIO, length, length / rate + 1);
  }

  private static Medium flac(Head head, long length) {
    long rate = head.big(18, 3) >> 4;
    long samples = (head.big(21, 1) & 0xF) << 32 | head.big(22, 4);
    return lasting(
        Kind.AUDIO, length, rate > 0 && samples > 0 ? samples / rate + 1 : length / SLOWEST + 1);
  }

  /** MP4 and its kin: films, sounds, and images of newer cameras. */
  private static Medium isoMedia(Head head, long length, Kind said) throws IOException {
    if (head.has(8, "heic") || head.has(8, "heix") || head.has(8, "mif1") || head.has(8, "avif")) {
      return image(length, 0, 0);
    }
    Kind kind = said == Kind.AUDIO || head.has(8, "M4A") ? Kind.AUDIO : Kind.VIDEO;
    head.rewind();
    long seconds = movieSeconds(head);
    return lasting(
        kind, length, seconds == 0 && kind == Kind.AUDIO ? length / SLOWEST + 1 : seconds);
  }

  private static long movieSeconds(InputStream bytes) throws IOException {
    int window = 0;
    final int header = 'm' << 24 | 'v' << 16 | 'h' << 8 | 'd';
    for (int next = bytes.read(); next >= 0; next = bytes.read()) {
      window = window << 8 | next;
      if (window == header) {
        boolean wide = bytes.read() == 1;
        number(bytes, wide ? 3 + 16 : 3 + 8);
        long scale = number(bytes, 4);
        long duration = number(bytes, wide ? 8 : 4);
        return scale <= 0 || duration <= 0 ? 0 : duration / scale + 1;
      }
    }
    return 0;
  }

  /** Of so many bytes the last eight count. */
  private static long number(InputStream bytes, int count) throws IOException {
    long number = 0;
    for (int i = 0; i < count; i++) {
      number = number << 8 | Math.max(0, bytes.read());
    }
    return number;
  }

  /** The first bytes, which can be looked at and read again. */
  private static final class Head extends InputStream {
    private final InputStream rest;
    private final int[] first = new int[HEAD];
    private int at;

    Head(InputStream bytes) throws IOException {
      this.rest = bytes;
      for (int i = 0; i < HEAD; i++) {
        first[i] = bytes.read();
      }
      at = HEAD;
    }

    void rewind() {
      at = 0;
    }

    int at(int index) {
      return first[index];
    }

    boolean has(int from, String text) {
      for (int i = 0; i < text.length(); i++) {
        if (first[from + i] != text.charAt(i)) {
          return false;
        }
      }
      return true;
    }

    long big(int from, int count) {
      long number = 0;
      for (int i = 0; i < count; i++) {
        number = number << 8 | Math.max(0, first[from + i]);
      }
      return number;
    }

    long little(int from, int count) {
      long number = 0;
      for (int i = count - 1; i >= 0; i--) {
        number = number << 8 | Math.max(0, first[from + i]);
      }
      return number;
    }

    @Override
    public int read() throws IOException {
      return at < HEAD ? first[at++] : rest.read();
    }

    @Override
    public long skip(long count) throws IOException {
      long left = count;
      while (left > 0 && read() >= 0) {
        left--;
      }
      return count - Math.max(0, left);
    }
  }
}
