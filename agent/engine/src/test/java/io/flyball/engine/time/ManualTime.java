package io.flyball.engine.time;

import io.flyball.engine.call.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Time that passes when a test says so, and the timer that goes with it. Thread safe. */
public final class ManualTime implements TimeSource, Timer {
  // So that arithmetic that only works without overflow shows.
  private static final long START = Long.MAX_VALUE - 1_000;
  private static final long START_EPOCH = TimeUnit.DAYS.toNanos(20_000);

  private final List<Task> tasks = new ArrayList<>();
  private long now = START;
  private boolean closed;

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  @Override
  public synchronized long epochNanos() {
    return START_EPOCH + (now - START);
  }

  @Override
  public synchronized Scheduled schedule(long nanos, Runnable task) {
    if (closed) {
      throw new RejectedExecutionException("closed");
    }
    // Threads that are a step behind compare with it.
    Task scheduled = new Task(now + Math.min(nanos, Long.MAX_VALUE / 2), task);
    tasks.add(scheduled);
    return () -> {
      synchronized (ManualTime.this) {
        tasks.remove(scheduled);
      }
    };
  }

  /** Nothing is scheduled any more. */
  public synchronized void close() {
    closed = true;
    tasks.clear();
  }

  public synchronized int scheduled() {
    return tasks.size();
  }

  public void advanceMillis(long millis) {
    advance(millis, TimeUnit.MILLISECONDS);
  }

  public void advance(long amount, TimeUnit unit) {
    advanceNanos(unit.toNanos(amount));
  }

  /** Runs what becomes due on the way, in its order. */
  public void advanceNanos(long nanos) {
    long until = nanoTime() + nanos;
    for (Task due = nextUntil(until); due != null; due = nextUntil(until)) {
      due.work.run();
    }
  }

  private synchronized Task nextUntil(long until) {
    Task next = null;
    for (Task task : tasks) {
      if (task.at - until <= 0 && (next == null || task.at - next.at < 0)) {
        next = task;
      }
    }
    if (next == null) {
      now = until - now > 0 ? until : now;
    } else {
      tasks.remove(next);
      now = next.at - now > 0 ? next.at : now;
    }
    return next;
  }

  private static final class Task {
    final long at;
    final Runnable work;

    Task(long at, Runnable work) {
      this.at = at;
      this.work = work;
    }
  }
}
