package io.flyball.engine.content;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Payment card numbers, in one piece or in the groups that people write, with anything between the
 * groups that they put there, and with other digits before and behind. The first digits are those
 * of an issuer, and the last one is the check digit. The word is the first digit of a group.
 */
final class CardNumbers implements Recogniser {
  private static final int SHORTEST = 13;
  private static final int USUAL = 16;
  private static final int LONGEST = 19;
  private static final int GAP = 3;
  private static final int FEW = 3;

  /** How far what a list opens with is looked for. */
  private static final int BLANKS = 64;

  /** How far the word is followed that a number may be a part of. */
  private static final int WORD = 80;

  private final RedactionRule rule;
  private final List<Issuer> issuers = new ArrayList<>();

  CardNumbers(RedactionRule rule) {
    this.rule = rule;
    for (String row : rule.rows()) {
      issuers.add(new Issuer(row));
    }
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    int[] digits = new int[LONGEST];
    int[] groups = new int[LONGEST];
    int count = 0;
    int group = 0;
    int best = start;
    int at = start;
    // What follows in another way is the next number.
    String gap = null;
    boolean even = true;
    boolean marked = false;
    while (group < LONGEST) {
      int from = at;
      while (at < text.length() && Characters.isDigit(text.charAt(at))) {
        if (count + (at - from) == LONGEST) {
          return stop(text, start, best, found);
        }
        digits[count + (at - from)] = Characters.digit(text.charAt(at));
        at++;
      }
      groups[group++] = at - from;
      count += at - from;
      if (count == at - from && !mayBegin(digits, count)) {
        return start;
      }
      if (count >= SHORTEST
          && (count <= USUAL || group == 1 || even)
          && isCard(digits, count)
          && (marked
              ? isInFours(groups, group) && isNoList(text, start, at, gap)
              : isGrouped(text, start, at, groups, group))
          && !isPartOfWord(text, start, at)) {
        best = at;
      }
      int next = Gaps.behind(text, at, false);
      if (next <= at || !Characters.isDigit(Characters.at(text, next))) {
        next = Gaps.behind(text, at, true);
        marked = true;
      }
      if (next <= at || !Characters.isDigit(Characters.at(text, next))) {
        break;
      }
      even = gap == null || gap.contentEquals(text.subSequence(at, next));
      gap = gap == null ? text.subSequence(at, next).toString() : gap;
      at = next;
    }
    return stop(text, start, best, found);
  }

  private int stop(CharSequence text, int start, int best, Found found) {
    if (best > start) {
      found.add(start, best, rule);
    }
    return best;
  }

  private boolean mayBegin(int[] digits, int count) {
    for (Issuer issuer : issuers) {
      if (issuer.mayBe(digits, count)) {
        return true;
      }
    }
    return false;
  }

  private boolean isCard(int[] digits, int count) {
    for (Issuer issuer : issuers) {
      if (issuer.lengths.contains(count) && issuer.mayBe(digits, count)) {
        return Checksums.passesLuhn(digits, count);
      }
    }
    return false;
  }

  /** Groups as they are on cards and as people write them; other groups are other numbers. */
  private static boolean isGrouped(CharSequence text, int start, int end, int[] groups, int count) {
    if (count == 1) {
      return !isFraction(text, start, end);
    }
    int size = groups[0];
    int last = groups[count - 1];
    boolean even = last <= size;
    for (int i = 1; i + 1 < count; i++) {
      even &= groups[i] == size;
    }
    if (even && (size == 4 || size == 8)) {
      return true;
    }
    if (even && size <= 2) {
      return isAlone(text, start, end) && (size == 2 || isVaried(text, start, end));
    }
    boolean six = groups[1] == 6 && size == 4 && count == 3 && (last == 5 || last == 4);
    return six || (size == 6 && count == 2);
  }

  /** As on cards: signs also stand between other numbers. */
  private static boolean isInFours(int[] groups, int count) {
    if (count == 3) {
      return groups[0] == 4 && groups[1] == 6 && groups[2] >= 4 && groups[2] <= 5;
    }
    boolean fours = count == 4;
    for (int i = 0; i < count; i++) {
      fours &= groups[i] == 4;
    }
    return fours;
  }

  /**
   * Not some of more numbers that the same sign divides, no row of a table of them, and no array.
   *
   * @param gap the first
   */
  private static boolean isNoList(CharSequence text, int start, int end, String gap) {
    int next = Gaps.behind(text, end, true);
    if (next > end && Characters.isDigit(Characters.at(text, next))) {
      boolean plain = Gaps.behind(text, end, false) == next;
      if (!plain || isLineBreak(text, end) || isLineBreak(text, next - 1)) {
        return false;
      }
    }
    int before = start - 1;
    while (start - before < BLANKS && Characters.isBlank(Characters.at(text, before))) {
      before--;
    }
    char sign = Characters.at(text, before);
    boolean array = gap.equals(",") && (sign == ',' || sign == '[');
    boolean row = gap.equals("|") && sign == '|';
    if (array || row || Characters.isBlank(sign)) {
      return false;
    }
    return !Characters.isDigit(sign) || !isLineBreak(text, before + 1);
  }

  private static boolean isLineBreak(CharSequence text, int at) {
    char c = Characters.at(text, at);
    return c == '\n' || c == '\r';
  }

  /**
   * Behind the decimal point of a number that can be nothing else: of {@code 0.…}, or with a minus
   * or an exponent. What is behind a comma, or the next of a list that points divide, is no part of
   * what is before.
   */
  private static boolean isFraction(CharSequence text, int start, int end) {
    int whole = start - 1;
    if (Characters.at(text, whole) != '.') {
      return false;
    }
    while (start - whole < LONGEST && Characters.isDigit(Characters.at(text, whole - 1))) {
      whole--;
    }
    if (whole == start - 1) {
      return false;
    }
    boolean zero = whole == start - 2 && text.charAt(whole) == '0';
    char sign = Characters.at(text, whole - 1);
    boolean minus = sign == '-' && !Characters.isWord(Characters.at(text, whole - 2));
    char behind = Characters.at(text, end);
    boolean exponent =
        (behind == 'e' || behind == 'E')
            && (Characters.isDigit(Characters.at(text, end + 1))
                || Characters.isDigit(Characters.at(text, end + 2)));
    return zero || minus || exponent;
  }

  /** No other digits around: rows of short numbers are many things. */
  private static boolean isAlone(CharSequence text, int start, int end) {
    int next = Characters.behindSeparators(text, end, GAP);
    if (next < 0 || Characters.isDigit(Characters.at(text, next))) {
      return false;
    }
    int before = start;
    while (before > 0 && start - before < GAP && Characters.isSeparator(text.charAt(before - 1))) {
      before--;
    }
    return !Characters.isDigit(Characters.at(text, before - 1));
  }

  /** One by one also small numbers are written: then few of the digits are there. */
  private static boolean isVaried(CharSequence text, int start, int end) {
    int seen = 0;
    for (int i = start; i < end; i++) {
      seen |= Characters.isDigit(text.charAt(i)) ? 1 << Characters.digit(text.charAt(i)) : 0;
    }
    return Integer.bitCount(seen) > FEW;
  }

  /** Of a hash, a UUID: hexadecimal digits with letters among them. */
  private static boolean isPartOfWord(CharSequence text, int start, int end) {
    boolean letters = false;
    if (Characters.at(text, start - 2) == '%' && Characters.at(text, end) == '^') {
      // The first track of a magnetic stripe, whose format is a letter (ISO/IEC 7813).
      return false;
    }
    for (int i = start - 1; i >= 0 && start - i < WORD && isOfWord(text.charAt(i)); i--) {
      if (text.charAt(i) != '-' && !Characters.isHex(text.charAt(i))) {
        return false;
      }
      letters |= Characters.isLetter(text.charAt(i));
    }
    for (int i = end; i < text.length() && i - end < WORD && isOfWord(text.charAt(i)); i++) {
      if (text.charAt(i) != '-' && !Characters.isHex(text.charAt(i))) {
        return false;
      }
      letters |= Characters.isLetter(text.charAt(i));
    }
    return letters;
  }

  private static boolean isOfWord(char c) {
    return c == '-' || (c < 128 && Characters.isLetterOrDigit(c));
  }

  /** {@code 51-55:16}: how numbers of an issuer begin, and how long they may be. */
  private static final class Issuer {
    final int digits;
    final int first;
    final int last;
    final List<Integer> lengths = new ArrayList<>();

    Issuer(String row) {
      String[] parts = row.split(":");
      String[] range = parts[0].split("-");
      digits = range[0].length();
      first = Integer.parseInt(range[0]);
      last = Integer.parseInt(range[range.length - 1]);
      for (String length : Arrays.asList(parts[1].split(","))) {
        lengths.add(Integer.valueOf(length));
      }
    }

    /** Whether these are its first digits, as far as they are known. */
    boolean mayBe(int[] known, int count) {
      int value = 0;
      int low = first;
      int high = last;
      for (int i = 0; i < digits; i++) {
        if (i < count) {
          value = value * 10 + known[i];
        }
      }
      for (int i = count; i < digits; i++) {
        low /= 10;
        high /= 10;
      }
      return value >= low && value <= high;
    }
  }
}
