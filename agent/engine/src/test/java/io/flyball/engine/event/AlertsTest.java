package io.flyball.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.engine.ReportedErrors;
import io.flyball.engine.telemetry.MicrometerInstruments;
import io.flyball.engine.telemetry.SignalMetrics;
import io.flyball.engine.time.ManualTime;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class AlertsTest {
  private final ReportedErrors errors = new ReportedErrors();
  private final Queue<Runnable> background = new ArrayDeque<>();
  private final Alerts alerts = new Alerts(new ManualTime(), background::add, errors);
  private final List<Alert> told = new ArrayList<>();

  private void inTheBackground() {
    for (Runnable work = background.poll(); work != null; work = background.poll()) {
      work.run();
    }
  }

  private static JsonNode json(Alert alert) throws IOException {
    return new ObjectMapper().readTree(new AlertJson("shop").bytes(alert));
  }

  @Test
  void isToldInTheBackgroundInItsOrder() throws IOException {
    alerts.listen(told::add);
    SampleAlerts.spend(alerts, "acme", "0.85");
    SampleAlerts.grow(alerts, "search");
    assertThat(told).isEmpty();
    assertThat(background).as("one thread for all that waits").hasSize(1);
    inTheBackground();

    assertThat(told).extracting(Alert::event).containsExactly("budget", "prompt-growth");
    assertThat(alerts.latest()).containsExactly(told.get(1), told.get(0));
    JsonNode budget = json(told.get(0));
    assertThat(fieldNames(budget))
        .containsExactly(
            "event", "ts", "service", "budget", "account", "title", "mark", "unit", "used", "limit",
            "ends", "text");
    assertThat(budget.get("service").asText()).isEqualTo("shop");
    assertThat(budget.get("budget").asText()).isEqualTo("daily");
    assertThat(budget.get("account").asText()).isEqualTo("daily|=acme");
    assertThat(budget.get("title").asText()).isEqualTo("budget `daily`, tenant acme");
    assertThat(budget.get("mark").asText()).isEqualTo("alert-at");
    assertThat(budget.get("unit").asText()).isEqualTo("usd");
    assertThat(budget.get("used").decimalValue()).isEqualByComparingTo("0.85");
    assertThat(budget.get("limit").decimalValue()).isEqualByComparingTo("1");
    assertThat(budget.get("ends").asText()).isEqualTo("1970-01-02T00:00:00Z");
    assertThat(budget.get("text").asText())
        .isEqualTo("Flyball: budget `daily`, tenant acme: $0.85 of $1.00 spent");
    JsonNode growth = json(told.get(1));
    assertThat(fieldNames(growth))
        .containsExactly(
            "event", "ts", "service", "feature", "tokens_before", "tokens_now", "text");
    assertThat(growth.get("feature").asText()).isEqualTo("search");
    assertThat(growth.get("tokens_before").asLong()).isEqualTo(1_000);
    assertThat(growth.get("tokens_now").asLong()).isEqualTo(3_000);
    assertThat(errors.counts()).isEmpty();
  }

  private static List<String> fieldNames(JsonNode object) {
    List<String> names = new ArrayList<>();
    for (Iterator<String> each = object.fieldNames(); each.hasNext(); ) {
      names.add(each.next());
    }
    return names;
  }

  @Test
  void whatIsNotKnownIsLeftOut() throws IOException {
    SampleAlerts.grow(alerts, null);
    Alert alert = alerts.latest().get(0);
    assertThat(json(alert).has("feature")).isFalse();
    assertThat(new ObjectMapper().readTree(new AlertJson(null).bytes(alert)).has("service"))
        .isFalse();
  }

  @Test
  void aListenerThatFailsHindersNoOther() {
    alerts.listen(
        alert -> {
          throw new IllegalStateException("full");
        });
    alerts.listen(told::add);
    SampleAlerts.spend(alerts, "acme", "0.85");
    SampleAlerts.spend(alerts, "globex", "0.85");
    inTheBackground();
    assertThat(told).hasSize(2);
    assertThat(errors.counts()).containsEntry("alerts", 2L);
  }

  @Test
  void tooManyAreLostAndCounted() {
    alerts.listen(told::add);
    for (int i = 0; i < 1_010; i++) {
      SampleAlerts.spend(alerts, "t" + i, "0.85");
    }
    assertThat(alerts.lost()).isEqualTo(10);
    assertThat(alerts.latest()).hasSize(100);
    assertThat(alerts.latest().get(0).fields()).containsEntry("account", "daily|=t1009");
    inTheBackground();
    assertThat(told).hasSize(1_000);
    SampleAlerts.spend(alerts, "later", "0.85");
    inTheBackground();
    assertThat(told).hasSize(1_001);
  }

  @Test
  void withoutAThreadItIsToldWithTheNextOne() {
    boolean[] refuses = {true};
    Alerts refused =
        new Alerts(
            new ManualTime(),
            work -> {
              if (refuses[0]) {
                throw new RejectedExecutionException("no thread");
              }
              work.run();
            },
            errors);
    refused.listen(told::add);
    SampleAlerts.spend(refused, "acme", "0.85");
    assertThat(told).isEmpty();
    refuses[0] = false;
    SampleAlerts.spend(refused, "globex", "0.85");
    assertThat(told).hasSize(2);
    assertThat(errors.counts()).containsEntry("alerts", 1L);
  }

  @Test
  void theEndWaitsForWhatIsBeingTold() throws InterruptedException {
    Alerts real = new Alerts(new ManualTime(), work -> new Thread(work).start(), errors);
    CountDownLatch go = new CountDownLatch(1);
    real.listen(
        alert -> {
          try {
            go.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          synchronized (told) {
            told.add(alert);
          }
        });
    real.flush(1, TimeUnit.HOURS);
    SampleAlerts.spend(real, "acme", "0.85");
    real.flush(1, TimeUnit.NANOSECONDS);
    synchronized (told) {
      assertThat(told).isEmpty();
    }
    go.countDown();
    real.flush(1, TimeUnit.HOURS);
    synchronized (told) {
      assertThat(told).hasSize(1);
    }
  }

  @Test
  void marksOfBudgetsAreCounted() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    SignalMetrics.show(new MicrometerInstruments(registry), alerts);
    SampleAlerts.spend(alerts, "acme", "0.85");
    SampleAlerts.spend(alerts, "globex", "0.85");
    SampleAlerts.spend(alerts, "globex", "1.00");
    SampleAlerts.grow(alerts, "search");
    inTheBackground();
    assertThat(registry.scrape())
        .contains("flyball_budget_alerts_total{budget=\"daily\",mark=\"alert-at\"} 2.0")
        .contains("flyball_budget_alerts_total{budget=\"daily\",mark=\"exhausted\"} 1.0")
        .contains("flyball_alerts_lost_total 0.0")
        .doesNotContain("acme");
  }

  @Test
  void theTextHasNoLineBreak() {
    SampleAlerts.grow(alerts, "two\nlines");
    String line =
        new String(new AlertJson("shop").bytes(alerts.latest().get(0)), StandardCharsets.UTF_8);
    assertThat(line).doesNotContain("\n").contains("two\\nlines");
  }
}
