package io.flyball.javaagent;

import io.flyball.engine.telemetry.Instruments;
import io.flyball.engine.telemetry.OtelInstruments;
import io.flyball.engine.telemetry.SpanListener;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;

/** Spans and metrics through an SDK: that of the agent we are an extension of, or our own. */
final class OpenTelemetryOutput {
  private final OpenTelemetry openTelemetry;
  private final String version;

  /**
   * @param openTelemetry an {@code OpenTelemetry}, in a host agent under the host's name for that
   *     class
   * @param version Flyball's own
   */
  OpenTelemetryOutput(Object openTelemetry, String version) {
    this.openTelemetry = (OpenTelemetry) openTelemetry;
    this.version = version;
  }

  SpanListener spans() {
    return new SpanListener(openTelemetry, version);
  }

  Instruments instruments() {
    return new OtelInstruments(openTelemetry, version);
  }

  /** The span that the calling thread works in, by the account of that SDK. */
  static Object currentContext() {
    return Context.current();
  }
}
