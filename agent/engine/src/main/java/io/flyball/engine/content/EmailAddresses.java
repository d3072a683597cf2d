package io.flyball.engine.content;

/**
 * E-mail addresses, also with letters of any script on both sides (RFC 6531) and with a quoted name
 * (RFC 5321), and with any of their characters as escapes of a URL. The word is the sign between
 * name and domain.
 */
final class EmailAddresses implements Recogniser {
  private static final int LONGEST_NAME = 64;
  private static final int LONGEST_DOMAIN = 253;
  private static final int LONGEST_TOP = 24;

  private final RedactionRule rule;

  EmailAddresses(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    int from =
        start > 0 && text.charAt(start - 1) == '"' ? quoted(text, start) : plain(text, start);
    if (from == start) {
      return start;
    }
    int to = domainEnd(text, end);
    if (to == end || isPicture(text, end, to) || isGit(text, from, start)) {
      return start;
    }
    found.add(from, to, rule);
    return to;
  }

  private static int plain(CharSequence text, int at) {
    int from = at;
    for (int i = 0; i < LONGEST_NAME && from > 0; i++) {
      int length = isEscape(text, from - 3) ? 3 : 1;
      if (!isOfName(length == 3 ? escaped(text, from - 3) : text.charAt(from - 1))) {
        break;
      }
      from -= length;
    }
    while (from < at) {
      boolean escape = isEscape(text, from);
      if (Characters.isWord(escape ? escaped(text, from) : text.charAt(from))) {
        break;
      }
      from += escape ? 3 : 1;
    }
    return Math.min(from, at);
  }

  /** {@code %6A} */
  private static boolean isEscape(CharSequence text, int at) {
    return Characters.at(text, at) == '%'
        && Characters.isHex(Characters.at(text, at + 1))
        && Characters.isHex(Characters.at(text, at + 2));
  }

  /** What it stands for; a letter where it is one of several that stand for one. */
  private static char escaped(CharSequence text, int at) {
    int code =
        Character.digit(text.charAt(at + 1), 16) * 16 + Character.digit(text.charAt(at + 2), 16);
    return code < 128 ? (char) code : '\u00ff';
  }

  private static boolean isOfName(char c) {
    return Characters.isWord(c)
        || ".%+-'&!#$*~^".indexOf(c) >= 0
        || Characters.isInvisible(c)
        || (c >= 128 && !Characters.isBlank(c) && isMark(c));
  }

  private static boolean isMark(char c) {
    int type = Character.getType(c);
    return type == Character.NON_SPACING_MARK
        || type == Character.COMBINING_SPACING_MARK
        || type == Character.FORMAT;
  }

  /** Quotes of one layer of escapes: those of a layer around it are not part of the name. */
  private static int quoted(CharSequence text, int at) {
    int layer = backslashes(text, at - 1);
    boolean word = false;
    for (int i = at - 2 - layer; i >= 0 && at - i <= LONGEST_NAME; i--) {
      char c = text.charAt(i);
      if (c == '"') {
        int escapes = backslashes(text, i);
        if (escapes <= layer) {
          boolean opens = !Characters.isWord(Characters.at(text, i - escapes - 1));
          // Else what is between them is between two strings of JSON.
          return escapes == layer && word && opens ? i - escapes : at;
        }
      }
      if (c == '\n' || c == '\r') {
        return at;
      }
      word |= Characters.isWord(c);
    }
    return at;
  }

  private static int backslashes(CharSequence text, int behind) {
    int at = behind;
    while (behind - at < LONGEST_NAME && Characters.at(text, at - 1) == '\\') {
      at--;
    }
    return behind - at;
  }

  /** Behind the last label that may be a top one; {@code from} when there is no domain. */
  private static int domainEnd(CharSequence text, int from) {
    int end = from;
    int label = from;
    int labels = 0;
    int at = from;
    for (int i = 0; i <= LONGEST_DOMAIN; i++) {
      int length = isEscape(text, at) ? 3 : 1;
      char c = length == 3 ? escaped(text, at) : Characters.at(text, at);
      if (at < text.length() && isOfLabel(c)) {
        at += length;
        continue;
      }
      if (at == label) {
        break;
      }
      int behind = withoutDashes(text, label, at);
      if (labels > 0 && isTop(text, label, behind)) {
        end = behind;
      }
      labels++;
      if (c == '%' && Characters.at(text, at + 3) == '2') {
        // Escaped twice.
        length = (Characters.at(text, at + 4) & ~0x20) == 'E' ? 5 : length;
        c = length == 5 ? '.' : c;
      }
      if (!isDot(c)) {
        break;
      }
      at += length;
      label = at;
    }
    return end;
  }

  private static int withoutDashes(CharSequence text, int from, int to) {
    int end = to;
    while (end > from && text.charAt(end - 1) == '-') {
      end--;
    }
    return end;
  }

  private static boolean isOfLabel(char c) {
    return Characters.isLetterOrDigit(c)
        || c == '-'
        || (c >= 128 && (isMark(c) || Characters.isInvisible(c)));
  }

  private static boolean isDot(char c) {
    return c == '.' || c == 0x3002 || c == 0xFF0E || c == 0xFF61;
  }

  private static boolean isTop(CharSequence text, int from, int to) {
    if (to - from < 2) {
      return false;
    }
    if (to - from > 4 && text.subSequence(from, from + 4).toString().equalsIgnoreCase("xn--")) {
      return true;
    }
    boolean ascii = true;
    int count = 0;
    for (int i = from; i < to; count++) {
      boolean escape = isEscape(text, i);
      char c = escape ? escaped(text, i) : text.charAt(i);
      ascii &= c < 128;
      if (c < 128 && !Characters.isLetter(c)) {
        return false;
      }
      i += escape ? 3 : 1;
    }
    return count > 1 && (!ascii || count <= LONGEST_TOP);
  }

  /** {@code git@host:path} is a repository. */
  private static boolean isGit(CharSequence text, int from, int to) {
    return to - from == 3
        && text.charAt(from) == 'g'
        && text.charAt(from + 1) == 'i'
        && text.charAt(from + 2) == 't';
  }

  /** {@code logo@2x.png} is a file. */
  private static boolean isPicture(CharSequence text, int from, int to) {
    return to - from > 3
        && Characters.isDigit(text.charAt(from))
        && text.charAt(from + 1) == 'x'
        && text.charAt(from + 2) == '.';
  }
}
