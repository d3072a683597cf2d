package io.flyball.protocol.json;

/**
 * Counts the UTF-16 units of a JSON string as it is written (UTF-8, with escapes), in pieces. Bytes
 * that are no UTF-8 count as what they look like.
 */
final class TextLength {
  private int length;
  private boolean escaped;

  /** Hexadecimal digits of an escape that are still to come. */
  private int digits;

  static int of(byte[] bytes, int start, int end) {
    TextLength counted = new TextLength();
    counted.add(bytes, start, end);
    return counted.length;
  }

  void add(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      byte b = bytes[i];
      if (escaped) {
        escaped = false;
        digits = b == 'u' ? 4 : 0;
      } else if (digits > 0) {
        digits--;
      } else if ((b & 0xC0) != 0x80) {
        escaped = b == '\\';
        // Of four bytes a surrogate pair is made.
        length += (b & 0xF8) == 0xF0 ? 2 : 1;
      }
    }
  }

  int length() {
    return length;
  }
}
