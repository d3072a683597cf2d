package io.flyball.engine.content;

import java.util.Locale;

/**
 * Private keys between lines that say so (RFC 7468, PGP, OpenSSH, SSH2), however many dashes these
 * have: up to the end line, or to the end of the string or the text where that was cut off. And the
 * private lines of PuTTY, whose number stands before them.
 */
final class PrivateKeys implements Recogniser {
  private static final int LABEL = 60;

  /** How many dashes there are at most on each side. */
  private static final int DASHES = 10;

  /** From so many on, what is cut off behind them is a key. */
  private static final int SURE_DASHES = 4;

  private static final int BLANKS = 2;
  private static final String BEGIN = "begin";
  private static final String END = "END";
  private static final int SHORTEST = 16;

  private final RedactionRule rule;

  PrivateKeys(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    if (end - start != BEGIN.length()) {
      return numberedLines(text, start, end, found);
    }
    int to = start;
    while (start - to < BLANKS && Characters.at(text, to - 1) == ' ') {
      to--;
    }
    int from = to;
    while (to - from < DASHES && isDash(Characters.at(text, from - 1))) {
      from--;
    }
    if (!isMark(text, from, to) || Characters.isWord(Characters.at(text, end))) {
      return start;
    }
    int labelEnd = indexOfMark(text, end, end + LABEL);
    int stringEnd = indexOfQuote(text, end, labelEnd < 0 ? end + LABEL : labelEnd);
    boolean cut = labelEnd < 0 && (stringEnd >= 0 || end + LABEL >= text.length());
    boolean sure = to - from >= SURE_DASHES || isPrivate(text, end, text.length(), "PRIVATE");
    if (cut
        ? !sure || !isPrivateSoFar(text, end)
        : !isPrivate(text, end, labelEnd, "PRIVATE KEY")) {
      return start;
    }
    int behind = keyEnd(text, cut ? end : behindDashes(text, labelEnd));
    found.add(from, behind, rule);
    return behind;
  }

  /** {@code Private-Lines: 14}, and so many of base64. */
  private int numberedLines(CharSequence text, int start, int end, Found found) {
    int at = behindBlanks(text, end);
    int lines = 0;
    while (lines < 1_000 && Characters.at(text, at) >= '0' && Characters.at(text, at) <= '9') {
      lines = lines * 10 + text.charAt(at++) - '0';
    }
    int from = behindBlanks(text, at);
    int to = from;
    int next = from;
    for (int i = 0; i < lines && next > at; i++) {
      at = next;
      while (at < text.length() && isOfLine(text.charAt(at))) {
        at++;
      }
      if (at == next) {
        break;
      }
      to = at;
      next = behindBlanks(text, at);
    }
    if (to - from < SHORTEST) {
      return Math.max(start, to);
    }
    found.add(from, to, rule);
    return to;
  }

  private static boolean isOfLine(char c) {
    return c == '+' || c == '/' || c == '=' || (c < 128 && Characters.isLetterOrDigit(c));
  }

  private static int behindBlanks(CharSequence text, int from) {
    int at = from;
    while (at - from < DASHES && Characters.isBlank(Characters.at(text, at))) {
      at++;
    }
    return at;
  }

  /** Behind the end line; else where the string of JSON ends that holds the key, or the text. */
  private static int keyEnd(CharSequence text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        int end = i;
        while (text.charAt(end - 1) == '\\') {
          end--;
        }
        return end;
      }
      if (isDash(c)) {
        int label = behindEnd(text, i);
        if (label > i) {
          int last = indexOfMark(text, label, label + LABEL);
          return last < 0 ? Math.min(text.length(), label) : behindDashes(text, last);
        }
      }
    }
    return text.length();
  }

  /** Behind the word that begins the end line, whose dashes are there; else there. */
  private static int behindEnd(CharSequence text, int dashes) {
    int at = behindDashes(text, dashes);
    if (!isMark(text, dashes, at)) {
      return dashes;
    }
    for (int i = 0; i < BLANKS && Characters.at(text, at) == ' '; i++) {
      at++;
    }
    for (int i = 0; i < END.length(); i++) {
      if ((Characters.at(text, at + i) & ~0x20) != END.charAt(i)) {
        return dashes;
      }
    }
    return at + END.length();
  }

  private static int behindDashes(CharSequence text, int from) {
    int at = from;
    while (at - from < DASHES && isDash(Characters.at(text, at))) {
      at++;
    }
    return at;
  }

  private static boolean isDash(char c) {
    return c == '-' || isLongDash(c);
  }

  /** Into which programs for text turn several short ones. */
  private static boolean isLongDash(char c) {
    return c >= 0x2012 && c <= 0x2015;
  }

  private static boolean isMark(CharSequence text, int from, int to) {
    return to - from >= 2 || (to > from && isLongDash(text.charAt(from)));
  }

  private static int indexOfMark(CharSequence text, int from, int to) {
    int behind = Math.min(to, text.length());
    for (int i = from; i < behind; i++) {
      char c = text.charAt(i);
      if (isLongDash(c) || (c == '-' && isDash(Characters.at(text, i + 1)))) {
        return i;
      }
    }
    return -1;
  }

  private static int indexOfQuote(CharSequence text, int from, int to) {
    int behind = Math.min(to, text.length());
    for (int i = from; i < behind; i++) {
      if (text.charAt(i) == '"') {
        return i;
      }
    }
    return -1;
  }

  /** A label that was cut off. */
  private static boolean isPrivateSoFar(CharSequence text, int from) {
    int to = from;
    while (to - from < LABEL
        && (Character.isUpperCase(Characters.at(text, to)) || Characters.at(text, to) == ' ')) {
      to++;
    }
    return to == text.length() || Characters.at(text, to) == '"' || Characters.at(text, to) == '\\';
  }

  private static boolean isPrivate(CharSequence text, int from, int to, String word) {
    return to >= from
        && text.subSequence(from, Math.min(Math.min(to, text.length()), from + LABEL))
            .toString()
            .toUpperCase(Locale.ROOT)
            .contains(word);
  }
}
