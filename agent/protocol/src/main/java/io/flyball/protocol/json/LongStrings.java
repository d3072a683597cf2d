package io.flyball.protocol.json;

import java.io.IOException;

/**
 * Cuts long strings of JSON that arrives in pieces: a picture inlined in an answer is many
 * megabytes in one string, which a parser would keep whole. What is left is the same document but
 * for the ends of those strings, which never fall into a character or an escape. Not thread safe.
 */
final class LongStrings {

  /** Takes what is left. */
  interface Output {
    void take(byte[] bytes, int offset, int length) throws IOException;
  }

  private final int longest;
  private final Output output;
  private boolean inString;
  private boolean cutting;

  /** The last byte was a backslash that begins an escape. */
  private boolean escaped;

  /** Hexadecimal digits that an escape still wants. */
  private int digits;

  private int length;

  /**
   * @param longest bytes of a string, as it is written, that go on
   */
  LongStrings(int longest, Output output) {
    this.longest = longest;
    this.output = output;
  }

  void feed(byte[] bytes, int offset, int count) throws IOException {
    int end = offset + count;
    int from = offset;
    for (int i = offset; i < end; i++) {
      byte next = bytes[i];
      if (!inString) {
        inString = next == '"';
        length = 0;
      } else if (escaped) {
        escaped = false;
        digits = next == 'u' ? 4 : 0;
        length++;
      } else if (next == '"') {
        if (cutting) {
          cutting = false;
          from = i;
        }
        inString = false;
        digits = 0;
      } else {
        if (!cutting && length >= longest && digits == 0 && (next & 0xC0) != 0x80) {
          cutting = true;
          output.take(bytes, from, i - from);
        }
        escaped = next == '\\' && digits == 0;
        digits = Math.max(0, digits - 1);
        length++;
      }
    }
    if (!cutting && end > from) {
      output.take(bytes, from, end - from);
    }
  }

  /** The next byte is the first of another document. */
  void reset() {
    inString = false;
    cutting = false;
    escaped = false;
    digits = 0;
  }
}
