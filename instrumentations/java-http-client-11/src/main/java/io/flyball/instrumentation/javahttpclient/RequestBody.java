package io.flyball.instrumentation.javahttpclient;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * The body of the application's request, taken from its publisher into memory. The publisher may be
 * good for one subscription only, so whatever was taken is given back by {@link #publisher()}, byte
 * for byte and with the same declared length: also when the body was longer than may be held, or
 * failed half way.
 */
final class RequestBody implements Flow.Subscriber<ByteBuffer> {
  private static final int FIRST_SIZE = 1 << 16;

  private final BodyPublisher source;
  private final long declaredLength;
  private final int limit;
  private final ByteArrayOutputStream taken;
  private final CompletableFuture<Void> settled = new CompletableFuture<>();

  private Flow.Subscription upstream;
  private boolean overLimit;
  private boolean ended;

  /** All that was taken, once it is asked for at the end; nobody writes to it. */
  private byte[] all;

  private Throwable failure;
  private Continuation continuation;

  private RequestBody(BodyPublisher source, int limit) {
    this.source = source;
    this.limit = limit;
    this.declaredLength = source == null ? 0 : source.contentLength();
    this.taken = new ByteArrayOutputStream((int) Math.min(Math.max(0, declaredLength), FIRST_SIZE));
  }

  /**
   * @param limit in bytes
   */
  static RequestBody of(HttpRequest request, int limit) {
    return new RequestBody(request.bodyPublisher().orElse(null), limit);
  }

  /** Whether the body says itself that it is longer than the limit; then nothing must be taken. */
  boolean declaredTooLong() {
    return declaredLength > limit;
  }

  /** False for a body that is made while it is sent: taking it may wait. */
  boolean declaresLength() {
    return declaredLength >= 0;
  }

  /**
   * Subscribes to the publisher; once.
   *
   * @return completes, always normally, when {@link #bytes()} and {@link #publisher()} can be asked
   */
  CompletableFuture<Void> take() {
    if (source == null || declaredLength == 0) {
      onComplete();
    } else {
      try {
        source.subscribe(this);
      } catch (RuntimeException e) {
        onError(e);
      }
    }
    return settled;
  }

  /** The whole body, or null when it is too long, failed, or is not as long as it declares. */
  synchronized byte[] bytes() {
    boolean whole = ended && failure == null && !overLimit;
    boolean honest = declaredLength < 0 || declaredLength == taken.size();
    return whole && honest ? taken() : null;
  }

  /** Under the lock. */
  private byte[] taken() {
    if (!ended) {
      return taken.toByteArray();
    }
    if (all == null) {
      all = taken.toByteArray();
    }
    return all;
  }

  /** Nobody wants the body any more. */
  void cancel() {
    Flow.Subscription toCancel;
    synchronized (this) {
      toCancel = upstream;
    }
    if (toCancel != null) {
      toCancel.cancel();
    }
  }

  /** The application's body again; null when its request has none. */
  BodyPublisher publisher() {
    return source == null ? null : new Replay();
  }

  /** Another body, framed like the application's: with its length, or in chunks. */
  BodyPublisher publisherOf(byte[] other) {
    BodyPublisher known = BodyPublishers.ofByteArray(other);
    return declaresLength() ? known : BodyPublishers.fromPublisher(known);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    synchronized (this) {
      upstream = subscription;
    }
    subscription.request(1);
  }

  @Override
  public void onNext(ByteBuffer buffer) {
    Continuation next;
    boolean more;
    synchronized (this) {
      next = continuation;
      if (next == null) {
        take(buffer);
        overLimit = taken.size() > limit;
      }
      more = !overLimit;
    }
    if (next != null) {
      next.subscriber.onNext(buffer);
    } else if (more) {
      upstream.request(1);
    } else {
      settled.complete(null);
    }
  }

  private void take(ByteBuffer buffer) {
    int count = buffer.remaining();
    if (buffer.hasArray()) {
      taken.write(buffer.array(), buffer.arrayOffset() + buffer.position(), count);
      buffer.position(buffer.limit());
    } else {
      byte[] bytes = new byte[count];
      buffer.get(bytes);
      taken.write(bytes, 0, count);
    }
  }

  @Override
  public void onError(Throwable error) {
    end(error);
  }

  @Override
  public void onComplete() {
    end(null);
  }

  private void end(Throwable error) {
    Continuation next;
    synchronized (this) {
      ended = true;
      failure = error;
      next = continuation;
    }
    if (next != null) {
      next.endIfDue();
    }
    settled.complete(null);
  }

  /** Gives back what was taken, then the rest of the publisher when there is more. */
  private final class Replay implements BodyPublisher {

    @Override
    public long contentLength() {
      return declaredLength;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      byte[] prefix;
      Continuation rest;
      synchronized (RequestBody.this) {
        boolean whole = ended && failure == null;
        prefix = taken();
        if (whole && !overLimit) {
          rest = null;
        } else if (continuation == null) {
          rest = new Continuation(subscriber, prefix);
          continuation = rest;
        } else {
          prefix = null;
          rest = null;
        }
      }
      if (rest != null) {
        subscriber.onSubscribe(rest);
      } else if (prefix != null) {
        BodyPublishers.ofByteArray(prefix).subscribe(subscriber);
      } else {
        // The client sends again: the second subscription that the application would have seen.
        source.subscribe(subscriber);
      }
    }
  }

  /** The one subscription that continues the application's publisher where taking it stopped. */
  private final class Continuation implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private byte[] prefix;
    private boolean told;

    Continuation(Flow.Subscriber<? super ByteBuffer> subscriber, byte[] prefix) {
      this.subscriber = subscriber;
      this.prefix = prefix;
    }

    @Override
    public void request(long n) {
      byte[] first;
      Flow.Subscription live;
      synchronized (RequestBody.this) {
        first = prefix;
        prefix = null;
        live = ended ? null : upstream;
      }
      long rest = n;
      if (first != null && first.length > 0) {
        subscriber.onNext(ByteBuffer.wrap(first));
        rest--;
      }
      if (live != null && (rest > 0 || n <= 0)) {
        live.request(rest);
      }
      endIfDue();
    }

    @Override
    public void cancel() {
      RequestBody.this.cancel();
    }

    /** Tells the end once, after everything that was taken. */
    void endIfDue() {
      Throwable error;
      synchronized (RequestBody.this) {
        if (!ended || prefix != null || told) {
          return;
        }
        told = true;
        error = failure;
      }
      if (error == null) {
        subscriber.onComplete();
      } else {
        subscriber.onError(error);
      }
    }
  }
}
