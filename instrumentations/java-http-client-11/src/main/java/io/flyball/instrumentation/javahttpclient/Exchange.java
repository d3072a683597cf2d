package io.flyball.instrumentation.javahttpclient;

import io.flyball.bootstrap.Outcome;
import io.flyball.wire.Caller;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.Gateway;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One {@code send} or {@code sendAsync} of the application, from its request to its response.
 *
 * <p>The application's body handler is applied to what the engine hands over, never to an attempt.
 *
 * @param <T> what the application's handler makes of the body
 */
final class Exchange<T> {
  private static final byte[] NOTHING = new byte[0];
  private static final String NOT_HELD =
      "the request's body is longer than can be held, or not as long as it declares";

  private final Gateway gateway;
  private final StrangersClients strangers;
  private final HttpClient client;
  private final HttpRequest request;
  private final RequestBody requestBody;
  private final Shutdowns.Begun begun;
  private final BodyHandler<T> handler;
  private final Pushes<T> pushes;
  private final OwnExecutor executor;
  private final Handover<T> handover;
  private volatile TimeLimit limit;

  /**
   * @param begun ended when there is an answer or a failure, before the application is told
   * @param pushes null where the application takes none
   */
  Exchange(
      Gateway gateway,
      StrangersClients strangers,
      HttpClient client,
      HttpRequest request,
      RequestBody requestBody,
      Shutdowns.Begun begun,
      BodyHandler<T> handler,
      Pushes<T> pushes) {
    this.gateway = gateway;
    this.strangers = strangers;
    this.client = client;
    this.request = request;
    this.limit = TimeLimit.from(request);
    this.executor = OwnExecutor.of(client);
    this.requestBody = requestBody;
    this.begun = begun;
    this.handler = handler;
    this.pushes = pushes;
    this.handover = new Handover<>(request, handler, executor);
  }

  /** Null when the client must report an interruption that has already happened. */
  Outcome send() {
    if (Thread.currentThread().isInterrupted()) {
      return interrupted();
    }
    ClientTransport transport = null;
    try {
      takeAndWait();
      WireRequest asked = asked();
      GovernedCall call = asked == null ? null : opened(asked, null);
      if (call == null) {
        return Outcome.value(sendUntouched(asked));
      }
      boolean isClients = Waiting.isClients(handler);
      transport = transport(asked, isClients);
      return Outcome.value(isClients ? send(transport, call) : sendAndWait(transport, call));
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

  /** The wait ends as that for an answer does; whoever publishes may wait without end. */
  private void takeAndWait() throws IOException, InterruptedException, ExecutionException {
    if (requestBody.isAtHand()) {
      requestBody.take();
      return;
    }
    CompletableFuture<Void> taken = new CompletableFuture<>();
    executor.executeWaiting(
        () -> Completions.orFail(taken, () -> Completions.forward(requestBody.take(), taken)));
    try {
      long left = limit.nanosLeft();
      if (left < 0) {
        taken.get();
      } else {
        taken.get(left, TimeUnit.NANOSECONDS);
      }
    } catch (TimeoutException late) {
      requestBody.cancel();
      throw TimeLimit.over();
    }
  }

  /**
   * The client begins to send, and fails then; where every request must be read it only fails.
   *
   * @return null where the client does both
   */
  private Outcome interrupted() {
    if (!gateway.mustRead()) {
      return null;
    }
    Thread.interrupted();
    return Outcome.failure(new InterruptedException());
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
    WireResponse answer = call.execute(transport);
    transport.answered();
    begun.end();
    Cancellation abandoned = new Cancellation();
    return awaited(handover.onCallersThread(answer, abandoned), call, transport, abandoned);
  }

  /**
   * For a handler of the application's own, which may wait, and is asked where the client asks it:
   * as the client's own {@code send}, which begins here and goes on as {@code sendAsync}. An
   * interruption ends the call, it is not for what waits.
   */
  private HttpResponse<T> sendAndWait(ClientTransport transport, GovernedCall call)
      throws IOException, InterruptedException {
    Cancellation abandoned = new Cancellation();
    transport.beginsHere();
    CompletableFuture<HttpResponse<T>> answer = governed(call, transport, abandoned, false);
    return awaited(answer, call, transport, abandoned);
  }

  private static <R> R awaited(
      CompletableFuture<R> answer,
      GovernedCall call,
      ClientTransport transport,
      Cancellation abandoned)
      throws IOException, InterruptedException {
    try {
      return answer.get();
    } catch (InterruptedException e) {
      call.cancel();
      abandoned.cancel(Failures.cancelled());
      throw e;
    } catch (ExecutionException e) {
      if (e.getCause() == transport.rejection()) {
        throw transport.rejection();
      }
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
      if (requestBody.isAtHand()) {
        requestBody.take();
        return sendAsyncNow();
      }
      return Outcome.value(sendAsyncLater());
    } catch (RuntimeException e) {
      return Outcome.failure(e);
    }
  }

  private Outcome sendAsyncNow() {
    WireRequest asked = asked();
    GovernedCall call = asked == null ? null : opened(asked, null);
    if (call == null) {
      return Outcome.value(sendUntouchedAsync(asked, false));
    }
    ClientTransport transport = transport(asked, false);
    Cancellation abandoned = new Cancellation();
    try {
      CompletableFuture<HttpResponse<T>> answer =
          answer(governed(call, transport, abandoned, false), abandoned);
      return transport.rejection() == null
          ? Outcome.value(answer)
          : Outcome.failure(transport.rejection());
    } catch (Error e) {
      return onceSent(transport, e);
    }
  }

  /**
   * For a body that is made while it is sent, maybe only after the application has its future: its
   * thread must not wait for it, so the call is opened on another one, with the one task by which
   * the client would begin.
   *
   * @throws java.util.concurrent.RejectedExecutionException as the client would
   */
  private CompletableFuture<HttpResponse<T>> sendAsyncLater() {
    Cancellation abandoned = new Cancellation();
    abandoned.onCancel(requestBody::cancel);
    Caller caller = gateway.caller();
    CompletableFuture<HttpResponse<T>> sent = new CompletableFuture<>();
    Runnable send =
        () ->
            Completions.orFail(sent, () -> Completions.forward(sendTaken(caller, abandoned), sent));
    executor.executeOrRefuse(() -> Completions.orFail(sent, () -> takeInTime(send, sent)));
    return answer(sent, abandoned);
  }

  /**
   * Goes on at once where the body is whole then, which is almost always.
   *
   * @param sent fails, instead of {@code send} being run, when the time for a head is over
   */
  private void takeInTime(Runnable send, CompletableFuture<?> sent) {
    // The client, too, counts from here.
    limit = TimeLimit.from(request);
    CompletableFuture<Void> inTime = new CompletableFuture<>();
    long left = limit.nanosLeft();
    if (left >= 0) {
      inTime
          .orTimeout(left, TimeUnit.NANOSECONDS)
          .exceptionally(
              over -> {
                sent.completeExceptionally(TimeLimit.over());
                executor.executeWaiting(requestBody::cancel);
                return null;
              });
    }
    CompletableFuture<Void> taken = requestBody.take();
    if (!taken.isDone()) {
      taken.thenRun(
          () -> {
            if (inTime.complete(null)) {
              // The client would have needed no task of its executor for what came meanwhile.
              Completions.orFail(sent, () -> executor.executeWaiting(send));
            }
          });
    } else if (inTime.complete(null)) {
      send.run();
    }
  }

  private CompletableFuture<HttpResponse<T>> sendTaken(Caller caller, Cancellation abandoned) {
    if (abandoned.isCancelled()) {
      return CompletableFuture.failedFuture(abandoned.reason());
    }
    WireRequest asked = asked();
    GovernedCall call = asked == null ? null : opened(asked, caller);
    if (call == null) {
      CompletableFuture<HttpResponse<T>> untouched = sendUntouchedAsync(asked, true);
      abandoned.onCancel(() -> untouched.cancel(true));
      return untouched;
    }
    ClientTransport transport = transport(asked, false);
    transport.beginsHere();
    return governed(call, transport, abandoned, !executor.isReplacedHere());
  }

  private HttpResponse<T> sendUntouched(WireRequest read) throws IOException, InterruptedException {
    try {
      return client.send(untouched(read, false), handler);
    } finally {
      requestBody.release();
      begun.end();
    }
  }

  /**
   * @param read the request as the engine has read it; null when it has not
   * @param here whether this thread is one on which the client would begin it
   */
  private AttemptRequest untouched(WireRequest read, boolean here) {
    boolean takenOff =
        WireHeaders.saySomethingToFlyball(request.headers())
            && (read == null
                ? JavaHttpClientPlugin.takesOwnHeadersOff(gateway, request)
                : gateway.takesOwnHeadersOff(read));
    return AttemptRequest.untouched(request, requestBody, !takenOff, here);
  }

  private CompletableFuture<HttpResponse<T>> sendUntouchedAsync(WireRequest read, boolean here) {
    AttemptRequest untouched = untouched(read, here);
    CompletableFuture<HttpResponse<T>> sent =
        pushes == null
            ? client.sendAsync(untouched, handler)
            : client.sendAsync(untouched, handler, pushes.handler());
    begun.end();
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

  /**
   * @param handedOverHere whether this thread is one on which the client would begin the call
   */
  private CompletableFuture<HttpResponse<T>> governed(
      GovernedCall call,
      ClientTransport transport,
      Cancellation abandoned,
      boolean handedOverHere) {
    abandoned.onCancel(() -> call.cancel(abandoned.reason()));
    Thread beginning = Thread.currentThread();
    return call.executeAsync(transport, executor)
        .toCompletableFuture()
        .whenComplete((response, failure) -> begun.end())
        .thenCompose(
            response ->
                handover.of(
                    response,
                    transport,
                    Thread.currentThread() == beginning,
                    handedOverHere,
                    abandoned));
  }

  /** The application's future, which its dependents see complete on the client's usual threads. */
  private <R> CompletableFuture<R> answer(CompletableFuture<R> outcome, Cancellation abandoned) {
    abandoned.onCancel(begun::end);
    AnswerFuture<R> answer = new AnswerFuture<>(() -> abandoned.cancel(Failures.cancelled()));
    outcome.whenCompleteAsync(
        (value, failure) ->
            Completions.orFail(
                answer,
                () -> {
                  begun.end();
                  if (failure == null) {
                    answer.complete(value);
                  } else {
                    Throwable why =
                        abandoned.isCancelled() ? abandoned.reason() : Completions.unwrap(failure);
                    answer.completeExceptionally(new CompletionException(why));
                  }
                }),
        OwnExecutor.DEPENDENTS);
    return answer;
  }

  private ClientTransport transport(WireRequest asked, boolean blocking) {
    return new ClientTransport(
        client, strangers, request, requestBody, asked, limit, blocking, executor, pushes);
  }

  /** Null when the body must not or cannot be held, and need not be read. */
  private WireRequest asked() {
    byte[] body = null;
    try {
      body = requestBody.bytes();
    } catch (OutOfMemoryError noRoom) {
      // What was taken is given back as it is.
      gateway.internalError("java-http-client-11", noRoom);
    }
    if (body != null) {
      return wireRequest(request, body);
    }
    if (!gateway.mustRead()) {
      return null;
    }
    if (requestBody.hasFailed()) {
      requestBody.onlyFails();
      return null;
    }
    return notHeld(request);
  }

  /** The request without its body. */
  static WireRequest notHeld(HttpRequest request) {
    return wireRequest(request, NOTHING).unread(NOT_HELD);
  }

  private static WireRequest wireRequest(HttpRequest request, byte[] body) {
    return new WireRequest(
        request.method(), request.uri(), WireHeaders.fromClient(request.headers()), body);
  }
}
