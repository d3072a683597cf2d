package io.flyball.instrumentation.javahttpclient;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the server of a call promises to push, told to the application as the client tells it. Of
 * several attempts the first that is promised something is told of; what others are promised is
 * turned away, because an application takes each promise once.
 *
 * @param <T> what the application's handlers make of a body
 */
final class Pushes<T> {
  private final HttpRequest application;
  private final PushPromiseHandler<T> handler;
  private final AtomicReference<Object> told = new AtomicReference<>();

  /**
   * @param application its request, whatever an attempt makes of it
   */
  Pushes(HttpRequest application, PushPromiseHandler<T> handler) {
    this.application = application;
    this.handler = handler;
  }

  /**
   * For one attempt.
   *
   * @param <R> what the attempt makes of its own answer; the client hands both on unseen
   */
  @SuppressWarnings("unchecked")
  <R> PushPromiseHandler<R> ofAttempt() {
    Object attempt = new Object();
    PushPromiseHandler<T> asTheClientTells =
        (initiating, promised, acceptor) -> {
          if (told.compareAndSet(null, attempt) || told.get() == attempt) {
            handler.applyPushPromise(application, promised, acceptor);
          }
        };
    return (PushPromiseHandler<R>) asTheClientTells;
  }

  /** The application's own, for its own request. */
  PushPromiseHandler<T> handler() {
    return handler;
  }
}
