package io.flyball.bootstrap;

/**
 * What a hooked method does instead of its own work: return a value, throw, or do its work with
 * other arguments. Immutable.
 */
public final class Outcome {
  private final Object value;
  private final Throwable failure;
  private final Object[] arguments;

  private Outcome(Object value, Throwable failure, Object[] arguments) {
    this.value = value;
    this.failure = failure;
    this.arguments = arguments;
  }

  /** Return that value (null included). */
  public static Outcome value(Object value) {
    return new Outcome(value, null, null);
  }

  /** Throw that. */
  public static Outcome failure(Throwable failure) {
    if (failure == null) {
      throw new NullPointerException("failure");
    }
    return new Outcome(null, failure, null);
  }

  /**
   * Go on with those arguments, one for each parameter. Only before a method, and only where the
   * advice provides for it.
   */
  public static Outcome arguments(Object... arguments) {
    return new Outcome(null, null, arguments.clone());
  }

  /** The value to return; null when it is a failure. */
  public Object value() {
    return value;
  }

  /** What to throw, or null. */
  public Throwable failure() {
    return failure;
  }

  /** What to go on with, or null. */
  public Object[] arguments() {
    return arguments == null ? null : arguments.clone();
  }
}
