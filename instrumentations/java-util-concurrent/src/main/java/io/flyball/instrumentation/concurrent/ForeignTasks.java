package io.flyball.instrumentation.concurrent;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;

/**
 * Tasks that are handed over while a thread works for a request without being part of that work:
 * loops of servers, event loops and clients that go on to serve whoever comes next, and the JDK's
 * own way to go on with a virtual thread.
 */
final class ForeignTasks {
  private static final String[] PREFIXES = {
    "java.lang.",
    "java.util.concurrent.ThreadPoolExecutor$Worker",
    "jdk.internal.",
    "sun.",
    "org.apache.coyote.",
    "org.apache.tomcat.",
    "org.eclipse.jetty.",
    "io.undertow.",
    "org.xnio.",
    "org.jboss.threads.",
    "org.glassfish.grizzly.",
    "com.ibm.ws.",
    "weblogic.",
    "io.netty.",
    // What Reactor schedules is told apart by the instrumentation of Reactor.
    "reactor.core.scheduler.",
    // One call's thread begins the next call, perhaps another request's; see its instrumentation.
    "okhttp3.",
  };

  private ForeignTasks() {}

  static boolean include(Object task) {
    String name = task.getClass().getName();
    for (String prefix : PREFIXES) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /** Whether what it is done for was taken along when it was made. */
  static boolean carry(Object task) {
    return task instanceof FutureTask
        || task instanceof CompletableFuture.AsynchronousCompletionTask;
  }
}
