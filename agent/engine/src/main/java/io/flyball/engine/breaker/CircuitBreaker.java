package io.flyball.engine.breaker;

import io.flyball.engine.breaker.CircuitBreakers.Permit;
import io.flyball.engine.time.SlidingCounts;

/** One breaker. Thread safe; its lock is held for a few steps of arithmetic only. */
final class CircuitBreaker {
  private static final int ATTEMPTS = 0;
  private static final int FAILURES = 1;
  private static final int SLOW = 2;
  private static final int COUNTERS = 3;

  /** Longer than that no provider is left alone, whatever it asks for. */
  private static final long MAX_ASKED_NANOS = 300_000_000_000L;

  /** How an attempt ended. */
  enum Outcome {
    SUCCESS,
    FAILURE,
    /** It says nothing about the target. */
    NEUTRAL
  }

  private final String key;
  private final CircuitBreakers all;

  private volatile CircuitState state = CircuitState.CLOSED;

  /** How often it has been closed. Permits from before it opened say nothing about after. */
  private volatile int epoch;

  private volatile long lastUse;

  private BreakerSettings settings;
  private SlidingCounts window;
  private long openUntil;
  private Permit probe;
  private long probeUntil;
  private long sinceEpochNanos;
  private boolean wasSuspected;
  private long suspectedAt;

  CircuitBreaker(String key, CircuitBreakers all, long now) {
    this.key = key;
    this.all = all;
    this.lastUse = now;
    this.sinceEpochNanos = all.epochNanos();
    use(all.settings(), now);
  }

  /** Null: refused. */
  Permit tryAcquire(long now) {
    lastUse = now;
    if (state == CircuitState.CLOSED) {
      return new Permit(this, epoch, false);
    }
    Permit permit;
    CircuitState before;
    synchronized (this) {
      before = state;
      if (before == CircuitState.CLOSED) {
        return new Permit(this, epoch, false);
      }
      if (nanosToNextProbe(now) > 0) {
        return null;
      }
      permit = new Permit(this, epoch, false);
      probe = permit;
      probeUntil = now + all.settings().longestAttemptNanos();
      enter(CircuitState.HALF_OPEN);
    }
    if (before != CircuitState.HALF_OPEN) {
      all.changed(key, before, CircuitState.HALF_OPEN);
    }
    return permit;
  }

  /** An attempt that is made all the same. */
  synchronized Permit passOpen() {
    return new Permit(this, epoch, state != CircuitState.CLOSED);
  }

  /** Word of somebody else's failures opens nothing: the next attempt is a probe. */
  void suspect(long now) {
    synchronized (this) {
      boolean again = wasSuspected && now - suspectedAt < all.settings().openNanos();
      if (state != CircuitState.CLOSED || again) {
        return;
      }
      wasSuspected = true;
      suspectedAt = now;
      probe = null;
      enter(CircuitState.HALF_OPEN);
    }
    all.changed(key, CircuitState.CLOSED, CircuitState.HALF_OPEN);
  }

  /**
   * @param nanos how long the attempt took
   * @param retryAfterNanos how long the target asks to be left alone; not positive when it does not
   */
  void report(Permit permit, Outcome outcome, long nanos, long retryAfterNanos) {
    long now = all.nanoTime();
    CircuitState before;
    CircuitState after;
    synchronized (this) {
      if (permit.reported) {
        return;
      }
      permit.reported = true;
      before = state;
      boolean slow = outcome != Outcome.NEUTRAL && all.settings().isSlow(nanos);
      if (permit == probe) {
        judgeProbe(outcome, slow, now, retryAfterNanos);
      } else if (outcome == Outcome.NEUTRAL) {
        return;
      } else if (permit.throughOpen
          && permit.epoch == epoch
          && before != CircuitState.CLOSED
          && outcome == Outcome.SUCCESS
          && !slow) {
        judgeProbe(outcome, false, now, retryAfterNanos);
      } else if (before == CircuitState.CLOSED && permit.epoch == epoch) {
        count(outcome, slow, now, retryAfterNanos);
      } else if (before == CircuitState.OPEN && outcome == Outcome.FAILURE) {
        openUntil = later(openUntil, now + asked(retryAfterNanos));
      }
      after = state;
    }
    if (after != before) {
      all.changed(key, before, after);
    }
  }

  /**
   * How long until an attempt can be let through, in nanoseconds: 0 when it can now. While a probe
   * is under way nobody knows; then it is at most the time that the breaker stays open.
   */
  synchronized long nanosToProbe(long now) {
    long nanos = nanosToNextProbe(now);
    return state == CircuitState.HALF_OPEN ? Math.min(nanos, all.settings().openNanos()) : nanos;
  }

  synchronized BreakerState snapshot(long now) {
    return new BreakerState(
        key,
        state,
        window.sum(ATTEMPTS, now),
        window.sum(FAILURES, now),
        window.sum(SLOW, now),
        nanosToProbe(now),
        sinceEpochNanos);
  }

  long lastUse() {
    return lastUse;
  }

  boolean isClosed() {
    return state == CircuitState.CLOSED;
  }

  private long nanosToNextProbe(long now) {
    if (state == CircuitState.OPEN) {
      return Math.max(0, openUntil - now);
    }
    return probe == null ? 0 : Math.max(0, probeUntil - now);
  }

  private void judgeProbe(Outcome outcome, boolean slow, long now, long retryAfterNanos) {
    probe = null;
    if (outcome == Outcome.SUCCESS && !slow) {
      epoch++;
      enter(CircuitState.CLOSED);
    } else if (outcome != Outcome.NEUTRAL) {
      open(now, retryAfterNanos);
    }
  }

  private void count(Outcome outcome, boolean slow, long now, long retryAfterNanos) {
    if (settings != all.settings()) {
      use(all.settings(), now);
    }
    window.add(ATTEMPTS, 1, now);
    window.add(FAILURES, outcome == Outcome.FAILURE ? 1 : 0, now);
    window.add(SLOW, slow ? 1 : 0, now);
    if (settings.trips(
        window.sum(ATTEMPTS, now), window.sum(FAILURES, now), window.sum(SLOW, now))) {
      open(now, retryAfterNanos);
    }
  }

  private void open(long now, long retryAfterNanos) {
    openUntil = now + Math.max(all.settings().openNanos(), asked(retryAfterNanos));
    window.clear();
    enter(CircuitState.OPEN);
  }

  private static long asked(long retryAfterNanos) {
    return Math.max(0, Math.min(retryAfterNanos, MAX_ASKED_NANOS));
  }

  private static long later(long one, long other) {
    return other - one > 0 ? other : one;
  }

  private void enter(CircuitState next) {
    if (state != next) {
      state = next;
      sinceEpochNanos = all.epochNanos();
    }
  }

  private void use(BreakerSettings next, long now) {
    if (settings == null || settings.windowNanos() != next.windowNanos()) {
      window = new SlidingCounts(COUNTERS, next.windowNanos(), now);
    }
    settings = next;
  }
}
