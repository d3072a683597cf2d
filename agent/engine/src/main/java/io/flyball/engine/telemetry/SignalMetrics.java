package io.flyball.engine.telemetry;

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

  private static Map<MetricTags, Double> ratios(PromptGrowth growth) {
    Map<MetricTags, Double> ratios = new LinkedHashMap<>();
    for (Map.Entry<String, Double> feature : growth.ratios().entrySet()) {
      String name = feature.getKey();
      ratios.put(MetricTags.NONE.and("feature", name.isEmpty() ? null : name), feature.getValue());
    }
    return ratios;
  }
}
