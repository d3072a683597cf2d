package io.flyball.engine;

import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.CallLimit;
import io.flyball.engine.call.CallTerms;
import io.flyball.engine.call.Client;
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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** One call under way: where it runs, how it is cancelled, how its result reaches the client. */
final class EngineCall implements GovernedCall, CallContext {

  /** What is done with a call. */
  interface Work {

    /**
     * What it throws, or fails with before anything is sent, costs the call nothing, unless {@link
     * EngineCall#refused} was told.
     */
    CompletionStage<WireResponse> run(EngineCall call);

    /** The request as it is sent when {@link #run} has failed. */
    WireRequest untouched();

    /** The call was cancelled; called once at most. */
    void cancelled();

    /** Who made the call. */
    default Client client() {
      return Client.UNKNOWN;
    }
  }

  private final String id;
  private final Cancellation cancellation;
  private final Timer timer;
  private final TimeSource time;
  private final long start;
  private final CallTerms terms;
  private final CallJournal journal;
  private final Work work;
  private final AtomicBoolean executed = new AtomicBoolean();
  private volatile Transport transport;
  private volatile Executor executor;

  /** Whether the transport was given a request, be it that nothing came of it. */
  private volatile boolean sent;

  /** Whether what the call fails with is its answer, though nothing was sent. */
  private volatile boolean refused;

  /**
   * @param start when it was made, of the time source
   */
  EngineCall(
      String id,
      Cancellation cancellation,
      Timer timer,
      TimeSource time,
      long start,
      CallTerms terms,
      CallJournal journal,
      Work work) {
    this.id = id;
    this.cancellation = cancellation;
    this.timer = timer;
    this.time = time;
    this.start = start;
    this.terms = terms;
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
    long left = nanosLeftOf(terms.beginNanos());
    return callers < 0 ? left : Math.min(left, callers);
  }

  @Override
  public long nanosLeftOfLimit() {
    return nanosLeftOf(terms.limit().nanos());
  }

  private long nanosLeftOf(long nanos) {
    return nanos == Long.MAX_VALUE ? nanos : nanos - (time.nanoTime() - start);
  }

  @Override
  public CallLimit limit() {
    return terms.limit();
  }

  @Override
  public long readTimeoutNanos() {
    return transport == null ? -1 : transport.readTimeoutNanos();
  }

  @Override
  public int sdkRetries() {
    return terms.sdkRetries();
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
  public Client client() {
    return work.client();
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
  public <T> CompletionStage<T> resume(
      boolean reading, Function<CallContext, CompletionStage<T>> more) {
    return resume(reading, more, this);
  }

  private CompletionStage<Void> delay(long nanos, CallContext context) {
    CompletableFuture<Void> over = new CompletableFuture<>();
    Cancellation until = context.cancellation();
    Executor where = context.executor();
    if (where instanceof CallerThread && ((CallerThread) where).isCurrent()) {
      ((CallerThread) where).executeAfter(nanos, () -> over.complete(null));
    } else {
      Timer.Scheduled alarm =
          timer.schedule(nanos, () -> Completions.execute(where, () -> over.complete(null)));
      over.whenComplete((none, failure) -> alarm.cancel());
    }
    until.onCancel(
        () -> Completions.execute(where, () -> over.completeExceptionally(until.reason())));
    return over;
  }

  private <T> CompletionStage<T> resume(
      boolean reading, Function<CallContext, CompletionStage<T>> more, CallContext context) {
    if (!(executor instanceof CallerThread)) {
      return more.apply(context);
    }
    Executor afterwards = transport.afterwards();
    if (afterwards != null) {
      return resumeOn(afterwards, more, context);
    }
    if (reading) {
      return resumeHere(more, context);
    }
    if (!transport.maySendElsewhere()) {
      return Completions.failed(new RejectedExecutionException("no thread may wait here"));
    }
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      ReaderThreads.execute(() -> Completions.forward(resumeHere(more, context), result));
    } catch (RejectedExecutionException tooMany) {
      return Completions.failed(tooMany);
    }
    return result;
  }

  /** This thread waits. */
  private <T> CompletionStage<T> resumeHere(
      Function<CallContext, CompletionStage<T>> more, CallContext context) {
    CallerThread reader = new CallerThread(null);
    CompletableFuture<T> result = new CompletableFuture<>();
    Completions.orFail(
        result,
        () ->
            Completions.forward(more.apply(new Narrowed(context.cancellation(), reader)), result));
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
    Completions.execute(
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
    CompletableFuture<WireResponse> result = new CompletableFuture<>();
    CompletionStage<WireResponse> outcome = outcome();
    outcome.whenComplete(
        (response, failure) ->
            Completions.orFail(
                result,
                () -> {
                  boolean taken =
                      failure == null
                          ? result.complete(response)
                          : result.completeExceptionally(Completions.unwrap(failure));
                  if (!taken && failure == null) {
                    response.body().close();
                  }
                }));
    return result;
  }

  /** What the work fails with from now on is the call's answer, be it that nothing was sent. */
  void refused() {
    refused = true;
  }

  /** When we fail before anything was sent, the call goes on as if we were not there. */
  private CompletionStage<WireResponse> outcome() {
    CompletionStage<WireResponse> outcome;
    try {
      outcome = work.run(this);
    } catch (Throwable failure) {
      outcome = Completions.failed(failure);
    }
    return Completions.then(
        outcome,
        (response, failure) ->
            failure == null || sent || refused || cancellation.isCancelled()
                ? failure == null ? Completions.completed(response) : Completions.failed(failure)
                : send(work.untouched(), this));
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
    Executor elsewhere = where;
    if (where instanceof CallerThread && ((CallerThread) where).isCurrent()) {
      return sendHere(request, context);
    }
    CompletableFuture<WireResponse> answer = new CompletableFuture<>();
    Completions.orFail(
        answer,
        () ->
            elsewhere.execute(
                () -> {
                  if (!answer.isDone()) {
                    Completions.orFail(
                        answer, () -> Completions.forward(sendHere(request, context), answer));
                  }
                }));
    return answer;
  }

  private CompletionStage<WireResponse> sendHere(WireRequest request, CallContext context) {
    sent = true;
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
  public void whenEnded(Runnable action) {
    journal.whenEnded(action);
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
    public CallLimit limit() {
      return terms.limit();
    }

    @Override
    public long readTimeoutNanos() {
      return EngineCall.this.readTimeoutNanos();
    }

    @Override
    public int sdkRetries() {
      return terms.sdkRetries();
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
    public Client client() {
      return work.client();
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
    public <T> CompletionStage<T> resume(
        boolean reading, Function<CallContext, CompletionStage<T>> more) {
      return EngineCall.this.resume(reading, more, this);
    }
  }
}
