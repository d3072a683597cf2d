package io.flyball.agent.otel;

import io.flyball.agent.Hosted;
import io.opentelemetry.javaagent.extension.AgentListener;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;

/**
 * The second door: Flyball as an extension of the OpenTelemetry Java agent, with that agent's SDK.
 * Whatever goes wrong stays here, because an extension that throws takes its host down.
 */
public final class FlyballExtension implements AgentListener {

  @Override
  public void afterAgent(AutoConfiguredOpenTelemetrySdk host) {
    try {
      Hosted.start(host.getOpenTelemetrySdk());
    } catch (Throwable failure) {
      Hosted.failed(failure);
    }
  }
}
