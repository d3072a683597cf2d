package io.flyball.javaagent;

import io.flyball.engine.call.CallListener;
import io.flyball.engine.telemetry.Instruments;
import io.flyball.engine.telemetry.OtelInstruments;
import io.flyball.engine.telemetry.SpanListener;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.context.Context;

/** Spans and metrics through the SDK of the OpenTelemetry agent that we are an extension of. */
final class HostTelemetry {
  private final OpenTelemetry host;
  private final String version;

  /**
   * @param host an {@code OpenTelemetry} of the host's
   * @param version Flyball's own
   */
  HostTelemetry(Object host, String version) {
    this.host = (OpenTelemetry) host;
    this.version = version;
  }

  CallListener spans() {
    return new SpanListener(host, version);
  }

  Instruments instruments() {
    return new OtelInstruments(host, version);
  }

  /** The span that the calling thread works in, by the host's account. */
  static Object currentContext() {
    return Context.current();
  }
}
