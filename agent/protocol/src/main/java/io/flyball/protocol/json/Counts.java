package io.flyball.protocol.json;

import java.math.BigDecimal;

/**
 * Arithmetic of counts that come from a peer: zero or more, and saturating, so that no number a
 * provider sends turns into a small or negative one.
 */
public final class Counts {
  private static final int LONGEST = 64;

  /** Digits that always fit a long. */
  private static final int LONGEST_COUNT = 18;

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
  public static BigDecimal amount(char[] text, int offset, int length) {
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

  /**
   * The count a text is, or null: what some server or other takes for a number. Digits with
   * underscores or commas between them, perhaps with a sign, a fraction, an exponent, or white
   * space around it.
   */
  static Long read(char[] text, int offset, int length) {
    int start = offset;
    int end = offset + length;
    while (start < end && isBlank(text[start])) {
      start++;
    }
    while (start < end && isBlank(text[end - 1])) {
      end--;
    }
    if (start == end || end - start > LONGEST) {
      return null;
    }
    StringBuilder number = new StringBuilder(end - start);
    for (int i = start; i < end; i++) {
      boolean between =
          (text[i] == '_' || text[i] == ',')
              && i > start
              && isDigit(text[i - 1])
              && i + 1 < end
              && isDigit(text[i + 1]);
      if (!between) {
        number.append(text[i]);
      }
    }
    return ofNumber(number.toString());
  }

  /** Whether the beginning of a text may be that of a count too long for {@link #read}. */
  static boolean mayBeLong(String beginning) {
    return beginning.length() > LONGEST
        && beginning.chars().allMatch(c -> isBlank((char) c) || "0123456789.+_,eE".indexOf(c) >= 0);
  }

  private static Long ofNumber(String text) {
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException none) {
      return null;
    }
    if (number.signum() <= 0) {
      return 0L;
    }
    // Its digits before the point; an exponent can stand for gigabytes of them.
    long whole = (long) number.precision() - number.scale();
    if (whole > LONGEST_COUNT) {
      return Long.MAX_VALUE;
    }
    return whole <= 0 ? 0L : number.toBigInteger().longValueExact();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isBlank(char c) {
    return c <= ' ' || Character.isWhitespace(c) || Character.isSpaceChar(c);
  }
}
