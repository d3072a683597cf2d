package io.flyball.engine.content;

/**
 * Phone numbers that say they are: with the sign for a country before them, or in the form of North
 * America. The word is a digit.
 */
final class PhoneNumbers implements Recogniser {
  private static final int SHORTEST = 8;
  private static final int SHORTEST_WHOLE = 9;
  private static final int LONGEST = 15;
  private static final int GAP = 3;
  private static final int YEAR = 4;

  /** Digits of degrees. */
  private static final int DEGREES = 3;

  /** Digits behind the point of coordinates, at most; so many has a phone number at least. */
  private static final int PLACES = 7;

  private final RedactionRule rule;

  PhoneNumbers(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    char before = Characters.at(text, start - 1);
    int to;
    if (before == '+') {
      to =
          isFree(Characters.at(text, start - 2)) && !isCoordinate(text, start)
              ? international(text, start)
              : start;
    } else {
      boolean open = before == '(';
      char ahead = open ? Characters.at(text, start - 2) : before;
      to = isFree(ahead) && ahead != '.' && ahead != '-' ? american(text, start, open) : start;
      if (to > start && open) {
        found.add(start - 1, to, rule);
        return to;
      }
    }
    if (to > start) {
      found.add(before == '+' ? start - 1 : start, to, rule);
    }
    return to;
  }

  /**
   * A number with a fraction, of which there are two beside each other, or which is too short for
   * the one point that domain registries write ({@code +1.2125550100}); and places as geographers
   * write them ({@code +40.75-074.00/}, ISO 6709).
   */
  private static boolean isCoordinate(CharSequence text, int start) {
    int whole = digits(text, start);
    int end = fraction(text, whole);
    char behind = Characters.at(text, end);
    if (behind == '-' || behind == '+') {
      int next = digits(text, end + 1);
      int nextEnd = fraction(text, next);
      boolean longer = next - end - 1 == whole - start + 1 && (whole - start) % 2 == 0;
      boolean closed =
          Characters.at(text, nextEnd) == '/'
              && !Characters.isDigit(Characters.at(text, behindBlanks(text, nextEnd + 1)));
      if (longer && (closed || (end > whole && nextEnd > next && behind == '+'))) {
        return true;
      }
    }
    int places = end - whole - 1;
    if (places < 2 || whole - start > DEGREES || places > PLACES) {
      return false;
    }
    int gap = end;
    while (gap - end < GAP && isGap(Characters.at(text, gap))) {
      gap++;
    }
    boolean alone = gap == end || !Characters.isDigit(Characters.at(text, gap));
    return (places < PLACES && alone)
        || isFractionBehind(text, end)
        || isFractionBefore(text, start - 1);
  }

  private static int behindBlanks(CharSequence text, int from) {
    int at = from;
    while (at - from < GAP && Characters.isBlank(Characters.at(text, at))) {
      at++;
    }
    return at;
  }

  private static int digits(CharSequence text, int from) {
    int at = from;
    while (at - from <= LONGEST && Characters.isDigit(Characters.at(text, at))) {
      at++;
    }
    return at;
  }

  /** Where the fraction ends that begins there; the same when none does. */
  private static int fraction(CharSequence text, int from) {
    int end = Characters.at(text, from) == '.' ? digits(text, from + 1) : from;
    return end == from + 1 ? from : end;
  }

  private static boolean isFractionBehind(CharSequence text, int from) {
    int at = from;
    while (at - from < GAP && isBetween(Characters.at(text, at))) {
      at++;
    }
    char sign = Characters.at(text, at);
    at += at > from && (sign == '+' || sign == '-') || sign == '+' ? 1 : 0;
    int whole = digits(text, at);
    int end = fraction(text, whole);
    boolean goesOn =
        Characters.at(text, end) == '.' && Characters.isDigit(Characters.at(text, end + 1));
    return at > from && whole > at && whole - at <= DEGREES && end - whole > 2 && !goesOn;
  }

  private static boolean isFractionBefore(CharSequence text, int to) {
    int end = to;
    while (to - end < GAP && isBetween(Characters.at(text, end - 1))) {
      end--;
    }
    int point = end;
    while (end - point <= LONGEST && Characters.isDigit(Characters.at(text, point - 1))) {
      point--;
    }
    int from = point - 1;
    while (point - from <= DEGREES + 1 && Characters.isDigit(Characters.at(text, from - 1))) {
      from--;
    }
    boolean goesOn =
        Characters.at(text, from - 1) == '.' && Characters.isDigit(Characters.at(text, from - 2));
    return end - point >= 2
        && Characters.at(text, point - 1) == '.'
        && point - 1 - from > 0
        && point - 1 - from <= DEGREES
        && !goesOn;
  }

  private static boolean isBetween(char c) {
    return c == ',' || c == ';' || Characters.isBlank(c);
  }

  private static boolean isFree(char before) {
    return before != '+' && !Characters.isWord(before);
  }

  private static int international(CharSequence text, int start) {
    if (text.charAt(start) == '0') {
      return start;
    }
    int at = start;
    int digits = 0;
    int end = start;
    int group = start;
    boolean behindSlash = false;
    while (digits < LONGEST && Characters.isDigit(Characters.at(text, at))) {
      digits++;
      at++;
      if (digits >= SHORTEST && !Characters.isDigit(Characters.at(text, at))) {
        end = at;
      }
      int gap = at;
      while (gap - at < GAP && isGap(Characters.at(text, gap))) {
        gap++;
      }
      if (gap > at && Characters.isDigit(Characters.at(text, gap))) {
        boolean slash = hasSlash(text, at, gap);
        if (slash && behindSlash && isDate(text, group, at, gap)) {
          break;
        }
        behindSlash = slash;
        at = gap;
        group = gap;
      }
    }
    boolean grouped = group > start;
    return !grouped && !isWhole(text, start, end) ? start : end;
  }

  /** Without groups it may be a number that is added: of North America all digits must be there. */
  private static boolean isWhole(CharSequence text, int start, int end) {
    return text.charAt(start) == '1'
        ? end - start == 11 && isArea(text, start + 1)
        : end - start >= SHORTEST_WHOLE;
  }

  private static boolean hasSlash(CharSequence text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (text.charAt(i) == '/') {
        return true;
      }
    }
    return false;
  }

  /** What is between slashes may be a month, what is behind the second a year. */
  private static boolean isDate(CharSequence text, int group, int groupEnd, int next) {
    int last = next;
    while (last - next <= YEAR && Characters.isDigit(Characters.at(text, last))) {
      last++;
    }
    return groupEnd - group <= 2 && last - next <= YEAR;
  }

  private static boolean isGap(char c) {
    return c == '(' || c == ')' || c == '/' || (c != '_' && c >= ' ' && Characters.isSeparator(c));
  }

  /** {@code 212-555-0100} or {@code (212) 555-0100}. */
  private static int american(CharSequence text, int start, boolean open) {
    int at = start + 3;
    if (!isArea(text, start) || Characters.at(text, at) != (open ? ')' : '-')) {
      return start;
    }
    at++;
    at = open && Characters.isBlank(Characters.at(text, at)) ? at + 1 : at;
    if (!isArea(text, at) || Characters.at(text, at + 3) != '-') {
      return start;
    }
    at += 4;
    for (int i = 0; i < 4; i++) {
      if (!Characters.isDigit(Characters.at(text, at + i))) {
        return start;
      }
    }
    at += 4;
    char behind = Characters.at(text, at);
    boolean goesOn =
        Characters.isWord(behind)
            || (behind == '-' && Characters.isLetterOrDigit(Characters.at(text, at + 1)));
    return goesOn ? start : at;
  }

  /** Areas and exchanges begin with a digit from 2 on. */
  private static boolean isArea(CharSequence text, int at) {
    char first = Characters.at(text, at);
    return first >= '2'
        && first <= '9'
        && Characters.isDigit(Characters.at(text, at + 1))
        && Characters.isDigit(Characters.at(text, at + 2));
  }
}
