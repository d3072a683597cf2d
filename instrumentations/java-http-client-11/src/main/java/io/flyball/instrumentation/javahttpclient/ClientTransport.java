package io.flyball.instrumentation.javahttpclient;

import io.flyball.wire.Bodies;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.Sending;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;

/**
 * One attempt over the application's client. An attempt of {@code send} is the client's own {@code
 * send} on the same thread, so that connecting, authenticating and failing are what they are
 * without Flyball. Only an attempt that may be cancelled while the call goes on is sent by {@code
 * sendAsync} and waited for: ending a {@code send} takes an interruption, which nobody could tell
 * from one by the application. It too begins on this thread ({@link ExchangeAdvice}). Once {@code
 * send} has its answer nobody waits any more, and what is sent after that is sent by {@code
 * sendAsync}: whoever asks then is told so by a thread that reads for all of a connection's
 * streams.
 */
final class ClientTransport implements Transport {
  /** How much later than the client we notice that its time for a head is over. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HttpClient client;
  private final StrangersClients strangers;
  private final HttpRequest application;
  private final RequestBody body;
  private final WireRequest asked;
  private final TimeLimit limit;
  private final Executor executor;
  private final Pushes<?> pushes;
  private final ClientThreads threads = new ClientThreads();
  private volatile boolean blocking;
  private volatile boolean beginningHere;
  private volatile boolean sent;
  private volatile RuntimeException rejection;

  /**
   * @param asked the application's request as the engine got it
   * @param limit of the application's request; of all attempts together
   * @param blocking whether it is {@code send} that the application called
   * @param executor where the call goes on after {@code send} has its answer
   * @param pushes null where the application takes none
   */
  ClientTransport(
      HttpClient client,
      StrangersClients strangers,
      HttpRequest application,
      RequestBody body,
      WireRequest asked,
      TimeLimit limit,
      boolean blocking,
      Executor executor,
      Pushes<?> pushes) {
    this.client = client;
    this.strangers = strangers;
    this.limit = limit;
    this.application = application;
    this.body = body;
    this.asked = asked;
    this.blocking = blocking;
    this.executor = executor;
    this.pushes = pushes;
  }

  /** What {@code sendAsync} threw instead of returning a future, for a bad request; else null. */
  RuntimeException rejection() {
    return rejection;
  }

  /** Whether the client was given a request, be it that nothing came of it. */
  boolean hasSent() {
    return sent;
  }

  /**
   * The thread that is going to send the first attempt is one on which the client would begin it:
   * of the client's executor, or one of ours in its place, or one that called {@code send}.
   */
  void beginsHere() {
    beginningHere = true;
  }

  /** Whether this thread is one on which the client itself would ask the application's handler. */
  boolean isOnClientsThread() {
    return threads.areCurrent();
  }

  /** The application's thread has its answer and does not wait here any more. */
  void answered() {
    blocking = false;
  }

  @Override
  public Executor afterwards() {
    return executor;
  }

  @Override
  public boolean maySendElsewhere() {
    return true;
  }

  @Override
  public boolean endsWhenInterrupted() {
    return true;
  }

  @Override
  public long nanosLeft() {
    return limit.nanosLeft();
  }

  @Override
  public IOException timeoutFailure(String message) {
    return new HttpTimeoutException(message);
  }

  @Override
  public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
    return send(request, cancellation, Sending.UNHEARD);
  }

  @Override
  public CompletionStage<WireResponse> send(
      WireRequest request, Cancellation cancellation, Sending sending) {
    if (limit.nanosLeft() == 0) {
      return CompletableFuture.failedFuture(TimeLimit.over());
    }
    boolean sameOrigin = request.isSameOrigin(asked);
    HttpClient sender = sameOrigin ? client : strangers.counterpart(client, request.uri());
    boolean first = !sent;
    sent = true;
    if (!blocking) {
      boolean here = first && beginningHere;
      try {
        return sendAsync(
            sender, attempt(request, sameOrigin, here, sending), sameOrigin, cancellation);
      } catch (RejectedExecutionException full) {
        return first
            ? rejected(full)
            : begunElsewhere(
                sender, attempt(request, sameOrigin, true, sending), sameOrigin, cancellation);
      } catch (RuntimeException e) {
        return rejected(e);
      }
    }
    AttemptRequest attempt = attempt(request, sameOrigin, true, sending);
    return cancellation.isOfOneAttempt()
        ? awaited(sender, attempt, cancellation)
        : sendBlocking(sender, attempt, cancellation);
  }

  private AttemptRequest attempt(
      WireRequest request, boolean sameOrigin, boolean beginsHere, Sending sending) {
    return AttemptRequest.of(
        application, body, asked, request, sameOrigin, limit.left(), beginsHere, sending);
  }

  private CompletionStage<WireResponse> rejected(RuntimeException why) {
    rejection = why;
    return CompletableFuture.failedFuture(why);
  }

  /**
   * Of a call that was sent before and has nobody else to be told so: what the client's executor
   * has no room for begins where the client itself goes on when it is refused something.
   */
  private CompletionStage<WireResponse> begunElsewhere(
      HttpClient client, AttemptRequest attempt, boolean sameOrigin, Cancellation cancellation) {
    CompletableFuture<WireResponse> answer = new CompletableFuture<>();
    OwnExecutor.DEPENDENTS.execute(
        () ->
            Completions.orFail(
                answer,
                () ->
                    Completions.forward(
                        sendAsync(client, attempt, sameOrigin, cancellation), answer)));
    return answer;
  }

  private static CompletionStage<WireResponse> sendBlocking(
      HttpClient client, AttemptRequest attempt, Cancellation cancellation) {
    PulledBody answer = new PulledBody();
    cancellation.onCancel(answer::close);
    try {
      HttpResponse<?> response = client.send(attempt, head -> answer.subscriber());
      return CompletableFuture.completedFuture(received(response, answer));
    } catch (InterruptedException e) {
      return CompletableFuture.failedFuture(Failures.interrupted(e));
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What {@code send} would make of it, on the thread that waits. */
  private CompletionStage<WireResponse> awaited(
      HttpClient client, AttemptRequest attempt, Cancellation cancellation) {
    PulledBody answer = new PulledBody();
    try {
      CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> exchange =
          client.sendAsync(attempt, head -> answer.subscriber());
      CompletableFuture<WireResponse> sent = new CompletableFuture<>();
      endsWith(cancellation, sent, exchange, answer);
      exchange.whenComplete(
          (response, failure) ->
              Completions.orFail(
                  sent,
                  () -> {
                    if (failure == null) {
                      sent.complete(received(response, answer));
                    } else {
                      sent.completeExceptionally(Completions.unwrap(failure));
                    }
                  }));
      return CompletableFuture.completedFuture(headOf(sent));
    } catch (InterruptedException e) {
      InterruptedIOException interrupted = Failures.interrupted(e);
      cancellation.cancel(interrupted);
      return CompletableFuture.failedFuture(interrupted);
    } catch (ExecutionException e) {
      Throwable failure = e.getCause();
      return CompletableFuture.failedFuture(
          cancellation.isCancelled() ? failure : Failures.asThrownBySend(failure));
    } catch (TimeoutException lost) {
      IOException late = TimeLimit.over();
      cancellation.cancel(late);
      return CompletableFuture.failedFuture(late);
    } catch (RuntimeException e) {
      return rejected(e);
    }
  }

  /** The client ends the wait for a head itself, if what it does so with is not refused. */
  private WireResponse headOf(CompletableFuture<WireResponse> sent)
      throws InterruptedException, ExecutionException, TimeoutException {
    long left = limit.nanosLeft();
    return left < 0 ? sent.get() : sent.get(left + GRACE_NANOS, TimeUnit.NANOSECONDS);
  }

  /**
   * Completes on the thread of the client that has the head, where the client would ask the
   * application's handler.
   *
   * @param sameOrigin whether the application is told what is promised there
   * @throws RuntimeException instead of a stage, where the client throws it
   */
  private CompletableFuture<WireResponse> sendAsync(
      HttpClient client, AttemptRequest attempt, boolean sameOrigin, Cancellation cancellation) {
    // A subscriber of its own for each head, so that it can be closed before there is one.
    PulledBody answer = new PulledBody();
    CompletableFuture<WireResponse> result = new CompletableFuture<>();
    CompletableFuture<HttpResponse<?>> whole = new CompletableFuture<>();
    BodyHandler<Flow.Publisher<List<ByteBuffer>>> handler =
        head ->
            answer.subscriber(
                threads,
                head.version() != HttpClient.Version.HTTP_1_1,
                () ->
                    Completions.orFail(result, () -> result.complete(headed(head, answer, whole))));
    CompletableFuture<HttpResponse<Flow.Publisher<List<ByteBuffer>>>> exchange =
        pushes == null || !sameOrigin
            ? client.sendAsync(attempt, handler)
            : client.sendAsync(attempt, handler, pushes.ofAttempt());
    endsWith(cancellation, result, exchange, answer);
    BiConsumer<HttpResponse<?>, Throwable> ended =
        (response, failure) -> {
          whole.complete(response);
          Completions.orFail(
              result,
              () -> {
                if (failure != null) {
                  Throwable why = Completions.unwrap(failure);
                  answer.onError(why);
                  result.completeExceptionally(why);
                } else if (response.body() == null) {
                  result.complete(received(response, answer));
                }
              });
        };
    if (attempt.isWaitedFor()) {
      // Else it is the thread that serves all of the client's connections, for example.
      exchange.whenCompleteAsync(ended, OwnExecutor.DEPENDENTS);
    } else {
      exchange.whenComplete(ended);
    }
    return result;
  }

  private static void endsWith(
      Cancellation cancellation,
      CompletableFuture<WireResponse> result,
      CompletableFuture<?> exchange,
      PulledBody answer) {
    cancellation.onCancel(
        () -> {
          result.completeExceptionally(cancelled(cancellation));
          // Before JDK 16 this does not reach the exchange; then the closed body ends it at its
          // head.
          exchange.cancel(true);
          answer.close();
        });
  }

  private static WireResponse headed(
      HttpResponse.ResponseInfo head, PulledBody answer, CompletableFuture<HttpResponse<?>> whole) {
    return WireResponse.received(
        head.statusCode(), WireHeaders.fromClient(head.headers()), answer, Origin.of(head, whole));
  }

  private static WireResponse received(HttpResponse<?> response, PulledBody answer) {
    return WireResponse.received(
        response.statusCode(),
        WireHeaders.fromClient(response.headers()),
        response.body() == null ? Bodies.empty() : answer,
        Origin.of(response));
  }

  private static IOException cancelled(Cancellation cancellation) {
    Throwable reason = cancellation.reason();
    return reason instanceof IOException
        ? (IOException) reason
        : new IOException("cancelled", reason);
  }
}
