package io.flyball.engine.limit;

import io.flyball.engine.time.SlidingCounts;

/**
 * What a provider itself says about being asked too much. Each such answer halves the rate at which
 * calls are let through, starting from the rate of the last minute; within a minute it is back
 * where it was, after a few nothing is left of it. Where the provider names a time nobody passes
 * before it. Guarded by the limiter's lock.
 */
final class PressureGate extends Gate {
  private static final double MINUTE_NANOS = 60e9;

  /** Longer than that no provider is left alone, whatever it asks for. */
  private static final long MAX_PAUSE_NANOS = 300_000_000_000L;

  /** It does not become slower than one call every two seconds. */
  private static final double LEAST_PER_MINUTE = 30;

  private final SlidingCounts passed;

  private boolean pausing;
  private long pausedUntil;

  private boolean slowed;
  private long slowedAt;
  private double perMinuteBefore;
  private double perMinuteAfter;
  private long recoversFrom;
  private long nextAt;

  PressureGate(long now) {
    this.passed = new SlidingCounts(1, (long) MINUTE_NANOS, now);
  }

  /**
   * The provider says that it is asked too much.
   *
   * @param askedAt when the call passed: what was under way when it said so the last time tells
   *     nothing new about the rate
   * @param retryAfterNanos how long it asks to be left alone; not positive when it does not say
   */
  void tooMuch(long askedAt, long retryAfterNanos, long now) {
    double rate = perMinute(now);
    boolean news = !slowed || askedAt - slowedAt > 0;
    if (retryAfterNanos > 0) {
      long until = now + Math.min(retryAfterNanos, MAX_PAUSE_NANOS);
      pausedUntil = isPausing(now) && pausedUntil - until > 0 ? pausedUntil : until;
      pausing = true;
    }
    long from = isPausing(now) ? pausedUntil : now;
    if (news) {
      perMinuteBefore = Math.max(rate, LEAST_PER_MINUTE);
      perMinuteAfter = Math.max(perMinuteBefore / 2, LEAST_PER_MINUTE);
      slowed = true;
      slowedAt = now;
      nextAt = isPausing(now) ? from : now + intervalNanos(perMinuteAfter);
    }
    recoversFrom = from;
  }

  /** As if nothing had been said. */
  void lift() {
    pausing = false;
    slowed = false;
  }

  /** How many calls a minute are let through; infinite while nothing is wrong. */
  double limitPerMinute(long now) {
    if (!slowed) {
      return Double.POSITIVE_INFINITY;
    }
    double minutes = Math.max(0, now - recoversFrom) / MINUTE_NANOS;
    double perMinute = perMinuteAfter + minutes * perMinuteBefore / 2;
    if (perMinute >= 2 * perMinuteBefore) {
      slowed = false;
      return Double.POSITIVE_INFINITY;
    }
    return perMinute;
  }

  private double perMinute(long now) {
    double limit = limitPerMinute(now);
    return slowed ? limit : passed.sum(0, now);
  }

  private boolean isPausing(long now) {
    pausing = pausing && pausedUntil - now > 0;
    return pausing;
  }

  private static long intervalNanos(double perMinute) {
    return (long) (MINUTE_NANOS / perMinute);
  }

  @Override
  long nanosUntil(long tokens, long now) {
    limitPerMinute(now);
    return Math.max(nanosClosed(now), slowed ? Math.max(0, nextAt - now) : 0);
  }

  @Override
  long nanosClosed(long now) {
    return isPausing(now) ? pausedUntil - now : 0;
  }

  @Override
  Hold take(long tokens, long now) {
    passed.add(0, 1, now);
    double limit = limitPerMinute(now);
    if (slowed) {
      nextAt = (nextAt - now > 0 ? nextAt : now) + intervalNanos(limit);
    }
    return new PressureHold();
  }

  @Override
  Refusal refusal(long tokens, long now) {
    return new Refusal(LimitKind.PROVIDER, LimitScope.TARGET, nanosUntil(tokens, now));
  }

  @Override
  boolean isInUse() {
    return waiting > 0;
  }

  private final class PressureHold extends Hold {
    PressureHold() {
      super(PressureGate.this);
    }

    @Override
    void tooMuch(long askedAt, long retryAfterNanos, long now) {
      PressureGate.this.tooMuch(askedAt, retryAfterNanos, now);
    }
  }
}
