package io.flyball.engine.time;

/**
 * Counts what happened lately: several counters over a span that slides in steps of a tenth. Not
 * thread safe.
 */
public final class SlidingCounts {
  private static final int STEPS = 10;

  private final long stepNanos;
  private final long origin;
  private final long[][] counts;
  private final long[] sums;
  private long step;

  /**
   * @param counters how many; they are known by their number from 0
   * @param spanNanos how far back is counted, to within a tenth of it
   * @param now in nanoseconds of the clock that all calls use
   */
  public SlidingCounts(int counters, long spanNanos, long now) {
    this.stepNanos = Math.max(1, spanNanos / STEPS);
    this.origin = now;
    this.counts = new long[STEPS][counters];
    this.sums = new long[counters];
  }

  /** Counts; amounts may be negative. */
  public void add(int counter, long amount, long now) {
    moveTo(now);
    counts[(int) (step % STEPS)][counter] += amount;
    sums[counter] += amount;
  }

  /** What was counted within the span. */
  public long sum(int counter, long now) {
    moveTo(now);
    return sums[counter];
  }

  /** Forgets everything. */
  public void clear() {
    for (int i = 0; i < STEPS; i++) {
      empty(i);
    }
  }

  private void moveTo(long now) {
    long target = (now - origin) / stepNanos;
    // Threads may ask for the time in another order than they come here.
    if (target <= step) {
      return;
    }
    long toEmpty = Math.min(target - step, STEPS);
    for (long i = 1; i <= toEmpty; i++) {
      empty((int) ((step + i) % STEPS));
    }
    step = target;
  }

  private void empty(int index) {
    for (int counter = 0; counter < sums.length; counter++) {
      sums[counter] -= counts[index][counter];
      counts[index][counter] = 0;
    }
  }
}
