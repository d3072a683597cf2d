package io.flyball.instrumentation.reactor;

import io.flyball.wire.InboundScope;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Fuseable;
import reactor.core.Scannable;

/**
 * Passes all signals on, both ways, each within a scope. Where operators would fuse, signals would
 * pass by, so it does not let them.
 */
abstract class PassingSubscriber
    implements CoreSubscriber<Object>, Fuseable.QueueSubscription<Object>, Scannable {
  final CoreSubscriber<? super Object> actual;
  private Subscription subscription;

  PassingSubscriber(CoreSubscriber<? super Object> actual) {
    this.actual = actual;
  }

  /** Null when there is nothing to open. */
  abstract InboundScope open();

  @Override
  public final void onSubscribe(Subscription s) {
    subscription = s;
    InboundScope scope = open();
    try {
      actual.onSubscribe(this);
    } finally {
      close(scope);
    }
  }

  @Override
  public final void onNext(Object value) {
    InboundScope scope = open();
    try {
      actual.onNext(value);
    } finally {
      close(scope);
    }
  }

  @Override
  public final void onError(Throwable failure) {
    InboundScope scope = open();
    try {
      actual.onError(failure);
    } finally {
      close(scope);
    }
  }

  @Override
  public final void onComplete() {
    InboundScope scope = open();
    try {
      actual.onComplete();
    } finally {
      close(scope);
    }
  }

  @Override
  public final void request(long n) {
    InboundScope scope = upwards();
    try {
      subscription.request(n);
    } finally {
      close(scope);
    }
  }

  @Override
  public final void cancel() {
    InboundScope scope = upwards();
    try {
      subscription.cancel();
    } finally {
      close(scope);
    }
  }

  /** Null when there is nothing to open for a signal to where values come from. */
  abstract InboundScope upwards();

  private static void close(InboundScope scope) {
    if (scope != null) {
      scope.close();
    }
  }

  @Override
  public final int requestFusion(int requestedMode) {
    return Fuseable.NONE;
  }

  @Override
  public final Object poll() {
    return null;
  }

  @Override
  public final int size() {
    return 0;
  }

  @Override
  public final boolean isEmpty() {
    return true;
  }

  @Override
  public final void clear() {}

  @Override
  public final Object scanUnsafe(Attr key) {
    if (key == Attr.PARENT) {
      return subscription;
    }
    return key == Attr.ACTUAL ? actual : null;
  }
}
