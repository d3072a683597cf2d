package io.flyball.engine.config;

import io.flyball.engine.Capabilities;
import io.flyball.settings.Schema;
import io.flyball.settings.Section;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** All settings that Flyball has, in the order in which they are documented. */
public final class Sections {
  /** The schema of what users may set. */
  public static final Schema SCHEMA = new Schema(all(), WrittenFiles::judge, Contradictions::tell);

  private Sections() {}

  private static List<Section<?>> all() {
    List<Section<?>> all = new ArrayList<>();
    all.addAll(
        Arrays.asList(
            AgentConfig.SECTION,
            LogConfig.SECTION,
            InstrumentationConfig.SECTION,
            EndpointConfig.SECTION,
            TargetConfig.SECTION,
            RetryConfig.SECTION,
            TimeoutConfig.SECTION));
    all.addAll(Capabilities.sections());
    all.addAll(
        Arrays.asList(
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
            PricesConfig.SECTION));
    return all;
  }
}
