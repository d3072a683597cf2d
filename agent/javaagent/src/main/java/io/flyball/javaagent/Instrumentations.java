package io.flyball.javaagent;

import io.flyball.instrumentation.api.ClientInstrumentation;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/** Finds the instrumentations that this Java can load. */
final class Instrumentations {
  private Instrumentations() {}

  /** In the order of the service file; those that are compiled for a later Java are left out. */
  static List<ClientInstrumentation> in(ClassLoader loader) {
    List<ClientInstrumentation> found = new ArrayList<>();
    Iterator<ClientInstrumentation> services =
        ServiceLoader.load(ClientInstrumentation.class, loader).iterator();
    while (services.hasNext()) {
      try {
        found.add(services.next());
      } catch (ServiceConfigurationError | UnsupportedClassVersionError forALaterJava) {
        // java-http-client-11 on Java 8: its client is not there either.
      }
    }
    return found;
  }
}
