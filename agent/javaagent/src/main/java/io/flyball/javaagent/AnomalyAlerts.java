package io.flyball.javaagent;

import io.flyball.base.DetachedThread;
import io.flyball.base.InternalErrors;
import io.flyball.base.log.Log;
import io.flyball.engine.anomaly.Anomalies;
import io.flyball.engine.anomaly.Anomaly;
import io.flyball.engine.anomaly.AnomalyListener;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.config.AgentConfig;
import io.flyball.engine.config.AnomalyConfig;
import io.flyball.engine.event.Alerts;
import io.flyball.engine.event.AnomalyWebhook;
import io.flyball.engine.time.Timer;
import io.flyball.settings.Secret;
import io.flyball.settings.Settings;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Watches for anomalies and tells of them, and of alerts, in the log and where the user wants them
 * posted to.
 */
final class AnomalyAlerts implements AnomalyListener {
  private static final int WEBHOOK_TIMEOUT_MILLIS = 5_000;

  private final Log log;

  private AnomalyAlerts(Log log) {
    this.log = log;
  }

  /** Takes alerts. */
  static Alerts alerts(Log log, InternalErrors errors) {
    Alerts alerts =
        new Alerts(
            TimeSource.SYSTEM,
            work -> DetachedThread.create("flyball-alerts", work).start(),
            errors);
    alerts.listen(alert -> log.warn(alert.toString()));
    return alerts;
  }

  /**
   * Watches for anomalies.
   *
   * @param alerts are posted to the same place
   */
  static Anomalies watch(
      Settings config, Timer timer, Alerts alerts, Log log, InternalErrors errors) {
    Anomalies anomalies =
        new Anomalies(
            TimeSource.SYSTEM,
            timer,
            work -> DetachedThread.create("flyball-anomalies", work).start(),
            errors);
    anomalies.listen(new AnomalyAlerts(log));
    AnomalyConfig wanted = config.get(AnomalyConfig.SECTION);
    if (wanted.webhookUrl() != null) {
      Map<String, String> headers = new LinkedHashMap<>();
      for (Map.Entry<String, Secret> header : wanted.webhookHeaders().entrySet()) {
        headers.put(header.getKey(), header.getValue().reveal());
      }
      AnomalyWebhook webhook =
          new AnomalyWebhook(
              URI.create(wanted.webhookUrl().reveal()),
              headers,
              WEBHOOK_TIMEOUT_MILLIS,
              timer,
              config.get(AgentConfig.SECTION).service(),
              log::warn);
      anomalies.listen(webhook);
      alerts.listen(webhook);
    }
    return anomalies;
  }

  @Override
  public void began(Anomaly anomaly) {
    log.warn("anomaly: " + anomaly);
  }

  @Override
  public void ended(Anomaly anomaly) {
    log.info("anomaly: " + anomaly);
  }
}
