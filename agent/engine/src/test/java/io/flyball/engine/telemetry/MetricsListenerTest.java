package io.flyball.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Amounts;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.Outcome;
import io.flyball.wire.HeldBytes;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class MetricsListenerTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final InMemoryMetricReader reader = InMemoryMetricReader.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
          .build();

  @Test
  void givesPrometheusTheConventionsMetrics() {
    listener(new MicrometerInstruments(registry), 10).callEnded(SampleCalls.answered().build());

    String scrape = registry.scrape();
    assertThat(scrape)
        .contains("# TYPE gen_ai_client_token_usage histogram")
        .containsPattern(
            "gen_ai_client_token_usage_bucket\\{[^}]*gen_ai_token_type=\"input\"[^}]*le=\"4096.0\"[^}]*} 1")
        .containsPattern(
            "gen_ai_client_token_usage_bucket\\{[^}]*gen_ai_token_type=\"input\"[^}]*le=\"1024.0\"[^}]*} 0")
        .containsPattern("gen_ai_client_operation_duration_seconds_sum\\{[^}]*} 2.0")
        .containsPattern("gen_ai_client_operation_time_to_first_chunk_seconds_sum\\{[^}]*} 0.5")
        .containsPattern("gen_ai_client_operation_time_per_output_chunk_seconds_sum\\{[^}]*} 0.5")
        .containsPattern("flyball_calls_total\\{[^}]*outcome=\"success\"[^}]*} 1.0")
        .containsPattern("flyball_cost_USD_total\\{[^}]*feature=\"search\"[^}]*} 0.005615")
        .containsPattern("flyball_attempts_total\\{[^}]*outcome=\"success\"[^}]*} 1.0")
        .contains("flyball_internal_errors_total 3.0")
        .contains("flyball_records_dropped_total 4.0")
        .doesNotContain("u-1");
  }

  /** By the rule in docs/telemetry.md, from the names, kinds and units of its table. */
  @Test
  void prometheusHasTheNamesThatTheDocumentationTells() throws IOException {
    Set<String> told = new TreeSet<>();
    String page =
        new String(
            Files.readAllBytes(Paths.get("../../docs/telemetry.md")), StandardCharsets.UTF_8);
    Matcher row =
        Pattern.compile("(?m)^\\| `([a-z_.]+)` \\| (counter|gauge|histogram)(?:, ([a-zA-Z]+))? \\|")
            .matcher(page);
    while (row.find()) {
      String unit =
          row.group(3) == null
              ? ""
              : row.group(3)
                  .replaceFirst("^s$", "_seconds")
                  .replaceFirst("^bytes$", "_By")
                  .replaceFirst("^USD$", "_USD")
                  .replaceFirst("^(tokens|ratio)$", "");
      String kind = row.group(2).equals("counter") ? "_total" : "";
      told.add(row.group(1).replace('.', '_') + unit + kind + ' ' + row.group(2));
    }
    MicrometerInstruments instruments = new MicrometerInstruments(registry);
    MetricsListener listener = listener(instruments, 10);
    MemoryMetrics.show(instruments, HeldBytes.ofThisJvm());
    listener.callEnded(SampleCalls.answered().build());
    listener.callEnded(SampleCalls.failed(500, "server_error").build());

    Matcher type = Pattern.compile("(?m)^# TYPE (\\S+) (\\S+)$").matcher(registry.scrape());
    int found = 0;
    while (type.find()) {
      String name = type.group(1);
      if (!name.endsWith("_max")) {
        found++;
        assertThat(told).contains(name + ' ' + type.group(2));
      } else {
        assertThat(told).contains(name.replaceFirst("_max$", "") + " histogram");
      }
    }
    assertThat(found).isGreaterThan(12);
    assertThat(told)
        .contains("flyball_memory_held_By gauge", "flyball_cost_wasted_USD_total counter");
  }

  @Test
  void mixesCallsWithAndWithoutKnownTags() {
    MetricsListener listener = listener(new MicrometerInstruments(registry), 10);
    listener.callEnded(SampleCalls.failed(500, "server_error").build());
    listener.callEnded(SampleCalls.answered().build());
    listener.callEnded(SampleCalls.answered().attribution(Attribution.NONE).build());

    assertThat(registry.scrape())
        .containsPattern("flyball_calls_total\\{[^}]*outcome=\"error\"[^}]*} 1.0")
        .containsPattern(
            "gen_ai_client_operation_duration_seconds_count\\{[^}]*error_type=\"server_error\"[^}]*} 1");
  }

  @Test
  void portsThatAreNotUsualTellEndpointsOfAHostApart() {
    MetricsListener listener = listener(new MicrometerInstruments(registry), 10);
    for (int port : new int[] {80, 443, 8001, 8002}) {
      listener.callEnded(
          SampleCalls.answered()
              .attempts(
                  Arrays.asList(
                      AttemptRecord.builder(1, "localhost", "localhost", port)
                          .outcome(Outcome.ERROR, 503, "503")
                          .build(),
                      AttemptRecord.builder(2, "backup", "localhost", port)
                          .outcome(Outcome.SUCCESS, 200, null)
                          .build()))
              .build());
    }

    assertThat(registry.scrape())
        .contains("flyball_attempts_total{outcome=\"error\",target=\"localhost\"} 2.0")
        .contains("flyball_attempts_total{outcome=\"error\",target=\"localhost:8001\"} 1.0")
        .contains("flyball_attempts_total{outcome=\"error\",target=\"localhost:8002\"} 1.0")
        .contains("flyball_attempts_total{outcome=\"success\",target=\"backup\"} 4.0");
  }

  @Test
  void amountsOfBudgetsSayTheirUnit() {
    Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
    for (BudgetUnit unit : BudgetUnit.values()) {
      ledger
          .reserve(
              Collections.singletonList(
                  new Budget(
                      unit.name().toLowerCase(Locale.ROOT),
                      unit,
                      unit.parts(BigDecimal.TEN),
                      BudgetWindow.of("1d", ZoneOffset.UTC),
                      EnumSet.noneOf(Budget.Dimension.class),
                      Budget.Action.BLOCK,
                      null,
                      0.8)),
              Attribution.NONE,
              "m",
              new Amounts(0, 0, 1),
              0)
          .reservation()
          .settle(new Amounts(0, 0, 1));
    }
    MicrometerInstruments instruments = new MicrometerInstruments(registry);
    PolicyMetrics.show(instruments, ledger, () -> 0);
    instruments.refresh();

    assertThat(registry.scrape())
        .containsPattern("flyball_budget_limit\\{[^}]*budget=\"usd\"[^}]*unit=\"usd\"} 10.0")
        .containsPattern("flyball_budget_limit\\{[^}]*budget=\"tokens\"[^}]*unit=\"tokens\"} 10.0")
        .containsPattern("flyball_budget_used\\{[^}]*budget=\"calls\"[^}]*unit=\"calls\"} 1.0")
        .doesNotContainPattern("flyball_\\w+_(1|ratio|amount)\\b");
  }

  @Test
  void aNumberWithoutUnitKeepsItsName() {
    new MicrometerInstruments(registry).observedGauge("flyball.redis.up", "1", "Up", () -> 1);

    assertThat(registry.scrape()).contains("\nflyball_redis_up 1.0\n");
  }

  @Test
  void countsCallsWithoutPrice() {
    listener(new MicrometerInstruments(registry), 10)
        .callEnded(SampleCalls.answered().costUsd(null).build());

    assertThat(registry.scrape()).containsPattern("flyball_unpriced_calls_total\\{[^}]*} 1.0");
  }

  @Test
  void countsWhatThePoliciesDid() {
    MetricsListener listener = listener(new MicrometerInstruments(registry), 10);
    CallJournal journal = new CallJournal();
    journal.fellBack("api.openai.com", "backup", "rate-limit");
    journal.waitedForLimit(250_000_000);
    listener.callEnded(SampleCalls.answered().journal(journal).build());
    listener.callEnded(SampleCalls.refused("flyball_budget_exceeded").build());
    listener.callEnded(SampleCalls.answered().build());

    assertThat(registry.scrape())
        .containsPattern(
            "flyball_fallbacks_total\\{from=\"api.openai.com\",reason=\"rate-limit\",to=\"backup\"[^}]*} 1.0")
        .containsPattern("flyball_refusals_total\\{reason=\"flyball_budget_exceeded\"[^}]*} 1.0")
        .containsPattern("flyball_limit_wait_seconds_sum[^ ]* 0.25")
        .containsPattern("flyball_limit_wait_seconds_count[^ ]* 1");
  }

  @Test
  void tellsHowLongThePromptsOfEachFeatureAre() {
    MetricsListener listener = listener(new MicrometerInstruments(registry), 10);
    listener.callEnded(SampleCalls.answered().build());
    listener.callEnded(SampleCalls.answered().attribution(Attribution.NONE).build());
    listener.callEnded(SampleCalls.failed(500, "server_error").build());

    assertThat(registry.scrape())
        .containsPattern("flyball_prompt_tokens_bucket\\{feature=\"search\",le=\"2048.0\"[^}]*} 1")
        .containsPattern("flyball_prompt_tokens_bucket\\{feature=\"search\",le=\"1024.0\"[^}]*} 0")
        .containsPattern("flyball_prompt_tokens_count\\{feature=\"search\"[^}]*} 1\n")
        .containsPattern("flyball_prompt_tokens_count\\{feature=\"[^\"]*\"[^}]*} 1\n");
  }

  @Test
  void boundsTheValuesOfATag() {
    MetricsListener listener = listener(new MicrometerInstruments(registry), 2);
    for (int i = 0; i < 5; i++) {
      listener.callEnded(
          SampleCalls.answered()
              .attribution(new Attribution("t" + i, "f" + i, "u" + i, null, null, null))
              .build());
    }

    assertThat(registry.scrape())
        .contains("feature=\"f0\"", "feature=\"f1\"", "feature=\"other\"")
        .doesNotContain("f2", "t4");
  }

  @Test
  void givesOpenTelemetryTheConventionsBuckets() {
    listener(new OtelInstruments(sdk, "1"), 10).callEnded(SampleCalls.answered().build());

    MetricData usage = metric("gen_ai.client.token.usage");
    assertThat(usage.getUnit()).isEqualTo("{token}");
    assertThat(usage.getHistogramData().getPoints()).hasSize(2);
    HistogramPointData point = usage.getHistogramData().getPoints().iterator().next();
    assertThat(point.getBoundaries()).hasSize(14).startsWith(1.0, 4.0, 16.0).endsWith(67_108_864.0);
    HistogramPointData duration =
        metric("gen_ai.client.operation.duration").getHistogramData().getPoints().iterator().next();
    assertThat(duration.getBoundaries()).startsWith(0.01, 0.02).endsWith(81.92);
    assertThat(duration.getSum()).isEqualTo(2.0);
    assertThat(duration.getAttributes().get(AttributeKey.longKey("server.port"))).isEqualTo(443);
    assertThat(duration.getAttributes().get(AttributeKey.stringKey("error.type"))).isNull();
  }

  @Test
  void recordsNoTokensWhenNothingWasUsed() {
    listener(new OtelInstruments(sdk, "1"), 10)
        .callEnded(SampleCalls.failed(401, "invalid_api_key").build());

    assertThat(reader.collectAllMetrics())
        .extracting(MetricData::getName)
        .contains("gen_ai.client.operation.duration", "flyball.calls")
        .doesNotContain(
            "gen_ai.client.token.usage",
            "flyball.cost",
            "gen_ai.client.operation.time_to_first_chunk");
  }

  private static MetricsListener listener(Instruments instruments, int maxValues) {
    return new MetricsListener(instruments, maxValues, () -> 3, () -> 4);
  }

  private MetricData metric(String name) {
    return reader.collectAllMetrics().stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .get();
  }

  @Test
  void boundsTheCombinationsOfTags() {
    MetricsListener listener = listener(new OtelInstruments(sdk, "1"), 3);
    for (int i = 0; i < 9; i++) {
      listener.callEnded(
          SampleCalls.answered()
              .attribution(new Attribution("t" + i % 3, "f" + i / 3, null, null, null, null))
              .build());
    }

    assertThat(metric("flyball.calls").getDoubleSumData().getPoints()).hasSize(4);
  }
}
