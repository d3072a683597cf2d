package io.flyball.engine.content;

/**
 * Which finds are in values of JSON that stand without quotes: what comes in their place needs
 * some, and takes the place of all of the value. Asked from the beginning of a text to its end.
 */
final class BareValues {
  /** Longer ones are no numbers. */
  private static final int LONGEST = 1_024;

  private final String text;
  private int looked;
  private boolean inString;
  private int start;
  private int end;

  private BareValues(String text) {
    this.text = text;
  }

  /** Null when the text does not begin as an object or an array does, and is no whole number. */
  static BareValues of(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c > ' ') {
        return c == '{' || c == '[' || isNumber(text, i) ? new BareValues(text) : null;
      }
    }
    return null;
  }

  /** Whether a whole number is all there is from there on. */
  private static boolean isNumber(String text, int from) {
    int start = text.charAt(from) == '-' ? from + 1 : from;
    int end = start;
    while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
      end++;
    }
    int at = end;
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
    return at == text.length() && end > start && (text.charAt(start) != '0' || end == start + 1);
  }

  /** Whether the characters from {@code from} to {@code to} are in one; no smaller than before. */
  boolean isAt(int from, int to) {
    for (; looked < from; looked++) {
      char c = text.charAt(looked);
      if (c == '\\') {
        looked++;
      } else if (c == '"') {
        inString = !inString;
      }
    }
    if (inString) {
      return false;
    }
    start = from;
    while (from - start < LONGEST && start > 0 && isOfValue(text.charAt(start - 1))) {
      start--;
    }
    end = from;
    while (end - from < LONGEST && end < text.length() && isOfValue(text.charAt(end))) {
      end++;
    }
    return end >= to && isBehind(start) && isBefore(end);
  }

  /** Where the value begins that was asked for last. */
  int start() {
    return start;
  }

  /** Where it ends, exclusive. */
  int end() {
    return end;
  }

  private static boolean isOfValue(char c) {
    return c == '-' || c == '+' || c == '.' || (c < 128 && Characters.isLetterOrDigit(c));
  }

  private boolean isBehind(int at) {
    int i = at - 1;
    while (i >= 0 && text.charAt(i) <= ' ') {
      i--;
    }
    return i < 0 || ":,[".indexOf(text.charAt(i)) >= 0;
  }

  private boolean isBefore(int at) {
    int i = at;
    while (i < text.length() && text.charAt(i) <= ' ') {
      i++;
    }
    return i == text.length() || ",]}".indexOf(text.charAt(i)) >= 0;
  }
}
