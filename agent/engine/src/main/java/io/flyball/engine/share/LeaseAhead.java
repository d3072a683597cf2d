package io.flyball.engine.share;

/**
 * How much of an amount a JVM leases ahead: what goes away in a second or a few, within what the
 * user allows. Refills that come faster than that make it larger, slower ones smaller. Not thread
 * safe.
 */
public final class LeaseAhead {
  private static final long FAST_MILLIS = 1_000;
  private static final long SLOW_MILLIS = 4_000;
  private static final int SMALLEST_PART = 64;

  private long amount;
  private long refilledAt;

  /**
   * How much to ask for.
   *
   * @param most what the user allows
   */
  public long next(long most) {
    amount = Math.max(Math.max(1, most / SMALLEST_PART), Math.min(amount, most));
    return amount;
  }

  /** Whether so little of it is left that more is to be asked for. */
  public boolean isNearlyUsed(long left) {
    return left < amount / 2;
  }

  /** It was granted. */
  public void refilled(long nowMillis) {
    long since = nowMillis - refilledAt;
    if (since >= 0 && since < FAST_MILLIS) {
      amount = amount * 2;
    } else if (since >= SLOW_MILLIS) {
      amount = amount / 2;
    }
    refilledAt = nowMillis;
  }

  /** Others go without: it begins small again. */
  public void none() {
    amount = 0;
  }
}
