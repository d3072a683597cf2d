package io.flyball.instrumentation.reactor;

import io.flyball.wire.CapturedInbound;
import io.flyball.wire.InboundScope;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/** A subscriber whose signals, and what they set off, are part of the work for a request. */
final class CarryingSubscriber extends PassingSubscriber {
  private final CapturedInbound captured;
  private final Context context;

  CarryingSubscriber(CapturedInbound captured, CoreSubscriber<? super Object> actual) {
    super(actual);
    this.captured = captured;
    Context downstream = actual.currentContext();
    this.context =
        captured.equals(downstream.getOrDefault(CapturedInbound.class, null))
            ? downstream
            : downstream.put(CapturedInbound.class, captured);
  }

  @Override
  public Context currentContext() {
    return context;
  }

  @Override
  InboundScope open() {
    return captured.resume();
  }

  @Override
  InboundScope upwards() {
    return captured.resume();
  }
}
