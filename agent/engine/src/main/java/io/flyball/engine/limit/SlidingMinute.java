package io.flyball.engine.limit;

import java.util.Arrays;

/**
 * How much was let through within the last minute. It is counted in seconds, and a second is
 * forgotten only when all of it is more than a minute ago: no minute ever holds more than the
 * limit, unless a single amount alone is larger. What such an amount has too much is a debt, which
 * later minutes pay. Not thread safe.
 */
final class SlidingMinute {
  private static final long STEP_NANOS = 1_000_000_000L;
  private static final int STEPS = 61;

  /** However large an amount, after so many minutes nothing is left of it. */
  private static final int MAX_DEBT_MINUTES = 4;

  private final long origin;
  private final long[] counts = new long[STEPS];
  private long step;
  private long sum;
  private long debt;

  SlidingMinute(long origin) {
    this.origin = origin;
  }

  /** Where an amount was counted. */
  static final class Entry {
    private final long step;
    private long inDebt;

    private Entry(long step, long inDebt) {
      this.step = step;
      this.inDebt = inDebt;
    }
  }

  /** The same where all of the limit is allowed. */
  long nanosUntil(long amount, long limit, long now) {
    return nanosUntil(amount, limit, limit, now);
  }

  /**
   * How long until that amount may be let through, if nothing else is meanwhile; 0: now. An amount
   * larger than what is allowed may when nothing else was for a minute.
   *
   * @param allowed how much a minute may hold now
   * @param limit how much it may hold at most
   */
  long nanosUntil(long amount, long allowed, long limit, long now) {
    moveTo(now, limit);
    long tooMuch = amount > allowed ? sum + debt : sum + debt + amount - allowed;
    if (tooMuch <= 0) {
      return 0;
    }
    long freed = 0;
    for (long each = Math.max(0, step - STEPS + 1); each < step; each++) {
      freed += counts[(int) (each % STEPS)];
      if (freed >= tooMuch) {
        return origin + (each + STEPS) * STEP_NANOS - now;
      }
    }
    return origin + (step + STEPS) * STEP_NANOS - now;
  }

  /** Counts an amount, whether there is room or not. */
  Entry add(long amount, long limit, long now) {
    moveTo(now, limit);
    long counted = Math.min(amount, Math.max(0, limit - sum));
    counts[(int) (step % STEPS)] += counted;
    sum += counted;
    long before = debt;
    debt = Math.min(debt + amount - counted, maxDebt(limit));
    return new Entry(step, Math.max(0, debt - before));
  }

  /** Takes back a part of what was counted there, as far as it still counts. */
  void takeBack(Entry entry, long amount, long limit, long now) {
    moveTo(now, limit);
    long owed = Math.min(amount, Math.min(entry.inDebt, debt));
    debt -= owed;
    entry.inDebt -= owed;
    if (entry.step > step - STEPS) {
      int index = (int) (entry.step % STEPS);
      long counted = Math.min(amount - owed, counts[index]);
      counts[index] -= counted;
      sum -= counted;
    }
    payDebt(limit);
  }

  /** What counts at the moment, the debt included. */
  long sum(long limit, long now) {
    moveTo(now, limit);
    return sum + debt;
  }

  private void moveTo(long now, long limit) {
    long target = (now - origin) / STEP_NANOS;
    debt = Math.min(debt, maxDebt(limit));
    while (step < target && debt > 0) {
      next();
      payDebt(limit);
    }
    if (target - step >= STEPS) {
      Arrays.fill(counts, 0);
      sum = 0;
      step = target;
    }
    while (step < target) {
      next();
    }
    payDebt(limit);
  }

  private void next() {
    step++;
    int index = (int) (step % STEPS);
    sum -= counts[index];
    counts[index] = 0;
  }

  private void payDebt(long limit) {
    if (debt > 0 && sum < limit) {
      long paid = Math.min(debt, limit - sum);
      debt -= paid;
      counts[(int) (step % STEPS)] += paid;
      sum += paid;
    }
  }

  private static long maxDebt(long limit) {
    return limit > Long.MAX_VALUE / MAX_DEBT_MINUTES ? Long.MAX_VALUE : limit * MAX_DEBT_MINUTES;
  }
}
