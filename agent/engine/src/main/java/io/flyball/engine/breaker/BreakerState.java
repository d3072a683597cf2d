package io.flyball.engine.breaker;

/** How a circuit breaker stood at one moment, for showing. Immutable. */
public final class BreakerState {
  private final String key;
  private final CircuitState state;
  private final long attempts;
  private final long failures;
  private final long slow;
  private final long nanosToProbe;
  private final long sinceEpochNanos;

  BreakerState(
      String key,
      CircuitState state,
      long attempts,
      long failures,
      long slow,
      long nanosToProbe,
      long sinceEpochNanos) {
    this.key = key;
    this.state = state;
    this.attempts = attempts;
    this.failures = failures;
    this.slow = slow;
    this.nanosToProbe = nanosToProbe;
    this.sinceEpochNanos = sinceEpochNanos;
  }

  /** What it guards. */
  public String key() {
    return key;
  }

  public CircuitState state() {
    return state;
  }

  /** Counted in the window; 0 unless closed. */
  public long attempts() {
    return attempts;
  }

  /** Those of {@link #attempts()} that failed. */
  public long failures() {
    return failures;
  }

  /** Those of {@link #attempts()} that were slow; 0 when slowness does not matter. */
  public long slow() {
    return slow;
  }

  /** See {@link CircuitBreakers#nanosToProbe}. */
  public long nanosToProbe() {
    return nanosToProbe;
  }

  /** Since when it has been in that state, in nanoseconds since the epoch. */
  public long sinceEpochNanos() {
    return sinceEpochNanos;
  }

  @Override
  public String toString() {
    return key + ' ' + state + ' ' + failures + " of " + attempts + " failed";
  }
}
