package io.flyball.javaagent;

import io.flyball.base.log.Log;
import io.flyball.base.log.LoggedInternalErrors;
import io.flyball.console.Console;
import io.flyball.console.ConsoleException;
import io.flyball.console.ConsoleSettings;
import io.flyball.console.ConsoleSources;
import io.flyball.engine.anomaly.Anomalies;
import io.flyball.engine.client.ClientLibraries;
import io.flyball.engine.config.AgentConfig;
import io.flyball.engine.config.ConsoleConfig;
import io.flyball.engine.event.Alerts;
import io.flyball.engine.telemetry.CallHistory;
import io.flyball.engine.telemetry.MicrometerInstruments;
import io.flyball.settings.EffectiveSetting;
import io.flyball.settings.Secret;
import io.flyball.settings.Settings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.function.Supplier;

/** Opens the console where the user wants one, and feeds it. */
final class LocalConsole {
  private static final int REMEMBERED_CALLS = 500;

  private LocalConsole() {}

  /**
   * Logs where it is, or why it could not be opened.
   *
   * @param config the configuration in force, asked for anew each time
   * @param version Flyball's own
   */
  static void open(
      Supplier<Settings> config,
      String version,
      Accounting accounting,
      PolicyConfiguration policies,
      ClientLibraries clients,
      Anomalies anomalies,
      Alerts alerts,
      Log log,
      LoggedInternalErrors errors) {
    Settings startup = config.get();
    if (!startup.get(ConsoleConfig.SECTION).port().isPresent()) {
      return;
    }
    SilentMicrometer.install();
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    CallHistory history = new CallHistory(REMEMBERED_CALLS);
    accounting.add(history);
    MicrometerInstruments instruments = new MicrometerInstruments(registry);
    accounting.record(instruments);
    policies.show(instruments, clients);
    Secret token = startup.get(ConsoleConfig.SECTION).token();
    try {
      Console console =
          Console.start(
              new ConsoleSettings(
                  startup.get(ConsoleConfig.SECTION).host(),
                  startup.get(ConsoleConfig.SECTION).port().getAsInt(),
                  token == null ? null : token.reveal(),
                  false),
              new ConsoleSources(
                  startup.get(AgentConfig.SECTION).service(),
                  version,
                  history,
                  policies.ledger(),
                  policies.limiter(),
                  policies.capabilities().views(),
                  clients,
                  anomalies,
                  alerts,
                  () -> {
                    instruments.refresh();
                    return registry.scrape();
                  },
                  () -> describe(config.get()),
                  errors));
      log.info("console at " + console.url() + (token == null ? "?token=" + console.token() : ""));
    } catch (ConsoleException e) {
      log.error(e.getMessage());
    }
  }

  private static String describe(Settings config) {
    StringBuilder lines = new StringBuilder();
    for (EffectiveSetting setting : config.describe()) {
      lines
          .append(setting.property())
          .append(" = ")
          .append(setting.value())
          .append("  # ")
          .append(setting.source())
          .append('\n');
    }
    return lines.toString();
  }
}
