package io.flyball.engine;

import io.flyball.engine.wire.Completions;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the work of a blocking call on the thread that waits for it. Once nobody waits any more,
 * work runs where it is handed over.
 */
final class CallerThread implements Executor {
  private final Thread caller = Thread.currentThread();
  private final Queue<Runnable> work = new ConcurrentLinkedQueue<>();
  private volatile boolean left;

  boolean isCurrent() {
    return Thread.currentThread() == caller;
  }

  @Override
  public void execute(Runnable task) {
    if (left) {
      task.run();
      return;
    }
    work.add(task);
    LockSupport.unpark(caller);
    if (left && work.remove(task)) {
      task.run();
    }
  }

  /**
   * Works until the result is there.
   *
   * @throws InterruptedIOException when this thread is interrupted while there is nothing to do;
   *     its flag is set again
   * @throws IOException the result's own exception, as any other exception of it
   */
  <T> T await(CompletableFuture<T> result) throws IOException {
    try {
      if (!result.isDone()) {
        Completions.onEnd(result, () -> LockSupport.unpark(caller));
      }
      while (!result.isDone()) {
        Runnable task = work.poll();
        if (task != null) {
          task.run();
        } else if (Thread.interrupted()) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("interrupted");
        } else {
          LockSupport.park(this);
        }
      }
    } finally {
      left = true;
      for (Runnable task = work.poll(); task != null; task = work.poll()) {
        task.run();
      }
    }
    Throwable failure = Completions.failureOf(result);
    if (failure != null) {
      throw Completions.<IOException>sneakyThrow(failure);
    }
    return result.join();
  }
}
