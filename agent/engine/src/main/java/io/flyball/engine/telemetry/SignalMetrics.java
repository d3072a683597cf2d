package io.flyball.engine.telemetry;

import io.flyball.engine.anomaly.Anomalies;
import io.flyball.engine.anomaly.Anomaly;
import io.flyball.engine.anomaly.AnomalyListener;
import io.flyball.engine.event.Alert;
import io.flyball.engine.event.Alerts;
import io.flyball.engine.signal.PromptGrowth;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the run of calls tells, as metrics. */
public final class SignalMetrics {

  private SignalMetrics() {}

  /** Shows how prompts grow among the instruments. */
  public static void show(Instruments instruments, PromptGrowth growth) {
    instruments.observedGauges(
        "flyball.prompt.growth",
        "1",
        "Median tokens of a feature's latest prompts, divided by that of earlier ones",
        () -> ratios(growth));
    instruments.observedCounter(
        "flyball.prompt.growth.alerts",
        "{alert}",
        "How often the prompts of a feature had doubled",
        growth::alerts);
  }

  /** Shows what is not as it used to be among the instruments. */
  public static void show(Instruments instruments, Anomalies anomalies) {
    Instruments.Counter counter =
        instruments.counter("flyball.anomalies", "{anomaly}", "Anomalies that were found");
    instruments.observedGauges(
        "flyball.anomalies.lasting", "{anomaly}", "Anomalies that last", () -> lasting(anomalies));
    anomalies.listen(
        new AnomalyListener() {
          @Override
          public void began(Anomaly anomaly) {
            counter.add(1, MetricTags.NONE.and("kind", anomaly.kind().label()));
          }

          @Override
          public void ended(Anomaly anomaly) {}
        });
  }

  /** Shows which marks of budgets are passed among the instruments. */
  public static void show(Instruments instruments, Alerts alerts) {
    Instruments.Counter counter =
        instruments.counter(
            "flyball.budget.alerts", "{alert}", "How often accounts of a budget passed a mark");
    alerts.listen(
        alert -> {
          if (alert.event().equals(Alert.BUDGET)) {
            counter.add(
                1,
                MetricTags.NONE
                    .and("budget", alert.fields().get("budget").toString())
                    .and("mark", alert.fields().get("mark").toString()));
          }
        });
    instruments.observedCounter(
        "flyball.alerts.lost",
        "{alert}",
        "Alerts that were in no event file and no webhook, because too many waited",
        alerts::lost);
  }

  private static Map<MetricTags, Double> lasting(Anomalies anomalies) {
    Map<MetricTags, Double> lasting = new LinkedHashMap<>();
    for (Anomaly.Kind kind : Anomaly.Kind.values()) {
      lasting.put(MetricTags.NONE.and("kind", kind.label()), 0.0);
    }
    for (Anomaly anomaly : anomalies.lasting()) {
      lasting.merge(MetricTags.NONE.and("kind", anomaly.kind().label()), 1.0, Double::sum);
    }
    return lasting;
  }

  private static Map<MetricTags, Double> ratios(PromptGrowth growth) {
    Map<MetricTags, Double> ratios = new LinkedHashMap<>();
    for (Map.Entry<String, Double> feature : growth.ratios().entrySet()) {
      String name = feature.getKey();
      ratios.put(MetricTags.NONE.and("feature", name.isEmpty() ? null : name), feature.getValue());
    }
    return ratios;
  }
}
