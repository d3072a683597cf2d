package io.flyball.engine.content;

/**
 * IPv6 addresses: eight groups, or fewer around two colons (RFC 4291), of which the first is one
 * that addresses are given out with. The word is a colon. Times, hardware addresses, names of
 * classes and slices of lists are none.
 */
final class Ip6Addresses implements Recogniser {
  private static final int GROUPS = 8;
  private static final int LONGEST_GROUP = 4;

  private final RedactionRule rule;

  Ip6Addresses(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    int from = start;
    while (start - from <= LONGEST_GROUP && Characters.isHex(Characters.at(text, from - 1))) {
      from--;
    }
    char before = Characters.at(text, from - 1);
    if (from == start || Characters.isWord(before) || before == ':' || before == '.') {
      return start;
    }
    int at = from;
    int groups = 0;
    int longest = 0;
    boolean digit = false;
    boolean letter = false;
    boolean gap = false;
    for (; ; ) {
      int group = at;
      while (at - group <= LONGEST_GROUP && Characters.isHex(Characters.at(text, at))) {
        digit |= Characters.isDigit(text.charAt(at));
        letter |= Characters.isLetter(text.charAt(at));
        at++;
      }
      longest = Math.max(longest, at - group);
      groups += at > group ? 1 : 0;
      boolean colon = Characters.at(text, at) == ':';
      boolean two = colon && Characters.at(text, at + 1) == ':';
      boolean goesOn =
          two ? !gap : colon && at > group && Characters.isHex(Characters.at(text, at + 1));
      if (!goesOn || groups == GROUPS) {
        break;
      }
      gap |= two;
      at += two ? 2 : 1;
    }
    boolean whole = gap ? groups < GROUPS && (groups > 2 || letter) : groups == GROUPS;
    char behind = Characters.at(text, at);
    boolean ends =
        !Characters.isWord(behind) && !(behind == ':' && isName(Characters.at(text, at + 1)));
    if (isGivenOut(text, from)
        && whole
        && digit
        && longest > 2
        && longest <= LONGEST_GROUP
        && ends) {
      found.add(from, at, rule);
    }
    return Math.max(at, end);
  }

  private static boolean isName(char c) {
    return c == ':' || Characters.isLetterOrDigit(c);
  }

  /**
   * Addresses of all the world (2000::/3), of a network and of its links (fc00::/7, fe80::/10),
   * those of many (ff00::/8), and those that others are written in (::, 64:ff9b::).
   */
  private static boolean isGivenOut(CharSequence text, int from) {
    int value = 0;
    int at = from;
    for (; at - from < LONGEST_GROUP && Characters.isHex(Characters.at(text, at)); at++) {
      value = value << 4 | Character.digit(text.charAt(at), 16);
    }
    return value == 0
        || value == 0x64
        || value >> 13 == 1
        || value >= 0xfe80
        || value >> 9 == 0xfc00 >> 9;
  }
}
