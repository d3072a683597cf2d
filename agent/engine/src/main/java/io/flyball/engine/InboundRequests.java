package io.flyball.engine;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.wire.InboundRequest;
import io.flyball.engine.wire.InboundScope;

/** Which HTTP request each thread of the application serves. Thread safe. */
final class InboundRequests {
  private final ThreadLocal<Served> onThread = new ThreadLocal<>();
  private final TimeSource time;

  InboundRequests(TimeSource time) {
    this.time = time;
  }

  InboundScope begin(InboundRequest request) {
    Served served = new Served(request, onThread.get(), time.nanoTime());
    onThread.set(served);
    return served;
  }

  /** The request that this thread serves; the innermost where it was forwarded. Null for none. */
  InboundRequest current() {
    Served served = onThread.get();
    return served == null ? null : served.request;
  }

  /**
   * How long the clients of this thread's requests still wait, in nanoseconds; may be negative.
   * {@link Long#MAX_VALUE} when they do not say.
   */
  long nanosLeft() {
    long left = Long.MAX_VALUE;
    Served innermost = onThread.get();
    if (innermost != null) {
      long now = time.nanoTime();
      for (Served served = innermost; served != null; served = served.around) {
        left = Math.min(left, served.nanosLeft(now));
      }
    }
    return left;
  }

  /** A request being served, perhaps inside another that was forwarded to it. */
  private final class Served implements InboundScope {
    private final InboundRequest request;
    private final Served around;
    private final long begin;

    /** When the request was first seen to be asynchronous, of the time source. */
    private long asyncSince;

    private boolean async;

    Served(InboundRequest request, Served around, long begin) {
      this.request = request;
      this.around = around;
      this.begin = begin;
    }

    long nanosLeft(long now) {
      try {
        return Math.min(
            left(InboundDeadline.nanos(request), now - begin),
            asyncLeft(request.asyncTimeoutMillis(), now));
      } catch (RuntimeException notReadable) {
        // The application may have put a request of its own in the server's place.
        return Long.MAX_VALUE;
      }
    }

    /** When exactly it became asynchronous is not known: never too short. */
    private long asyncLeft(long millis, long now) {
      if (millis <= 0 || millis > Long.MAX_VALUE / 1_000_000) {
        return Long.MAX_VALUE;
      }
      if (!async) {
        async = true;
        asyncSince = now;
      }
      return left(millis * 1_000_000, now - asyncSince);
    }

    private long left(long limit, long passed) {
      return limit == Long.MAX_VALUE ? limit : limit - passed;
    }

    @Override
    public void close() {
      if (around == null) {
        onThread.remove();
      } else {
        onThread.set(around);
      }
    }
  }
}
