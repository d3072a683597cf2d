package io.flyball.instrumentation.javahttpclient;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which threads of the client's executor work for a call right now: those on which the client
 * itself would ask the application's handler and tell its subscriber. An executor may refuse tasks,
 * and every one that Flyball adds can be the one too many; so what would be done there anyway is
 * done at once. Thread safe.
 */
final class ClientThreads {
  private final Set<Thread> working = ConcurrentHashMap.newKeySet();

  void run(Runnable work) {
    Thread current = Thread.currentThread();
    boolean outermost = working.add(current);
    try {
      work.run();
    } finally {
      if (outermost) {
        working.remove(current);
      }
    }
  }

  boolean areCurrent() {
    return working.contains(Thread.currentThread());
  }
}
