package io.flyball.engine.breaker;

import io.flyball.base.InternalErrors;
import io.flyball.engine.call.TimeSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A circuit breaker for every {@link io.flyball.engine.call.Service}, made when it is first asked
 * for. Thread safe, never blocks. Bounded: those that say nothing any more are dropped, and the
 * longest unused ones when there are too many.
 *
 * <p>A breaker opens when too many attempts of the window failed or were slow. When its time is
 * over it lets one probe at a time through: success closes it, failure opens it again, and a probe
 * that says nothing, or is never heard of again, makes room for another.
 */
public final class CircuitBreakers {
  private static final int MAX_BREAKERS = 1_000;
  private static final long IDLE_NANOS = 3_600_000_000_000L;
  private static final int AT_ONCE = MAX_BREAKERS / 16;

  /** More than any time since the last use. */
  private static final long CLOSED_FIRST = Long.MAX_VALUE / 2;

  /** Told when a breaker changes its state. */
  public interface Listener {

    /**
     * Called on the thread of the attempt that changed it, without any lock; changes of one breaker
     * by different threads may arrive out of order. Must not block.
     */
    void changed(String key, CircuitState from, CircuitState to);
  }

  private final TimeSource time;
  private final Listener listener;
  private final InternalErrors errors;
  private final Map<String, CircuitBreaker> breakers = new ConcurrentHashMap<>();
  private volatile BreakerSettings settings = BreakerSettings.DEFAULTS;

  /** With the usual settings, until {@link #configure}; nobody is told of changes. */
  public CircuitBreakers(TimeSource time) {
    this(time, (key, from, to) -> {}, (place, failure) -> {});
  }

  /**
   * With the usual settings, until {@link #configure}.
   *
   * @param errors is told when the listener fails
   */
  public CircuitBreakers(TimeSource time, Listener listener, InternalErrors errors) {
    this.time = Objects.requireNonNull(time, "time");
    this.listener = Objects.requireNonNull(listener, "listener");
    this.errors = Objects.requireNonNull(errors, "errors");
  }

  /** From now on these hold; breakers keep their state, and their counts when the window stays. */
  public void configure(BreakerSettings next) {
    settings = Objects.requireNonNull(next, "next");
  }

  /**
   * Asks to make an attempt.
   *
   * @param key of the {@link io.flyball.engine.call.Service}
   * @return what is to be told how the attempt ended; null when it is not to be made
   */
  public Permit tryAcquire(String key) {
    long now = time.nanoTime();
    CircuitBreaker breaker = breakers.get(key);
    return (breaker == null ? add(key, now) : breaker).tryAcquire(now);
  }

  /**
   * Asks to make an attempt in spite of an open breaker, because nobody else may answer. What it
   * finds counts: its success closes the breaker.
   *
   * @return what is to be told how the attempt ended
   */
  public Permit passOpen(String key) {
    long now = time.nanoTime();
    CircuitBreaker breaker = breakers.get(key);
    return (breaker == null ? add(key, now) : breaker).passOpen();
  }

  /** Whether attempts are refused also where nobody else may answer. */
  boolean alwaysRefuse() {
    return settings.alwaysRefuses();
  }

  /**
   * Others have found that a target fails: one attempt is let through to see, unless that was done
   * a moment ago.
   */
  public void suspect(String key) {
    long now = time.nanoTime();
    CircuitBreaker breaker = breakers.get(key);
    (breaker == null ? add(key, now) : breaker).suspect(now);
  }

  /** How long a breaker stays open, in milliseconds; positive. */
  public long openMillis() {
    return Math.max(1, settings.openNanos() / 1_000_000);
  }

  /**
   * How long until an attempt can be let through, in nanoseconds: 0 when it can now. While a probe
   * is under way nobody knows; then it is at most the time that the breaker stays open.
   */
  public long nanosToProbe(String key) {
    CircuitBreaker breaker = breakers.get(key);
    return breaker == null ? 0 : breaker.nanosToProbe(time.nanoTime());
  }

  /** Sorted by key. */
  public List<BreakerState> states() {
    long now = time.nanoTime();
    dropIdle(now);
    List<BreakerState> states = new ArrayList<>();
    for (CircuitBreaker breaker : breakers.values()) {
      states.add(breaker.snapshot(now));
    }
    states.sort(Comparator.comparing(BreakerState::key));
    return states;
  }

  private CircuitBreaker add(String key, long now) {
    if (breakers.size() >= MAX_BREAKERS) {
      dropIdle(now);
      if (breakers.size() >= MAX_BREAKERS) {
        dropLongestUnused(now);
      }
    }
    return breakers.computeIfAbsent(key, each -> new CircuitBreaker(each, this, now));
  }

  private void dropIdle(long now) {
    breakers.values().removeIf(each -> now - each.lastUse() > IDLE_NANOS);
  }

  /** Many at once, because that looks at all; those that are closed before the others. */
  private void dropLongestUnused(long now) {
    List<CircuitBreaker> all = new ArrayList<>(breakers.values());
    Map<CircuitBreaker, Long> unused = new IdentityHashMap<>();
    for (CircuitBreaker each : all) {
      // Looked at once: what others do meanwhile must not change the order while it is made.
      unused.put(each, now - each.lastUse() + (each.isClosed() ? CLOSED_FIRST : 0));
    }
    all.sort(Comparator.comparing((CircuitBreaker each) -> unused.get(each)).reversed());
    breakers.values().removeAll(new HashSet<>(all.subList(0, Math.min(all.size(), AT_ONCE))));
  }

  BreakerSettings settings() {
    return settings;
  }

  long nanoTime() {
    return time.nanoTime();
  }

  long epochNanos() {
    return time.epochNanos();
  }

  void changed(String key, CircuitState from, CircuitState to) {
    try {
      listener.changed(key, from, to);
    } catch (Throwable failure) {
      errors.report("listener of circuit breakers", failure);
    }
  }

  /** Leave for one attempt. The first report counts, further ones do nothing. Thread safe. */
  public static final class Permit {
    private final CircuitBreaker breaker;
    final int epoch;

    /** Whether it was given although the breaker is not closed, and for no probe. */
    final boolean throughOpen;

    /** Guarded by the breaker. */
    boolean reported;

    Permit(CircuitBreaker breaker, int epoch, boolean throughOpen) {
      this.breaker = breaker;
      this.epoch = epoch;
      this.throughOpen = throughOpen;
    }

    /**
     * The target answered.
     *
     * @param nanos how long the attempt took
     */
    public void success(long nanos) {
      report(CircuitBreaker.Outcome.SUCCESS, nanos, 0);
    }

    /**
     * The target failed.
     *
     * @param nanos how long the attempt took
     */
    public void failure(long nanos) {
      failure(nanos, 0);
    }

    /**
     * The target failed.
     *
     * @param nanos how long the attempt took
     * @param retryAfterNanos how long it asks to be left alone, which an open breaker respects up
     *     to five minutes; not positive when it does not ask
     */
    public void failure(long nanos, long retryAfterNanos) {
      report(CircuitBreaker.Outcome.FAILURE, nanos, retryAfterNanos);
    }

    /** The attempt says nothing about the target: cancelled, never made, the caller's fault. */
    public void neutral() {
      report(CircuitBreaker.Outcome.NEUTRAL, 0, 0);
    }

    private void report(CircuitBreaker.Outcome outcome, long nanos, long retryAfterNanos) {
      breaker.report(this, outcome, nanos, retryAfterNanos);
    }
  }
}
