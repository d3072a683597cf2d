package io.flyball.engine.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.api.metrics.DoubleCounter;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.Meter;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/** {@link Instruments} on an OpenTelemetry meter. A tag that is not known is left out. */
public final class OtelInstruments implements Instruments {
  private final Meter meter;

  /**
   * @param version Flyball's version, reported as that of the instrumentation scope
   */
  public OtelInstruments(OpenTelemetry openTelemetry, String version) {
    this.meter =
        openTelemetry
            .getMeterProvider()
            .meterBuilder(GenAiConventions.SCOPE)
            .setInstrumentationVersion(version)
            .setSchemaUrl(GenAiConventions.SCHEMA_URL)
            .build();
  }

  @Override
  public Counter counter(String name, String unit, String description) {
    DoubleCounter counter =
        meter.counterBuilder(name).ofDoubles().setUnit(unit).setDescription(description).build();
    return (amount, tags) -> counter.add(amount, attributes(tags));
  }

  @Override
  public Histogram histogram(
      String name, String unit, String description, List<Double> boundaries) {
    DoubleHistogram histogram =
        meter
            .histogramBuilder(name)
            .setUnit(unit)
            .setDescription(description)
            .setExplicitBucketBoundariesAdvice(boundaries)
            .build();
    return (value, tags) -> histogram.record(value, attributes(tags));
  }

  @Override
  public void observedCounter(String name, String unit, String description, DoubleSupplier value) {
    meter
        .counterBuilder(name)
        .ofDoubles()
        .setUnit(unit)
        .setDescription(description)
        .buildWithCallback(measurement -> measurement.record(value.getAsDouble()));
  }

  @Override
  public void observedGauge(String name, String unit, String description, DoubleSupplier value) {
    meter
        .gaugeBuilder(name)
        .setUnit(unit)
        .setDescription(description)
        .buildWithCallback(measurement -> measurement.record(value.getAsDouble()));
  }

  @Override
  public void observedGauges(
      String name, String unit, String description, Supplier<Map<MetricTags, Double>> values) {
    meter
        .gaugeBuilder(name)
        .setUnit(unit)
        .setDescription(description)
        .buildWithCallback(
            measurement ->
                values.get().forEach((tags, value) -> measurement.record(value, attributes(tags))));
  }

  private static Attributes attributes(MetricTags tags) {
    AttributesBuilder builder = Attributes.builder();
    for (Map.Entry<String, String> tag : tags.asMap().entrySet()) {
      if (tag.getValue() == null) {
        continue;
      }
      if (tag.getKey().equals(GenAiConventions.SERVER_PORT)) {
        builder.put(tag.getKey(), Long.parseLong(tag.getValue()));
      } else {
        builder.put(tag.getKey(), tag.getValue());
      }
    }
    return builder.build();
  }
}
