package io.flyball.engine.fallback;

/** When a second target is asked while the first is still silent. Nanoseconds. Immutable. */
public final class HedgeSettings {
  private final double percentile;
  private final long minDelay;
  private final long maxDelay;

  /**
   * @param percentile of the time to the first content so far, 0 to 1
   * @param minDelay the least that is waited
   * @param maxDelay the most that is waited, and what is waited while nothing is known
   */
  public HedgeSettings(double percentile, long minDelay, long maxDelay) {
    this.percentile = percentile;
    this.minDelay = minDelay;
    this.maxDelay = maxDelay;
  }

  double percentile() {
    return percentile;
  }

  long minDelay() {
    return minDelay;
  }

  long maxDelay() {
    return maxDelay;
  }
}
