package io.flyball.engine.budget;

/** Looks for short texts in the bytes of a request, without reading them as JSON. */
final class Ascii {
  private Ascii() {}

  /**
   * How many letters, digits and underscores are written as JSON's escapes, which no writer of JSON
   * does by itself.
   */
  static long escapedLetters(byte[] body) {
    long found = 0;
    for (int at = indexOf(body, "\\u00", 0); at >= 0; at = indexOf(body, "\\u00", at + 1)) {
      int high = at + 5 < body.length ? Character.digit((char) body[at + 4], 16) : -1;
      int low = high < 0 ? -1 : Character.digit((char) body[at + 5], 16);
      int c = high << 4 | low;
      found += low >= 0 && c < 128 && (Character.isLetterOrDigit(c) || c == '_') ? 1 : 0;
    }
    return found;
  }

  /** Whether the text is there, in letters of any case. */
  static boolean containsInAnyCase(byte[] body, String smallLetters) {
    for (int i = 0; i + smallLetters.length() <= body.length; i++) {
      int matched = 0;
      while (matched < smallLetters.length()
          && small(body[i + matched]) == smallLetters.charAt(matched)) {
        matched++;
      }
      if (matched == smallLetters.length()) {
        return true;
      }
    }
    return false;
  }

  private static int small(byte b) {
    return b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }

  /** Where the text begins, from there on; -1 where it is not. */
  static int indexOf(byte[] body, String ascii, int from) {
    for (int i = from; i + ascii.length() <= body.length; i++) {
      int matched = 0;
      while (matched < ascii.length() && body[i + matched] == ascii.charAt(matched)) {
        matched++;
      }
      if (matched == ascii.length()) {
        return i;
      }
    }
    return -1;
  }
}
