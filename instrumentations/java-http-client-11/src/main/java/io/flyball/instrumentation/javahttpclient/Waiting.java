package io.flyball.instrumentation.javahttpclient;

import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.util.Set;

/**
 * Which of what a response is given to may wait: a subscriber for bytes while it is asked for its
 * result, and anything of the application's for what it likes. The client asks those subscribers by
 * a task on its executor, its own ones at once.
 */
final class Waiting {
  private static final String CLIENTS_OWN = "jdk.internal.net.http.ResponseSubscribers$";

  /** Those that tell nothing to anybody of the application's. */
  private static final Set<String> CLIENTS_ONLY =
      Set.of(
          CLIENTS_OWN + "ByteArraySubscriber",
          CLIENTS_OWN + "HttpResponseInputStream",
          CLIENTS_OWN + "MappingSubscriber",
          CLIENTS_OWN + "NullSubscriber",
          CLIENTS_OWN + "PathSubscriber",
          CLIENTS_OWN + "PublishingBodySubscriber");

  private Waiting() {}

  /** Whether it is one of the JDK's, which waits for nothing before it has a subscriber. */
  static boolean isClients(BodyHandler<?> handler) {
    return handler.getClass().getName().startsWith("java.net.http.");
  }

  /** Whether what it is told stays with the JDK. */
  static boolean isClients(BodySubscriber<?> subscriber) {
    return CLIENTS_ONLY.contains(subscriber.getClass().getName());
  }

  static boolean mayWait(BodyHandler<?> handler, BodySubscriber<?> subscriber) {
    String name = subscriber.getClass().getName();
    if (!name.startsWith(CLIENTS_OWN)) {
      return true;
    }
    // What an application maps by may read a stream to its end; ofLines maps, too, and does not.
    return name.endsWith("$MappingSubscriber") && !isClients(handler);
  }
}
