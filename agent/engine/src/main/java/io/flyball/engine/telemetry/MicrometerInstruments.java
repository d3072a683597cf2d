package io.flyball.engine.telemetry;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** {@link Instruments} on a Micrometer registry. A tag that is not known is the empty string. */
public final class MicrometerInstruments implements Instruments {
  private final MeterRegistry registry;

  /** Gauges whose tags come and go, brought up to date before they are read. */
  private final List<Runnable> gauges = new CopyOnWriteArrayList<>();

  public MicrometerInstruments(MeterRegistry registry) {
    this.registry = Objects.requireNonNull(registry, "registry");
  }

  @Override
  public Counter counter(String name, String unit, String description) {
    return (amount, tags) ->
        io.micrometer.core.instrument.Counter.builder(name)
            .description(description)
            .baseUnit(baseUnit(unit))
            .tags(tags(tags))
            .register(registry)
            .increment(amount);
  }

  @Override
  public Histogram histogram(
      String name, String unit, String description, List<Double> boundaries) {
    double[] bounds = boundaries.stream().mapToDouble(Double::doubleValue).toArray();
    return (value, tags) ->
        DistributionSummary.builder(name)
            .description(description)
            .baseUnit(baseUnit(unit))
            .serviceLevelObjectives(bounds)
            .tags(tags(tags))
            .register(registry)
            .record(value);
  }

  @Override
  public void observedCounter(String name, String unit, String description, DoubleSupplier value) {
    FunctionCounter.builder(name, value, DoubleSupplier::getAsDouble)
        .description(description)
        .baseUnit(baseUnit(unit))
        .register(registry);
  }

  @Override
  public void observedGauge(String name, String unit, String description, DoubleSupplier value) {
    Gauge.builder(name, value, DoubleSupplier::getAsDouble)
        .strongReference(true)
        .description(description)
        .baseUnit(baseUnit(unit))
        .register(registry);
  }

  @Override
  public void observedGauges(
      String name, String unit, String description, Supplier<Map<MetricTags, Double>> values) {
    MultiGauge gauge =
        MultiGauge.builder(name)
            .description(description)
            .baseUnit(baseUnit(unit))
            .register(registry);
    gauges.add(
        () -> {
          List<MultiGauge.Row<?>> rows = new ArrayList<>();
          values
              .get()
              .forEach((tags, value) -> rows.add(MultiGauge.Row.of(Tags.of(tags(tags)), value)));
          gauge.register(rows, true);
        });
  }

  /** To be called before the registry is read. */
  public void refresh() {
    for (Runnable gauge : gauges) {
      gauge.run();
    }
  }

  /**
   * Annotations such as {@code {token}} are no units, and {@code 1} is none; names written out are
   * the custom here.
   */
  private static String baseUnit(String unit) {
    if (unit.startsWith("{") || unit.equals("1")) {
      return null;
    }
    return unit.equals("s") ? "seconds" : unit;
  }

  private static List<Tag> tags(MetricTags tags) {
    List<Tag> list = new ArrayList<>();
    for (Map.Entry<String, String> tag : tags.asMap().entrySet()) {
      list.add(Tag.of(tag.getKey(), tag.getValue() == null ? "" : tag.getValue()));
    }
    return list;
  }
}
