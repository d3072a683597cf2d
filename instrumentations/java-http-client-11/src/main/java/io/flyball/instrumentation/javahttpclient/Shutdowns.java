package io.flyball.instrumentation.javahttpclient;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Clients that the application shuts down, which it can since Java 21. A client lets the calls end
 * that it has taken, and what it knows of a call of ours is the attempt that is under way: none
 * while the body is still taken, or while the call waits to be sent again. So the shutdown itself
 * waits until every call that was begun has its answer or its failure; the application's next
 * request, of whatever kind, is refused at once, in the client's words. Thread safe.
 */
final class Shutdowns {
  /** Null before Java 21. */
  private static final Method SHUTDOWN = shutdownMethod();

  private final Set<Begun> begun = ConcurrentHashMap.newKeySet();
  private final Map<HttpClient, Asked> asked = new ConcurrentHashMap<>();

  private static Method shutdownMethod() {
    try {
      return HttpClient.class.getMethod("shutdown");
    } catch (NoSuchMethodException beforeJava21) {
      return null;
    }
  }

  /**
   * A call of that client's that is begun now.
   *
   * @return null when it takes no call any more: {@link #closed}
   */
  Begun begin(HttpClient client) {
    Begun call = new Begun(client);
    if (SHUTDOWN == null) {
      return call;
    }
    begun.add(call);
    if (asked.containsKey(client)) {
      call.end();
      return null;
    }
    return call;
  }

  /**
   * Whether that client was shut down and only does not know it yet: it takes no request any more,
   * of whatever kind.
   */
  boolean isAsked(HttpClient client) {
    return !asked.isEmpty() && asked.containsKey(client);
  }

  /** What a client says that was shut down. */
  static IOException closed() {
    return new IOException("closed");
  }

  /**
   * The application calls {@code shutdown}.
   *
   * @return whether it is done later; else the client may do it now
   */
  boolean shutdown(HttpClient client) {
    return askedOf(client) != null;
  }

  /** The application calls {@code close}, which waits until all calls have ended. */
  void close(HttpClient client) {
    Asked later = askedOf(client);
    if (later != null) {
      try {
        later.done.await();
      } catch (InterruptedException e) {
        // It is for the client, which ends its calls then.
        Thread.currentThread().interrupt();
      }
    }
  }

  /** The application calls {@code shutdownNow}: nothing is waited for any more. */
  void shutdownNow(HttpClient client) {
    Asked later = asked.remove(client);
    if (later != null) {
      later.done.countDown();
    }
  }

  /** Null where nothing has to be waited for, or this is the shutdown that has waited. */
  private Asked askedOf(HttpClient client) {
    Asked before = asked.get(client);
    if (before != null) {
      return before.waited ? null : before;
    }
    if (isIdle(client)) {
      return null;
    }
    Asked later = asked.computeIfAbsent(client, c -> new Asked());
    shutDownIfIdle(client);
    return later;
  }

  private boolean isIdle(HttpClient client) {
    for (Begun call : begun) {
      if (call.client == client) {
        return false;
      }
    }
    return true;
  }

  private void shutDownIfIdle(HttpClient client) {
    Asked later = asked.get(client);
    if (later == null || !isIdle(client)) {
      return;
    }
    later.waited = true;
    try {
      SHUTDOWN.invoke(client);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    } finally {
      asked.remove(client, later);
      later.done.countDown();
    }
  }

  /** That a client is to be shut down. */
  private static final class Asked {
    final CountDownLatch done = new CountDownLatch(1);
    volatile boolean waited;
  }

  /** A call that has neither an answer nor a failure yet. */
  final class Begun {
    private final HttpClient client;

    private Begun(HttpClient client) {
      this.client = client;
    }

    /** Before the application can know of it: from then on the client waits for what is left. */
    void end() {
      if (begun.remove(this) && !asked.isEmpty()) {
        shutDownIfIdle(client);
      }
    }
  }
}
