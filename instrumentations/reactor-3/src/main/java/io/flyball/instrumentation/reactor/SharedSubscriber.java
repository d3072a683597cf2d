package io.flyball.instrumentation.reactor;

import io.flyball.wire.Gateway;
import io.flyball.wire.InboundScope;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/**
 * A subscriber for several others: what it is given was asked for by the first of them, but each of
 * them goes on for itself.
 */
final class SharedSubscriber extends PassingSubscriber {
  private final Gateway gateway;

  SharedSubscriber(Gateway gateway, CoreSubscriber<? super Object> actual) {
    super(actual);
    this.gateway = gateway;
  }

  @Override
  public Context currentContext() {
    return actual.currentContext();
  }

  @Override
  InboundScope open() {
    return gateway.leaveInbound();
  }

  @Override
  InboundScope upwards() {
    return null;
  }
}
