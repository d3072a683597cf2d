package io.flyball.instrumentation.javahttpclient;

import io.flyball.wire.Body;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * The body of an attempt's response: asks the client for no more than what comes next. That is
 * asked for ahead, on the client's own thread where it can be, as the client does for its own
 * streams; a reader that had to ask would wait for a thread to be woken. Reads complete on the
 * client's threads. The response is complete, for the client, as soon as its head is there.
 */
final class PulledBody implements Flow.Subscriber<List<ByteBuffer>>, Body {
  private static final int MOST_JOINED_BYTES = 64 << 10;

  private final Deque<ByteBuffer> ready = new ArrayDeque<>();
  private Flow.Subscription upstream;

  /** Whether the client was asked for something that has not come yet. */
  private boolean asked;

  private CompletableFuture<ByteBuffer> pending;
  private CompletableFuture<ByteBuffer> end;

  /**
   * What the client is to subscribe: one of its own, which it asks for its body at once. Anybody
   * else's it asks by one more task on its executor.
   */
  BodySubscriber<Flow.Publisher<List<ByteBuffer>>> subscriber() {
    return subscriber(this, () -> {});
  }

  /**
   * The same.
   *
   * @param threads told of those that bring something
   * @param serveOthers whether they bring the bytes of other answers, too, as with HTTP/2: they are
   *     only told of then where they bring the head
   * @param subscribed run, on one of these, when the client has subscribed it
   */
  BodySubscriber<Flow.Publisher<List<ByteBuffer>>> subscriber(
      ClientThreads threads, boolean serveOthers, Runnable subscribed) {
    return subscriber(serveOthers ? this : new OnThreads(threads), () -> threads.run(subscribed));
  }

  private static BodySubscriber<Flow.Publisher<List<ByteBuffer>>> subscriber(
      Flow.Subscriber<List<ByteBuffer>> body, Runnable subscribed) {
    BodySubscriber<Flow.Publisher<List<ByteBuffer>>> client = BodySubscribers.ofPublisher();
    client
        .getBody()
        .thenAccept(
            publisher -> {
              publisher.subscribe(body);
              subscribed.run();
            });
    return client;
  }

  /** Lets its threads be known while they bring something. */
  private final class OnThreads implements Flow.Subscriber<List<ByteBuffer>> {
    private final ClientThreads threads;

    OnThreads(ClientThreads threads) {
      this.threads = threads;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      PulledBody.this.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      threads.run(() -> PulledBody.this.onNext(buffers));
    }

    /** Comes also on the thread that serves all connections. */
    @Override
    public void onError(Throwable failure) {
      PulledBody.this.onError(failure);
    }

    @Override
    public void onComplete() {
      threads.run(PulledBody.this::onComplete);
    }
  }

  @Override
  public CompletionStage<ByteBuffer> read() {
    CompletableFuture<ByteBuffer> read;
    boolean more;
    synchronized (this) {
      if (ready.isEmpty() && end != null) {
        return end;
      }
      if (pending != null) {
        throw new IllegalStateException("one read at a time");
      }
      if (ready.isEmpty()) {
        read = new CompletableFuture<>();
        pending = read;
      } else {
        read = CompletableFuture.completedFuture(ready.poll());
      }
      more = asksMore();
    }
    if (more) {
      upstream.request(1);
    }
    return read;
  }

  /** Under the lock; whoever gets true has to ask. */
  private boolean asksMore() {
    boolean asks = upstream != null && !asked && end == null && ready.isEmpty();
    asked = asked || asks;
    return asks;
  }

  @Override
  public void close() {
    Flow.Subscription toCancel = null;
    synchronized (this) {
      ready.clear();
      if (end == null) {
        toCancel = upstream;
      }
    }
    finish(CompletableFuture.failedFuture(new IOException("closed")));
    if (toCancel != null) {
      toCancel.cancel();
    }
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    boolean more;
    synchronized (this) {
      upstream = subscription;
      more = asksMore();
    }
    if (more) {
      subscription.request(1);
    } else {
      subscription.cancel();
    }
  }

  /** What is thrown here would be lost in the client, and with it who waits for these bytes. */
  @Override
  public void onNext(List<ByteBuffer> buffers) {
    try {
      take(buffers);
    } catch (Throwable failure) {
      finish(CompletableFuture.failedFuture(failure));
      upstream.cancel();
    }
  }

  private void take(List<ByteBuffer> buffers) {
    CompletableFuture<ByteBuffer> waiting;
    ByteBuffer first;
    boolean more;
    synchronized (this) {
      if (end != null) {
        return;
      }
      asked = false;
      addReady(buffers);
      waiting = pending;
      first = waiting == null ? null : ready.poll();
      if (first != null) {
        pending = null;
      }
      more = asksMore();
    }
    // First: what runs when the read completes may be the application's and take its time.
    if (more) {
      upstream.request(1);
    }
    if (first != null) {
      waiting.complete(first);
    }
  }

  /**
   * What comes together is read together: each chunk of an HTTP/1.1 body is a buffer of its own,
   * and every read passes through the whole engine.
   */
  private void addReady(List<ByteBuffer> buffers) {
    long size = 0;
    for (ByteBuffer buffer : buffers) {
      size += buffer.remaining();
    }
    if (buffers.size() == 1 || size > MOST_JOINED_BYTES) {
      for (ByteBuffer buffer : buffers) {
        if (buffer.hasRemaining()) {
          ready.add(buffer);
        }
      }
    } else if (size > 0) {
      ByteBuffer joined = ByteBuffer.allocate((int) size);
      for (ByteBuffer buffer : buffers) {
        joined.put(buffer.duplicate());
      }
      joined.flip();
      ready.add(joined);
    }
  }

  @Override
  public void onError(Throwable failure) {
    finish(CompletableFuture.failedFuture(failure));
  }

  @Override
  public void onComplete() {
    finish(CompletableFuture.completedFuture(null));
  }

  private void finish(CompletableFuture<ByteBuffer> how) {
    CompletableFuture<ByteBuffer> waiting;
    synchronized (this) {
      if (end != null) {
        return;
      }
      end = how;
      waiting = pending;
      pending = null;
    }
    if (waiting != null) {
      how.whenComplete(
          (nothing, failure) -> {
            if (failure == null) {
              waiting.complete(null);
            } else {
              waiting.completeExceptionally(failure);
            }
          });
    }
  }
}
