package io.flyball.instrumentation.javahttpclient;

import io.flyball.engine.wire.Body;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * The body of an attempt's response: asks the client for more only while somebody reads. Reads
 * complete on the client's threads. The response is complete, for the client, as soon as its head
 * is there.
 */
final class PulledBody implements BodySubscriber<PulledBody>, Body {
  private final Deque<ByteBuffer> ready = new ArrayDeque<>();
  private Flow.Subscription upstream;
  private CompletableFuture<ByteBuffer> pending;
  private CompletableFuture<ByteBuffer> end;

  @Override
  public CompletionStage<PulledBody> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public CompletionStage<ByteBuffer> read() {
    CompletableFuture<ByteBuffer> read;
    Flow.Subscription askMore;
    synchronized (this) {
      if (!ready.isEmpty()) {
        return CompletableFuture.completedFuture(ready.poll());
      }
      if (end != null) {
        return end;
      }
      if (pending != null) {
        throw new IllegalStateException("one read at a time");
      }
      read = new CompletableFuture<>();
      pending = read;
      askMore = upstream;
    }
    if (askMore != null) {
      askMore.request(1);
    }
    return read;
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
    boolean closed;
    boolean wanted;
    synchronized (this) {
      upstream = subscription;
      closed = end != null;
      wanted = pending != null;
    }
    if (closed) {
      subscription.cancel();
    } else if (wanted) {
      subscription.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    CompletableFuture<ByteBuffer> waiting;
    ByteBuffer first;
    Flow.Subscription askMore;
    synchronized (this) {
      if (end != null) {
        return;
      }
      for (ByteBuffer buffer : buffers) {
        if (buffer.hasRemaining()) {
          ready.add(buffer);
        }
      }
      waiting = pending;
      askMore = upstream;
      first = waiting == null ? null : ready.poll();
      if (first != null) {
        pending = null;
      }
    }
    if (first != null) {
      waiting.complete(first);
    } else if (waiting != null) {
      askMore.request(1);
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
