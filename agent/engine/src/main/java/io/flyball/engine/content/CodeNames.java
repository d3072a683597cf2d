package io.flyball.engine.content;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What in programs and configurations is named with points, {@code self.password}, {@code
 * process.env.API_KEY}, {@code com.example.App}: where a value is, and not the value.
 */
final class CodeNames {
  private static final int LONGEST = 128;

  /** Longer parts, and parts with more digits, are no words. */
  private static final int LONGEST_PART = 40;

  private static final int DIGITS = 4;

  /** What programs keep a value in, as it is called before the first point. */
  private static final Set<String> HOLDERS =
      new HashSet<>(
          Arrays.asList(
              "self",
              "this",
              "cls",
              "super",
              "process",
              "os",
              "sys",
              "system",
              "config",
              "cfg",
              "conf",
              "configuration",
              "settings",
              "properties",
              "props",
              "options",
              "opts",
              "args",
              "params",
              "env",
              "environment",
              "req",
              "request",
              "ctx",
              "context",
              "state",
              "import",
              "secrets",
              "var",
              "local",
              "module",
              "data",
              "values",
              "app",
              "window",
              "session"));

  /** What names of packages and of classes begin with. */
  private static final Set<String> ROOTS =
      new HashSet<>(
          Arrays.asList(
              "com", "org", "net", "io", "dev", "edu", "gov", "java", "javax", "jakarta", "kotlin",
              "de", "uk", "eu", "fr", "ai", "co"));

  private CodeNames() {}

  /**
   * Whether that is such a name.
   *
   * @param from where the value begins, which ends at {@code valueEnd}
   * @param start where the name begins that it is set to, which ends at {@code end}; a reference
   *     may end with the same
   */
  static boolean isReference(CharSequence text, int from, int valueEnd, int start, int end) {
    int to = valueEnd;
    if (to > from && ".:".indexOf(text.charAt(to - 1)) >= 0) {
      // Of the sentence.
      to--;
    }
    if (to - from > LONGEST) {
      return false;
    }
    int parts = 0;
    int part = from;
    int digits = 0;
    int last = from;
    for (int i = from; i <= to; i++) {
      char c = i == to ? '.' : text.charAt(i);
      if (c == '.') {
        if (i == part || i - part > LONGEST_PART || digits > DIGITS) {
          return false;
        }
        parts++;
        last = part;
        part = i + 1;
        digits = 0;
      } else if (c >= 128 || !(Characters.isWord(c) && (i > part || !Characters.isDigit(c)))) {
        return false;
      }
      digits += Characters.isDigit(c) ? 1 : 0;
    }
    if (parts < 2) {
      return false;
    }
    String first = first(text, from, to);
    return HOLDERS.contains(first)
        || (parts > 2 && ROOTS.contains(first))
        || begins(text, last, to, start, end);
  }

  private static String first(CharSequence text, int from, int to) {
    int at = from;
    while (at < to && text.charAt(at) != '.') {
      at++;
    }
    return text.subSequence(from, at).toString().toLowerCase(Locale.ROOT);
  }

  /** {@code password=user.password_hash}. */
  private static boolean begins(CharSequence text, int from, int to, int start, int end) {
    if (to - from < end - start) {
      return false;
    }
    for (int i = 0; i < end - start; i++) {
      if (Character.toLowerCase(text.charAt(from + i))
          != Character.toLowerCase(text.charAt(start + i))) {
        return false;
      }
    }
    return true;
  }
}
