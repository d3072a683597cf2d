package io.flyball.engine.content;

import java.util.Arrays;

/**
 * A text as whoever reads its JSON sees it: escapes are the characters they stand for, and so are
 * those of URLs. Text that is in no JSON is treated alike; what is no escape stays. Each character
 * knows where it stands in the text itself, also through several layers (JSON in a string of JSON).
 * Immutable.
 */
final class Unescaped implements CharSequence {
  private final char[] characters;
  private final int[] origins;
  private final int length;

  private Unescaped(char[] characters, int[] origins, int length) {
    this.characters = characters;
    this.origins = origins;
    this.length = length;
  }

  /**
   * One layer of escapes less.
   *
   * @param text what it is read from
   * @param view the same as {@code text} when that is no longer the text itself, else null
   * @return null when there are no escapes
   */
  static Unescaped of(CharSequence text, Unescaped view) {
    int size = text.length();
    int at = 0;
    while (at < size && escapeLength(text, at) == 1) {
      at++;
    }
    if (at == size) {
      return null;
    }
    char[] characters = new char[size];
    int[] origins = new int[size + 1];
    int out = 0;
    for (int i = 0; i < size; ) {
      int taken = i < at ? 1 : escapeLength(text, i);
      characters[out] = taken == 1 ? text.charAt(i) : meant(text, i, taken);
      origins[out++] = view == null ? i : view.origins[i];
      i += taken;
    }
    origins[out] = view == null ? size : view.origins[size];
    return new Unescaped(characters, origins, out);
  }

  /** How many characters stand for one, from there. */
  private static int escapeLength(CharSequence text, int at) {
    char first = text.charAt(at);
    if (first == '%') {
      return isOfUrl(text, at) ? 3 : 1;
    }
    if (first != '\\' || at + 1 >= text.length()) {
      return 1;
    }
    char kind = text.charAt(at + 1);
    // The latter in other languages than JSON.
    int length = kind == 'u' ? 6 : kind == 'x' ? 4 : 2;
    if (length == 2) {
      return "\"\\/bfnrt'".indexOf(kind) < 0 ? 1 : 2;
    }
    if (at + length > text.length()) {
      return 1;
    }
    for (int i = at + 2; i < at + length; i++) {
      if (Character.digit(text.charAt(i), 16) < 0) {
        return 1;
      }
    }
    return length;
  }

  /**
   * For a sign of ASCII that shows, but none that means something to JSON: what stands behind it
   * must not become an escape, nor a string end with it.
   */
  private static boolean isOfUrl(CharSequence text, int at) {
    if (at + 2 >= text.length()
        || !Characters.isHex(text.charAt(at + 1))
        || !Characters.isHex(text.charAt(at + 2))) {
      return false;
    }
    char meant = meant(text, at, 3);
    return meant > ' ' && meant < 0x7F && meant != '"' && meant != '\\';
  }

  private static char meant(CharSequence text, int at, int taken) {
    if (taken == 3) {
      return (char)
          (Character.digit(text.charAt(at + 1), 16) * 16
              + Character.digit(text.charAt(at + 2), 16));
    }
    if (taken > 2) {
      int code = 0;
      for (int i = at + 2; i < at + taken; i++) {
        code = code * 16 + Character.digit(text.charAt(i), 16);
      }
      return (char) code;
    }
    char kind = text.charAt(at + 1);
    int control = "bfnrt".indexOf(kind);
    return control < 0 ? kind : "\b\f\n\r\t".charAt(control);
  }

  /**
   * Where a character begins in the text itself.
   *
   * @param at of this view; its length is the end of the text
   */
  int origin(int at) {
    return origins[at];
  }

  /** Where the character begins that this place of the text belongs to. */
  int characterAt(int origin) {
    int found = Arrays.binarySearch(origins, 0, length + 1, origin);
    return found >= 0 ? origin : origins[-found - 2];
  }

  /** Where the first character begins that is not before this place of the text. */
  int characterFrom(int origin) {
    int found = Arrays.binarySearch(origins, 0, length + 1, origin);
    return found >= 0 ? origin : origins[-found - 1];
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public char charAt(int index) {
    return characters[index];
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new String(characters, start, end - start);
  }

  @Override
  public String toString() {
    return new String(characters, 0, length);
  }
}
