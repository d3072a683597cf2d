package io.flyball.console;

import io.flyball.base.InternalErrors;
import io.flyball.engine.anomaly.Anomalies;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.capability.View;
import io.flyball.engine.client.ClientLibraries;
import io.flyball.engine.event.Alerts;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.telemetry.CallHistory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

/** What the console shows. Everything is asked for anew at each request. */
public final class ConsoleSources {
  private final String service;
  private final String version;
  private final CallHistory history;
  private final Ledger ledger;
  private final Limiter limiter;
  private final List<View> views;
  private final ClientLibraries clients;
  private final Anomalies anomalies;
  private final Alerts alerts;
  private final Supplier<String> metrics;
  private final Supplier<String> configuration;
  private final InternalErrors errors;

  /**
   * @param views what capabilities show
   * @param metrics the Prometheus text format, version 0.0.4
   * @param configuration the settings in force with secrets masked, as text
   * @param errors hears of requests that failed inside the console
   */
  public ConsoleSources(
      String service,
      String version,
      CallHistory history,
      Ledger ledger,
      Limiter limiter,
      List<View> views,
      ClientLibraries clients,
      Anomalies anomalies,
      Alerts alerts,
      Supplier<String> metrics,
      Supplier<String> configuration,
      InternalErrors errors) {
    this.service = Objects.requireNonNull(service, "service");
    this.version = Objects.requireNonNull(version, "version");
    this.history = Objects.requireNonNull(history, "history");
    this.ledger = Objects.requireNonNull(ledger, "ledger");
    this.limiter = Objects.requireNonNull(limiter, "limiter");
    this.views = Collections.unmodifiableList(new ArrayList<>(views));
    this.clients = Objects.requireNonNull(clients, "clients");
    this.anomalies = Objects.requireNonNull(anomalies, "anomalies");
    this.alerts = Objects.requireNonNull(alerts, "alerts");
    this.metrics = Objects.requireNonNull(metrics, "metrics");
    this.configuration = Objects.requireNonNull(configuration, "configuration");
    this.errors = Objects.requireNonNull(errors, "errors");
  }

  String service() {
    return service;
  }

  String version() {
    return version;
  }

  CallHistory history() {
    return history;
  }

  Ledger ledger() {
    return ledger;
  }

  Limiter limiter() {
    return limiter;
  }

  /** What capabilities show. */
  List<View> views() {
    return views;
  }

  ClientLibraries clients() {
    return clients;
  }

  Anomalies anomalies() {
    return anomalies;
  }

  Alerts alerts() {
    return alerts;
  }

  String metrics() {
    return metrics.get();
  }

  String configuration() {
    return configuration.get();
  }

  InternalErrors errors() {
    return errors;
  }
}
