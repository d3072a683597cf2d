package io.flyball.engine.content;

/** What characters are to the recognisers of secrets. */
final class Characters {
  private static final int NBSP = 0xA0;

  private Characters() {}

  /** The character there; 0 before the beginning and behind the end. */
  static char at(CharSequence text, int index) {
    return index < 0 || index >= text.length() ? 0 : text.charAt(index);
  }

  static boolean isDigit(char c) {
    return c < 128 ? c >= '0' && c <= '9' : Character.isDigit(c);
  }

  /** The value of a digit of any script. */
  static int digit(char c) {
    return c < 128 ? c - '0' : Character.digit(c, 10);
  }

  static boolean isLetter(char c) {
    return c < 128
        ? (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
        : Character.isLetter(c) || Character.isSurrogate(c);
  }

  static boolean isLetterOrDigit(char c) {
    return isLetter(c) || isDigit(c);
  }

  static boolean isWord(char c) {
    return c == '_' || isLetterOrDigit(c);
  }

  static boolean isHex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  }

  /** Of base64 and of its form for URLs, without padding. */
  static boolean isBase64(char c) {
    return c < 128 && (isLetterOrDigit(c) || c == '+' || c == '/' || isUrlSign(c));
  }

  static boolean isBase64Url(char c) {
    return c < 128 && (isLetterOrDigit(c) || isUrlSign(c));
  }

  private static boolean isUrlSign(char c) {
    return c == '-' || c == '_';
  }

  /** A blank, a line break, or a character that takes room or none and shows nothing. */
  static boolean isBlank(char c) {
    if (c < 128) {
      return c == ' ' || (c >= '\t' && c <= '\r');
    }
    return c == NBSP
        || (c >= 0x2000 && c <= 0x200F)
        || c == 0x2028
        || c == 0x2029
        || c == 0x202F
        || c == 0x205F
        || c == 0x2060
        || c == 0x3000
        || c == 0xFEFF;
  }

  /** Takes no room and shows nothing: of some scripts, and where a word may be broken. */
  static boolean isInvisible(char c) {
    return (c >= 0x200B && c <= 0x200F) || c == 0x2060 || c == 0xFEFF || c == 0xAD;
  }

  /** What people write between the groups of a number: blanks, dashes of all kinds, dots. */
  static boolean isSeparator(char c) {
    return c == '-'
        || c == '.'
        || c == '_'
        || isBlank(c)
        || (c >= 0x2010 && c <= 0x2015)
        || c == 0x2212
        || c == 0xB7
        || c == 0xAD;
  }

  /**
   * Whether a word may begin there: behind no letter, digit or underscore, or behind one that
   * belongs to an escape of a URL.
   */
  static boolean isWordStart(CharSequence text, int at) {
    return at == 0
        || !isWord(text.charAt(at - 1))
        || (at >= 3
            && text.charAt(at - 3) == '%'
            && isHex(text.charAt(at - 2))
            && isHex(text.charAt(at - 1)));
  }

  /**
   * Behind the separators from there.
   *
   * @return {@code at} when there are none, -1 when there are more than {@code most}
   */
  static int behindSeparators(CharSequence text, int at, int most) {
    int i = at;
    while (i < text.length() && isSeparator(text.charAt(i))) {
      i++;
      if (i - at > most) {
        return -1;
      }
    }
    return i;
  }
}
