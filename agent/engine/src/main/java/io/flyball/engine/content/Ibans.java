package io.flyball.engine.content;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * International bank account numbers in large or small letters, in one piece or with blanks,
 * dashes, line breaks or signs anywhere. The country says how long they are and where they have
 * letters; mod 97 must be right. The word is the first check digit.
 */
final class Ibans implements Recogniser {
  private static final int GAP = 2;
  private static final int LEAST_DIGITS = 6;

  private final RedactionRule rule;

  /** By country, what each character of the account may be: n, a or c. */
  private final Map<String, String> countries = new HashMap<>();

  Ibans(RedactionRule rule) {
    this.rule = rule;
    for (String row : rule.rows()) {
      countries.put(row.substring(0, 2), spelledOut(row.substring(3)));
    }
  }

  /** {@code a4n6}: aaaannnnnn. */
  private static String spelledOut(String structure) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < structure.length()) {
      char kind = structure.charAt(at++);
      int count = 0;
      while (at < structure.length() && Character.isDigit(structure.charAt(at))) {
        count = count * 10 + structure.charAt(at++) - '0';
      }
      for (int i = 0; i < count; i++) {
        out.append(kind);
      }
    }
    return out.toString();
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    int country = start;
    while (start - country < GAP && isGap(Characters.at(text, country - 1))) {
      country--;
    }
    country -= 2;
    if (country < 0
        || !isAsciiLetter(text.charAt(country))
        || !isAsciiLetter(text.charAt(country + 1))
        || !Characters.isWordStart(text, country)) {
      return start;
    }
    String code = text.subSequence(country, country + 2).toString().toUpperCase(Locale.ROOT);
    String account = countries.get(code);
    if (account == null) {
      return start;
    }
    int[] remainder = new int[1];
    int to = accountEnd(text, start, account, remainder);
    if (to < 0 || Characters.isLetterOrDigit(Characters.at(text, to))) {
      return start;
    }
    int check = Checksums.append(remainder[0], code.charAt(0));
    check = Checksums.append(check, code.charAt(1));
    int first = Characters.digit(text.charAt(start));
    check = Checksums.append(check, (char) ('0' + first));
    check = Checksums.append(check, (char) ('0' + secondCheckDigit(text, start)));
    if (check != 1) {
      return start;
    }
    found.add(country, to, rule);
    return to;
  }

  private static int secondCheckDigit(CharSequence text, int first) {
    return Characters.digit(text.charAt(Gaps.behind(text, first + 1, true)));
  }

  /**
   * @param remainder what the account leaves when it is divided by 97
   * @return behind the last character; -1 when these are not as this country has them
   */
  private static int accountEnd(CharSequence text, int start, String account, int[] remainder) {
    int at = start;
    int digits = 0;
    for (int i = -2; i < account.length(); i++) {
      at = i == -2 ? start : Gaps.behind(text, at, true);
      if (at < 0) {
        return -1;
      }
      char c = Characters.at(text, at);
      char kind = i < 0 ? 'n' : account.charAt(i);
      boolean digit = Characters.isDigit(c);
      if (!(digit ? kind != 'a' : kind != 'n' && isAsciiLetter(c))) {
        return -1;
      }
      if (i >= 0) {
        char plain = digit ? (char) ('0' + Characters.digit(c)) : (char) (c & ~0x20);
        remainder[0] = Checksums.append(remainder[0], plain);
        digits += digit ? 1 : 0;
      }
      at++;
    }
    return digits < LEAST_DIGITS ? -1 : at;
  }

  private static boolean isGap(char c) {
    return c == '/' || Characters.isSeparator(c);
  }

  private static boolean isAsciiLetter(char c) {
    return c < 128 && Characters.isLetter(c);
  }
}
