package io.flyball.engine.content;

/** The check digits of card numbers (Luhn, ISO/IEC 7812) and of IBANs (mod 97, ISO 13616). */
final class Checksums {
  private static final int IBAN_HEAD = 4;
  private static final int IBAN_SHORTEST = 15;

  private Checksums() {}

  /**
   * @param number digits with spaces or dashes between them
   */
  static boolean passesLuhn(String number) {
    int sum = 0;
    boolean twice = false;
    for (int i = number.length() - 1; i >= 0; i--) {
      char c = number.charAt(i);
      if (c < '0' || c > '9') {
        continue;
      }
      int digit = c - '0';
      int weighted = twice ? digit * 2 : digit;
      sum += weighted > 9 ? weighted - 9 : weighted;
      twice = !twice;
    }
    return sum % 10 == 0;
  }

  /**
   * How many characters of the text, from its beginning, are an IBAN; 0 when none are. The text may
   * run on into the next word, so the longest beginning that checks is taken.
   *
   * @param text two letters, two digits, then letters, digits and single spaces
   */
  static int ibanLength(String text) {
    int body = 0;
    int compact = 0;
    int longest = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ' ') {
        continue;
      }
      compact++;
      if (compact > IBAN_HEAD) {
        body = append(body, c);
      }
      boolean atEnd = i + 1 == text.length() || text.charAt(i + 1) == ' ';
      if (atEnd && compact >= IBAN_SHORTEST && withHead(body, text) == 1) {
        longest = i + 1;
      }
    }
    return longest;
  }

  private static int withHead(int body, String text) {
    int remainder = body;
    for (int i = 0; i < IBAN_HEAD; i++) {
      remainder = append(remainder, text.charAt(i));
    }
    return remainder;
  }

  private static int append(int remainder, char c) {
    if (c >= '0' && c <= '9') {
      return (remainder * 10 + (c - '0')) % 97;
    }
    return (remainder * 100 + (c - 'A' + 10)) % 97;
  }
}
