package io.flyball.instrumentation.javahttpclient;

import java.util.concurrent.CompletableFuture;

/**
 * What {@code sendAsync} returns for a governed call. As with the client's own future since JDK 16,
 * {@code cancel(true)} on it or on a stage that depends on it aborts the call. Before that only on
 * itself, because whoever else waits for the call has its answer there.
 *
 * @param <T> result
 */
final class AnswerFuture<T> extends CompletableFuture<T> {
  private static final boolean STAGES_ABORT = Runtime.version().feature() >= 16;

  private final Runnable abort;

  AnswerFuture(Runnable abort) {
    this.abort = abort;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new AnswerFuture<>(STAGES_ABORT ? abort : () -> {});
  }

  /** As the client's own. */
  @Override
  public void obtrudeValue(T value) {
    throw new UnsupportedOperationException();
  }

  /** As the client's own. */
  @Override
  public void obtrudeException(Throwable failure) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean running = !isDone();
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    if (running && mayInterruptIfRunning) {
      abort.run();
    }
    return cancelled;
  }
}
