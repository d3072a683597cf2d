package io.flyball.engine;

import io.flyball.wire.Completions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Runs the work of a blocking call on the thread that waits for it. Between the thread that has
 * begun the call and the one that comes for its answer work waits. Once nobody waits any more, it
 * runs where the client says, else where it is handed over.
 */
final class CallerThread implements Executor {
  /** Where there is no memory, the one who would wake the caller may fail on the way to it. */
  private static final long LONGEST_NAP_NANOS = 1_000_000_000L;

  /** Null while nobody is here. */
  private volatile Thread caller = Thread.currentThread();

  private final Executor afterwards;
  private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
  private volatile boolean left;

  /** Touched by the caller's thread only. */
  private PriorityQueue<Later> later;

  /**
   * @param afterwards where work runs once nobody waits any more; null for where it is handed over
   */
  CallerThread(Executor afterwards) {
    this.afterwards = afterwards;
  }

  boolean isCurrent() {
    return Thread.currentThread() == caller;
  }

  @Override
  public void execute(Runnable task) {
    if (left) {
      runElsewhere(task);
      return;
    }
    work.add(task);
    LockSupport.unpark(caller);
    if (left && work.remove(task)) {
      runElsewhere(task);
    }
  }

  private void runElsewhere(Runnable task) {
    if (afterwards == null) {
      task.run();
      return;
    }
    try {
      afterwards.execute(task);
    } catch (RejectedExecutionException closed) {
      task.run();
    }
  }

  /**
   * Runs the task after that time, while the caller waits; to be called on its own thread.
   *
   * @param interrupted run instead when the caller is interrupted before, which ends nothing but
   *     this wait then; null where it ends the call
   */
  void executeAfter(long nanos, Runnable task, Runnable interrupted) {
    if (later == null) {
      later = new PriorityQueue<>();
    }
    later.add(new Later(System.nanoTime() + nanos, task, interrupted));
  }

  /**
   * Works until that is so, the result is there, the time is over, or this thread is interrupted.
   * Then nobody is here until somebody awaits the result.
   */
  void workUntil(BooleanSupplier enough, long nanos, CompletableFuture<?> result) {
    long end = System.nanoTime() + nanos;
    try {
      if (!result.isDone()) {
        Completions.onEnd(result, () -> LockSupport.unpark(caller));
      }
      long left = nanos;
      while (!result.isDone() && !enough.getAsBoolean() && left > 0 && !caller.isInterrupted()) {
        Runnable task = next();
        if (task == null) {
          park(left);
        } else {
          Completions.orFail(result, task);
        }
        left = end - System.nanoTime();
      }
    } finally {
      caller = null;
    }
  }

  private void park(long mostNanos) {
    Later first = later == null ? null : later.peek();
    long nanos = Math.min(mostNanos, LONGEST_NAP_NANOS);
    LockSupport.parkNanos(
        this, first == null ? nanos : Math.min(nanos, first.nanoTime - System.nanoTime()));
  }

  /**
   * Works until the result is there.
   *
   * @param first done before anything else
   * @throws InterruptedIOException when this thread is interrupted while there is nothing to do;
   *     its flag is set again
   * @throws IOException the result's own exception, as any other exception of it
   */
  <T> T await(CompletableFuture<T> result, Runnable first) throws IOException {
    caller = Thread.currentThread();
    Completions.orFail(result, first);
    awaitEnd(result);
    Throwable failure = Completions.failureOf(result);
    if (failure != null) {
      throw Completions.<IOException>sneakyThrow(failure);
    }
    return result.join();
  }

  /** The same without asking how it ended. What a task throws ends the result. */
  void awaitEnd(CompletableFuture<?> result) throws InterruptedIOException {
    try {
      if (!result.isDone()) {
        Completions.onEnd(result, () -> LockSupport.unpark(caller));
      }
      while (!result.isDone()) {
        Runnable task = next();
        if (task != null) {
          Completions.orFail(result, task);
        } else if (Thread.interrupted()) {
          Thread.currentThread().interrupt();
          if (!endPauses(result)) {
            throw new InterruptedIOException("interrupted");
          }
        } else {
          park(LONGEST_NAP_NANOS);
        }
      }
    } finally {
      left = true;
      for (Runnable task = work.poll(); task != null; task = work.poll()) {
        Completions.orFail(result, task);
      }
    }
  }

  /** Returns whether there was one that an interruption ends without the call. */
  private boolean endPauses(CompletableFuture<?> result) {
    boolean any = false;
    if (later != null) {
      for (Later one : later.toArray(new Later[0])) {
        if (one.interrupted != null) {
          any = true;
          later.remove(one);
          Completions.orFail(result, one.interrupted);
        }
      }
    }
    return any;
  }

  private Runnable next() {
    Later first = later == null ? null : later.peek();
    // An interruption ends a wait also when it comes as the wait is over.
    boolean due = first != null && first.nanoTime - System.nanoTime() <= 0;
    if (due && !caller.isInterrupted()) {
      later.poll();
      return first.task;
    }
    return work.poll();
  }

  /** A task for later. */
  private static final class Later implements Comparable<Later> {
    final long nanoTime;
    final Runnable task;
    final Runnable interrupted;

    Later(long nanoTime, Runnable task, Runnable interrupted) {
      this.nanoTime = nanoTime;
      this.task = task;
      this.interrupted = interrupted;
    }

    @Override
    public int compareTo(Later other) {
      return Long.signum(nanoTime - other.nanoTime);
    }
  }
}
