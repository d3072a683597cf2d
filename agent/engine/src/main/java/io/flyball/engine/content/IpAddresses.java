package io.flyball.engine.content;

import java.util.Locale;

/** IPv4 addresses that are no version of a program. The word is a digit. */
final class IpAddresses implements Recogniser {
  private static final int WORD = 12;
  private static final String[] VERSIONS = {
    "v",
    "ver",
    "version",
    "versions",
    "release",
    "rel",
    "build",
    "assembly",
    "revision",
    "section",
    "sections",
    "sec",
    "chapter",
    "clause",
    "article",
    "appendix",
    "paragraph",
    "figure",
    "table",
    "rule"
  };

  private final RedactionRule rule;

  IpAddresses(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    char before = Characters.at(text, start - 1);
    if (before == '.' || Characters.isWord(before)) {
      return start;
    }
    int at = start;
    boolean large = false;
    for (int part = 0; part < 4; part++) {
      int from = at;
      int value = 0;
      while (at - from < 3 && Characters.isDigit(Characters.at(text, at))) {
        value = value * 10 + Characters.digit(text.charAt(at++));
      }
      boolean padded = at - from > 1 && Characters.digit(text.charAt(from)) == 0;
      if (at == from || value > 255 || padded) {
        return start;
      }
      large |= value > 9;
      if (part < 3) {
        if (Characters.at(text, at) != '.') {
          return start;
        }
        at++;
      }
    }
    if (!large || goesOn(text, at) || isVersion(text, start)) {
      return start;
    }
    found.add(start, at, rule);
    return at;
  }

  private static boolean goesOn(CharSequence text, int at) {
    char behind = Characters.at(text, at);
    char next = Characters.at(text, at + 1);
    boolean joins = behind == '.' || behind == '-' || behind == '+';
    return Characters.isWord(behind)
        || (joins && Characters.isLetter(next))
        || (behind == '.' && Characters.isDigit(next));
  }

  /** Behind a word that says so, or the name of a program: {@code Chrome/99.0.10.1}. */
  private static boolean isVersion(CharSequence text, int start) {
    char before = Characters.at(text, start - 1);
    char ahead = Characters.at(text, start - 2);
    if ((before == '/' || before == '-') && Characters.isLetter(ahead)) {
      return true;
    }
    int end = start;
    while (start - end < 4 && isBetween(Characters.at(text, end - 1))) {
      end--;
    }
    int from = end;
    while (end - from < WORD && Characters.isLetter(Characters.at(text, from - 1))) {
      from--;
    }
    String word = text.subSequence(from, end).toString().toLowerCase(Locale.ROOT);
    for (String version : VERSIONS) {
      if (version.equals(word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBetween(char c) {
    return Characters.isBlank(c) || c == ':' || c == '=' || c == '"' || c == '.';
  }
}
