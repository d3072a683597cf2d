package io.flyball.engine.retry;

import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;

/**
 * How long is waited before a call is made again: a random part of a time that doubles with every
 * attempt, so that callers who failed together do not come back together. Immutable.
 */
public final class Backoff {
  /** How much of what the provider asks for is added at most, so that a crowd spreads. */
  private static final double CROWD_SHARE = 0.1;

  private static final int MAX_DOUBLINGS = 30;

  private final long baseNanos;
  private final long maxNanos;
  private final DoubleSupplier random;

  /**
   * @param baseNanos what the wait before the second attempt is a random part of
   * @param maxNanos where the doubling ends
   */
  public Backoff(long baseNanos, long maxNanos) {
    this(baseNanos, maxNanos, () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * @param random yields numbers from 0 to 1; thread safe
   */
  public Backoff(long baseNanos, long maxNanos, DoubleSupplier random) {
    this.baseNanos = baseNanos;
    this.maxNanos = maxNanos;
    this.random = random;
  }

  /**
   * The wait in nanoseconds.
   *
   * @param attempt the one that is waited for; 2 is the first repetition
   * @param retryAfterNanos what the provider asks for, which is waited at least, plus a little; not
   *     positive when it does not ask
   * @return at least 0; compare it with the time the call has left before waiting
   */
  public long nanosBefore(int attempt, long retryAfterNanos) {
    int doublings = Math.max(0, Math.min(attempt - 2, MAX_DOUBLINGS));
    double most = Math.min((double) maxNanos, (double) baseNanos * (1L << doublings));
    long jittered = (long) (random.getAsDouble() * most);
    if (retryAfterNanos <= 0) {
      return jittered;
    }
    // The crowd spreads over the ordinary wait, or a tenth of what was asked for if that is less.
    double spread = Math.min(most, retryAfterNanos * CROWD_SHARE);
    long floor = retryAfterNanos + (long) (random.getAsDouble() * spread);
    return floor < 0 ? Long.MAX_VALUE : Math.max(floor, jittered);
  }

  /**
   * The same, unless the time left does not allow it.
   *
   * @param nanosLeft until the call must have ended
   * @return -1 when no other attempt could begin before that
   */
  public long nanosBefore(int attempt, long retryAfterNanos, long nanosLeft) {
    long wait = nanosBefore(attempt, retryAfterNanos);
    return wait < nanosLeft ? wait : -1;
  }
}
