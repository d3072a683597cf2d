package io.flyball.engine.fleet;

import java.io.IOException;
import java.util.function.UnaryOperator;

/** What may be told of a failure whose words are perhaps the server's. */
final class RedisErrors {
  private static final int LONGEST = 200;

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
    redaction
        .apply(told)
        .codePoints()
        .map(c -> Character.isISOControl(c) || isFormat(c) ? ' ' : c)
        .limit(LONGEST)
        .forEach(line::appendCodePoint);
    return told.length() > LONGEST ? line.append("...").toString() : line.toString();
  }

  /** Line ends of Unicode, and what turns the direction of what follows. */
  private static boolean isFormat(int c) {
    int type = Character.getType(c);
    return type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
