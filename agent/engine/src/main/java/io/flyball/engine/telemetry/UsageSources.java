package io.flyball.engine.telemetry;

import io.flyball.protocol.Usage;
import java.util.Locale;

/** The words for where usage comes from, as metrics, events and pages have them. */
public final class UsageSources {
  private UsageSources() {}

  /** {@code reported}, {@code estimated} or {@code partial}. */
  public static String label(Usage.Source source) {
    return source.name().toLowerCase(Locale.ROOT);
  }
}
