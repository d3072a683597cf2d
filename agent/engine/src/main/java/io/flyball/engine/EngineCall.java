package io.flyball.engine;

import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.Timer;
import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.GovernedCall;
import io.flyball.engine.wire.Transport;
import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** One call under way: where it runs, how it is cancelled, how its result reaches the client. */
final class EngineCall implements GovernedCall, CallContext {

  /** What is done with a call. */
  interface Work {

    /** Never throws. */
    CompletionStage<WireResponse> run(EngineCall call);

    /** The call was cancelled; called once at most. */
    void cancelled();
  }

  private final String id;
  private final Cancellation cancellation;
  private final Timer timer;
  private final TimeSource time;
  private final long start;
  private final long limitNanos;
  private final CallJournal journal;
  private final Work work;
  private final AtomicBoolean executed = new AtomicBoolean();
  private volatile Transport transport;
  private volatile Executor executor;

  /**
   * @param start when it was made, of the time source
   * @param limitNanos how long it may take; {@link Long#MAX_VALUE} for no limit
   */
  EngineCall(
      String id,
      Cancellation cancellation,
      Timer timer,
      TimeSource time,
      long start,
      long limitNanos,
      CallJournal journal,
      Work work) {
    this.id = id;
    this.cancellation = cancellation;
    this.timer = timer;
    this.time = time;
    this.start = start;
    this.limitNanos = limitNanos;
    this.journal = journal;
    this.work = work;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public Executor executor() {
    return executor;
  }

  @Override
  public CallJournal journal() {
    return journal;
  }

  @Override
  public long nanosLeft() {
    long callers = transport == null ? -1 : transport.nanosLeft();
    return callers < 0 ? nanosLeftOfLimit() : Math.min(nanosLeftOfLimit(), callers);
  }

  @Override
  public long nanosLeftOfLimit() {
    return limitNanos == Long.MAX_VALUE ? limitNanos : limitNanos - (time.nanoTime() - start);
  }

  @Override
  public CompletionStage<Void> delay(long nanos) {
    return delay(nanos, this);
  }

  @Override
  public Throwable timeoutFailure(String message) {
    return transport.timeoutFailure(message);
  }

  @Override
  public Throwable cutFailure(String message) {
    return transport.cutFailure(message);
  }

  @Override
  public boolean maySendElsewhere() {
    return !(executor instanceof CallerThread) || transport.maySendElsewhere();
  }

  @Override
  public CallContext withCancellation(Cancellation attempt) {
    return new Narrowed(attempt, executor);
  }

  @Override
  public CallContext withExecutor(Executor elsewhere) {
    return new Narrowed(cancellation, elsewhere);
  }

  @Override
  public <T> CompletionStage<T> resume(Function<CallContext, CompletionStage<T>> more) {
    return resume(more, this);
  }

  private CompletionStage<Void> delay(long nanos, CallContext context) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    Cancellation until = context.cancellation();
    Executor where = context.executor();
    if (where instanceof CallerThread && ((CallerThread) where).isCurrent()) {
      ((CallerThread) where).executeAfter(nanos, () -> over.complete(null));
    } else {
      Timer.Scheduled alarm =
          timer.schedule(nanos, () -> handOver(where, () -> over.complete(null)));
      over.whenComplete((none, failure) -> alarm.cancel());
    }
    until.onCancel(() -> handOver(where, () -> over.completeExceptionally(until.reason())));
    return over;
  }

  /** An executor of the application may refuse. */
  private static void handOver(Executor where, Runnable task) {
    try {
      where.execute(task);
    } catch (RuntimeException refused) {
      task.run();
    }
  }

  private <T> CompletionStage<T> resume(
      Function<CallContext, CompletionStage<T>> more, CallContext context) {
    if (!(executor instanceof CallerThread)) {
      return more.apply(context);
    }
    Executor afterwards = transport.afterwards();
    if (afterwards != null) {
      return resumeOn(afterwards, more, context);
    }
    CallerThread reader = new CallerThread(null);
    CompletableFuture<T> result = new CompletableFuture<>();
    Completions.forward(more.apply(new Narrowed(context.cancellation(), reader)), result);
    try {
      reader.awaitEnd(result);
    } catch (InterruptedIOException interrupted) {
      cancel(interrupted);
      return Completions.failed(interrupted);
    }
    return result;
  }

  /** The thread that completed the read is one of the client's, on which others wait, too. */
  private <T> CompletionStage<T> resumeOn(
      Executor afterwards, Function<CallContext, CompletionStage<T>> more, CallContext context) {
    CompletableFuture<T> result = new CompletableFuture<>();
    handOver(
        afterwards,
        () -> {
          try {
            Completions.forward(
                more.apply(new Narrowed(context.cancellation(), afterwards)), result);
          } catch (Throwable failure) {
            result.completeExceptionally(failure);
          }
        });
    return result;
  }

  @Override
  public WireResponse execute(Transport theTransport) throws IOException {
    CallerThread caller = new CallerThread(theTransport.afterwards());
    CompletableFuture<WireResponse> result = start(theTransport, caller);
    try {
      return caller.await(result);
    } catch (InterruptedIOException interrupted) {
      if (!result.isDone()) {
        abandon(result, interrupted);
      }
      throw interrupted;
    }
  }

  @Override
  public CompletionStage<WireResponse> executeAsync(Transport theTransport, Executor executor) {
    return start(theTransport, executor);
  }

  private CompletableFuture<WireResponse> start(Transport theTransport, Executor theExecutor) {
    if (!executed.compareAndSet(false, true)) {
      throw new IllegalStateException("a call is executed once");
    }
    transport = theTransport;
    executor = theExecutor;
    CompletionStage<WireResponse> outcome = work.run(this);
    CompletableFuture<WireResponse> result = new CompletableFuture<>();
    Completions.then(
        outcome,
        (response, failure) -> {
          boolean taken =
              failure == null ? result.complete(response) : result.completeExceptionally(failure);
          if (!taken && failure == null) {
            response.body().close();
          }
          return outcome;
        });
    return result;
  }

  /**
   * Sends one attempt. For a blocking client that is done on the thread that waits for it, or on
   * the attempt's executor when it was given one of its own and the transport can do without the
   * caller's thread. Never throws; completes with the transport's own exception.
   *
   * @param context the call's own, or that of an attempt of it
   */
  CompletionStage<WireResponse> send(WireRequest request, CallContext context) {
    Executor where = context.executor();
    if (!(executor instanceof CallerThread)) {
      return sendHere(request, context);
    }
    if (!(where instanceof CallerThread)
        && !(context.cancellation().isOfOneAttempt() && transport.maySendElsewhere())) {
      where = executor;
    }
    if (where instanceof CallerThread && ((CallerThread) where).isCurrent()) {
      return sendHere(request, context);
    }
    CompletableFuture<WireResponse> sent = new CompletableFuture<>();
    where.execute(() -> Completions.forward(sendHere(request, context), sent));
    return sent;
  }

  private CompletionStage<WireResponse> sendHere(WireRequest request, CallContext context) {
    Cancellation attempt = context.cancellation();
    if (attempt.isCancelled()) {
      return Completions.failed(attempt.reason());
    }
    try {
      return transport.send(request, attempt);
    } catch (Throwable failure) {
      return Completions.failed(failure);
    }
  }

  @Override
  public void cancel() {
    cancel(new CancellationException("cancelled by the application"));
  }

  @Override
  public void cancel(Throwable why) {
    if (!cancellation.isCancelled()) {
      cancellation.cancel(why);
      work.cancelled();
    }
  }

  /** Nobody waits for the result any more. */
  private void abandon(CompletableFuture<WireResponse> result, Throwable why) {
    Completions.onEnd(
        result,
        () -> {
          if (!result.isCompletedExceptionally()) {
            result.join().body().close();
          }
        });
    cancel(why);
  }

  /** The same call for an attempt of its own, or on other threads. */
  private final class Narrowed implements CallContext {
    private final Cancellation attempt;
    private final Executor where;

    Narrowed(Cancellation attempt, Executor where) {
      this.attempt = attempt;
      this.where = where;
    }

    @Override
    public Cancellation cancellation() {
      return attempt;
    }

    @Override
    public Executor executor() {
      return where;
    }

    @Override
    public CallJournal journal() {
      return journal;
    }

    @Override
    public long nanosLeft() {
      return EngineCall.this.nanosLeft();
    }

    @Override
    public long nanosLeftOfLimit() {
      return EngineCall.this.nanosLeftOfLimit();
    }

    @Override
    public CompletionStage<Void> delay(long nanos) {
      return EngineCall.this.delay(nanos, this);
    }

    @Override
    public Throwable timeoutFailure(String message) {
      return EngineCall.this.timeoutFailure(message);
    }

    @Override
    public Throwable cutFailure(String message) {
      return EngineCall.this.cutFailure(message);
    }

    @Override
    public boolean maySendElsewhere() {
      return EngineCall.this.maySendElsewhere();
    }

    @Override
    public CallContext withCancellation(Cancellation other) {
      return new Narrowed(other, where);
    }

    @Override
    public CallContext withExecutor(Executor elsewhere) {
      return new Narrowed(attempt, elsewhere);
    }

    @Override
    public <T> CompletionStage<T> resume(Function<CallContext, CompletionStage<T>> more) {
      return EngineCall.this.resume(more, this);
    }
  }
}
