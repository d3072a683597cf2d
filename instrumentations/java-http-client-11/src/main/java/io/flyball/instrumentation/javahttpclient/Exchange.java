package io.flyball.instrumentation.javahttpclient;

import io.flyball.bootstrap.Outcome;
import io.flyball.engine.wire.Caller;
import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.Gateway;
import io.flyball.engine.wire.GovernedCall;
import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;

/**
 * One {@code send} or {@code sendAsync} of the application, from its request to its response.
 *
 * <p>The application's body handler is applied to what the engine hands over, never to an attempt.
 *
 * @param <T> what the application's handler makes of the body
 */
final class Exchange<T> {
  /** Where the client itself runs what depends on its futures. */
  private static final Executor DEPENDENTS = new CompletableFuture<Void>().defaultExecutor();

  private final Gateway gateway;
  private final StrangersClients strangers;
  private final HttpClient client;
  private final HttpRequest request;
  private final RequestBody requestBody;
  private final BodyHandler<T> handler;
  private final TimeLimit limit;

  Exchange(
      Gateway gateway,
      StrangersClients strangers,
      HttpClient client,
      HttpRequest request,
      RequestBody requestBody,
      BodyHandler<T> handler) {
    this.gateway = gateway;
    this.strangers = strangers;
    this.client = client;
    this.request = request;
    this.limit = TimeLimit.from(request);
    this.requestBody = requestBody;
    this.handler = handler;
  }

  /** Null when the client must report an interruption that has already happened. */
  Outcome send() {
    if (Thread.currentThread().isInterrupted()) {
      return null;
    }
    ClientTransport transport = null;
    try {
      requestBody.take().get();
      WireRequest asked = asked();
      GovernedCall call = asked == null ? null : opened(asked, null);
      if (call == null) {
        return Outcome.value(sendUntouched(asked));
      }
      transport = transport(asked, true);
      return Outcome.value(send(transport, call));
    } catch (InterruptedException e) {
      requestBody.cancel();
      return Outcome.failure(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("taking a body never fails", e);
    } catch (IOException | RuntimeException e) {
      return Outcome.failure(Failures.interruptionOf(e));
    } catch (Error e) {
      return onceSent(transport, e);
    }
  }

  /**
   * After an error that leaves the hook the method goes on by itself, as it should as long as
   * nothing was sent; what was sent must not be sent again.
   */
  private static Outcome onceSent(ClientTransport transport, Error error) {
    if (transport == null || !transport.hasSent()) {
      throw error;
    }
    return Outcome.failure(error);
  }

  private HttpResponse<T> send(ClientTransport transport, GovernedCall call)
      throws IOException, InterruptedException {
    try {
      WireResponse answer = call.execute(transport);
      transport.answered();
      return deliver(answer).get();
    } catch (InterruptedException e) {
      call.cancel();
      throw e;
    } catch (ExecutionException e) {
      Throwable thrown = Failures.asThrownBySend(e.getCause());
      if (thrown instanceof IOException) {
        throw (IOException) thrown;
      }
      throw (RuntimeException) thrown;
    }
  }

  /** Never waits. */
  Outcome sendAsync() {
    try {
      CompletableFuture<Void> taken = null;
      if (requestBody.declaresLength()) {
        taken = requestBody.take();
        if (taken.isDone()) {
          return sendAsyncNow();
        }
      }
      return Outcome.value(sendAsyncLater(taken));
    } catch (RuntimeException e) {
      return Outcome.failure(e);
    }
  }

  private Outcome sendAsyncNow() {
    WireRequest asked = asked();
    GovernedCall call = asked == null ? null : opened(asked, null);
    if (call == null) {
      return Outcome.value(sendUntouchedAsync(asked));
    }
    ClientTransport transport = transport(asked, false);
    Cancellation abandoned = new Cancellation();
    try {
      CompletableFuture<HttpResponse<T>> answer =
          answer(governed(call, transport, abandoned), abandoned);
      return transport.rejection() == null
          ? Outcome.value(answer)
          : Outcome.failure(transport.rejection());
    } catch (Error e) {
      return onceSent(transport, e);
    }
  }

  /**
   * For a body that is made while it is sent, maybe only after the application has its future: its
   * thread must not wait for it, so the call is opened on another one.
   *
   * @param taken null when taking the body may block and was not begun
   */
  private CompletableFuture<HttpResponse<T>> sendAsyncLater(CompletableFuture<Void> taken) {
    Cancellation abandoned = new Cancellation();
    abandoned.onCancel(requestBody::cancel);
    Caller caller = gateway.caller();
    CompletableFuture<Void> start =
        taken != null
            ? taken
            : CompletableFuture.completedFuture(null)
                .thenComposeAsync(nothing -> requestBody.take(), executor());
    return answer(
        start.thenComposeAsync(nothing -> sendTaken(caller, abandoned), executor()), abandoned);
  }

  private CompletableFuture<HttpResponse<T>> sendTaken(Caller caller, Cancellation abandoned) {
    if (abandoned.isCancelled()) {
      return CompletableFuture.failedFuture(abandoned.reason());
    }
    WireRequest asked = asked();
    GovernedCall call = asked == null ? null : opened(asked, caller);
    if (call == null) {
      CompletableFuture<HttpResponse<T>> untouched = sendUntouchedAsync(asked);
      abandoned.onCancel(() -> untouched.cancel(true));
      return untouched;
    }
    return governed(call, transport(asked, false), abandoned);
  }

  private HttpResponse<T> sendUntouched(WireRequest read) throws IOException, InterruptedException {
    try {
      return client.send(untouched(read), handler);
    } finally {
      requestBody.release();
    }
  }

  /**
   * @param read the request as the engine has read it; null when it has not
   */
  private AttemptRequest untouched(WireRequest read) {
    boolean takenOff =
        WireHeaders.saySomethingToFlyball(request.headers())
            && (read == null
                ? JavaHttpClientPlugin.takesOwnHeadersOff(gateway, request)
                : gateway.takesOwnHeadersOff(read));
    return AttemptRequest.untouched(request, requestBody, !takenOff);
  }

  private CompletableFuture<HttpResponse<T>> sendUntouchedAsync(WireRequest read) {
    CompletableFuture<HttpResponse<T>> sent = client.sendAsync(untouched(read), handler);
    sent.whenComplete((response, failure) -> requestBody.release());
    return sent;
  }

  /** Null when the request must go on untouched. */
  private GovernedCall opened(WireRequest asked, Caller caller) {
    GovernedCall call = gateway.open(asked, caller);
    if (call != null) {
      call.whenEnded(requestBody::release);
    }
    return call;
  }

  private CompletableFuture<HttpResponse<T>> governed(
      GovernedCall call, ClientTransport transport, Cancellation abandoned) {
    abandoned.onCancel(call::cancel);
    return call.executeAsync(transport, executor())
        .toCompletableFuture()
        .thenComposeAsync(
            response -> {
              abandoned.onCancel(response.body()::close);
              return deliver(response);
            },
            executor());
  }

  /** The application's future, which its dependents see complete on the client's usual threads. */
  private static <R> CompletableFuture<R> answer(
      CompletableFuture<R> outcome, Cancellation abandoned) {
    AnswerFuture<R> answer =
        new AnswerFuture<>(() -> abandoned.cancel(new CancellationException()));
    outcome.whenCompleteAsync(
        (value, failure) ->
            Completions.orFail(
                answer,
                () -> {
                  if (failure == null) {
                    answer.complete(value);
                  } else {
                    answer.completeExceptionally(
                        new CompletionException(Completions.unwrap(failure)));
                  }
                }),
        DEPENDENTS);
    return answer;
  }

  private ClientTransport transport(WireRequest asked, boolean blocking) {
    return new ClientTransport(
        client, strangers, request, requestBody, asked, limit, blocking, executor());
  }

  private Executor executor() {
    return client.executor().orElse(DEPENDENTS);
  }

  /** Null when the body must not or cannot be held. */
  private WireRequest asked() {
    try {
      byte[] body = requestBody.bytes();
      return body == null
          ? null
          : new WireRequest(
              request.method(), request.uri(), WireHeaders.fromClient(request.headers()), body);
    } catch (OutOfMemoryError noRoom) {
      // What was taken is given back as it is.
      gateway.internalError("java-http-client-11", noRoom);
      return null;
    }
  }

  private CompletableFuture<HttpResponse<T>> deliver(WireResponse response) {
    GovernedResponse<Void> head = GovernedResponse.head(request, response);
    HttpResponse.BodySubscriber<T> subscriber;
    try {
      subscriber = Objects.requireNonNull(handler.apply(head));
    } catch (RuntimeException | Error e) {
      response.body().close();
      return CompletableFuture.failedFuture(e);
    }
    return Delivery.start(response.body(), subscriber).thenApply(head::withBody);
  }
}
