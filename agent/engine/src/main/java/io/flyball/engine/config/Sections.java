package io.flyball.engine.config;

import io.flyball.settings.Schema;
import java.util.Arrays;

/** All settings that Flyball has, in the order in which they are documented. */
public final class Sections {
  /** The schema of what users may set. */
  public static final Schema SCHEMA =
      new Schema(
          Arrays.asList(
              AgentConfig.SECTION,
              LogConfig.SECTION,
              InstrumentationConfig.SECTION,
              EndpointConfig.SECTION,
              TargetConfig.SECTION,
              RetryConfig.SECTION,
              TimeoutConfig.SECTION,
              BreakerConfig.SECTION,
              FallbackConfig.SECTION,
              StreamConfig.SECTION,
              HedgeConfig.SECTION,
              LimitConfig.SECTION,
              RequestConfig.SECTION,
              BypassConfig.SECTION,
              MemoryConfig.SECTION,
              AttributionConfig.SECTION,
              EventsConfig.SECTION,
              ContentConfig.SECTION,
              ConsoleConfig.SECTION,
              BudgetConfig.SECTION,
              AnomalyConfig.SECTION,
              RedisConfig.SECTION,
              PricesConfig.SECTION),
          WrittenFiles::judge,
          Contradictions::tell);

  private Sections() {}
}
