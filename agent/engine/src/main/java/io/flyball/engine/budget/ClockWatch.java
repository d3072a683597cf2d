package io.flyball.engine.budget;

import io.flyball.engine.call.TimeSource;

/**
 * Notices when the machine's clock is set to another time: by how much it has moved other than by
 * time passing. Touched under the ledger's lock only.
 */
final class ClockWatch {
  /** Clocks are corrected by as much, and threads wait as long between looking and saying. */
  static final long TOLERATED_MILLIS = 2_000;

  /**
   * Reading the other clock costs a good part of a reservation, so many that come at once share one
   * look. A clock that is set back to within as much of the last look is noticed at the next.
   */
  private static final long LOOK_MILLIS = 10;

  /** What is tolerated may add up over that long. */
  private static final long TRUST_MILLIS = 60_000;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** Null when there is no other clock. */
  private final TimeSource time;

  private boolean began;
  private long lookedAt;
  private long trustedMillis;
  private long trustedNanos;
  private long shift;

  ClockWatch(TimeSource time) {
    this.time = time;
  }

  /**
   * By how many milliseconds the clock was set ahead since the first look, in all.
   *
   * @param epochMillis what it says now
   */
  long shiftAt(long epochMillis) {
    long since = epochMillis - lookedAt;
    if (time != null && (since < 0 || since >= LOOK_MILLIS || !began)) {
      look(epochMillis, time.nanoTime());
    }
    return shift;
  }

  private void look(long epochMillis, long nanos) {
    lookedAt = epochMillis;
    long passed = (nanos - trustedNanos) / NANOS_PER_MILLI;
    long moved = epochMillis - (trustedMillis + passed);
    boolean wasSet = began && Math.abs(moved) > TOLERATED_MILLIS;
    if (wasSet) {
      shift += moved;
    }
    if (wasSet || !began || passed >= TRUST_MILLIS) {
      trustedMillis = epochMillis;
      trustedNanos = nanos;
      began = true;
    }
  }
}
