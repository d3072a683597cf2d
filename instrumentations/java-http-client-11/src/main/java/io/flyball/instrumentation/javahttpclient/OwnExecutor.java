package io.flyball.instrumentation.javahttpclient;

import io.flyball.engine.wire.Completions;
import java.net.http.HttpClient;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Where a call goes on that cannot go on where it is: on the client's executor. Where there is
 * none, or it refuses (it is full, or closed), on threads of our own: what goes on there may wait,
 * and those of {@link #DEPENDENTS} are few and the application's, too.
 */
final class OwnExecutor implements Executor {
  /** Where the client itself runs what depends on its futures. */
  static final Executor DEPENDENTS = new CompletableFuture<Void>().defaultExecutor();

  /** For what may wait, as long as it likes: the client's own threads when it has no executor. */
  static final Executor WAITING = Executors.newCachedThreadPool(OwnExecutor::thread);

  private final Executor ofClient;

  private OwnExecutor(Executor ofClient) {
    this.ofClient = ofClient;
  }

  static OwnExecutor of(HttpClient client) {
    return new OwnExecutor(client.executor().orElse(WAITING));
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(null, work, "flyball-http-client", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
    return thread;
  }

  /** For what may wait where this thread must not: it may be the application's, or a timer. */
  static <R> CompletableFuture<R> call(Executor where, Supplier<CompletableFuture<R>> work) {
    CompletableFuture<R> result = new CompletableFuture<>();
    where.execute(() -> Completions.orFail(result, () -> Completions.forward(work.get(), result)));
    return result;
  }

  @Override
  public void execute(Runnable task) {
    try {
      ofClient.execute(task);
    } catch (RejectedExecutionException full) {
      WAITING.execute(task);
    }
  }

  /**
   * For what the client would begin there itself, and may wait. An executor may run it on this very
   * thread; the client is on another one when it begins to wait.
   *
   * @throws RejectedExecutionException as the client would let it through to the application
   */
  void executeOrRefuse(Runnable task) {
    Thread caller = Thread.currentThread();
    ofClient.execute(
        () -> {
          if (Thread.currentThread() == caller) {
            WAITING.execute(task);
          } else {
            task.run();
          }
        });
  }
}
