package io.flyball.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.flyball.engine.ReportedErrors;
import io.flyball.engine.anomaly.SampleAnomalies;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.price.PriceCatalogue;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** gpt-4o-mini costs $0.15, $0.075 cached and $0.60 a million tokens; the other 2, 1 and 8. */
class ShadowCostReportTest {
  private static final String PRICES =
      "version: 1\nproviders:\n  - id: openai\n    models:\n"
          + "      - {name: other, input: 2, cache_read: 1, output: 8}\n"
          + "  - id: elsewhere\n    names: [elsewhere]\n    models:\n"
          + "      - {name: other, input: 100, output: 100}\n"
          + "      - {name: rare, input: 1, output: 1}\n";

  @TempDir Path folder;

  private static String event(String feature, String tenant, String rest) {
    return "{\"ts\":\"2026-11-25T10:00:00Z\",\"provider\":\"openai\",\"operation\":\"chat\","
        + "\"feature\":\""
        + feature
        + "\","
        + (tenant == null ? "" : "\"tenant\":\"" + tenant + "\",")
        + rest
        + "}\n";
  }

  private static String tokens(long in, long cached, long out, String cost) {
    return "\"input_tokens\":"
        + in
        + ",\"output_tokens\":"
        + out
        + ",\"cached_input_tokens\":"
        + cached
        + ",\"reasoning_tokens\":0,\"usage_source\":\"reported\""
        + (cost == null ? "" : ",\"cost_usd\":" + cost);
  }

  private String report(int status, String model, String provider, String lines)
      throws IOException {
    Path prices = folder.resolve("prices.yaml");
    Files.write(prices, PRICES.getBytes(StandardCharsets.UTF_8));
    Path events = folder.resolve("events.jsonl");
    Files.write(events, lines.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThat(
            ShadowCostReport.run(
                Collections.singletonList(events),
                model,
                provider,
                PriceCatalogue.builtIn().overriddenBy(prices),
                new PrintStream(out, true, "UTF-8")))
        .isEqualTo(status);
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  @Test
  void callsAreAddedUpExactlyInAllByFeatureAndByTenant() throws Exception {
    String report =
        report(
            0,
            "other",
            null,
            event("draft", "acme", tokens(1_000, 400, 100, "0.00018"))
                + event("draft", "zeta", tokens(3, 0, 1, "0.00000105"))
                + event("triage", null, tokens(10, 0, 0, "0.0000015")));
    assertThat(report)
        .containsPattern("all calls +3 +1013 +101 +\\$0\\.00018255 +\\$0\\.002434 +13\\.333")
        .containsPattern("  draft +2 +1003 +101 +\\$0\\.00018105 +\\$0\\.002414")
        .containsPattern("  triage +1 +10 +0 +\\$0\\.0000015 +\\$0\\.00002")
        .containsPattern("  acme +1 +1000 +100 +\\$0\\.00018 +\\$0\\.0024")
        .containsPattern("  - +1 +10 +0 +");
    assertThat(report.indexOf("draft")).isLessThan(report.indexOf("triage"));
  }

  @Test
  void anomaliesAndAlertsAreNoCalls() throws Exception {
    Alerts alerts = new Alerts(TimeSource.SYSTEM, Runnable::run, new ReportedErrors());
    SampleAlerts.spend(alerts, "acme", "0.85");
    SampleAlerts.grow(alerts, "f");
    String others = line(new AnomalyJson("shop").bytes(SampleAnomalies.spending("acme")));
    for (Alert alert : alerts.latest()) {
      others += line(new AlertJson("shop").bytes(alert));
    }
    String call = event("f", null, tokens(10, 0, 0, "0.0000015"));
    assertThat(report(0, "other", null, others + call + others))
        .isEqualTo(report(0, "other", null, call));
  }

  private static String line(byte[] json) {
    return new String(json, StandardCharsets.UTF_8) + "\n";
  }

  @Test
  void aProviderIsTheUsersChoiceOrTheCallsOwnOrTheFirstThatHasTheModel() throws Exception {
    String call = event("f", null, tokens(1_000_000, 0, 0, "0.15"));
    assertThat(report(0, "other", null, call)).contains("$2.00");
    assertThat(report(0, "other", "elsewhere", call)).contains("$100.00");
    assertThat(report(0, "other", null, call.replace("\"openai\"", "\"elsewhere\"")))
        .contains("$100.00");
    assertThat(report(0, "rare", null, call)).contains("$1.00");
  }

  @Test
  void whatCannotBeComparedIsCountedAndSaid() throws Exception {
    String report =
        report(
            0,
            "other",
            null,
            event("f", null, tokens(10, 0, 0, "0.0000015") + ",\"wasted_usd\":0.0000005")
                + event("f", null, tokens(10, 0, 1, null))
                + event("f", null, "\"outcome\":\"error\"")
                + event("f", null, tokens(10, 0, 0, "0.1")).replace("chat", "embeddings")
                + event("f", null, tokens(10, 0, 0, "1e999999999"))
                + "not json\n\n[1]\n{\"level\":\"info\"}\n"
                + event("f", null, tokens(1, 0, 0, "1.0")).substring(0, 120));
    assertThat(report)
        .containsPattern("all calls +1 +10 ")
        .contains(
            "$0.0000005 of what they did cost was for answers that were not delivered",
            "1 calls have no known price of their own",
            "they would have cost $0.000028",
            "1 calls used no tokens",
            "1 calls generate nothing",
            "4 lines are no calls",
            "the last line is not finished");
  }

  @Test
  void aModelWithoutAPriceIsSaid() throws Exception {
    assertThat(report(1, "unheard-of", null, "")).contains("no price is known of unheard-of");
    assertThat(report(1, "rare", "openai", "")).contains("no price is known of rare at openai");
  }

  @Test
  void namesDoNotCommandTheTerminal() throws Exception {
    String escape = "\\u001b[2J";
    String report = report(0, "other", null, event(escape, null, tokens(1, 0, 0, "0.1")));
    assertThat(report).contains("?[2J").doesNotContain("\u001b");
  }

  @Property
  void anyBytesAreReadWithoutFailing(@ForAll byte[] bytes) {
    ShadowCosts costs =
        new ShadowCosts(own -> PriceCatalogue.builtIn().firstPriceOf("gpt-4o-mini").get());
    assertThatCode(() -> costs.read(new ByteArrayInputStream(bytes))).doesNotThrowAnyException();
    assertThat(costs.total().calls).isZero();
  }
}
