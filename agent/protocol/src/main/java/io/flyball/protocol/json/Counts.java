package io.flyball.protocol.json;

import java.math.BigDecimal;

/**
 * Arithmetic of counts that come from a peer: zero or more, and saturating, so that no number a
 * provider sends turns into a small or negative one.
 */
public final class Counts {
  private static final int LONGEST = 64;

  /** An exponent beyond that is no amount of money, and would make a number of gigabytes. */
  private static final int LARGEST_SCALE = 40;

  private Counts() {}

  /** The sum of two counts; {@link Long#MAX_VALUE} when it does not fit. Below zero is zero. */
  public static long plus(long left, long right) {
    long sum = Math.max(0, left) + Math.max(0, right);
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  /** The product of two counts; {@link Long#MAX_VALUE} when it does not fit. Below zero is zero. */
  public static long times(long left, long right) {
    long a = Math.max(0, left);
    long b = Math.max(0, right);
    return a != 0 && b > Long.MAX_VALUE / a ? Long.MAX_VALUE : a * b;
  }

  /** The amount a text is, zero or more and with perhaps blanks around it, or null. */
  static BigDecimal amount(char[] text, int offset, int length) {
    if (length > LONGEST) {
      return null;
    }
    try {
      BigDecimal amount = new BigDecimal(new String(text, offset, length).trim());
      return amount.signum() < 0 || Math.abs((long) amount.scale()) > LARGEST_SCALE ? null : amount;
    } catch (NumberFormatException none) {
      return null;
    }
  }

  /** The count a text is, or null: digits, perhaps with a sign, a fraction, or blanks around it. */
  static Long read(char[] text, int offset, int length) {
    int start = offset;
    int end = offset + length;
    while (start < end && text[start] == ' ') {
      start++;
    }
    while (start < end && text[end - 1] == ' ') {
      end--;
    }
    if (start == end || end - start > LONGEST) {
      return null;
    }
    boolean negative = text[start] == '-';
    if (negative || text[start] == '+') {
      start++;
    }
    long count = 0;
    int digits = 0;
    for (; start < end && text[start] >= '0' && text[start] <= '9'; start++, digits++) {
      count = plus(times(count, 10), text[start] - '0');
    }
    if (start < end && text[start] == '.') {
      for (start++; start < end && text[start] >= '0' && text[start] <= '9'; ) {
        start++;
      }
    }
    if (digits == 0 || start < end) {
      return null;
    }
    return negative ? 0L : count;
  }
}
