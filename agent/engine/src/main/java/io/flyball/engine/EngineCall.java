package io.flyball.engine;

import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.CallLimit;
import io.flyball.engine.call.CallTerms;
import io.flyball.engine.call.Client;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.Timer;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Sending;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

/**
 * One call under way, from its first attempt until its result is handed to the client or nobody
 * wants it any more. On which thread it goes on is left to {@link CallThreads}.
 */
final class EngineCall implements GovernedCall {
  private static final long LONGEST_BEGINNING_NANOS = 1_000_000_000L;

  /** What is done with a call. */
  interface Work {

    /**
     * What it throws, or fails with before anything is sent, costs the call nothing, unless {@link
     * EngineCall#refused} was told.
     */
    CompletionStage<WireResponse> run(EngineCall call);

    /** The request as it is sent when {@link #run} has failed. */
    WireRequest untouched();

    /** Whether it may be sent then; false where a hard guard has not let it through. */
    default boolean maySendUntouched() {
      return true;
    }

    /**
     * The work has failed, and ends with that, whether or not it could say so itself: what it has
     * taken is given back. Never throws.
     */
    default void failed(Throwable failure) {}

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
  private volatile CallThreads threads;
  private volatile CallContext context;

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

  /** What its stages share; null before it is executed. */
  CallContext context() {
    return context;
  }

  CallJournal journal() {
    return journal;
  }

  Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public WireResponse execute(Transport theTransport) throws IOException {
    CallThreads waiting = CallThreads.ofCaller(theTransport, timer);
    return await(waiting, start(theTransport, waiting), () -> {});
  }

  @Override
  public Begun begin(Transport theTransport, BooleanSupplier gone) {
    CallThreads waiting = CallThreads.ofCaller(theTransport, timer);
    CompletableFuture<WireResponse> result = start(theTransport, waiting);
    waiting.workUntil(gone, LONGEST_BEGINNING_NANOS, result);
    return first -> await(waiting, result, first);
  }

  private WireResponse await(
      CallThreads waiting, CompletableFuture<WireResponse> result, Runnable first)
      throws IOException {
    try {
      return waiting.await(result, first);
    } catch (InterruptedIOException interrupted) {
      if (!result.isDone()) {
        abandon(result, interrupted);
      }
      throw interrupted;
    }
  }

  @Override
  public CompletionStage<WireResponse> executeAsync(Transport theTransport, Executor executor) {
    return start(theTransport, CallThreads.of(theTransport, executor, timer));
  }

  private CompletableFuture<WireResponse> start(Transport theTransport, CallThreads theThreads) {
    if (!executed.compareAndSet(false, true)) {
      throw new IllegalStateException("a call is executed once");
    }
    transport = theTransport;
    threads = theThreads;
    context = new Context(cancellation, theThreads.executor());
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
        (response, failure) -> {
          if (failure == null) {
            return Completions.completed(response);
          }
          work.failed(failure);
          if (sent || refused || cancellation.isCancelled()) {
            return Completions.failed(failure);
          }
          return work.maySendUntouched()
              ? send(work.untouched(), context, Sending.UNHEARD)
              : Completions.failed(RefusedCall.refusal(failure));
        });
  }

  /**
   * Sends one attempt. Never throws; completes with the transport's own exception.
   *
   * @param of the call's own context, or that of an attempt of it
   * @param sending told when its body goes out
   */
  CompletionStage<WireResponse> send(WireRequest request, CallContext of, Sending sending) {
    return threads.send(of, () -> sendHere(request, of.cancellation(), sending));
  }

  private CompletionStage<WireResponse> sendHere(
      WireRequest request, Cancellation attempt, Sending sending) {
    sent = true;
    if (attempt.isCancelled()) {
      return Completions.failed(attempt.reason());
    }
    try {
      return transport.send(request, attempt, sending);
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

  private long nanosLeftOf(long nanos) {
    return nanos == Long.MAX_VALUE ? nanos : nanos - (time.nanoTime() - start);
  }

  /** Of the whole call, of an attempt of its own, or on other threads. */
  private final class Context implements CallContext {
    private final Cancellation attempt;
    private final Executor where;

    Context(Cancellation attempt, Executor where) {
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
      return Math.min(nanosLeftOf(terms.beginNanos()), nanosLeftOfClient());
    }

    @Override
    public long nanosLeftOfClient() {
      long left = transport.nanosLeft();
      return left < 0 ? Long.MAX_VALUE : left;
    }

    @Override
    public long nanosLeftOfLimit() {
      return nanosLeftOf(terms.limit().nanos());
    }

    @Override
    public CallLimit limit() {
      return terms.limit();
    }

    @Override
    public long readTimeoutNanos() {
      return transport.readTimeoutNanos();
    }

    @Override
    public boolean repeatsAfterConnectionFailures() {
      return transport.repeatsAfterConnectionFailures();
    }

    @Override
    public int sdkRetries() {
      return terms.sdkRetries();
    }

    @Override
    public CompletionStage<Void> delay(long nanos) {
      return threads.delay(nanos, this);
    }

    @Override
    public CompletionStage<Void> pause(long nanos) {
      return threads.pause(nanos, this);
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
      return threads.maySendElsewhere();
    }

    @Override
    public boolean takesReadily(WireRequest changed) {
      return transport.takesReadily(changed);
    }

    @Override
    public CallContext withCancellation(Cancellation other) {
      return new Context(other, where);
    }

    @Override
    public CallContext withExecutor(Executor elsewhere) {
      return new Context(attempt, elsewhere);
    }

    @Override
    public <T> CompletionStage<T> resume(
        boolean reading, Function<CallContext, CompletionStage<T>> more) {
      return threads.resume(reading, more, this, EngineCall.this::cancel);
    }
  }
}
