package io.flyball.instrumentation.javahttpclient;

import io.flyball.wire.HeldBytes;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/**
 * The body of the application's request, taken from its publisher into memory. The publisher may be
 * good for one subscription only, so whatever was taken is given back by {@link #publisher()}, byte
 * for byte and with the same declared length: also when the body was longer than may be held, or
 * failed half way.
 */
final class RequestBody implements Flow.Subscriber<ByteBuffer> {
  private static final int FIRST_SIZE = 1 << 12;
  private static final byte[] NOTHING = new byte[0];

  /** The publishers of the JDK that have all their bytes from the beginning. */
  private static final Set<String> AT_HAND =
      Set.of(
          "jdk.internal.net.http.RequestPublishers$ByteArrayPublisher",
          "jdk.internal.net.http.RequestPublishers$StringPublisher");

  private final BodyPublisher source;
  private final long declaredLength;
  private final int limit;
  private final boolean mustHold;
  private final HeldBytes.Hold hold = HeldBytes.ofThisJvm().hold();
  private final CompletableFuture<Void> settled = new CompletableFuture<>();

  private Flow.Subscription upstream;
  private boolean ended;

  /** The thread within whose request for more we are; null outside of that. */
  private Thread asking;

  private boolean asksAgain;

  /** What was taken, and perhaps room for more; replaced where it grows or is whole. */
  private byte[] taken = NOTHING;

  private int size;

  /** What could not be held: the publisher's own buffer, handed on as it is. */
  private ByteBuffer notHeld;

  private Throwable failure;
  private boolean onlyFails;
  private Continuation continuation;

  private RequestBody(BodyPublisher source, int limit, boolean mustHold) {
    this.source = source;
    this.limit = limit;
    this.mustHold = mustHold;
    this.declaredLength = source == null ? 0 : source.contentLength();
  }

  /**
   * @param limit in bytes
   * @param mustHold whether it is held also when there is no room for it
   */
  static RequestBody of(HttpRequest request, int limit, boolean mustHold) {
    return new RequestBody(request.bodyPublisher().orElse(null), limit, mustHold);
  }

  /** Whether the body says itself that it is longer than the limit; then nothing must be taken. */
  boolean declaredTooLong() {
    return declaredLength > limit;
  }

  /**
   * Makes room for as much as the body declares.
   *
   * @return false when there is none; then nothing must be taken
   */
  synchronized boolean makeRoom() {
    return declaredLength <= 0 || (!declaredTooLong() && hasRoomFor((int) declaredLength));
  }

  /** Nobody needs what was taken any more. */
  void release() {
    hold.release();
  }

  /**
   * Whether taking it waits for nothing. Any other body, be its length known or not, may be made
   * while it is sent, by whom the caller feeds only later.
   */
  boolean isAtHand() {
    return source == null || declaredLength == 0 || AT_HAND.contains(source.getClass().getName());
  }

  private boolean declaresLength() {
    return declaredLength >= 0;
  }

  /**
   * Subscribes to the publisher; once. May wait as the publisher likes, unless it {@link
   * #isAtHand}.
   *
   * @return completes, always normally, when {@link #bytes()} and {@link #publisher()} can be asked
   */
  CompletableFuture<Void> take() {
    if (source == null || declaredLength == 0) {
      onComplete();
    } else {
      try {
        source.subscribe(this);
      } catch (Throwable e) {
        onError(e);
      }
    }
    return settled;
  }

  /** The whole body, or null when it is too long, failed, or is not as long as it declares. */
  synchronized byte[] bytes() {
    boolean whole = ended && failure == null && notHeld == null;
    boolean honest = declaredLength < 0 || declaredLength == size;
    return whole && honest ? trimmed() : null;
  }

  /** All that was taken, and nothing else; under the lock. */
  private byte[] trimmed() {
    if (taken.length != size) {
      hold.shrink(taken.length - size);
      taken = Arrays.copyOf(taken, size);
    }
    return taken;
  }

  /** Whether its publisher has failed: then the client fails, too. */
  synchronized boolean hasFailed() {
    return failure != null;
  }

  /**
   * Of what has failed only the failure is given back from now on, and no bytes: they may have been
   * all, and nobody has read them.
   */
  synchronized void onlyFails() {
    onlyFails = true;
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
    BodyPublisher known = new HeldPublisher(other);
    return declaresLength() ? known : BodyPublishers.fromPublisher(known);
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    synchronized (this) {
      upstream = subscription;
    }
    askForMore();
  }

  /**
   * In a loop: a publisher may give each piece within the request for it, and there may be more
   * pieces than the stack is deep.
   */
  private void askForMore() {
    Thread current = Thread.currentThread();
    synchronized (this) {
      asksAgain = true;
      if (asking == current) {
        return;
      }
      asking = current;
    }
    while (mayAsk(current)) {
      upstream.request(1);
    }
  }

  private synchronized boolean mayAsk(Thread current) {
    if (asking != current) {
      return false;
    }
    boolean asks = asksAgain;
    asksAgain = false;
    if (!asks) {
      asking = null;
    }
    return asks;
  }

  @Override
  public void onNext(ByteBuffer buffer) {
    Continuation next;
    boolean more;
    synchronized (this) {
      next = continuation;
      if (next == null && ended) {
        // Its publisher has said that this is none of it.
        return;
      }
      if (next == null) {
        take(buffer);
      }
      more = notHeld == null;
    }
    if (next != null) {
      next.subscriber.onNext(buffer);
    } else if (more) {
      askForMore();
    } else {
      settled.complete(null);
    }
  }

  private void take(ByteBuffer buffer) {
    int count = buffer.remaining();
    if ((long) size + count <= limit && hasRoomFor(size + count)) {
      buffer.get(taken, size, count);
      size += count;
    } else {
      HeldBytes.ofThisJvm().letPass();
      notHeld = buffer;
    }
  }

  /** Under the lock. */
  private boolean hasRoomFor(int wanted) {
    if (wanted <= taken.length) {
      return true;
    }
    // A body that declares its length, and keeps to it, grows once.
    int generous = declaredLength >= 0 ? wanted : Math.max(FIRST_SIZE, wanted + wanted / 2);
    return grow(Math.max(wanted, Math.min(limit, generous))) || grow(wanted);
  }

  private boolean grow(int length) {
    int more = length - taken.length;
    if (mustHold) {
      hold.growAnyway(more);
    } else if (!hold.grow(more)) {
      return false;
    }
    try {
      taken = Arrays.copyOf(taken, length);
      return true;
    } catch (OutOfMemoryError noRoom) {
      hold.shrink(more);
      return false;
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
      // The first word counts; what comes to the client is for the client to judge.
      failure = ended ? failure : error;
      ended = true;
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
      byte[] whole;
      Continuation rest = null;
      Throwable failed;
      synchronized (RequestBody.this) {
        failed = onlyFails ? failure : null;
        whole = ended && failure == null && notHeld == null ? trimmed() : null;
        if (whole == null && continuation == null && failed == null) {
          rest = new Continuation(subscriber);
          continuation = rest;
        }
      }
      if (failed != null) {
        ToldPublisher.fail(subscriber, failed);
      } else if (rest != null) {
        subscriber.onSubscribe(rest);
      } else if (whole != null) {
        new HeldPublisher(whole).subscribe(subscriber);
      } else {
        // The client sends again: the second subscription that the application would have seen.
        source.subscribe(subscriber);
      }
    }
  }

  /** The one subscription that continues the application's publisher where taking it stopped. */
  private final class Continuation implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;

    /** What was taken before, two buffers at most. */
    private final Deque<ByteBuffer> before = new ArrayDeque<>(2);

    private boolean told;

    /** Under the lock. */
    Continuation(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
      if (size > 0) {
        before.add(ByteBuffer.wrap(taken, 0, size).slice());
      }
      if (notHeld != null && notHeld.hasRemaining()) {
        before.add(notHeld.duplicate());
      }
    }

    @Override
    public void request(long n) {
      long rest = n;
      while (rest > 0) {
        ByteBuffer next;
        synchronized (RequestBody.this) {
          next = before.poll();
        }
        if (next == null) {
          break;
        }
        rest--;
        subscriber.onNext(next);
      }
      Flow.Subscription live;
      synchronized (RequestBody.this) {
        live = ended || !before.isEmpty() ? null : upstream;
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
        if (!ended || !before.isEmpty() || told) {
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
