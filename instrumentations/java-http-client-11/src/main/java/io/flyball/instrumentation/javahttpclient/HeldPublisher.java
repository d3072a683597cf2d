package io.flyball.instrumentation.javahttpclient;

import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A body that is in memory already, published without another copy of it: {@code ofByteArray} makes
 * one for each subscription. The pieces are as large as those of {@code ofByteArray}, because a
 * body of unknown length is sent in chunks of them.
 */
final class HeldPublisher implements BodyPublisher {
  private static final int PIECE = 16 << 10;

  private final byte[] bytes;

  /**
   * @param bytes nobody writes to them any more
   */
  HeldPublisher(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long contentLength() {
    return bytes.length;
  }

  @Override
  public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
    subscriber.onSubscribe(new Pieces(subscriber));
  }

  /** Gives one piece for each that is asked for, in a loop and not in the depth of the stack. */
  private final class Pieces implements Flow.Subscription {
    private final Flow.Subscriber<? super ByteBuffer> subscriber;
    private final AtomicLong demand = new AtomicLong();
    private volatile boolean over;

    /** Touched by whoever made the demand positive. */
    private int from;

    Pieces(Flow.Subscriber<? super ByteBuffer> subscriber) {
      this.subscriber = subscriber;
    }

    @Override
    public void request(long n) {
      if (over) {
        return;
      }
      if (n <= 0) {
        over = true;
        subscriber.onError(new IllegalArgumentException("non-positive demand: " + n));
        return;
      }
      long before = demand.getAndAccumulate(n, HeldPublisher::sum);
      if (before > 0) {
        return;
      }
      do {
        give();
      } while (!over && demand.decrementAndGet() > 0);
    }

    private void give() {
      int length = Math.min(PIECE, bytes.length - from);
      if (length > 0) {
        ByteBuffer piece = ByteBuffer.wrap(bytes, from, length).slice();
        from += length;
        subscriber.onNext(piece);
      }
      if (from == bytes.length && !over) {
        over = true;
        subscriber.onComplete();
      }
    }

    @Override
    public void cancel() {
      over = true;
    }
  }

  private static long sum(long had, long more) {
    return had + more < 0 ? Long.MAX_VALUE : had + more;
  }
}
