package io.flyball.engine.limit;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.Timer;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Calls that wait for their turn, in the order of coming. Nobody overtakes another who waits for
 * the same thing, but those who need only what is there pass. Guarded by the limiter's lock where
 * nothing else is said.
 */
final class WaitingLine {
  private static final int MAX_WAITING = 10_000;

  /** So long at most are the others' answers awaited by calls that may not wait by themselves. */
  private static final long ANSWER_NANOS = 3_000_000_000L;

  private final Object lock;
  private final TimeSource time;
  private final Timer timer;
  private final Passage passage;
  private final Set<Waiter> queue = new LinkedHashSet<>();
  private long round;
  private Timer.Scheduled wakeUp;
  private long wakeUpAt;

  /** Lets a call through. */
  interface Passage {
    Lease take(List<Gate> gates, long tokens, long now);
  }

  WaitingLine(Object lock, TimeSource time, Timer timer, Passage passage) {
    this.lock = lock;
    this.time = time;
    this.timer = timer;
    this.passage = passage;
  }

  /**
   * Puts a call at the end of the line.
   *
   * @param decided takes those about whom something was decided by that, perhaps the new one
   */
  Waiter enter(
      List<Gate> gates,
      long tokens,
      long now,
      long maxWaitNanos,
      Executor executor,
      List<Waiter> decided) {
    Waiter waiter = new Waiter(gates, tokens, now, Math.max(0, maxWaitNanos), executor);
    boolean full = queue.size() >= MAX_WAITING;
    waiter.enqueue();
    decided.addAll(goThrough(now));
    if (waiter.decision == null && (full || maxWaitNanos <= 0 && !waiter.isAsking())) {
      queue.remove(waiter);
      waiter.refuse(now);
      decided.addAll(goThrough(now));
    }
    return waiter;
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
  List<Waiter> goThrough(long now) {
    List<Waiter> decided = new ArrayList<>();
    boolean again;
    do {
      // Who is refused stands in nobody's way any more.
      again = goThrough(now, decided);
    } while (again);
    if (queue.isEmpty() && wakeUp != null) {
      wakeUp.cancel();
      wakeUp = null;
    }
    return decided;
  }

  /** Returns whether somebody was refused. */
  private boolean goThrough(long now, List<Waiter> decided) {
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
          gate.ask(waiter.tokens, now);
        }
      }
      if (passes) {
        inOrder.remove();
        waiter.pass(now);
        decided.add(waiter);
      } else if (waiter.isBeyond(closed, now)) {
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
      decided = goThrough(time.nanoTime());
    }
    decided.forEach(Waiter::handOver);
  }

  /** A call that could not be let through at once. */
  final class Waiter {
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

    /** Whether it cannot be let through in its time: others may answer after that, too. */
    boolean isBeyond(long closed, long now) {
      long left = nanosLeft(now);
      return left > 0 ? closed > left : !isAsking();
    }

    boolean isAsking() {
      for (Gate gate : gates) {
        if (gate.isAsking()) {
          return true;
        }
      }
      return false;
    }

    void enqueue() {
      queue.add(this);
      for (Gate gate : gates) {
        gate.waiting++;
        gate.waitingTokens += tokens;
      }
    }

    /** Is let through; it is no longer in the queue. */
    void pass(long now) {
      stopWaiting();
      decision = Admission.granted(passage.take(gates, tokens, now), now - since);
    }

    /** Is not let through; it is no longer in the queue. */
    void refuse(long now) {
      decision = Admission.refused(refusal(this, now), now - since);
      stopWaiting();
    }

    private void stopWaiting() {
      for (Gate gate : gates) {
        gate.waiting--;
        gate.waitingTokens -= tokens;
      }
    }

    /** Not under the lock. */
    CompletionStage<Admission> await(Cancellation cancellation) {
      long longest;
      synchronized (lock) {
        if (decision != null) {
          handedOver.set(true);
          return Completions.completed(decision);
        }
        longest = isAsking() ? Math.max(maxWait, ANSWER_NANOS) : maxWait;
      }
      try {
        timeout = timer.schedule(longest, this::giveUp);
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
        decided = goThrough(now);
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
          decided = goThrough(now);
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
      Completions.execute(executor, completion);
    }
  }
}
