package io.flyball.console;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.flyball.engine.anomaly.Anomaly;
import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.capability.View;
import io.flyball.engine.client.Bypassed;
import io.flyball.engine.client.ClientLibrary;
import io.flyball.engine.event.Alert;
import io.flyball.engine.event.AlertJson;
import io.flyball.engine.event.AnomalyJson;
import io.flyball.engine.event.CallJson;
import io.flyball.engine.limit.LimitKind;
import io.flyball.engine.limit.LimitState;
import io.flyball.engine.limit.Limits;
import io.flyball.engine.telemetry.CallHistory;
import io.flyball.engine.telemetry.CallTotals;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.PriorityQueue;

/** The JSON that the console's API answers with: snake_case, dollars exact, milliseconds. */
final class ConsoleJson {
  private static final double NANOS_PER_MILLI = 1e6;

  /** Of those that are shown. */
  private static final int MOST_ACCOUNTS = 1_000;

  /** To its limit. */
  private static final Comparator<BudgetState> NEAREST_LAST =
      Comparator.comparingDouble(
          state -> (double) state.used() / Math.max(1, state.budget().limit()));

  private final JsonFactory factory = new JsonFactory();
  private final ConsoleSources sources;
  private final CallJson callJson;
  private final AnomalyJson anomalyJson;
  private final AlertJson alertJson;

  ConsoleJson(ConsoleSources sources) {
    this.sources = sources;
    this.callJson = new CallJson(sources.service());
    this.anomalyJson = new AnomalyJson(sources.service());
    this.alertJson = new AlertJson(sources.service());
  }

  /** The last calls, the latest first, in the form of the event file. */
  byte[] calls() {
    return write(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("calls");
          for (CallRecord record : sources.history().lastCalls()) {
            callJson.write(json, record);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Totals since the start, in all and by each dimension, the most expensive first. */
  byte[] summary() {
    return write(
        json -> {
          json.writeStartObject();
          json.writeStringField("service", sources.service());
          json.writeStringField("version", sources.version());
          json.writeObjectFieldStart("totals");
          writeTotals(json, sources.history().totals());
          json.writeEndObject();
          for (CallHistory.Dimension dimension : CallHistory.Dimension.values()) {
            json.writeArrayFieldStart("by_" + dimension.name().toLowerCase(Locale.ROOT));
            for (Map.Entry<String, CallTotals> each : ranked(dimension)) {
              json.writeStartObject();
              json.writeStringField("name", each.getKey());
              writeTotals(json, each.getValue());
              json.writeEndObject();
            }
            json.writeEndArray();
          }
          json.writeEndObject();
        });
  }

  /** The HTTP clients that are there, and what was seen to go past Flyball, sorted by name. */
  byte[] clients() {
    List<ClientLibrary> libraries = new ArrayList<>(sources.clients().libraries());
    libraries.sort(
        Comparator.comparing(ClientLibrary::isGoverned).thenComparing(ClientLibrary::toString));
    List<Bypassed> bypassed = new ArrayList<>(sources.clients().bypassed());
    bypassed.sort(Comparator.comparing(Bypassed::what).thenComparing(Bypassed::host));
    return write(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("clients");
          for (ClientLibrary library : libraries) {
            json.writeStartObject();
            json.writeStringField("name", library.name());
            json.writeStringField("version", library.version());
            json.writeBooleanField("governed", library.isGoverned());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeArrayFieldStart("not_governed");
          for (Bypassed each : bypassed) {
            json.writeStartObject();
            json.writeStringField("what", each.what());
            json.writeStringField("host", each.host());
            json.writeBooleanField("model_host", each.isModelHost());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** What a capability shows; null when none has a view of that name. */
  byte[] view(String name) {
    for (View view : sources.views()) {
      if (view.name().equals(name)) {
        return write(json -> writeRows(json, view));
      }
    }
    return null;
  }

  private static void writeRows(JsonGenerator json, View view) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart(view.name());
    for (Object[] row : view.rows()) {
      json.writeStartObject();
      for (int i = 0; i < row.length; i++) {
        String field = view.columns().get(i).field();
        if (row[i] instanceof Long) {
          json.writeNumberField(field, (Long) row[i]);
        } else if (row[i] instanceof Double) {
          json.writeNumberField(field, (Double) row[i]);
        } else {
          json.writeStringField(field, (String) row[i]);
        }
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  /** Which views there are, and how the page shows them. */
  byte[] views() {
    return write(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("views");
          for (View view : sources.views()) {
            json.writeStartObject();
            json.writeStringField("name", view.name());
            json.writeStringField("title", view.title());
            json.writeArrayFieldStart("columns");
            for (View.Column column : view.columns()) {
              json.writeStartObject();
              json.writeStringField("field", column.field());
              json.writeStringField("title", column.title());
              json.writeStringField("kind", column.kind().name().toLowerCase(Locale.ROOT));
              json.writeStringField("usual", column.usual());
              json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Accounts of all budgets, the one nearest to its limit first, and how many there are. */
  byte[] budgets() {
    PriorityQueue<BudgetState> nearest = new PriorityQueue<>(NEAREST_LAST);
    int[] accounts = new int[1];
    sources
        .ledger()
        .eachState(
            System.currentTimeMillis(),
            state -> {
              accounts[0]++;
              nearest.add(state);
              if (nearest.size() > MOST_ACCOUNTS) {
                nearest.poll();
              }
              return true;
            });
    List<BudgetState> states = new ArrayList<>(nearest);
    states.sort(NEAREST_LAST.reversed());
    return write(
        json -> {
          json.writeStartObject();
          json.writeNumberField("accounts", accounts[0]);
          json.writeArrayFieldStart("budgets");
          for (BudgetState state : states) {
            BudgetUnit unit = state.budget().unit();
            json.writeStartObject();
            json.writeStringField("budget", state.budget().name());
            json.writeStringField("account", state.account());
            json.writeStringField("title", state.title());
            json.writeStringField("unit", unit.name().toLowerCase(Locale.ROOT));
            writeAmount(json, "used", unit, state.used());
            writeAmount(json, "reserved", unit, state.reserved());
            writeAmount(json, "limit", unit, state.budget().limit());
            if (state.fleetAsOf() > 0) {
              writeAmount(json, "leased", unit, state.leased());
              writeAmount(json, "fleet_used", unit, state.fleetUsed());
              json.writeStringField(
                  "fleet_as_of", Instant.ofEpochMilli(state.fleetAsOf()).toString());
            }
            json.writeStringField("ends", Instant.ofEpochMilli(state.windowEnd()).toString());
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Everything whose calls are limited, those first for which calls wait. */
  byte[] limits() {
    List<LimitState> states = new ArrayList<>(sources.limiter().states());
    states.sort(
        Comparator.comparingInt((LimitState state) -> -state.waiting())
            .thenComparingLong(state -> -state.underWay())
            .thenComparing(LimitState::scope)
            .thenComparing(LimitState::value));
    return write(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("limits");
          for (LimitState state : states) {
            json.writeStartObject();
            json.writeStringField("scope", state.scope().name().toLowerCase(Locale.ROOT));
            json.writeStringField("value", state.value());
            json.writeNumberField("waiting", state.waiting());
            Limits limits = state.limits();
            writeLimit(json, "concurrency", state.underWay(), limits.concurrency(), state);
            writeLimit(json, "requests", state.requests(), limits.rpm(), state);
            writeLimit(json, "tokens", state.tokens(), limits.tpm(), state);
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void writeLimit(
      JsonGenerator json, String name, long used, long limit, LimitState state) throws IOException {
    if (limit == Limits.UNLIMITED) {
      return;
    }
    json.writeObjectFieldStart(name);
    json.writeNumberField("used", used);
    json.writeNumberField("limit", limit);
    OptionalLong leased = state.leased(LimitKind.valueOf(name.toUpperCase(Locale.ROOT)));
    if (leased.isPresent()) {
      json.writeNumberField("leased", leased.getAsLong());
    }
    json.writeEndObject();
  }

  /** Anomalies that last, the latest that are over and alerts, in the form of the event file. */
  byte[] anomalies() {
    return write(
        json -> {
          json.writeStartObject();
          json.writeArrayFieldStart("lasting");
          for (Anomaly anomaly : sources.anomalies().lasting()) {
            anomalyJson.write(json, anomaly);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("past");
          for (Anomaly anomaly : sources.anomalies().past()) {
            anomalyJson.write(json, anomaly);
          }
          json.writeEndArray();
          json.writeArrayFieldStart("alerts");
          for (Alert alert : sources.alerts().latest()) {
            alertJson.write(json, alert);
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private static void writeAmount(JsonGenerator json, String name, BudgetUnit unit, long parts)
      throws IOException {
    json.writeFieldName(name);
    json.writeNumber(unit.amount(parts).stripTrailingZeros().toPlainString());
  }

  private List<Map.Entry<String, CallTotals>> ranked(CallHistory.Dimension dimension) {
    List<Map.Entry<String, CallTotals>> ranked =
        new ArrayList<>(sources.history().totalsBy(dimension).entrySet());
    ranked.sort(
        (left, right) -> {
          int byCost = right.getValue().costUsd().compareTo(left.getValue().costUsd());
          return byCost != 0
              ? byCost
              : Long.compare(right.getValue().calls(), left.getValue().calls());
        });
    return ranked;
  }

  private static void writeTotals(JsonGenerator json, CallTotals totals) throws IOException {
    json.writeNumberField("calls", totals.calls());
    json.writeNumberField("attempts", totals.attempts());
    json.writeObjectFieldStart("outcomes");
    for (Map.Entry<Outcome, Long> each : totals.outcomes().entrySet()) {
      json.writeNumberField(each.getKey().label(), each.getValue());
    }
    json.writeEndObject();
    json.writeNumberField("input_tokens", totals.inputTokens());
    json.writeNumberField("cached_input_tokens", totals.cachedInputTokens());
    json.writeNumberField("output_tokens", totals.outputTokens());
    json.writeFieldName("cost_usd");
    json.writeNumber(totals.costUsd().toPlainString());
    json.writeFieldName("wasted_usd");
    json.writeNumber(totals.wastedUsd().toPlainString());
    json.writeNumberField("unpriced_calls", totals.unpricedCalls());
    json.writeNumberField("estimated_calls", totals.estimatedCalls());
    json.writeNumberField("latency_p50_ms", millis(totals.latencyNanos(0.50)));
    json.writeNumberField("latency_p95_ms", millis(totals.latencyNanos(0.95)));
    json.writeNumberField("latency_p99_ms", millis(totals.latencyNanos(0.99)));
  }

  private static double millis(long nanos) {
    return Math.round(nanos / NANOS_PER_MILLI * 10) / 10.0;
  }

  private byte[] write(Content content) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(4_096);
    try (JsonGenerator json = factory.createGenerator(out)) {
      content.writeTo(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Something that is written as JSON. */
  private interface Content {
    void writeTo(JsonGenerator json) throws IOException;
  }
}
