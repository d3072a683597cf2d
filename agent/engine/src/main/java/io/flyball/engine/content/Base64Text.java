package io.flyball.engine.content;

/** The beginning of what base64 stands for, read in place. */
final class Base64Text {
  private final CharSequence text;
  private final int end;
  private int at;
  private int bits;
  private int held;

  /**
   * @param from where the base64 begins
   * @param end exclusive
   */
  Base64Text(CharSequence text, int from, int end) {
    this.text = text;
    this.at = from;
    this.end = end;
  }

  /** The next byte, 0 to 255; -1 where there is none. */
  int next() {
    while (bits < 8) {
      int value = at < end ? value(text.charAt(at)) : -1;
      if (value < 0) {
        return -1;
      }
      at++;
      held = (held << 6 | value) & 0xFFFF;
      bits += 6;
    }
    bits -= 8;
    return held >> bits & 0xFF;
  }

  private static int value(char c) {
    if (c >= 'A' && c <= 'Z') {
      return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
      return c - 'a' + 26;
    }
    if (c >= '0' && c <= '9') {
      return c - '0' + 52;
    }
    if (c == '+' || c == '-') {
      return 62;
    }
    return c == '/' || c == '_' ? 63 : -1;
  }
}
