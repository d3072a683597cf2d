package io.flyball.instrumentation.springai;

import io.flyball.wire.Caller;
import io.flyball.wire.CallerScope;
import io.flyball.wire.Gateway;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;

/** One request of the {@code WebClient}, sent for the caller that Reactor's context names. */
final class CallersExchange<T> extends Mono<T> {
  /** A name and no object: Spring AI and the {@code WebClient} may be in different loaders. */
  static final String CALLER = "io.flyball.caller";

  private final Mono<T> exchange;
  private final Gateway gateway;

  CallersExchange(Mono<T> exchange, Gateway gateway) {
    this.exchange = exchange;
    this.gateway = gateway;
  }

  @Override
  public void subscribe(CoreSubscriber<? super T> subscriber) {
    Caller caller = subscriber.currentContext().getOrDefault(CALLER, null);
    CallerScope scope = gateway.resume(caller);
    try {
      exchange.subscribe(subscriber);
    } finally {
      if (scope != null) {
        scope.close();
      }
    }
  }
}
