package io.flyball.engine.tokens;

import java.io.InputStream;
import java.util.Arrays;

/**
 * The bytes that a part of a JSON string is in base64 or its variant for URLs, read in order and
 * never held all at once. What is no base64 is passed over, as lenient decoders do. Not thread
 * safe.
 */
final class Base64Input extends InputStream {
  private static final byte[] VALUES = new byte[128];

  private static final int ESCAPE = 6;

  static {
    Arrays.fill(VALUES, (byte) -1);
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      VALUES[alphabet.charAt(i)] = (byte) i;
    }
    VALUES['-'] = 62;
    VALUES['_'] = 63;
  }

  private final byte[] json;
  private final int end;
  private int at;
  private int bits;
  private int held;

  /**
   * @param json what the string is in
   * @param start of its first character
   * @param end behind the last one
   */
  Base64Input(byte[] json, int start, int end) {
    this.json = json;
    this.at = start;
    this.end = end;
  }

  @Override
  public int read() {
    while (held < 8) {
      int value = nextValue();
      if (value < 0) {
        return -1;
      }
      bits = bits << 6 | value;
      held += 6;
    }
    held -= 8;
    int result = bits >>> held & 0xFF;
    bits &= (1 << held) - 1;
    return result;
  }

  private int nextValue() {
    while (at < end) {
      int character = json[at++];
      // Some writers escape slashes and what has a meaning in HTML.
      if (character == '\\' && at < end) {
        character = json[at++];
        if (character == 'u' && at + ESCAPE - 2 <= end) {
          character =
              Character.digit(json[at + 2], 16) * 16
                  + Math.max(0, Character.digit(json[at + 3], 16));
          at += ESCAPE - 2;
        } else if (character == 'n' || character == 'r' || character == 't') {
          continue;
        }
      }
      if (character == '=') {
        return -1;
      }
      if (character >= 0 && character < VALUES.length && VALUES[character] >= 0) {
        return VALUES[character];
      }
    }
    return -1;
  }
}
