package io.flyball.engine.content;

import java.util.Locale;

/**
 * What a client is known by in the headers Cookie and Set-Cookie (RFC 6265), or where a program
 * sets one: values whose names say so, and those that look like keys. The others stay.
 */
final class Cookies implements Recogniser {
  private static final int BLANKS = 3;
  private static final int LONGEST_NAME = 128;
  private static final int SHORTEST = 6;
  private static final int SHORTEST_KEY = 16;

  private final RedactionRule rule;

  Cookies(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    int at = isQuote(Characters.at(text, end)) ? end + 1 : end;
    at = behindBlanks(text, at);
    char sign = Characters.at(text, at);
    boolean option = at > end && Characters.at(text, start - 1) == '-';
    if (sign == ':' || sign == '=') {
      at = behindBlanks(text, at + 1);
    } else if (!option) {
      return start;
    }
    at = isQuote(Characters.at(text, at)) ? at + 1 : at;
    while (at < text.length()) {
      while (isBetween(Characters.at(text, at))) {
        at++;
      }
      int name = at;
      while (at - name < LONGEST_NAME && isOfName(Characters.at(text, at))) {
        at++;
      }
      if (at == name) {
        break;
      }
      if (Characters.at(text, at) == '=') {
        at = value(text, name, at, found);
      }
      if (!isBetween(Characters.at(text, at))) {
        break;
      }
    }
    return at;
  }

  /** Behind it. */
  private int value(CharSequence text, int name, int sign, Found found) {
    int from = sign + 1;
    int to = from;
    boolean digit = false;
    boolean small = false;
    boolean capital = false;
    while (to < text.length() && isOfValue(text.charAt(to))) {
      char c = text.charAt(to++);
      digit |= c >= '0' && c <= '9';
      small |= c >= 'a' && c <= 'z';
      capital |= c >= 'A' && c <= 'Z';
    }
    int length = to - from;
    String called = text.subSequence(name, sign).toString().toLowerCase(Locale.ROOT);
    boolean named = length >= SHORTEST && (digit || (small && capital)) && isNamed(called);
    boolean key = length >= SHORTEST_KEY && digit && (small || capital) && !isAttribute(called);
    if (named || key) {
      found.add(from, to, rule);
    }
    while (called.equals("expires") && to < text.length() && isOfDate(text.charAt(to))) {
      to++;
    }
    return to;
  }

  private boolean isNamed(String name) {
    for (String each : rule.rows()) {
      if (name.contains(each)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAttribute(String name) {
    return name.equals("path") || name.equals("domain") || name.equals("expires");
  }

  private static int behindBlanks(CharSequence text, int from) {
    int at = from;
    while (at - from < BLANKS && Characters.isBlank(Characters.at(text, at))) {
      at++;
    }
    return at;
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }

  private static boolean isOfName(char c) {
    return Characters.isWord(c) || c == '-' || c == '.' || c == '%';
  }

  private static boolean isOfValue(char c) {
    return c > ' ' && !isQuote(c) && ";,\\`<>()".indexOf(c) < 0 && !Characters.isBlank(c);
  }

  private static boolean isBetween(char c) {
    return c == ' ' || c == ';' || c == ',';
  }

  private static boolean isOfDate(char c) {
    return c == ' ' || c == ',' || isOfValue(c);
  }
}
