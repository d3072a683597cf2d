package io.flyball.engine.fleet;

import java.io.IOException;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** What may be told of a failure whose words are perhaps the server's. */
final class RedisErrors {
  private static final int LONGEST = 200;

  /** In the place of the configured host while the rest is redacted. */
  private static final String STAND_IN = "redis-as-configured";

  private final RedisAddress address;
  private final UnaryOperator<String> redaction;

  /**
   * @param address whose password is not told either
   */
  RedisErrors(RedisAddress address, UnaryOperator<String> redaction) {
    this.address = address;
    this.redaction = redaction;
  }

  /** What is at the bottom of it says what is wrong. */
  IOException failed(RuntimeException failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    if (cause instanceof ClassCastException || cause instanceof IndexOutOfBoundsException) {
      // Its words are about our classes.
      return new IOException("an answer of another type than was asked for");
    }
    return new IOException(
        cause.getMessage() == null ? cause.toString() : tellable(cause.getMessage()));
  }

  private String tellable(String words) {
    String password = address.password();
    String told =
        password == null || password.isEmpty() ? words : words.replace(password, "[password]");
    StringBuilder line = new StringBuilder();
    // Redacted before it is cut: half a secret is not known for one.
    redacted(told)
        .codePoints()
        .map(c -> Character.isISOControl(c) || isFormat(c) ? ' ' : c)
        .limit(LONGEST)
        .forEach(line::appendCodePoint);
    return told.length() > LONGEST ? line.append("...").toString() : line.toString();
  }

  /** But for the address that the user has configured, which stands in the same line anyway. */
  private String redacted(String words) {
    String host = address.host();
    if (words.contains(STAND_IN) || redaction.apply(host).equals(host)) {
      return redaction.apply(words);
    }
    String known = words.replaceAll("(?<![\\w.:])" + Pattern.quote(host) + "(?![\\w.])", STAND_IN);
    return redaction.apply(known).replace(STAND_IN, host);
  }

  /** Line ends of Unicode, and what turns the direction of what follows. */
  private static boolean isFormat(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
