package io.flyball.engine;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.Timer;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;

/** Time that passes when a test says so, and the timer that goes with it. */
final class ManualClock implements TimeSource, Timer {
  private final List<Task> tasks = new CopyOnWriteArrayList<>();
  private volatile long now = 1_000;
  private volatile boolean dead;

  @Override
  public long nanoTime() {
    return now;
  }

  @Override
  public long epochNanos() {
    return now;
  }

  @Override
  public Scheduled schedule(long nanos, Runnable task) {
    if (dead) {
      throw new RejectedExecutionException("no timer");
    }
    Task scheduled = new Task(now + nanos, task);
    tasks.add(scheduled);
    return () -> tasks.remove(scheduled);
  }

  /** Runs what becomes due on the way, in its order. */
  void advanceMillis(long millis) {
    long until = now + millis * 1_000_000;
    while (true) {
      Task due =
          tasks.stream()
              .filter(task -> task.at <= until)
              .min(Comparator.comparingLong(task -> task.at))
              .orElse(null);
      if (due == null) {
        now = until;
        return;
      }
      tasks.remove(due);
      now = Math.max(now, due.at);
      due.work.run();
    }
  }

  /** Nothing is scheduled any more. */
  void die() {
    dead = true;
    tasks.clear();
  }

  int waiting() {
    return tasks.size();
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
