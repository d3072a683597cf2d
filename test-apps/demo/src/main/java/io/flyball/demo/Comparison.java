package io.flyball.demo;

import java.util.Locale;
import java.util.Map;

/** The bare run beside the governed one, and what was spent on what. */
final class Comparison {
  private final RunResult bare;
  private final RunResult governed;
  private final CallEvents events;

  Comparison(RunResult bare, RunResult governed, CallEvents events) {
    this.bare = bare;
    this.governed = governed;
    this.events = events;
  }

  /** Whether both runs worked and the attached one was seen: otherwise something is broken. */
  boolean isPlausible() {
    return bare.answered() > 0
        && governed.answered() >= bare.answered()
        && events.total().calls() > 0;
  }

  String render() {
    CallEvents.Totals total = events.total();
    StringBuilder text = new StringBuilder();
    row(text, "", "bare", "with Flyball");
    row(text, "tickets answered", bare.answered(), governed.answered());
    row(text, "tickets failed", bare.failed(), governed.failed());
    row(
        text,
        "requests upstream",
        count(bare.upstreamRequests()),
        count(governed.upstreamRequests()));
    row(text, "model calls seen", "-", total.calls());
    row(text, "  of them failed", "-", total.errors());
    row(text, "tokens in / out", "-", total.inputTokens() + " / " + total.outputTokens());
    row(text, "cost", "-", dollars(total));
    row(text, "cache hits", "-", hits());
    row(text, "refusals", "-", refusals());
    row(text, "p50 per ticket", millis(bare.percentile(50)), millis(governed.percentile(50)));
    row(text, "p95 per ticket", millis(bare.percentile(95)), millis(governed.percentile(95)));
    text.append('\n');
    table(text, "feature", events.by("feature"));
    text.append('\n');
    table(text, "model", events.by("request_model"));
    return text.toString();
  }

  private long hits() {
    return events.all().stream()
        .filter(event -> event.path("cache").asText().equals("hit"))
        .count();
  }

  private long refusals() {
    return events.all().stream()
        .filter(event -> event.path("error_type").asText().startsWith("flyball_"))
        .count();
  }

  private static String count(int requests) {
    return requests < 0 ? "-" : String.valueOf(requests);
  }

  private static String dollars(CallEvents.Totals totals) {
    return "$" + totals.costUsd().stripTrailingZeros().toPlainString();
  }

  private static String millis(double value) {
    return String.format(Locale.ROOT, "%.1f ms", value);
  }

  private static void row(StringBuilder text, String name, Object left, Object right) {
    text.append(String.format(Locale.ROOT, "%-20s %16s %20s%n", name, left, right));
  }

  private static void table(
      StringBuilder text, String name, Map<String, CallEvents.Totals> totals) {
    text.append(
        String.format(
            Locale.ROOT, "%-48s %6s %10s %10s %14s%n", name, "calls", "tokens in", "out", "cost"));
    totals.forEach(
        (key, sum) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "%-48s %6d %10d %10d %14s%n",
                    key,
                    sum.calls(),
                    sum.inputTokens(),
                    sum.outputTokens(),
                    dollars(sum))));
  }
}
