package io.flyball.agent.otel;

import io.flyball.agent.Hosted;
import io.opentelemetry.javaagent.extension.ignore.IgnoredTypesBuilder;
import io.opentelemetry.javaagent.extension.ignore.IgnoredTypesConfigurer;

/** Keeps the host from instrumenting our own classes and libraries. */
public final class FlyballIgnoredTypes implements IgnoredTypesConfigurer {

  @Override
  public void configure(IgnoredTypesBuilder ignored) {
    if (Hosted.enabled()) {
      ignored.ignoreClass("io.flyball.");
      ignored.ignoreClassLoader("io.flyball.");
    }
  }
}
