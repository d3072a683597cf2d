package io.flyball.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.BudgetDecision;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Usage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What is written of calls stands in the documents. The names are taken from the sources, so that
 * one that is only written in rare cases cannot be forgotten.
 */
class TelemetryPageTest {
  private static final Path SOURCES = Paths.get("src/main/java/io/flyball/engine");
  private static final Path DOCS = Paths.get("../../docs");

  private static final Pattern FIELD =
      Pattern.compile("(?:text|millis|dollars|amount|write\\w+)\\(\\s*(?:json,\\s*)?\"(\\w+)\"");

  private static final Pattern METRIC =
      Pattern.compile(
          "\\b(?:counter|histogram|observedCounter|observedGauges?)\\(\\s*"
              + "(?:\"([^\"]+)\"|GenAiConventions\\.(\\w+))");

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
  }

  private static String page(String name) throws IOException {
    return text(DOCS.resolve(name));
  }

  private static Set<String> fields(String writer) throws IOException {
    Set<String> fields = new TreeSet<>();
    Matcher field = FIELD.matcher(text(SOURCES.resolve("event").resolve(writer)));
    while (field.find()) {
      fields.add(field.group(1));
    }
    return fields;
  }

  private static Set<String> metrics() throws Exception {
    Set<String> metrics = new TreeSet<>();
    try (Stream<Path> sources = Files.list(SOURCES.resolve("telemetry"))) {
      for (Path source : sources.filter(Files::isRegularFile).collect(Collectors.toList())) {
        Matcher metric = METRIC.matcher(text(source));
        while (metric.find()) {
          metrics.add(
              metric.group(1) != null
                  ? metric.group(1)
                  : (String) GenAiConventions.class.getDeclaredField(metric.group(2)).get(null));
        }
      }
    }
    return metrics;
  }

  @Test
  void everyFieldOfAnEventStandsThere() throws IOException {
    String events = page("telemetry.md");
    events = events.substring(events.indexOf("## Events"));

    assertThat(fields("CallJson.java")).hasSizeGreaterThan(40).contains("ts", "wasted_usd");
    for (String field : fields("CallJson.java")) {
      assertThat(events).contains("`" + field + "`");
    }
  }

  @Test
  void everyFieldOfAnAnomalyStandsThere() throws IOException {
    assertThat(fields("AnomalyJson.java")).contains("more_calls", "spent_in_all");
    for (String field : fields("AnomalyJson.java")) {
      assertThat(page("anomalies.md")).containsPattern("\\b" + field + "\\b");
    }
  }

  @Test
  void everyWordStandsThere() throws IOException {
    String page = page("telemetry.md");
    for (Outcome outcome : Outcome.values()) {
      assertThat(page).contains("`" + outcome.label() + "`");
    }
    for (BudgetDecision decision : BudgetDecision.values()) {
      assertThat(page).contains("`" + decision.label() + "`");
    }
    for (Usage.Source source : Usage.Source.values()) {
      assertThat(page).contains("`" + UsageSources.label(source) + "`");
    }
    for (Operation operation : Operation.values()) {
      assertThat(page).contains("`" + operation.telemetryName() + "`");
    }
  }

  @Test
  void everyMetricStandsThere() throws Exception {
    String page = page("telemetry.md");
    assertThat(metrics())
        .hasSizeGreaterThan(30)
        .contains("gen_ai.client.token.usage", "flyball.records.dropped", "flyball.redis.up");
    for (String metric : metrics()) {
      assertThat(page).contains("`" + metric + "`");
    }
  }
}
