package io.flyball.protocol.failure;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Takes out of an error message what it quotes, because that is the caller's own text ({@code
 * Invalid value: 'prompt is too long'}) and says nothing about the error. Kept are errors of
 * another server told inside the message: quotations with braces in them, and what stands under a
 * key such as "message".
 */
final class Quotations {
  /** The fields under which other servers put their words. */
  private static final Pattern TOLD = Pattern.compile("(?:message|msg|detail|error)$");

  private static final int LONGEST_KEY = 7;

  private Quotations() {}

  static String without(String text) {
    if (text.indexOf('\'') < 0 && text.indexOf('"') < 0) {
      return text;
    }
    StringBuilder kept = new StringBuilder(text.length());
    int next = 0;
    while (next < text.length()) {
      char c = text.charAt(next);
      if (opens(text, next)) {
        int end = end(text, next);
        if (!isToldError(text, next, end)) {
          next = end + 1;
          continue;
        }
      }
      kept.append(c);
      next++;
    }
    return kept.toString();
  }

  /** A quotation mark, and not an apostrophe or the end of a quotation that was kept. */
  private static boolean opens(String text, int at) {
    char c = text.charAt(at);
    boolean mark = c == '\'' || c == '"';
    boolean begins = at == 0 || !Character.isLetterOrDigit(text.charAt(at - 1));
    return mark && begins && at + 1 < text.length() && !isAfterValue(text, at);
  }

  /** A mark before a comma, a brace or a colon closes. */
  private static boolean isAfterValue(String text, int at) {
    return ",}]:;.)".indexOf(text.charAt(at + 1)) >= 0 && at > 0 && text.charAt(at - 1) != ' ';
  }

  /** Where the quotation ends that opens there; one that never ends (a cut message) takes all. */
  private static int end(String text, int opening) {
    char mark = text.charAt(opening);
    for (int i = opening + 1; i < text.length(); i++) {
      boolean closes = i + 1 == text.length() || !Character.isLetterOrDigit(text.charAt(i + 1));
      if (text.charAt(i) == mark && text.charAt(i - 1) != '\\' && closes) {
        return i;
      }
    }
    return text.length() - 1;
  }

  private static boolean isToldError(String text, int opening, int end) {
    int brace = text.indexOf('{', opening);
    if (brace >= 0 && brace < end) {
      return true;
    }
    int word = opening;
    while (word > 0 && !Character.isLetterOrDigit(text.charAt(word - 1))) {
      word--;
    }
    String between = text.substring(word, opening);
    boolean key = between.indexOf('"') >= 0 || between.indexOf('\'') >= 0 || between.equals("=");
    String name = text.substring(Math.max(0, word - LONGEST_KEY), word).toLowerCase(Locale.ROOT);
    return key && TOLD.matcher(name).find();
  }
}
