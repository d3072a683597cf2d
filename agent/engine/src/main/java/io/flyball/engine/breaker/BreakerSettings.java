package io.flyball.engine.breaker;

/** When breakers open and for how long. Immutable; times are nanoseconds. */
public final class BreakerSettings {
  private static final double ROUNDING = 1e-9;
  private static final long SECOND = 1_000_000_000L;

  /** Longer than any attempt lasts with the usual timeouts. */
  private static final long USUAL_LONGEST_ATTEMPT = 660 * SECOND;

  /** What holds until something else is said. */
  static final BreakerSettings DEFAULTS =
      new BreakerSettings(0.5, null, 60 * SECOND, 10, 60 * SECOND, 15 * SECOND);

  private final double failureRate;
  private final Double slowCallRate;
  private final long slowCallNanos;
  private final int minCalls;
  private final long windowNanos;
  private final long openNanos;
  private final long longestAttemptNanos;
  private final boolean alwaysRefuses;

  /**
   * @param failureRate opens when that share of the attempts in the window failed; 0 to 1
   * @param slowCallRate opens also when that share of them was slow; null: slowness does not matter
   * @param slowCallNanos from when on an attempt is slow
   * @param minCalls with fewer attempts in the window it does not open
   * @param windowNanos how far back attempts count
   * @param openNanos how long it stays open
   */
  public BreakerSettings(
      double failureRate,
      Double slowCallRate,
      long slowCallNanos,
      int minCalls,
      long windowNanos,
      long openNanos) {
    this(
        failureRate,
        slowCallRate,
        slowCallNanos,
        minCalls,
        windowNanos,
        openNanos,
        USUAL_LONGEST_ATTEMPT,
        false);
  }

  private BreakerSettings(
      double failureRate,
      Double slowCallRate,
      long slowCallNanos,
      int minCalls,
      long windowNanos,
      long openNanos,
      long longestAttemptNanos,
      boolean alwaysRefuses) {
    this.failureRate = failureRate;
    this.slowCallRate = slowCallRate;
    this.slowCallNanos = slowCallNanos;
    this.minCalls = minCalls;
    this.windowNanos = windowNanos;
    this.openNanos = openNanos;
    this.longestAttemptNanos = longestAttemptNanos;
    this.alwaysRefuses = alwaysRefuses;
  }

  /** The same; a probe of which nothing was heard for that long is given up. */
  public BreakerSettings withLongestAttempt(long nanos) {
    return new BreakerSettings(
        failureRate,
        slowCallRate,
        slowCallNanos,
        minCalls,
        windowNanos,
        openNanos,
        nanos,
        alwaysRefuses);
  }

  /** The same; whether attempts are refused also where nobody else may answer. */
  public BreakerSettings alwaysRefusing(boolean always) {
    return new BreakerSettings(
        failureRate,
        slowCallRate,
        slowCallNanos,
        minCalls,
        windowNanos,
        openNanos,
        longestAttemptNanos,
        always);
  }

  boolean alwaysRefuses() {
    return alwaysRefuses;
  }

  long windowNanos() {
    return windowNanos;
  }

  long openNanos() {
    return openNanos;
  }

  long longestAttemptNanos() {
    return longestAttemptNanos;
  }

  boolean isSlow(long nanos) {
    return slowCallRate != null && nanos >= slowCallNanos;
  }

  /** Whether these counts of a window open a breaker. */
  boolean trips(long calls, long failures, long slow) {
    return calls >= minCalls
        && (reaches(failureRate, failures, calls)
            || slowCallRate != null && reaches(slowCallRate, slow, calls));
  }

  private static boolean reaches(double rate, long part, long calls) {
    return part > 0 && part + ROUNDING >= rate * calls;
  }
}
