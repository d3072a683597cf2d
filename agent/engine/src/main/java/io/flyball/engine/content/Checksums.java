package io.flyball.engine.content;

/** The check digits of card numbers (Luhn, ISO/IEC 7812) and of IBANs (mod 97, ISO 13616). */
final class Checksums {
  private Checksums() {}

  /**
   * @param count how many of the digits belong to the number
   */
  static boolean passesLuhn(int[] digits, int count) {
    int sum = 0;
    boolean twice = false;
    for (int i = count - 1; i >= 0; i--) {
      int weighted = twice ? digits[i] * 2 : digits[i];
      sum += weighted > 9 ? weighted - 9 : weighted;
      twice = !twice;
    }
    return sum % 10 == 0;
  }

  /**
   * What a number of digits and letters leaves when it is divided by 97.
   *
   * @param remainder of what stands before; 0 at the beginning
   * @param c a digit or a large letter
   */
  static int append(int remainder, char c) {
    return c >= '0' && c <= '9'
        ? (remainder * 10 + (c - '0')) % 97
        : (remainder * 100 + (c - 'A' + 10)) % 97;
  }
}
