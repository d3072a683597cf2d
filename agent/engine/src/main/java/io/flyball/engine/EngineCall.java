package io.flyball.engine;

import io.flyball.engine.call.CallContext;
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
  private final Work work;
  private final AtomicBoolean executed = new AtomicBoolean();
  private volatile Transport transport;
  private volatile Executor executor;

  EngineCall(String id, Cancellation cancellation, Work work) {
    this.id = id;
    this.cancellation = cancellation;
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
  public WireResponse execute(Transport theTransport) throws IOException {
    CallerThread caller = new CallerThread();
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
   * Sends one attempt. For a blocking client that is done on the caller's own thread, or on the
   * attempt's executor when it was given one of its own and the transport can do without the
   * caller's. Never throws; completes with the transport's own exception.
   *
   * @param context with the call's own cancellation, or a child of it
   */
  CompletionStage<WireResponse> send(WireRequest request, CallContext context) {
    Cancellation attempt = context.cancellation();
    if (!(executor instanceof CallerThread)) {
      return sendHere(request, attempt);
    }
    boolean elsewhere = attempt.isOfOneAttempt() && transport.maySendElsewhere();
    Executor where = elsewhere ? context.executor() : executor;
    if (where == executor && ((CallerThread) executor).isCurrent()) {
      return sendHere(request, attempt);
    }
    CompletableFuture<WireResponse> sent = new CompletableFuture<>();
    where.execute(() -> Completions.forward(sendHere(request, attempt), sent));
    return sent;
  }

  private CompletionStage<WireResponse> sendHere(WireRequest request, Cancellation attempt) {
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
}
