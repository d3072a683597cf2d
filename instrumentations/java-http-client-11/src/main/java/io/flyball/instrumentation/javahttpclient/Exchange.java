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
import java.net.http.HttpResponse.BodySubscriber;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

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
  private final BodyHandler<T> handler;
  private final Pushes<T> pushes;
  private final OwnExecutor executor;
  private volatile TimeLimit limit;

  /**
   * @param pushes null where the application takes none
   */
  Exchange(
      Gateway gateway,
      StrangersClients strangers,
      HttpClient client,
      HttpRequest request,
      RequestBody requestBody,
      BodyHandler<T> handler,
      Pushes<T> pushes) {
    this.gateway = gateway;
    this.strangers = strangers;
    this.client = client;
    this.request = request;
    this.limit = TimeLimit.from(request);
    this.executor = OwnExecutor.of(client);
    this.requestBody = requestBody;
    this.handler = handler;
    this.pushes = pushes;
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

  /** The wait ends as that for an answer does; whoever publishes may wait without end. */
  private void takeAndWait() throws IOException, InterruptedException, ExecutionException {
    if (requestBody.isAtHand()) {
      requestBody.take();
      return;
    }
    CompletableFuture<Void> taken = new CompletableFuture<>();
    OwnExecutor.WAITING.execute(
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
    Cancellation abandoned = new Cancellation();
    try {
      WireResponse answer = call.execute(transport);
      transport.answered();
      return handedOver(answer, abandoned).get();
    } catch (InterruptedException e) {
      call.cancel();
      abandoned.cancel(Failures.cancelled());
      throw e;
    } catch (ExecutionException e) {
      Throwable thrown = Failures.asThrownBySend(e.getCause());
      if (thrown instanceof IOException) {
        throw (IOException) thrown;
      }
      throw (RuntimeException) thrown;
    }
  }

  /**
   * What is the application's own and may wait is no more done on the thread that called {@code
   * send} than by the client: an interruption ends the call, it is not for what waits.
   */
  private CompletableFuture<HttpResponse<T>> handedOver(
      WireResponse answer, Cancellation abandoned) {
    return Waiting.isClients(handler)
        ? deliver(answer, abandoned, true)
        : elsewhere(OwnExecutor.WAITING, () -> deliver(answer, abandoned, false));
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
                OwnExecutor.WAITING.execute(requestBody::cancel);
                return null;
              });
    }
    CompletableFuture<Void> taken = requestBody.take();
    if (!taken.isDone()) {
      taken.thenRun(
          () -> {
            if (inTime.complete(null)) {
              // The client would have needed no task of its executor for what came meanwhile.
              Completions.orFail(sent, () -> OwnExecutor.WAITING.execute(send));
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
    return governed(call, transport, abandoned);
  }

  private HttpResponse<T> sendUntouched(WireRequest read) throws IOException, InterruptedException {
    try {
      return client.send(untouched(read, false), handler);
    } finally {
      requestBody.release();
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
    abandoned.onCancel(() -> call.cancel(abandoned.reason()));
    Thread beginning = Thread.currentThread();
    return call.executeAsync(transport, executor)
        .toCompletableFuture()
        .thenCompose(
            response -> {
              boolean atOnce = Thread.currentThread() == beginning;
              if (transport.isOnClientsThread() || (atOnce && transport.hasBegunHere())) {
                return deliver(response, abandoned, false);
              }
              // The client was faster than this thread: its executor has had all its tasks.
              Executor where = atOnce && transport.hasSent() ? OwnExecutor.WAITING : executor;
              return elsewhere(where, () -> deliver(response, abandoned, false));
            });
  }

  /** A handler or subscriber may wait, and this thread may be the application's, or a timer. */
  private static <R> CompletableFuture<R> elsewhere(
      Executor where, Supplier<CompletableFuture<R>> work) {
    CompletableFuture<R> result = new CompletableFuture<>();
    where.execute(() -> Completions.orFail(result, () -> Completions.forward(work.get(), result)));
    return result;
  }

  /** The application's future, which its dependents see complete on the client's usual threads. */
  private static <R> CompletableFuture<R> answer(
      CompletableFuture<R> outcome, Cancellation abandoned) {
    AnswerFuture<R> answer = new AnswerFuture<>(() -> abandoned.cancel(Failures.cancelled()));
    outcome.whenCompleteAsync(
        (value, failure) ->
            Completions.orFail(
                answer,
                () -> {
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

  /**
   * Does not wait for what the body is made of, unless the handler or its subscriber does.
   *
   * @param callersThread whether this thread is one on which no subscriber of the application must
   *     be told anything
   */
  private CompletableFuture<HttpResponse<T>> deliver(
      WireResponse response, Cancellation abandoned, boolean callersThread) {
    GovernedResponse<Void> head = GovernedResponse.head(request, response);
    Origin origin = (Origin) response.origin();
    if (origin != null && origin.hasNoBody()) {
      // A proxy has not let us through: the client asks no handler then.
      response.body().close();
      return CompletableFuture.completedFuture(head.withBody(null));
    }
    BodySubscriber<T> subscriber;
    try {
      subscriber = orAsTheClient(handler.apply(head));
    } catch (RuntimeException | Error e) {
      response.body().close();
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<T> body = started(response, subscriber, abandoned, callersThread);
    return origin == null
        ? body.thenApply(head::withBody)
        : body.thenCombine(origin.known(), (made, known) -> head.withBody(made));
  }

  /** What the client does with none: the JVM has words for it, with the name of the variable. */
  private static <S extends BodySubscriber<?>> S orAsTheClient(S bs) {
    if (bs == null) {
      bs.getBody();
    }
    return bs;
  }

  private CompletableFuture<T> started(
      WireResponse response,
      BodySubscriber<T> subscriber,
      Cancellation abandoned,
      boolean callersThread) {
    Executor asking = Waiting.mayWait(handler, subscriber) ? executor : Runnable::run;
    return callersThread && !Waiting.isClients(subscriber)
        ? elsewhere(
            OwnExecutor.WAITING,
            () -> Delivery.start(response.body(), subscriber, abandoned, asking))
        : Delivery.start(response.body(), subscriber, abandoned, asking);
  }
}
