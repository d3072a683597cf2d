package io.flyball.protocol.json;

import java.nio.charset.StandardCharsets;

/** What a JSON string says that is written in UTF-8 and with escapes. */
public final class StringText {
  /** Bytes of UTF-8 for one UTF-16 unit at most. */
  private static final int BYTES_PER_UNIT = 3;

  private StringText() {}

  /**
   * The beginning of the string; what is no UTF-8 is U+FFFD, what is no escape stands for itself.
   *
   * @param most UTF-16 units
   */
  public static String decoded(byte[] bytes, int start, int end, int most) {
    StringBuilder out = new StringBuilder(Math.min(end - start, most));
    int run = start;
    int i = start;
    while (i < end && out.length() < most) {
      if (bytes[i] != '\\') {
        i++;
        continue;
      }
      append(bytes, run, i, most, out);
      i++;
      if (i < end) {
        out.append(unescaped(bytes, i, end));
        i += bytes[i] == 'u' ? 5 : 1;
      }
      run = i;
    }
    append(bytes, run, Math.min(i, end), most, out);
    if (out.length() > most) {
      out.setLength(most);
    }
    return out.toString();
  }

  private static void append(byte[] bytes, int from, int to, int most, StringBuilder out) {
    long room = (long) BYTES_PER_UNIT * (most - out.length());
    int count = (int) Math.min(to - from, room);
    if (count > 0) {
      out.append(new String(bytes, from, count, StandardCharsets.UTF_8));
    }
  }

  /** The character that the escape stands for whose letter is there. */
  private static char unescaped(byte[] bytes, int letter, int end) {
    switch (bytes[letter]) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'u':
        int code = 0;
        for (int i = letter + 1; i <= letter + 4 && i < end; i++) {
          code = (code << 4) | Math.max(0, Character.digit(bytes[i], 16));
        }
        return (char) code;
      default:
        return (char) (bytes[letter] & 0xFF);
    }
  }
}
