package io.flyball.instrumentation.javahttpclient;

import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.Transport;
import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

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
  private final HttpClient client;
  private final StrangersClients strangers;
  private final HttpRequest application;
  private final RequestBody body;
  private final WireRequest asked;
  private final TimeLimit limit;
  private final Executor executor;
  private volatile boolean blocking;
  private volatile boolean sent;
  private volatile Throwable rejection;

  /**
   * @param asked the application's request as the engine got it
   * @param limit of the application's request; of all attempts together
   * @param blocking whether it is {@code send} that the application called
   * @param executor where the call goes on after {@code send} has its answer
   */
  ClientTransport(
      HttpClient client,
      StrangersClients strangers,
      HttpRequest application,
      RequestBody body,
      WireRequest asked,
      TimeLimit limit,
      boolean blocking,
      Executor executor) {
    this.client = client;
    this.strangers = strangers;
    this.limit = limit;
    this.application = application;
    this.body = body;
    this.asked = asked;
    this.blocking = blocking;
    this.executor = executor;
  }

  /** What {@code sendAsync} threw instead of returning a future, for a bad request; else null. */
  Throwable rejection() {
    return rejection;
  }

  /** Whether the client was given a request, be it that nothing came of it. */
  boolean hasSent() {
    return sent;
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
    if (limit.nanosLeft() == 0) {
      return CompletableFuture.failedFuture(timeoutFailure("request timed out"));
    }
    boolean sameOrigin = request.isSameOrigin(asked);
    HttpClient sender = sameOrigin ? client : strangers.counterpart(client, request.uri());
    AttemptRequest attempt =
        AttemptRequest.of(application, body, asked, request, sameOrigin, limit.left(), blocking);
    // A subscriber of its own for each head, so that it can be closed before there is one.
    PulledBody answer = new PulledBody();
    sent = true;
    if (!blocking) {
      return sendAsync(sender, attempt, answer, cancellation);
    }
    return cancellation.isOfOneAttempt()
        ? awaited(sendAsync(sender, attempt, answer, cancellation), cancellation)
        : sendBlocking(sender, attempt, answer, cancellation);
  }

  private static CompletionStage<WireResponse> sendBlocking(
      HttpClient client, AttemptRequest attempt, PulledBody answer, Cancellation cancellation) {
    cancellation.onCancel(answer::close);
    try {
      return CompletableFuture.completedFuture(received(client.send(attempt, head -> answer)));
    } catch (InterruptedException e) {
      return CompletableFuture.failedFuture(Failures.interrupted(e));
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** What {@code send} would make of it, on the thread that waits. */
  private static CompletionStage<WireResponse> awaited(
      CompletableFuture<WireResponse> sent, Cancellation cancellation) {
    try {
      return CompletableFuture.completedFuture(sent.get());
    } catch (InterruptedException e) {
      InterruptedIOException interrupted = Failures.interrupted(e);
      cancellation.cancel(interrupted);
      return CompletableFuture.failedFuture(interrupted);
    } catch (ExecutionException e) {
      Throwable failure = e.getCause();
      return CompletableFuture.failedFuture(
          cancellation.isCancelled() ? failure : Failures.asThrownBySend(failure));
    }
  }

  private CompletableFuture<WireResponse> sendAsync(
      HttpClient client, AttemptRequest attempt, PulledBody answer, Cancellation cancellation) {
    CompletableFuture<HttpResponse<PulledBody>> exchange;
    try {
      exchange = client.sendAsync(attempt, head -> answer);
    } catch (RuntimeException e) {
      rejection = e;
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<WireResponse> result = new CompletableFuture<>();
    cancellation.onCancel(
        () -> {
          result.completeExceptionally(cancelled(cancellation));
          // Before JDK 16 this does not reach the exchange; then the closed body ends it at its
          // head.
          exchange.cancel(true);
          answer.close();
        });
    exchange.whenComplete(
        (response, failure) ->
            Completions.orFail(
                result,
                () -> {
                  if (failure == null) {
                    result.complete(received(response));
                  } else {
                    result.completeExceptionally(Completions.unwrap(failure));
                  }
                }));
    return result;
  }

  private static WireResponse received(HttpResponse<PulledBody> response) {
    return WireResponse.received(
        response.statusCode(),
        WireHeaders.fromClient(response.headers()),
        response.body(),
        response);
  }

  private static IOException cancelled(Cancellation cancellation) {
    Throwable reason = cancellation.reason();
    return reason instanceof IOException
        ? (IOException) reason
        : new IOException("cancelled", reason);
  }
}
