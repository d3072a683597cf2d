package io.flyball.instrumentation.javahttpclient;

import io.flyball.wire.Body;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Drives the application's {@link BodySubscriber} from a {@link Body}, never giving it more than it
 * asked for. One buffer is read ahead: the client tells a subscriber of the end without being
 * asked, and only a read finds the end. A failure lets what came before it be taken first: the
 * client's own stream throws away what nobody has read when it hears of one, and what was held here
 * comes together with its failure, which on the wire it hardly ever does.
 *
 * @param <T> what the subscriber makes of the body
 */
final class Delivery<T> implements Flow.Subscription {
  /** How long a failure waits for what came before it to be taken, by who takes it at all. */
  private static final long GRACE_MILLIS = 200;

  private final Body body;
  private final BodySubscriber<T> subscriber;
  private final Cancellation abandoned;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final AtomicLong demand = new AtomicLong();

  /** Whoever has the turn keeps it until it has seen all of these; the first is to subscribe. */
  private final AtomicInteger signals = new AtomicInteger(1);

  private volatile Throwable refused;

  /** Why nothing is delivered any more; an empty body ends well all the same, as at the client. */
  private volatile Throwable illegal;

  private volatile boolean cancelled;
  private volatile boolean over;
  private volatile boolean resultAsked;
  private volatile Throwable failed;

  // Only touched while holding the turn that `signals` gives.
  private CompletableFuture<ByteBuffer> reading;
  private ByteBuffer ahead;

  /** How much it has asked for before it had anything; 0 before that. */
  private long window;

  /** Why the body failed, as long as that is not told. */
  private Throwable failure;

  private volatile boolean graceOver;

  private Delivery(Body body, BodySubscriber<T> subscriber, Cancellation abandoned) {
    this.body = body;
    this.subscriber = subscriber;
    this.abandoned = abandoned;
  }

  /** Starts a delivery that only its subscriber can end early. */
  static <T> CompletableFuture<T> start(Body body, BodySubscriber<T> subscriber) {
    return start(body, subscriber, new Cancellation(), Runnable::run);
  }

  /**
   * Starts the delivery. May block the calling thread when the subscriber does.
   *
   * @param abandoned ends it, with the cause of its reason
   * @param asking where the subscriber is asked for its result, which may wait for its bytes
   * @return completes exactly when the subscriber's own result does, or when it fails
   */
  static <T> CompletableFuture<T> start(
      Body body, BodySubscriber<T> subscriber, Cancellation abandoned, Executor asking) {
    Delivery<T> delivery = new Delivery<>(body, subscriber, abandoned);
    abandoned.onCancel(delivery::abort);
    try {
      subscriber.onSubscribe(delivery);
      delivery.takeTurn();
      asking.execute(delivery::ask);
    } catch (Throwable failure) {
      delivery.fail(failure);
      delivery.asked();
    }
    return delivery.result;
  }

  private void ask() {
    try {
      subscriber.getBody().whenComplete(this::finish);
    } catch (Throwable failure) {
      fail(failure);
    }
    asked();
  }

  private void asked() {
    resultAsked = true;
    failResult();
  }

  /** Whoever reads is told so, as a client that aborts an exchange tells it. */
  private void abort() {
    refused = abandoned.reason().getCause();
    body.close();
    drain();
  }

  @Override
  public void request(long n) {
    if (n <= 0) {
      illegal = new IllegalArgumentException("non-positive subscription request: " + n);
    } else {
      demand.accumulateAndGet(n, (had, more) -> had + more < 0 ? Long.MAX_VALUE : had + more);
    }
    drain();
  }

  @Override
  public void cancel() {
    cancelled = true;
    body.close();
    drain();
  }

  private void drain() {
    if (signals.getAndIncrement() == 0) {
      takeTurn();
    }
  }

  private void takeTurn() {
    int seen = 1;
    do {
      try {
        while (!over && step()) {
          continue;
        }
      } catch (Throwable failure) {
        // Whoever leaves this loop for good would leave the subscriber waiting for ever.
        fail(failure);
      }
      seen = signals.addAndGet(-seen);
    } while (seen != 0);
  }

  /** False when nothing can be done until somebody signals. */
  private boolean step() {
    if (cancelled) {
      over = true;
      return false;
    }
    if (refused != null) {
      fail(refused);
      return false;
    }
    if (illegal != null && (ahead != null || window > 0)) {
      fail(illegal);
      return false;
    }
    if (ahead != null) {
      return deliver();
    }
    if (failure != null) {
      if (graceOver || demand.get() >= window) {
        fail(failure);
      }
      return false;
    }
    try {
      if (reading == null) {
        reading = body.read().toCompletableFuture();
        if (!reading.isDone()) {
          reading.whenComplete((buffer, failure) -> drain());
        }
      }
      if (!reading.isDone()) {
        if (illegal != null) {
          fail(illegal);
        }
        return false;
      }
      ahead = reading.join();
      reading = null;
    } catch (CompletionException e) {
      return broke(e.getCause());
    } catch (RuntimeException e) {
      return broke(e);
    }
    if (ahead == null) {
      complete();
    }
    return true;
  }

  private boolean broke(Throwable why) {
    // What the body says of it is only that it was closed.
    failure = abandoned.isCancelled() ? abandoned.reason().getCause() : why;
    if (demand.get() < window) {
      CompletableFuture.delayedExecutor(GRACE_MILLIS, TimeUnit.MILLISECONDS)
          .execute(
              () -> {
                graceOver = true;
                drain();
              });
    }
    return true;
  }

  private boolean deliver() {
    if (demand.get() == 0) {
      return false;
    }
    if (window == 0) {
      window = demand.get();
    }
    demand.updateAndGet(had -> had == Long.MAX_VALUE ? had : had - 1);
    ByteBuffer buffer = ahead;
    ahead = null;
    try {
      subscriber.onNext(Collections.singletonList(buffer.asReadOnlyBuffer()));
    } catch (Throwable failure) {
      fail(failure);
    }
    return true;
  }

  private void complete() {
    over = true;
    try {
      subscriber.onComplete();
    } catch (Throwable failure) {
      failed = failure;
      failResult();
    }
  }

  private void fail(Throwable failure) {
    over = true;
    try {
      body.close();
    } finally {
      try {
        subscriber.onError(failure);
      } catch (Throwable ignored) {
        // The first failure is the one to tell.
      }
      failed = failure;
      failResult();
    }
  }

  /**
   * Not before the subscriber was asked for its result: one that has it from the beginning, a
   * stream for example, tells the failure to whoever reads it.
   */
  private void failResult() {
    if (resultAsked && failed != null) {
      result.completeExceptionally(failed);
    }
  }

  private void finish(T value, Throwable failure) {
    if (failure == null) {
      result.complete(value);
    } else {
      result.completeExceptionally(Completions.unwrap(failure));
    }
  }
}
