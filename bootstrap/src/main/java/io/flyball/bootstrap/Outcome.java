package io.flyball.bootstrap;

/** What a hooked method does instead of its own work: return a value or throw. Immutable. */
public final class Outcome {
  private final Object value;
  private final Throwable failure;

  private Outcome(Object value, Throwable failure) {
    this.value = value;
    this.failure = failure;
  }

  /** Return that value (null included). */
  public static Outcome value(Object value) {
    return new Outcome(value, null);
  }

  /** Throw that. */
  public static Outcome failure(Throwable failure) {
    if (failure == null) {
      throw new NullPointerException("failure");
    }
    return new Outcome(null, failure);
  }

  /** The value to return; null when it is a failure. */
  public Object value() {
    return value;
  }

  /** What to throw, or null. */
  public Throwable failure() {
    return failure;
  }
}
