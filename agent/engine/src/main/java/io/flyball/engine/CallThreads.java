package io.flyball.engine;

import io.flyball.engine.call.CallContext;
import io.flyball.engine.time.Timer;
import io.flyball.wire.Completions;
import io.flyball.wire.Transport;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * On which thread one call goes on: that of the caller who waits for it, that of whoever reads its
 * answer, one of its client's, or one of ours. Knows nothing of what is done there.
 */
final class CallThreads {

  private final Transport transport;
  private final Executor executor;
  private final Timer timer;

  private CallThreads(Transport transport, Executor executor, Timer timer) {
    this.transport = transport;
    this.executor = executor;
    this.timer = timer;
  }

  /** Of a call for which this thread is going to {@link #await}. */
  static CallThreads ofCaller(Transport transport, Timer timer) {
    return new CallThreads(transport, new CallerThread(transport.afterwards()), timer);
  }

  /** Of a call that nobody waits for. */
  static CallThreads of(Transport transport, Executor executor, Timer timer) {
    return new CallThreads(transport, executor, timer);
  }

  Executor executor() {
    return executor;
  }

  private boolean isAwaited() {
    return executor instanceof CallerThread;
  }

  /**
   * Works on this thread until the result is there.
   *
   * @param first done before anything else
   * @throws InterruptedIOException when this thread is interrupted while there is nothing to do;
   *     its flag is set again
   */
  WireResponse await(CompletableFuture<WireResponse> result, Runnable first) throws IOException {
    return ((CallerThread) executor).await(result, first);
  }

  /** Works on this thread until that is so, and leaves the rest to the one that awaits. */
  void workUntil(BooleanSupplier enough, long nanos, CompletableFuture<WireResponse> result) {
    ((CallerThread) executor).workUntil(enough, nanos, result);
  }

  /** See {@link CallContext#maySendElsewhere}. */
  boolean maySendElsewhere() {
    return !isAwaited() || transport.maySendElsewhere();
  }

  /** See {@link CallContext#delay}. */
  CompletionStage<Void> delay(long nanos, CallContext context) {
    return wait(nanos, context, false);
  }

  /** See {@link CallContext#pause}. */
  CompletionStage<Void> pause(long nanos, CallContext context) {
    return wait(nanos, context, !transport.endsWhenInterrupted());
  }

  private CompletionStage<Void> wait(long nanos, CallContext context, boolean untilInterrupted) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    Executor where = context.executor();
    if (where instanceof CallerThread && ((CallerThread) where).isCurrent()) {
      Runnable interrupted =
          () -> over.completeExceptionally(new InterruptedIOException("interrupted"));
      ((CallerThread) where)
          .executeAfter(nanos, () -> over.complete(null), untilInterrupted ? interrupted : null);
    } else {
      Timer.Scheduled alarm =
          timer.schedule(nanos, () -> Completions.execute(where, () -> over.complete(null)));
      over.whenComplete((none, failure) -> alarm.cancel());
    }
    context
        .cancellation()
        .onCancel(
            () ->
                Completions.execute(
                    where, () -> over.completeExceptionally(context.cancellation().reason())));
    return over;
  }

  /**
   * Begins an attempt. For a blocking client that is done on the thread that waits for it, or on
   * the attempt's executor when it was given one of its own and the transport can do without the
   * caller's thread.
   */
  CompletionStage<WireResponse> send(
      CallContext context, Supplier<CompletionStage<WireResponse>> attempt) {
    if (!isAwaited()) {
      return attempt.get();
    }
    Executor where = context.executor();
    if (!(where instanceof CallerThread)
        && !(context.cancellation().isOfOneAttempt() && transport.maySendElsewhere())) {
      where = executor;
    }
    Executor elsewhere = where;
    if (where instanceof CallerThread && ((CallerThread) where).isCurrent()) {
      return attempt.get();
    }
    CompletableFuture<WireResponse> answer = new CompletableFuture<>();
    Completions.orFail(
        answer,
        () ->
            elsewhere.execute(
                () -> {
                  if (!answer.isDone()) {
                    Completions.orFail(answer, () -> Completions.forward(attempt.get(), answer));
                  }
                }));
    return answer;
  }

  /**
   * See {@link CallContext#resume}.
   *
   * @param interrupted told when a thread that waits for the work is interrupted
   */
  <T> CompletionStage<T> resume(
      boolean reading,
      Function<CallContext, CompletionStage<T>> more,
      CallContext context,
      Consumer<Throwable> interrupted) {
    if (!isAwaited()) {
      return more.apply(context);
    }
    Executor afterwards = transport.afterwards();
    if (afterwards != null) {
      return resumeOn(afterwards, more, context);
    }
    if (reading) {
      return resumeHere(more, context, interrupted);
    }
    if (!transport.maySendElsewhere()) {
      return Completions.failed(new RejectedExecutionException("no thread may wait here"));
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      ReaderThreads.execute(
          () -> Completions.forward(resumeHere(more, context, interrupted), result));
    } catch (RejectedExecutionException tooMany) {
      return Completions.failed(tooMany);
    }
    return result;
  }

  /** This thread waits. */
  private <T> CompletionStage<T> resumeHere(
      Function<CallContext, CompletionStage<T>> more,
      CallContext context,
      Consumer<Throwable> whenInterrupted) {
    CallerThread reader = new CallerThread(null);
    CompletableFuture<T> result = new CompletableFuture<>();
    Completions.orFail(
        result, () -> Completions.forward(more.apply(context.withExecutor(reader)), result));
    try {
      reader.awaitEnd(result);
    } catch (InterruptedIOException interrupted) {
      whenInterrupted.accept(interrupted);
      return Completions.failed(interrupted);
    }
    return result;
  }

  /** The thread that completed the read is one of the client's, on which others wait, too. */
  private <T> CompletionStage<T> resumeOn(
      Executor afterwards, Function<CallContext, CompletionStage<T>> more, CallContext context) {
    CompletableFuture<T> result = new CompletableFuture<>();
    Completions.execute(
        afterwards,
        () -> {
          try {
            Completions.forward(more.apply(context.withExecutor(afterwards)), result);
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }
}
