package io.flyball.engine.limit;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.Timer;
import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.Completions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongConsumer;

/**
 * Lets calls through as the limits allow: all that a call needs at once or nothing of it. Who has
 * to wait stands in a queue; nobody overtakes another who waits for the same thing, but those who
 * need only what is there pass. Blocks nobody: the lock is held for a few steps of arithmetic.
 *
 * <p>Bounded: of the longest unused values of a scope it forgets what they used, and beyond ten
 * thousand nobody may wait. When there is no timer any more, nobody waits either: calls go on.
 */
public final class Limiter {
  private static final int MAX_VALUES = 5_000;
  private static final int MAX_WAITING = 10_000;
  private static final LimitScope[] SCOPES = LimitScope.values();

  private final TimeSource time;
  private final Timer timer;
  private final long origin;
  private final Object lock = new Object();
  private final Map<LimitScope, Map<String, KeyGate>> keys = new EnumMap<>(LimitScope.class);
  private final Map<String, PressureGate> providers = longestUnusedFirst();
  private final Set<Waiter> queue = new LinkedHashSet<>();
  private long round;
  private Timer.Scheduled wakeUp;
  private long wakeUpAt;
  private volatile LimitSettings settings = LimitSettings.NONE;

  /** Without limits, until {@link #configure}. */
  public Limiter(TimeSource time, Timer timer) {
    this.time = Objects.requireNonNull(time, "time");
    this.timer = Objects.requireNonNull(timer, "timer");
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
    List<Waiter> decided;
    synchronized (lock) {
      settings = Objects.requireNonNull(next, "next");
      for (Map<String, KeyGate> ofScope : keys.values()) {
        for (KeyGate gate : ofScope.values()) {
          gate.limit(next.of(gate.scope(), gate.value()));
        }
      }
      if (!next.adaptive()) {
        providers.values().forEach(PressureGate::lift);
      }
      decided = goThroughQueue(time.nanoTime());
    }
    decided.forEach(Waiter::handOver);
  }

  /** Whether it matters how many tokens a call will use: whether any limit counts them. */
  public boolean countsTokens() {
    return settings.countsTokens();
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
    Waiter waiter;
    List<Waiter> decided;
    synchronized (lock) {
      long now = time.nanoTime();
      List<Gate> gates = gatesOf(request, now);
      if (isFree(gates, request.tokens(), now)) {
        return Completions.completed(Admission.granted(take(gates, request.tokens(), now), 0));
      }
      waiter = new Waiter(gates, request.tokens(), now, Math.max(0, maxWaitNanos), executor);
      boolean full = queue.size() >= MAX_WAITING;
      waiter.enqueue();
      decided = goThroughQueue(now);
      if (waiter.decision == null && (full || maxWaitNanos <= 0)) {
        queue.remove(waiter);
        waiter.refuse(now);
        decided.addAll(goThroughQueue(now));
      }
    }
    for (Waiter each : decided) {
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

  /** Changes something about a lease, and lets those through who waited for that. */
  void change(Lease lease, LongConsumer change) {
    List<Waiter> decided = Collections.emptyList();
    synchronized (lock) {
      long now = time.nanoTime();
      change.accept(now);
      if (lease.isAwaited()) {
        decided = goThroughQueue(now);
      }
    }
    decided.forEach(Waiter::handOver);
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
      gate = new KeyGate(scope, value, limits, origin);
      ofScope.put(value, gate);
    }
    return gate;
  }

  private static void makeRoom(Map<String, ? extends Gate> gates) {
    if (gates.size() < MAX_VALUES) {
      return;
    }
    for (Iterator<? extends Gate> each = gates.values().iterator(); each.hasNext(); ) {
      if (!each.next().isInUse()) {
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

  /** What the waiter could not pass; where there is room, that for which others wait before it. */
  private static Refusal refusal(Waiter waiter, long now) {
    Gate before = waiter.gates.get(0);
    for (Gate gate : waiter.gates) {
      if (gate.nanosUntil(waiter.tokens, now) > 0) {
        return gate.refusal(waiter.tokens, now);
      }
      before = gate.waiting > before.waiting ? gate : before;
    }
    return before.refusal(waiter.tokens, now);
  }

  /** Lets through who can be, in order; refuses who cannot be for certain. */
  private List<Waiter> goThroughQueue(long now) {
    List<Waiter> decided = new ArrayList<>();
    boolean again;
    do {
      // Who is refused stands in nobody's way any more.
      again = goThroughQueue(now, decided);
    } while (again);
    if (queue.isEmpty() && wakeUp != null) {
      wakeUp.cancel();
      wakeUp = null;
    }
    return decided;
  }

  /** Returns whether somebody was refused. */
  private boolean goThroughQueue(long now, List<Waiter> decided) {
    round++;
    boolean refused = false;
    boolean everybodyBlocked = false;
    long soonest = Long.MAX_VALUE;
    Iterator<Waiter> inOrder = queue.iterator();
    while (inOrder.hasNext() && !everybodyBlocked) {
      Waiter waiter = inOrder.next();
      boolean passes = true;
      long closed = 0;
      for (Gate gate : waiter.gates) {
        if (gate.blockedInRound == round) {
          passes = false;
          continue;
        }
        long nanos = gate.nanosUntil(waiter.tokens, now);
        if (nanos > 0) {
          passes = false;
          gate.blockedInRound = round;
          everybodyBlocked |= gate.waiting == queue.size();
          soonest = Math.min(soonest, nanos);
          closed = Math.max(closed, gate.nanosClosed(now));
        }
      }
      if (passes) {
        inOrder.remove();
        waiter.pass(now);
        decided.add(waiter);
      } else if (closed > waiter.nanosLeft(now)) {
        inOrder.remove();
        waiter.refuse(now);
        decided.add(waiter);
        refused = true;
      }
    }
    if (soonest < Long.MAX_VALUE) {
      wakeUpAfter(soonest, now, decided);
    }
    return refused;
  }

  private void wakeUpAfter(long nanos, long now, List<Waiter> decided) {
    long at = now + nanos;
    if (wakeUp != null && at - wakeUpAt >= 0) {
      return;
    }
    if (wakeUp != null) {
      wakeUp.cancel();
      wakeUp = null;
    }
    try {
      wakeUpAt = at;
      wakeUp = timer.schedule(nanos, this::wakeUp);
    } catch (RejectedExecutionException noTimer) {
      letAllThrough(now, decided);
    }
  }

  private void letAllThrough(long now, List<Waiter> decided) {
    for (Waiter waiter : queue) {
      waiter.pass(now);
      decided.add(waiter);
    }
    queue.clear();
  }

  private void wakeUp() {
    List<Waiter> decided;
    synchronized (lock) {
      wakeUp = null;
      decided = goThroughQueue(time.nanoTime());
    }
    decided.forEach(Waiter::handOver);
  }

  /** A call that could not be let through at once. */
  private final class Waiter {
    final List<Gate> gates;
    final long tokens;
    final long since;
    private final long maxWait;
    private final Executor executor;
    private final CompletableFuture<Admission> stage = new CompletableFuture<>();
    private final AtomicBoolean handedOver = new AtomicBoolean();
    private volatile Timer.Scheduled timeout;

    /** Null while it waits. Changed under the lock. */
    volatile Admission decision;

    Waiter(List<Gate> gates, long tokens, long since, long maxWait, Executor executor) {
      this.gates = gates;
      this.tokens = tokens;
      this.since = since;
      this.maxWait = maxWait;
      this.executor = executor;
    }

    long nanosLeft(long now) {
      return maxWait - (now - since);
    }

    void enqueue() {
      queue.add(this);
      for (Gate gate : gates) {
        gate.waiting++;
      }
    }

    /** Is let through; it is no longer in the queue. */
    void pass(long now) {
      stopWaiting();
      decision = Admission.granted(take(gates, tokens, now), now - since);
    }

    /** Is not let through; it is no longer in the queue. */
    void refuse(long now) {
      decision = Admission.refused(refusal(this, now), now - since);
      stopWaiting();
    }

    private void stopWaiting() {
      for (Gate gate : gates) {
        gate.waiting--;
      }
    }

    CompletionStage<Admission> await(Cancellation cancellation) {
      synchronized (lock) {
        if (decision != null) {
          handedOver.set(true);
          return Completions.completed(decision);
        }
      }
      try {
        timeout = timer.schedule(maxWait, this::giveUp);
      } catch (RejectedExecutionException noTimer) {
        // It may have forgotten the others, too.
        List<Waiter> decided = new ArrayList<>();
        synchronized (lock) {
          letAllThrough(time.nanoTime(), decided);
        }
        decided.forEach(Waiter::handOver);
      }
      cancellation.onCancel(() -> cancel(cancellation.reason()));
      if (decision != null) {
        stopTimeout();
      }
      return stage;
    }

    private void giveUp() {
      List<Waiter> decided;
      synchronized (lock) {
        if (decision != null) {
          return;
        }
        long now = time.nanoTime();
        queue.remove(this);
        refuse(now);
        decided = goThroughQueue(now);
      }
      handOver();
      decided.forEach(Waiter::handOver);
    }

    private void cancel(Throwable reason) {
      List<Waiter> decided = Collections.emptyList();
      if (!handedOver.compareAndSet(false, true)) {
        return;
      }
      Lease unused = null;
      synchronized (lock) {
        if (decision == null) {
          long now = time.nanoTime();
          queue.remove(this);
          refuse(now);
          decided = goThroughQueue(now);
        } else {
          unused = decision.lease();
        }
      }
      if (unused != null) {
        unused.giveBack();
      }
      stopTimeout();
      execute(() -> stage.completeExceptionally(reason));
      decided.forEach(Waiter::handOver);
    }

    /** Tells what was decided; not under the lock. */
    void handOver() {
      stopTimeout();
      execute(
          () -> {
            if (handedOver.compareAndSet(false, true)) {
              stage.complete(decision);
            }
          });
    }

    private void stopTimeout() {
      Timer.Scheduled running = timeout;
      if (running != null) {
        running.cancel();
      }
    }

    private void execute(Runnable completion) {
      try {
        executor.execute(completion);
      } catch (RejectedExecutionException gone) {
        completion.run();
      }
    }
  }
}
