package io.flyball.engine;

import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.attribute.Inbound;
import io.flyball.engine.call.TimeSource;
import io.flyball.wire.CapturedInbound;
import io.flyball.wire.InboundRequest;
import io.flyball.wire.InboundScope;

/**
 * Which HTTP request each thread of the application works for: the one that serves it, and those
 * that work was handed to. Only the thread that serves a request ever looks at it, and not after it
 * has ended, when the server uses the object for another one. Thread safe.
 *
 * <p>Points in time are of the time source, {@link Long#MAX_VALUE} for never.
 */
final class InboundRequests {
  private final ThreadLocal<Scope> onThread = new ThreadLocal<>();
  private final TimeSource time;

  InboundRequests(TimeSource time) {
    this.time = time;
  }

  InboundScope begin(InboundRequest request) {
    return entered(new Served(request, onThread.get()));
  }

  /**
   * What those rules want of the request that this thread works for; the innermost where it was
   * forwarded.
   */
  Inbound current(AttributionRules rules) {
    Scope scope = onThread.get();
    return scope == null ? Inbound.NONE : scope.inbound(rules);
  }

  /** When the clients of this thread's requests no longer wait, if they say; may be past. */
  long deadline() {
    Scope scope = onThread.get();
    return scope == null ? Long.MAX_VALUE : scope.deadline();
  }

  /** What this thread works for, as far as those rules want it; null for nothing. */
  CapturedInbound captured(AttributionRules rules) {
    Scope scope = onThread.get();
    return scope == null ? null : scope.captured(rules);
  }

  /** Whether this thread works for a request. */
  boolean works() {
    return isAtWork(onThread.get());
  }

  /** Null when this thread works for no request. */
  InboundScope leave() {
    Scope scope = onThread.get();
    return isAtWork(scope) ? entered(new Scope(null, scope)) : null;
  }

  private static boolean isAtWork(Scope scope) {
    return scope instanceof Served || scope != null && scope.captured != null;
  }

  private Scope entered(Scope scope) {
    onThread.set(scope);
    return scope;
  }

  /** What a thread works for until it is closed: something captured, or (null) nothing. */
  private class Scope implements InboundScope {
    final Scope around;

    /** Of a request that is served: what was captured last. */
    Captured captured;

    Scope(Captured captured, Scope around) {
      this.captured = captured;
      this.around = around;
    }

    Inbound inbound(AttributionRules rules) {
      return captured == null ? Inbound.NONE : captured.inbound;
    }

    long deadline() {
      return captured == null ? Long.MAX_VALUE : captured.deadline;
    }

    Captured captured(AttributionRules rules) {
      return captured;
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

  /** A request being served, perhaps inside another that was forwarded to it. */
  private final class Served extends Scope {
    private final long begin = time.nanoTime();

    /** Null once it has ended. */
    private InboundRequest request;

    /** What its headers say, once they were asked. */
    private long headerDeadline;

    private boolean headersRead;

    /** When the request was first seen to be asynchronous. */
    private long asyncSince;

    private boolean async;

    /** What it was captured for last. */
    private AttributionRules rules;

    Served(InboundRequest request, Scope around) {
      super(null, around);
      this.request = request;
    }

    @Override
    Inbound inbound(AttributionRules wanting) {
      return wanting.inbound(
          request, captured != null && rules == wanting ? captured.inbound : null);
    }

    @Override
    Captured captured(AttributionRules wanting) {
      Inbound inbound = inbound(wanting);
      long deadline = deadline();
      if (captured == null || captured.inbound != inbound || captured.deadline != deadline) {
        captured = new Captured(this, inbound, deadline);
        rules = wanting;
      }
      return captured;
    }

    /** A request is part of the one it was forwarded from, but not of what a thread did before. */
    @Override
    long deadline() {
      long outer = around instanceof Served ? around.deadline() : Long.MAX_VALUE;
      try {
        if (!headersRead) {
          headerDeadline = after(begin, InboundDeadline.nanos(request));
          headersRead = true;
        }
        return Math.min(
            outer, Math.min(headerDeadline, asyncDeadline(request.asyncTimeoutMillis())));
      } catch (RuntimeException notReadable) {
        // The application may have put a request of its own in the server's place.
        return outer;
      }
    }

    /** When exactly it became asynchronous is not known: never too early. */
    private long asyncDeadline(long millis) {
      if (millis <= 0 || millis > Long.MAX_VALUE / 1_000_000) {
        return Long.MAX_VALUE;
      }
      if (!async) {
        async = true;
        asyncSince = time.nanoTime();
      }
      return after(asyncSince, millis * 1_000_000);
    }

    private long after(long since, long nanos) {
      return nanos == Long.MAX_VALUE ? nanos : since + nanos;
    }

    @Override
    public void close() {
      super.close();
      request = null;
    }
  }

  /** Immutable. */
  private final class Captured implements CapturedInbound {
    private final Served origin;
    final Inbound inbound;
    final long deadline;

    Captured(Served origin, Inbound inbound, long deadline) {
      this.origin = origin;
      this.inbound = inbound;
      this.deadline = deadline;
    }

    /** The thread that still serves the request knows more of it than what was captured. */
    @Override
    public InboundScope resume() {
      Scope scope = onThread.get();
      return scope == origin || scope != null && scope.captured == this
          ? null
          : entered(new Scope(this, scope));
    }
  }
}
