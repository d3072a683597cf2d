package io.flyball.javaagent;

import io.flyball.base.InternalErrors;
import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import io.flyball.engine.config.AgentConfig;
import io.flyball.engine.telemetry.otlp.OtlpExport;
import io.flyball.engine.telemetry.otlp.OtlpSettings;
import io.flyball.engine.time.Timer;
import io.flyball.settings.Settings;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Our own export by OTLP, where no other agent's SDK is there. Not loaded inside a host agent. */
final class OwnExport {
  private final OtlpExport export;
  private final String version;

  private OwnExport(OtlpExport export, String version) {
    this.export = export;
    this.version = version;
  }

  /**
   * Whether anything may have to be exported: some endpoint is set. Loads nothing of OpenTelemetry,
   * whose classes log through {@code java.util.logging}, which they would initialise.
   */
  static boolean isWanted(Settings config) {
    return namesAnEndpoint(config.otel().keySet());
  }

  /** The same before there is a configuration. */
  static boolean isWanted() {
    return namesAnEndpoint(System.getProperties().stringPropertyNames())
        || namesAnEndpoint(System.getenv().keySet());
  }

  private static boolean namesAnEndpoint(Set<String> settings) {
    for (String name : settings) {
      String key = name.toLowerCase(Locale.ROOT).replace('_', '.');
      if (key.startsWith("otel.exporter.otlp.") && key.endsWith("endpoint")) {
        return true;
      }
    }
    return false;
  }

  /** Why the standard {@code otel.*} settings cannot be honoured; null when they can. */
  static String refusal(Map<String, String> otel) {
    if (!namesAnEndpoint(otel.keySet())) {
      return null;
    }
    try {
      OtlpSettings.from(otel);
      return null;
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
  }

  /**
   * Null when the standard {@code otel.*} settings ask for none, or cannot be honoured (which is
   * logged).
   */
  static OwnExport start(
      Settings config, String version, Timer timer, Log log, InternalErrors errors) {
    try {
      OtlpSettings settings = OtlpSettings.from(config.otel());
      if (!settings.isOn()) {
        return null;
      }
      settings.warnings().forEach(log::warn);
      return new OwnExport(
          OtlpExport.start(
              settings,
              config.get(AgentConfig.SECTION).service(),
              version,
              timer,
              errors,
              log::warn),
          version);
    } catch (IllegalArgumentException e) {
      log.error("nothing is exported by OTLP: " + e.getMessage());
      return null;
    } catch (RuntimeException | LinkageError e) {
      log.log(Level.ERROR, "nothing is exported by OTLP", e);
      return null;
    }
  }

  OpenTelemetryOutput output() {
    return new OpenTelemetryOutput(export.openTelemetry(), version);
  }

  /**
   * Exports what is waiting and ends.
   *
   * @param nanos how long that may take
   */
  void close(long nanos) {
    export.close(Duration.ofNanos(Math.max(0, nanos)));
  }
}
