package io.flyball.engine.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Note;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.telemetry.TraceParents;
import io.flyball.engine.telemetry.UsageSources;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;

/**
 * A call as one JSON object: the event of {@code flyball.events.file} and of the console. Names are
 * snake_case, times ISO-8601 in UTC, durations milliseconds; what is not known is left out.
 */
public final class CallJson {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  /** What the journal calls the last good answer, where that was given. */
  private static final String FROM_MEMORY = "cache";

  private static final double NANOS_PER_MILLI = 1e6;

  private final JsonFactory factory = new JsonFactory();
  private final String service;

  /**
   * @param service the name of the service, or null
   */
  public CallJson(String service) {
    this.service = service;
  }

  /** The call as UTF-8, without a line break. */
  public byte[] bytes(CallRecord record) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1_024);
    try (JsonGenerator json = factory.createGenerator(out)) {
      write(json, record);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Writes the call as one object. */
  public void write(JsonGenerator json, CallRecord record) throws IOException {
    json.writeStartObject();
    json.writeStringField("ts", timestamp(record.startEpochNanos()));
    text(json, "call_id", record.callId());
    text(json, "trace_id", TraceParents.traceIdOf(record));
    text(json, "service", service);
    writeAttribution(json, record.attribution());
    writeRequest(json, record);
    writeUsage(json, record);
    writeCourse(json, record);
    text(json, "input", record.capturedRequest());
    text(json, "output", record.capturedResponse());
    json.writeEndObject();
  }

  private static void writeAttribution(JsonGenerator json, Attribution who) throws IOException {
    text(json, "feature", who.feature());
    text(json, "tenant", who.tenant());
    text(json, "user_hash", who.userHash());
    text(json, "route", who.route());
    text(json, "call_site", who.callSite());
    text(json, "prompt_version", who.promptVersion());
  }

  private static void writeRequest(JsonGenerator json, CallRecord record) throws IOException {
    RequestFacts request = record.request();
    text(json, "provider", record.answeredRequest().provider());
    text(json, "request_model", request.model());
    text(json, "response_model", record.response().model());
    text(json, "operation", request.operation().telemetryName());
    json.writeBooleanField("stream", request.stream());
    text(json, "prompt_hash", record.promptHash());
    text(json, "tools_hash", record.toolsHash());
  }

  private static void writeUsage(JsonGenerator json, CallRecord record) throws IOException {
    Usage usage = record.usage();
    if (usage != null) {
      json.writeNumberField("input_tokens", usage.input());
      json.writeNumberField("output_tokens", usage.output());
      json.writeNumberField("cached_input_tokens", usage.cacheRead());
      json.writeNumberField("reasoning_tokens", usage.reasoning());
      text(json, "usage_source", UsageSources.label(usage.source()));
    }
    if (record.costUsd() != null) {
      dollars(json, "cost_usd", record.costUsd());
    }
    if (record.wastedUsd().signum() > 0) {
      dollars(json, "wasted_usd", record.wastedUsd());
    }
  }

  private static void writeCourse(JsonGenerator json, CallRecord record) throws IOException {
    millis(json, "latency_ms", record.endEpochNanos() - record.startEpochNanos());
    if (record.timeToFirstTokenNanos() >= 0) {
      millis(json, "ttft_ms", record.timeToFirstTokenNanos());
    }
    List<AttemptRecord> attempts = record.attempts();
    json.writeNumberField("attempts", attempts.size());
    json.writeNumberField("retries", retries(attempts));
    AttemptRecord answering = record.answeringAttempt();
    String instead = record.journal().fallbackTo();
    if (instead != null && (answering == null || !answering.delivered())) {
      // An answer that no target gave: a remembered or a written one.
      text(json, "target", instead);
      writeFallback(json, record, answering);
    } else if (answering != null) {
      text(json, "target", answering.target());
      writeFallback(json, record, answering);
    }
    writePolicies(json, record.journal());
    String trimmed = record.journal().trimmed();
    if (trimmed != null) {
      json.writeStringField("trimmed", trimmed);
      json.writeNumberField("trimmed_bytes", record.journal().trimmedBytes());
    }
    ResponseFacts response = record.response();
    if (!response.finishReasons().isEmpty()) {
      text(json, "finish_reason", String.join(",", response.finishReasons()));
    }
    text(json, "outcome", record.outcome().label());
    if (record.status() > 0) {
      json.writeNumberField("status", record.status());
    }
    text(json, "error_type", record.errorType());
    if (response.toolCalls() > 0) {
      json.writeNumberField("tool_calls", response.toolCalls());
    }
  }

  private static void writePolicies(JsonGenerator json, CallJournal journal) throws IOException {
    if (journal.isBypassed()) {
      json.writeBooleanField("bypass", true);
    }
    text(json, "fallback_skipped", journal.notCarried());
    if (journal.limitWaitNanos() > 0) {
      millis(json, "limit_wait_ms", journal.limitWaitNanos());
    }
    for (Map.Entry<Note<?>, Object> note : journal.notes().entrySet()) {
      json.writeObjectField(note.getKey().field(), note.getValue());
    }
    if (FROM_MEMORY.equals(journal.fallbackTo())) {
      text(json, "cache", "hit");
    }
    if (journal.budgetDecision() != null) {
      text(json, "budget_decision", journal.budgetDecision().label());
    }
  }

  /** As the engine tells it; without that, from the first target to one that answered. */
  private static void writeFallback(JsonGenerator json, CallRecord record, AttemptRecord answering)
      throws IOException {
    if (record.fallbackFrom() != null) {
      text(json, "fallback_from", record.fallbackFrom());
      text(json, "fallback_reason", record.fallbackReason());
      return;
    }
    AttemptRecord first = record.attempts().get(0);
    if (!first.target().equals(answering.target())) {
      boolean hedged = record.journal().hedgedTo() != null && first.outcome() == Outcome.CANCELLED;
      text(json, "fallback_from", first.place());
      text(json, "fallback_reason", hedged ? "hedge" : first.errorType());
    }
  }

  /** Attempts that asked a target again. */
  private static int retries(List<AttemptRecord> attempts) {
    int retries = 0;
    for (int i = 1; i < attempts.size(); i++) {
      if (attempts.get(i).target().equals(attempts.get(i - 1).target())) {
        retries++;
      }
    }
    return retries;
  }

  private static String timestamp(long epochNanos) {
    return DateTimeFormatter.ISO_INSTANT.format(
        Instant.ofEpochSecond(
            Math.floorDiv(epochNanos, NANOS_PER_SECOND),
            Math.floorMod(epochNanos, NANOS_PER_SECOND)));
  }

  private static void millis(JsonGenerator json, String name, long nanos) throws IOException {
    json.writeNumberField(name, Math.round(nanos / NANOS_PER_MILLI * 1_000) / 1_000.0);
  }

  private static void dollars(JsonGenerator json, String name, BigDecimal usd) throws IOException {
    json.writeFieldName(name);
    json.writeNumber(usd.toPlainString());
  }

  private static void text(JsonGenerator json, String name, String value) throws IOException {
    if (value != null) {
      json.writeStringField(name, value);
    }
  }
}
