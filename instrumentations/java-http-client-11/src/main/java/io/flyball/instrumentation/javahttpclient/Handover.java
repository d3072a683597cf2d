package io.flyball.instrumentation.javahttpclient;

import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Gives an answer to the application's handler, and its body to what that makes of it: what is the
 * application's own is asked on the threads on which the client would ask it.
 *
 * @param <T> what the application's handler makes of the body
 */
final class Handover<T> {
  private final HttpRequest request;
  private final BodyHandler<T> handler;
  private final OwnExecutor executor;

  Handover(HttpRequest request, BodyHandler<T> handler, OwnExecutor executor) {
    this.request = request;
    this.handler = handler;
    this.executor = executor;
  }

  /** Of one of the JDK's handlers, which wait for nothing. */
  CompletableFuture<HttpResponse<T>> onCallersThread(
      WireResponse response, Cancellation abandoned) {
    return deliver(response, abandoned, true);
  }

  /**
   * @param atOnce whether this is the thread that began the call
   * @param begunByClient whether that is one on which the client would begin it
   */
  CompletableFuture<HttpResponse<T>> of(
      WireResponse response,
      ClientTransport transport,
      boolean atOnce,
      boolean begunByClient,
      Cancellation abandoned) {
    if (transport.isOnClientsThread() || (atOnce && begunByClient)) {
      return deliver(response, abandoned, false);
    }
    if (!Waiting.isClients(handler)) {
      return elsewhere(executor::executeElsewhere, () -> deliver(response, abandoned, false));
    }
    if (atOnce && transport.hasSent()) {
      // The client was faster than this thread: its executor has had all its tasks.
      return elsewhere(executor::executeWaiting, () -> deliver(response, abandoned, true));
    }
    return elsewhere(executor, () -> deliver(response, abandoned, false));
  }

  /** A handler or subscriber may wait, and this thread may be the application's, or a timer. */
  private static <R> CompletableFuture<R> elsewhere(
      Executor where, Supplier<CompletableFuture<R>> work) {
    CompletableFuture<R> result = new CompletableFuture<>();
    where.execute(() -> Completions.orFail(result, () -> Completions.forward(work.get(), result)));
    return result;
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
            executor::executeElsewhere,
            () -> Delivery.start(response.body(), subscriber, abandoned, asking))
        : Delivery.start(response.body(), subscriber, abandoned, asking);
  }
}
