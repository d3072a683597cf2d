package io.flyball.protocol.conversation.answer;

/**
 * An answer, or what came of its stream, that must not be handed on as if it were one. Carries no
 * text of the answer.
 */
public final class UnusableAnswerException extends Exception {
  private static final long serialVersionUID = 1;

  /** What is wrong with it. */
  public enum Kind {
    /** It cannot be understood, or says itself that it came out wrong. */
    MALFORMED,
    /** Its stream ended before its end. */
    INCOMPLETE,
    /** It is the provider's error, with a status or in a stream that began as a success. */
    FAILED
  }

  private static final int LONGEST_NAME = 64;

  private final Kind kind;

  private UnusableAnswerException(Kind kind, String message) {
    super(message);
    this.kind = kind;
  }

  static UnusableAnswerException malformed(String why) {
    return new UnusableAnswerException(Kind.MALFORMED, "malformed answer: " + why);
  }

  static UnusableAnswerException incomplete() {
    return new UnusableAnswerException(Kind.INCOMPLETE, "the stream ended before the answer did");
  }

  /**
   * @param name the provider's name for the error, or null
   */
  static UnusableAnswerException failed(String name) {
    return new UnusableAnswerException(
        Kind.FAILED, "the provider reported an error: " + bounded(name));
  }

  private static String bounded(String name) {
    if (name == null) {
      return "unnamed";
    }
    return name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) : name;
  }

  public Kind kind() {
    return kind;
  }
}
