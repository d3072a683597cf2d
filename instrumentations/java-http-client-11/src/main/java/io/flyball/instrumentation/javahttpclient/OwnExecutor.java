package io.flyball.instrumentation.javahttpclient;

import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where a call goes on that cannot go on where it is: on the client's executor. Where there is
 * none, or it refuses (it is full, or closed), on threads of our own: what goes on there may wait,
 * and those of {@link #DEPENDENTS} are few and the application's, too. One for each call: what is
 * the application's finds its classes by the context class loader on our threads as on the
 * client's.
 */
final class OwnExecutor implements Executor {
  /** Where the client itself runs what depends on its futures. */
  static final Executor DEPENDENTS = new CompletableFuture<Void>().defaultExecutor();

  /**
   * How long the client's executor has for a task by which the application's code is asked there.
   * All its threads may wait for this very call.
   */
  private static final long PATIENCE_MILLIS = 1_000;

  /** The client's own threads, when it has no executor, have their maker's before. */
  private static final boolean SYSTEM_LOADER = Runtime.version().feature() >= 19;

  private static final Executor THREADS = Executors.newCachedThreadPool(Ours::new);

  /** Null where the client has none. */
  private final Executor ofClient;

  private final ClassLoader loader;

  private OwnExecutor(Executor ofClient, ClassLoader loader) {
    this.ofClient = ofClient;
    this.loader = loader;
  }

  /** To be made on the thread that calls: who made the client nobody knows. */
  static OwnExecutor of(HttpClient client) {
    return new OwnExecutor(
        client.executor().orElse(null),
        SYSTEM_LOADER
            ? ClassLoader.getSystemClassLoader()
            : Thread.currentThread().getContextClassLoader());
  }

  /** Whether this thread is one of ours although the client has others. */
  boolean isReplacedHere() {
    return ofClient != null && Thread.currentThread() instanceof Ours;
  }

  @Override
  public void execute(Runnable task) {
    try {
      if (ofClient != null) {
        ofClient.execute(task);
        return;
      }
    } catch (RejectedExecutionException full) {
      // Goes on below.
    }
    executeWaiting(task);
  }

  /** For what may wait, as long as it likes, and gives the client's executor nothing to do. */
  void executeWaiting(Runnable task) {
    THREADS.execute(() -> ((Ours) Thread.currentThread()).run(task, loader));
  }

  /**
   * For what is the application's and the client would do on its executor, which may refuse it, be
   * this very thread, or have no thread left that does not wait for this call.
   */
  void executeElsewhere(Runnable task) {
    if (ofClient == null) {
      executeWaiting(task);
      return;
    }
    AtomicBoolean begun = new AtomicBoolean();
    Runnable once =
        () -> {
          if (begun.compareAndSet(false, true)) {
            task.run();
          }
        };
    try {
      executeOrRefuse(once);
    } catch (RejectedExecutionException full) {
      executeWaiting(once);
    }
    if (!begun.get()) {
      Executor unlessBegun =
          late -> {
            if (!begun.get()) {
              executeWaiting(late);
            }
          };
      CompletableFuture.delayedExecutor(PATIENCE_MILLIS, TimeUnit.MILLISECONDS, unlessBegun)
          .execute(once);
    }
  }

  /**
   * For what the client would begin there itself, and may wait. An executor may run it on this very
   * thread; the client is on another one when it begins to wait.
   *
   * @throws RejectedExecutionException as the client would let it through to the application
   */
  void executeOrRefuse(Runnable task) {
    if (ofClient == null) {
      executeWaiting(task);
      return;
    }
    Thread caller = Thread.currentThread();
    // Read and written by this thread only, which may be one that comes to the task later.
    boolean[] giving = {true};
    try {
      ofClient.execute(
          () -> {
            if (Thread.currentThread() == caller && giving[0]) {
              executeWaiting(task);
            } else {
              task.run();
            }
          });
    } finally {
      giving[0] = false;
    }
  }

  private static final class Ours extends Thread {

    Ours(Runnable work) {
      super(null, work, "flyball-http-client", 0, false);
      setDaemon(true);
      setContextClassLoader(ClassLoader.getSystemClassLoader());
    }

    /** Nothing of a call stays on a thread. */
    void run(Runnable task, ClassLoader loader) {
      setContextClassLoader(loader);
      try {
        task.run();
      } finally {
        setContextClassLoader(ClassLoader.getSystemClassLoader());
      }
    }
  }
}
