package io.flyball.agent.otel;

import io.flyball.agent.Hosted;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizer;
import io.opentelemetry.sdk.autoconfigure.spi.AutoConfigurationCustomizerProvider;
import java.util.HashMap;
import java.util.Map;

/**
 * Defaults that the user may set otherwise: the host's own instrumentations of model calls are off,
 * so that one call gives one span. Their names are those of the OpenTelemetry Java agent 2.33.
 */
public final class FlyballDefaults implements AutoConfigurationCustomizerProvider {

  @Override
  public void customize(AutoConfigurationCustomizer configuration) {
    if (Hosted.enabled()) {
      configuration.addPropertiesSupplier(FlyballDefaults::defaults);
    }
  }

  private static Map<String, String> defaults() {
    Map<String, String> off = new HashMap<>();
    off.put("otel.instrumentation.openai-java.enabled", "false");
    off.put("otel.instrumentation.aws-sdk-bedrock-runtime.enabled", "false");
    off.put("otel.instrumentation.aws-sdk-2.2-bedrock-runtime.enabled", "false");
    return off;
  }
}
