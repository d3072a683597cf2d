package io.flyball.engine.telemetry;

import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * The metrics backend as Flyball sees it: a few kinds of instruments, tags given at the time of
 * recording. Implementations are thread safe.
 */
public interface Instruments {

  /**
   * A sum that only grows.
   *
   * @param unit UCUM, {@code {thing}} for counts of things
   */
  Counter counter(String name, String unit, String description);

  /**
   * A distribution over buckets.
   *
   * @param boundaries upper bounds of the buckets, ascending
   */
  Histogram histogram(String name, String unit, String description, List<Double> boundaries);

  /** A sum that only grows and is kept elsewhere: it is asked for when metrics are read. */
  void observedCounter(String name, String unit, String description, DoubleSupplier value);

  /** A value that goes up and down and is kept elsewhere. */
  void observedGauge(String name, String unit, String description, DoubleSupplier value);

  /**
   * Values that go up and down and are kept elsewhere, one for each tags there are: they are asked
   * for when metrics are read.
   */
  void observedGauges(
      String name, String unit, String description, Supplier<Map<MetricTags, Double>> values);

  /** See {@link Instruments#counter}. */
  interface Counter {
    /**
     * Adds to the sum of those tags.
     *
     * @param amount zero or more
     */
    void add(double amount, MetricTags tags);
  }

  /** See {@link Instruments#histogram}. */
  interface Histogram {
    void record(double value, MetricTags tags);
  }
}
