package io.flyball.engine.telemetry;

import io.flyball.engine.client.Bypassed;
import io.flyball.engine.client.ClientLibraries;
import io.flyball.engine.client.ClientLibrary;
import java.util.LinkedHashMap;
import java.util.Map;

/** Which clients the application has and what goes past Flyball, as metrics. */
public final class ClientMetrics {

  private ClientMetrics() {}

  /** Shows them among the instruments. */
  public static void show(Instruments instruments, ClientLibraries clients) {
    instruments.observedGauges(
        "flyball.clients",
        "{library}",
        "HTTP client libraries that are loaded, and whether calls through them are governed",
        () -> libraries(clients));
    instruments.observedGauges(
        "flyball.clients.ungoverned",
        "{host}",
        "Hosts of models that were seen to be called past Flyball, by client or format",
        () -> bypassed(clients));
  }

  private static Map<MetricTags, Double> libraries(ClientLibraries clients) {
    Map<MetricTags, Double> all = new LinkedHashMap<>();
    for (ClientLibrary library : clients.libraries()) {
      all.put(
          MetricTags.NONE
              .and("client", library.name())
              .and("version", library.version())
              .and("governed", Boolean.toString(library.isGoverned())),
          1.0);
    }
    return all;
  }

  private static Map<MetricTags, Double> bypassed(ClientLibraries clients) {
    Map<MetricTags, Double> all = new LinkedHashMap<>();
    for (Bypassed each : clients.bypassed()) {
      if (each.isModelHost()) {
        all.merge(MetricTags.NONE.and("client", each.what()), 1.0, Double::sum);
      }
    }
    return all;
  }
}
