package io.flyball.engine.config;

import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.time.Duration;

/** {@code flyball.hedge.*}: a second attempt beside one that takes unusually long. */
public final class HedgeConfig {
  static final Property<Boolean> ENABLED =
      Property.of(
              "hedge.enabled",
              ValueType.bool(),
              "Whether the next target of `flyball.fallback.chain` is asked too, while the first has"
                  + " not begun to answer. The first content wins; the other attempt is cancelled,"
                  + " and what it cost is recorded as waste.")
          .defaultsTo("false")
          .example("true");
  static final Property<Double> PERCENTILE =
      Property.of(
              "hedge.percentile",
              ValueType.percent(),
              "It is asked after the time in which that share of the target's recent answers had"
                  + " begun: with `95%` about one call in twenty is asked twice.")
          .defaultsTo("95%");
  static final Property<Duration> MIN_DELAY =
      Property.of("hedge.min-delay", ValueType.duration("1ms", "1h"), "It is never asked earlier.")
          .defaultsTo("200ms");
  static final Property<Duration> MAX_DELAY =
      Property.of(
              "hedge.max-delay",
              ValueType.duration("1ms", "1h"),
              "It is never asked later; also how long is waited while too few answers are known.")
          .defaultsTo("10s");
  public static final Section<HedgeConfig> SECTION =
      Section.of(
          "Hedging",
          "Shortens the longest waits for some more money.",
          HedgeConfig::new,
          ENABLED,
          PERCENTILE,
          MIN_DELAY,
          MAX_DELAY);

  private final boolean enabled;
  private final double percentile;
  private final Duration minDelay;
  private final Duration maxDelay;

  HedgeConfig(Values values) {
    this.enabled = values.get(ENABLED);
    this.percentile = values.get(PERCENTILE);
    this.minDelay = values.get(MIN_DELAY);
    this.maxDelay = values.get(MAX_DELAY);
  }

  public boolean enabled() {
    return enabled;
  }

  /** From 0 to 1. */
  public double percentile() {
    return percentile;
  }

  public Duration minDelay() {
    return minDelay;
  }

  public Duration maxDelay() {
    return maxDelay;
  }
}
