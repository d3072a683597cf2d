package io.flyball.instrumentation.testing.wall;

import java.time.Duration;

/** How long the faults of a {@link Wall} last. Immutable. */
public final class WallTimings {
  private final Duration firstToken;
  private final Duration stall;
  private final Duration silence;
  private final Duration outage;

  private WallTimings(Duration firstToken, Duration stall, Duration silence, Duration outage) {
    this.firstToken = firstToken;
    this.stall = stall;
    this.silence = silence;
    this.outage = outage;
  }

  /**
   * Timings.
   *
   * @param firstToken until the first token of a slow answer
   * @param stall how long a stream that stalls stays open
   * @param silence how long nothing at all is said before the connection is closed
   * @param outage how long a flapping model is down from its first request on
   */
  public static WallTimings of(
      Duration firstToken, Duration stall, Duration silence, Duration outage) {
    return new WallTimings(firstToken, stall, silence, outage);
  }

  Duration firstToken() {
    return firstToken;
  }

  Duration stall() {
    return stall;
  }

  Duration silence() {
    return silence;
  }

  /** From the first request for a flapping model on. */
  public Duration outage() {
    return outage;
  }
}
