package io.flyball.engine.content;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What stands between the groups of a number: what people write there, what forms and pages make of
 * it, and, when it is asked for, signs that mark it ({@code / * , |}) and inline elements of HTML.
 */
final class Gaps {
  private static final int SEPARATORS = 3;
  private static final int MOST = 6;
  private static final int TAG = 80;
  private static final int ENTITY = 8;
  private static final String[] ESCAPED = {
    "%20",
    "%2d",
    "%09",
    "%c2%a0",
    "&nbsp;",
    "&ensp;",
    "&emsp;",
    "&thinsp;",
    "&shy;",
    "&ndash;",
    "&mdash;",
    "&minus;",
    "&hyphen;"
  };

  /** Others, like cells of a table, divide numbers. */
  private static final Set<String> INLINE =
      new HashSet<>(
          Arrays.asList(
              "b", "i", "u", "em", "strong", "span", "font", "wbr", "br", "code", "tt", "mark",
              "small", "kbd"));

  private Gaps() {}

  /**
   * Behind the gap that begins there.
   *
   * @param marked whether signs and elements may be part of it
   * @return {@code at} when there is none, -1 when there is more than a gap
   */
  static int behind(CharSequence text, int at, boolean marked) {
    int i = at;
    int separators = 0;
    int all = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (Characters.isLetterOrDigit(c)) {
        return i;
      }
      int length;
      if (Characters.isSeparator(c)) {
        length = 1;
        separators++;
      } else {
        length = escaped(text, i, c);
        separators += length > 0 ? 1 : 0;
        length = length == 0 && marked ? mark(text, i, c) : length;
      }
      if (length == 0) {
        return i;
      }
      all++;
      if (separators > SEPARATORS || all > MOST) {
        return -1;
      }
      i += length;
    }
    return i;
  }

  /** How long a blank or a dash is that a form or a page has written in another way; 0: none. */
  private static int escaped(CharSequence text, int at, char c) {
    if (c == '+') {
      // Between blanks it adds.
      return Characters.at(text, at - 1) == ' ' || Characters.at(text, at + 1) == ' ' ? 0 : 1;
    }
    if (c != '%' && c != '&') {
      return 0;
    }
    for (String each : ESCAPED) {
      if (startsWith(text, at, each)) {
        return each.length();
      }
    }
    if (c == '%' && startsWith(text, at, "%e2%80%")) {
      int code = hex(text, at + 7, at + 9);
      return code >= 0 && Characters.isSeparator((char) (0x2000 + (code & 0x3F))) ? 9 : 0;
    }
    return c == '&' && Characters.at(text, at + 1) == '#' ? numbered(text, at) : 0;
  }

  /** {@code &#160;} and {@code &#xA0;}. */
  private static int numbered(CharSequence text, int at) {
    char x = Characters.at(text, at + 2);
    boolean hex = x == 'x' || x == 'X';
    int code = 0;
    int i = hex ? at + 3 : at + 2;
    for (; i - at < ENTITY; i++) {
      int digit = Character.digit(Characters.at(text, i), hex ? 16 : 10);
      if (digit < 0) {
        break;
      }
      code = code * (hex ? 16 : 10) + digit;
    }
    return Characters.at(text, i) == ';' && code < 0xFFFF && Characters.isSeparator((char) code)
        ? i + 1 - at
        : 0;
  }

  private static int hex(CharSequence text, int from, int to) {
    int code = 0;
    for (int i = from; i < to; i++) {
      int digit = Character.digit(Characters.at(text, i), 16);
      if (digit < 0) {
        return -1;
      }
      code = code * 16 + digit;
    }
    return code;
  }

  private static int mark(CharSequence text, int at, char c) {
    switch (c) {
      case '/':
      case '*':
      case '`':
        return 1;
      case ',':
      case '|':
        // Between blanks they divide.
        return Characters.isLetterOrDigit(Characters.at(text, at - 1))
                && Characters.isLetterOrDigit(Characters.at(text, at + 1))
            ? 1
            : 0;
      case '<':
        return tag(text, at);
      default:
        return 0;
    }
  }

  private static int tag(CharSequence text, int at) {
    int name = Characters.at(text, at + 1) == '/' ? at + 2 : at + 1;
    int i = name;
    while (i - name < ENTITY && Characters.isLetter(Characters.at(text, i))) {
      i++;
    }
    if (i == name
        || !INLINE.contains(text.subSequence(name, i).toString().toLowerCase(Locale.ROOT))) {
      return 0;
    }
    for (; i - at < TAG && i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '>') {
        return i + 1 - at;
      }
      if (c == '<') {
        return 0;
      }
    }
    return 0;
  }

  /**
   * @param what in small letters
   */
  private static boolean startsWith(CharSequence text, int at, String what) {
    for (int i = 0; i < what.length(); i++) {
      char c = Characters.at(text, at + i);
      if ((c >= 'A' && c <= 'Z' ? c + 32 : c) != what.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
