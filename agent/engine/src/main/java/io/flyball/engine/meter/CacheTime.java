package io.flyball.engine.meter;

/** For how long a request wants what is written to the provider's cache to be kept. */
final class CacheTime {
  private static final String TTL = "ttl";
  private static final String HOUR = "1h";

  private CacheTime() {}

  /** Whether it says so at some place; looked for in the bytes, where it is asked seldom. */
  static boolean isAnHour(byte[] body) {
    for (int i = 0; i < body.length; i++) {
      if (is(TTL, body, i)) {
        int at = i + TTL.length();
        while (at < body.length && isBetween(body[at])) {
          at++;
        }
        if (is(HOUR, body, at)) {
          return true;
        }
      }
    }
    return false;
  }

  /** Quotes, a colon and blanks; zeros in encodings of more than a byte. */
  private static boolean isBetween(byte b) {
    return b == '"' || b == '\'' || b == ':' || (b >= 0 && b <= ' ');
  }

  private static boolean is(String word, byte[] body, int at) {
    for (int i = 0; i < word.length(); i++) {
      if (at + i >= body.length || body[at + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
