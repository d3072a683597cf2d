package io.flyball.engine.limit;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.share.Share;
import io.flyball.engine.share.ShareExchange;
import io.flyball.engine.share.ShareOwner;
import io.flyball.engine.time.Timer;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongConsumer;
import java.util.function.LongFunction;

/**
 * Lets calls through as the limits allow: all that a call needs at once or nothing of it. Who has
 * to wait stands in a queue; nobody overtakes another who waits for the same thing, but those who
 * need only what is there pass. Blocks nobody: the lock is held for a few steps of arithmetic.
 *
 * <p>Bounded: of the longest unused values of a scope it forgets what they used, and beyond ten
 * thousand nobody may wait. When there is no timer any more, nobody waits either: calls go on.
 */
public final class Limiter implements ShareOwner {
  private static final int MAX_VALUES = 5_000;
  private static final LimitScope[] SCOPES = LimitScope.values();

  private final TimeSource time;
  private final ShareExchange others;
  private final WaitingLine line;
  private final long origin;
  private final Object lock = new Object();
  private final Map<LimitScope, Map<String, KeyGate>> keys = new EnumMap<>(LimitScope.class);
  private final Map<String, PressureGate> providers = longestUnusedFirst();
  private volatile LimitSettings settings = LimitSettings.NONE;

  /** With limits of this JVM alone. */
  public Limiter(TimeSource time, Timer timer) {
    this(time, timer, null);
  }

  /**
   * Without limits, until {@link #configure}.
   *
   * @param others with whom this JVM has its limits together, where the settings say so; null:
   *     nobody
   */
  public Limiter(TimeSource time, Timer timer, ShareExchange others) {
    this.time = Objects.requireNonNull(time, "time");
    this.others = others;
    this.line = new WaitingLine(lock, time, Objects.requireNonNull(timer, "timer"), this::take);
    this.origin = time.nanoTime();
    for (LimitScope scope : SCOPES) {
      keys.put(scope, longestUnusedFirst());
    }
  }

  private static <G> Map<String, G> longestUnusedFirst() {
    return new LinkedHashMap<>(16, 0.75f, true);
  }

  /** From now on these hold, for those who wait, too. What was counted stays. */
  public void configure(LimitSettings next) {
    List<WaitingLine.Waiter> decided;
    synchronized (lock) {
      settings = Objects.requireNonNull(next, "next");
      for (Map<String, KeyGate> ofScope : keys.values()) {
        for (KeyGate gate : ofScope.values()) {
          gate.limit(next.of(gate.scope(), gate.value()), sharing(gate));
        }
      }
      if (!next.adaptive()) {
        providers.values().forEach(PressureGate::lift);
      }
      decided = line.goThrough(time.nanoTime());
    }
    decided.forEach(WaitingLine.Waiter::handOver);
  }

  /** Whether it matters how many tokens a call will use: whether any limit counts them. */
  public boolean countsTokens() {
    return settings.countsTokens();
  }

  /**
   * Whether an attempt is held back by what the provider has said of others with the same
   * credential.
   *
   * @param othersMayAnswer whether somebody else may if it is held back
   */
  public boolean heedsProviders(boolean othersMayAnswer) {
    LimitSettings current = settings;
    return current.adaptive() && (othersMayAnswer || current.adaptiveForAll());
  }

  /**
   * Asks to let a call through.
   *
   * @param maxWaitNanos how long it may wait; not positive: not at all
   * @param cancellation when it fires the call waits no more, and the stage fails with its reason
   * @param executor where the stage is completed, unless it is complete already
   * @return complete when the call need not wait. Once it completes with a lease, that must be
   *     released
   */
  public CompletionStage<Admission> acquire(
      LimitRequest request, long maxWaitNanos, Cancellation cancellation, Executor executor) {
    if (!isLimited(request, settings)) {
      return Completions.completed(Admission.UNLIMITED);
    }
    WaitingLine.Waiter waiter;
    List<WaitingLine.Waiter> decided = new ArrayList<>();
    synchronized (lock) {
      long now = time.nanoTime();
      List<Gate> gates = gatesOf(request, now);
      if (isFree(gates, request.tokens(), now)) {
        return Completions.completed(Admission.granted(take(gates, request.tokens(), now), 0));
      }
      waiter = line.enter(gates, request.tokens(), now, maxWaitNanos, executor, decided);
    }
    for (WaitingLine.Waiter each : decided) {
      if (each != waiter) {
        each.handOver();
      }
    }
    return waiter.await(cancellation);
  }

  /** Of everything that is limited, in no particular order. */
  public List<LimitState> states() {
    List<LimitState> states = new ArrayList<>();
    long now = time.nanoTime();
    synchronized (lock) {
      for (Map<String, KeyGate> ofScope : keys.values()) {
        for (KeyGate gate : ofScope.values()) {
          states.add(gate.state(now));
        }
      }
    }
    return states;
  }

  /**
   * How many calls a minute are let through to a provider that was asked too much; infinite when it
   * is not held back.
   */
  public double perMinute(String provider) {
    synchronized (lock) {
      PressureGate gate = providers.get(provider);
      return gate == null ? Double.POSITIVE_INFINITY : gate.limitPerMinute(time.nanoTime());
    }
  }

  /** Of all that this JVM has something of. */
  @Override
  public List<Share> shares(long epochMillis) {
    List<Share> shares = new ArrayList<>();
    synchronized (lock) {
      long now = time.nanoTime();
      for (Map<String, KeyGate> ofScope : keys.values()) {
        for (KeyGate gate : ofScope.values()) {
          gate.eachShareInUse(now, shares::add);
        }
      }
    }
    return shares;
  }

  @Override
  public void wake() {
    List<WaitingLine.Waiter> decided;
    synchronized (lock) {
      decided = line.goThrough(time.nanoTime());
    }
    decided.forEach(WaitingLine.Waiter::handOver);
  }

  /** For what is shared, which is asked for and answered on another thread. */
  <T> T locked(LongFunction<T> work) {
    synchronized (lock) {
      return work.apply(time.nanoTime());
    }
  }

  /** Changes something about a lease, and lets those through who waited for that. */
  void change(Lease lease, LongConsumer change) {
    List<WaitingLine.Waiter> decided = Collections.emptyList();
    synchronized (lock) {
      long now = time.nanoTime();
      change.accept(now);
      if (lease.isAwaited()) {
        decided = line.goThrough(now);
      }
    }
    decided.forEach(WaitingLine.Waiter::handOver);
  }

  private static boolean isLimited(LimitRequest request, LimitSettings by) {
    if (by.adaptive() && request.provider() != null) {
      return true;
    }
    for (LimitScope scope : SCOPES) {
      String value = request.valueOf(scope);
      if (value != null && !by.of(scope, value).isNone()) {
        return true;
      }
    }
    return false;
  }

  private List<Gate> gatesOf(LimitRequest request, long now) {
    List<Gate> gates = new ArrayList<>(SCOPES.length + 1);
    for (LimitScope scope : SCOPES) {
      String value = request.valueOf(scope);
      if (value != null) {
        Limits limits = settings.of(scope, value);
        if (!limits.isNone()) {
          gates.add(keyGate(scope, value, limits));
        }
      }
    }
    if (settings.adaptive() && request.provider() != null) {
      PressureGate gate = providers.get(request.provider());
      if (gate == null) {
        makeRoom(providers);
        gate = new PressureGate(now);
        providers.put(request.provider(), gate);
      }
      gates.add(gate);
    }
    return gates;
  }

  private KeyGate keyGate(LimitScope scope, String value, Limits limits) {
    Map<String, KeyGate> ofScope = keys.get(scope);
    KeyGate gate = ofScope.get(value);
    if (gate == null) {
      makeRoom(ofScope);
      gate = new KeyGate(scope, value, origin);
      gate.limit(limits, sharing(gate));
      ofScope.put(value, gate);
    }
    return gate;
  }

  /** Null where limits are this JVM's alone. */
  private LimitShare.Maker sharing(KeyGate gate) {
    if (others == null || !settings.shared()) {
      return null;
    }
    return quota ->
        new LimitShare(
            this,
            quota,
            others,
            Share.keyOf("limit\0" + quota.kind() + '\0' + gate.scope() + '\0' + gate.value()),
            origin);
  }

  private static void makeRoom(Map<String, ? extends Gate> gates) {
    if (gates.size() < MAX_VALUES) {
      return;
    }
    for (Iterator<? extends Gate> each = gates.values().iterator(); each.hasNext(); ) {
      Gate gate = each.next();
      if (!gate.isInUse()) {
        gate.forget();
        each.remove();
        return;
      }
    }
  }

  /** Whether nobody waits for any of it and there is room. */
  private static boolean isFree(List<Gate> gates, long tokens, long now) {
    for (Gate gate : gates) {
      if (gate.waiting > 0 || gate.nanosUntil(tokens, now) > 0) {
        return false;
      }
    }
    return true;
  }

  private Lease take(List<Gate> gates, long tokens, long now) {
    List<Gate.Hold> holds = new ArrayList<>(gates.size());
    for (Gate gate : gates) {
      holds.add(gate.take(tokens, now));
    }
    return new Lease(this, holds, tokens, now);
  }
}
