package io.flyball.engine.retry;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.SlidingCounts;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Keeps repetitions from becoming a storm: over a sliding minute they are at most a share of the
 * calls, or a fixed number where that is more. Thread safe.
 */
public final class RetryBudget {
  private static final long WINDOW_NANOS = 60_000_000_000L;
  private static final double USUAL_SHARE = 0.2;
  private static final long USUALLY_ALWAYS = 10;
  private static final double ROUNDING = 1e-9;
  private static final int CALLS = 0;
  private static final int RETRIES = 1;
  private static final int COUNTERS = 2;
  private static final int MOST_KEYS = 1_000;

  private final TimeSource time;
  private final long always;
  private final SlidingCounts counts;

  /** The same rule for each by itself; in the order of their use. */
  private final Map<String, RetryBudget> each = new LinkedHashMap<>(16, 0.75f, true);

  private double share;

  /** A fifth of the calls, or ten a minute. */
  public RetryBudget(TimeSource time) {
    this(USUAL_SHARE, USUALLY_ALWAYS, time);
  }

  /**
   * @param share retries per call, from 0 to 1
   * @param always so many a minute are allowed in any case
   */
  public RetryBudget(double share, long always, TimeSource time) {
    this.share = share;
    this.always = always;
    this.time = Objects.requireNonNull(time, "time");
    this.counts = new SlidingCounts(COUNTERS, WINDOW_NANOS, time.nanoTime());
  }

  /** From now on that share holds, from 0 to 1. What was counted stays. */
  public synchronized void setShare(double newShare) {
    share = newShare;
    for (RetryBudget one : each.values()) {
      one.setShare(newShare);
    }
  }

  /**
   * The same rule for calls that have nothing to do with others: what those repeat is not counted.
   * Of many the longest unused ones are forgotten.
   */
  public synchronized RetryBudget of(String key) {
    RetryBudget one = each.get(key);
    if (one == null) {
      if (each.size() >= MOST_KEYS) {
        Iterator<RetryBudget> longestUnused = each.values().iterator();
        longestUnused.next();
        longestUnused.remove();
      }
      one = new RetryBudget(share, always, time);
      each.put(key, one);
    }
    return one;
  }

  /** Counts a call that is made the first time. */
  public void call() {
    long now = time.nanoTime();
    synchronized (this) {
      counts.add(CALLS, 1, now);
    }
  }

  /** Whether a call may be made again; the repetition is counted when it may. */
  public boolean tryRetry() {
    long now = time.nanoTime();
    synchronized (this) {
      double allowed = Math.max(always, share * counts.sum(CALLS, now) + ROUNDING);
      if (counts.sum(RETRIES, now) + 1 > allowed) {
        return false;
      }
      counts.add(RETRIES, 1, now);
      return true;
    }
  }
}
