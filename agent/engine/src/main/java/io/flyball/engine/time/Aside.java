package io.flyball.engine.time;

import io.flyball.base.DetachedThread;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads of ours, with a whole stack each, for work of a thread that has little left. One of them
 * is there from the beginning, so that handing it work takes next to nothing.
 */
public final class Aside {
  private static final int MOST_THREADS = 64;
  private static final long IDLE_SECONDS = 10;

  /** Some JVMs are told to give every thread a small stack. */
  private static final ThreadPoolExecutor THREADS =
      new ThreadPoolExecutor(
          1,
          MOST_THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> DetachedThread.create("flyball-aside", work));

  private Aside() {}

  /** Has a thread ready from now on, and all that it takes to hand it something. */
  public static void prepare() {
    THREADS.prestartCoreThread();
    call(() -> null, 1, TimeUnit.SECONDS);
  }

  /**
   * Does that on a thread of ours, which this one waits for.
   *
   * @return what came of it
   * @throws RejectedExecutionException when nothing came of it in time, or no thread was to be had;
   *     it may still be done then
   */
  public static <T> T call(Callable<T> work, long time, TimeUnit unit) {
    Task<T> task = new Task<>(work);
    THREADS.execute(task);
    if (!Uninterrupted.await(task.done, time, unit)) {
      throw new RejectedExecutionException("it takes too long");
    }
    return task.result();
  }

  /**
   * Does that on a thread of ours in place of this one: an interruption of this thread is one of
   * that thread.
   *
   * @return what came of it
   * @throws RejectedExecutionException when no thread was to be had; then nothing is done
   */
  public static <T> T inPlaceOfThisThread(Callable<T> work) {
    Task<T> task = new Task<>(work);
    THREADS.execute(task);
    while (!task.hasEnded()) {
      // It has been told of an interruption.
    }
    if (task.leftInterrupted) {
      Thread.currentThread().interrupt();
    }
    return task.result();
  }

  /**
   * Does that on a thread of ours, some time.
   *
   * @throws RejectedExecutionException when no thread was to be had
   */
  public static void execute(Runnable work) {
    THREADS.execute(work);
  }

  /** A piece of work that somebody waits for. */
  private static final class Task<T> implements Runnable {
    private final Callable<T> work;
    final CountDownLatch done = new CountDownLatch(1);
    private T value;
    private Throwable failure;
    private Thread thread;
    private boolean interrupted;

    /** Whether the work has left an interruption for who comes next. */
    private boolean leftInterrupted;

    Task(Callable<T> work) {
      this.work = work;
    }

    @Override
    public void run() {
      begin(Thread.currentThread());
      try {
        value = work.call();
      } catch (Throwable thrown) {
        failure = thrown;
      } finally {
        begin(null);
        leftInterrupted = Thread.interrupted();
        done.countDown();
      }
    }

    private synchronized void begin(Thread worker) {
      thread = worker;
      if (interrupted && worker != null) {
        worker.interrupt();
      }
    }

    /** False when whoever waits for that was interrupted. */
    boolean hasEnded() {
      try {
        done.await();
        return true;
      } catch (InterruptedException interruption) {
        interrupt();
        return false;
      }
    }

    private synchronized void interrupt() {
      interrupted = true;
      if (thread != null) {
        thread.interrupt();
      }
    }

    T result() {
      if (failure != null) {
        throw Task.<RuntimeException>asItIs(failure);
      }
      return value;
    }

    @SuppressWarnings("unchecked")
    private static <X extends Throwable> RuntimeException asItIs(Throwable thrown) throws X {
      throw (X) thrown;
    }
  }
}
