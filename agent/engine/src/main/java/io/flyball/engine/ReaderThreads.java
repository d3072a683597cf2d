package io.flyball.engine;

import io.flyball.base.DetachedThread;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads that wait for a blocking client where the thread at hand is one of the client's own:
 * whoever blocks it blocks every call on its connection. None while none is needed.
 */
final class ReaderThreads {
  private static final int MOST_THREADS = 64;
  private static final long IDLE_SECONDS = 10;

  private static final ThreadPoolExecutor THREADS =
      new ThreadPoolExecutor(
          0,
          MOST_THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> DetachedThread.create("flyball-reader", work));

  private ReaderThreads() {}

  /**
   * @throws java.util.concurrent.RejectedExecutionException when too many wait already
   */
  static void execute(Runnable work) {
    THREADS.execute(work);
  }
}
