package io.flyball.engine.telemetry;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.math.BigDecimal;
import java.util.concurrent.TimeUnit;

/**
 * Makes a span of every call, after the fact and with the call's own times, and one child span of
 * each of its attempts. Uses only the stable OpenTelemetry API, so that it also runs on the SDK of
 * a host agent.
 */
public final class SpanListener {
  private static final double NANOS_PER_SECOND = 1e9;

  private final Tracer tracer;
  private final MessageJson messages = new MessageJson();

  /**
   * @param version Flyball's version, reported as that of the instrumentation scope
   */
  public SpanListener(OpenTelemetry openTelemetry, String version) {
    this.tracer =
        openTelemetry
            .getTracerProvider()
            .tracerBuilder(GenAiConventions.SCOPE)
            .setInstrumentationVersion(version)
            .setSchemaUrl(GenAiConventions.SCHEMA_URL)
            .build();
  }

  /**
   * Makes the spans of a call.
   *
   * @return the record, which knows the trace they are in
   */
  public CallRecord record(CallRecord record) {
    RequestFacts request = record.request();
    String operation = request.operation().telemetryName();
    SpanBuilder builder =
        tracer
            .spanBuilder(request.model() == null ? operation : operation + ' ' + request.model())
            .setSpanKind(SpanKind.CLIENT)
            .setParent(TraceParents.of(record))
            .setStartTimestamp(record.startEpochNanos(), TimeUnit.NANOSECONDS)
            .setAttribute(GenAiConventions.OPERATION_NAME, operation)
            .setAttribute(GenAiConventions.PROVIDER_NAME, record.answeredRequest().provider());
    AttemptRecord answering = record.answeringAttempt();
    if (request.model() != null) {
      builder.setAttribute(GenAiConventions.REQUEST_MODEL, request.model());
    }
    if (answering != null) {
      builder.setAttribute(GenAiConventions.SERVER_ADDRESS, answering.host());
      builder.setAttribute(GenAiConventions.SERVER_PORT, (long) answering.port());
    }
    Span span = builder.startSpan();
    describeRequest(span, request);
    describeResponse(span, record);
    describeUsage(span, record.usage());
    describeOwn(span, record);
    describeContent(span, record);
    describeFailure(span, record.outcome(), record.errorType());
    Context parent = Context.root().with(span);
    for (AttemptRecord attempt : record.attempts()) {
      addAttempt(parent, attempt, record);
    }
    span.end(record.endEpochNanos(), TimeUnit.NANOSECONDS);
    SpanContext made = span.getSpanContext();
    return made.isValid() ? record.toBuilder().traceId(made.getTraceId()).build() : record;
  }

  private static void describeRequest(Span span, RequestFacts request) {
    set(span, GenAiConventions.OUTPUT_TYPE, request.outputType());
    set(span, GenAiConventions.REQUEST_MAX_TOKENS, request.maxOutputTokens());
    set(span, GenAiConventions.REQUEST_SEED, request.seed());
    set(span, GenAiConventions.REQUEST_TEMPERATURE, request.temperature());
    set(span, GenAiConventions.REQUEST_TOP_P, request.topP());
    set(span, GenAiConventions.REQUEST_TOP_K, request.topK());
    set(span, GenAiConventions.REQUEST_FREQUENCY_PENALTY, request.frequencyPenalty());
    set(span, GenAiConventions.REQUEST_PRESENCE_PENALTY, request.presencePenalty());
    if (request.choices() != null && request.choices() != 1) {
      span.setAttribute(GenAiConventions.REQUEST_CHOICE_COUNT, (long) request.choices());
    }
    if (request.stream()) {
      span.setAttribute(GenAiConventions.REQUEST_STREAM, true);
    }
    if (!request.stopSequences().isEmpty()) {
      span.setAttribute(
          AttributeKey.stringArrayKey(GenAiConventions.REQUEST_STOP_SEQUENCES),
          request.stopSequences());
    }
  }

  private static void describeResponse(Span span, CallRecord record) {
    ResponseFacts response = record.response();
    set(span, GenAiConventions.RESPONSE_ID, response.id());
    set(span, GenAiConventions.RESPONSE_MODEL, response.model());
    if (!response.finishReasons().isEmpty()) {
      span.setAttribute(
          AttributeKey.stringArrayKey(GenAiConventions.RESPONSE_FINISH_REASONS),
          response.finishReasons());
    }
    if (record.request().stream() && record.timeToFirstTokenNanos() >= 0) {
      span.setAttribute(
          GenAiConventions.RESPONSE_TIME_TO_FIRST_CHUNK,
          record.timeToFirstTokenNanos() / NANOS_PER_SECOND);
    }
    String namespace = record.request().protocol().telemetryNamespace();
    if (namespace != null) {
      set(
          span,
          namespace + GenAiConventions.API_TYPE,
          record.request().protocol().telemetryApiType());
      set(span, namespace + GenAiConventions.REQUEST_SERVICE_TIER, record.request().serviceTier());
      set(span, namespace + GenAiConventions.RESPONSE_SERVICE_TIER, response.serviceTier());
      set(span, namespace + GenAiConventions.RESPONSE_FINGERPRINT, response.systemFingerprint());
    }
  }

  private static void describeUsage(Span span, Usage usage) {
    if (usage == null) {
      return;
    }
    span.setAttribute(GenAiConventions.USAGE_INPUT_TOKENS, usage.input());
    span.setAttribute(GenAiConventions.USAGE_OUTPUT_TOKENS, usage.output());
    setIfAny(span, GenAiConventions.USAGE_CACHE_READ, usage.cacheRead());
    setIfAny(
        span, GenAiConventions.USAGE_CACHE_CREATION, usage.cacheWrite5m() + usage.cacheWrite1h());
    setIfAny(span, GenAiConventions.USAGE_REASONING, usage.reasoning());
    boolean estimated = usage.source() != Usage.Source.REPORTED;
    span.setAttribute(GenAiConventions.USAGE_ESTIMATED, estimated);
    span.setAttribute(GenAiConventions.USAGE_SOURCE, UsageSources.label(usage.source()));
  }

  private static void describeOwn(Span span, CallRecord record) {
    Attribution who = record.attribution();
    span.setAttribute(GenAiConventions.CALL_ID, record.callId());
    span.setAttribute(GenAiConventions.OUTCOME, record.outcome().label());
    span.setAttribute(GenAiConventions.ATTEMPTS, (long) record.attempts().size());
    set(span, GenAiConventions.FEATURE, who.feature());
    set(span, GenAiConventions.TENANT, who.tenant());
    set(span, GenAiConventions.USER_HASH, who.userHash());
    set(span, GenAiConventions.PROMPT_VERSION, who.promptVersion());
    set(span, GenAiConventions.ROUTE, who.route());
    set(span, GenAiConventions.CALL_SITE, who.callSite());
    setCost(span, record.costUsd());
    if (record.wastedUsd().signum() > 0) {
      span.setAttribute(GenAiConventions.COST_WASTED, record.wastedUsd().doubleValue());
    }
  }

  private void describeContent(Span span, CallRecord record) {
    if (record.capturedRequest() != null) {
      span.setAttribute(GenAiConventions.INPUT_MESSAGES, messages.input(record));
    }
    if (record.capturedResponse() != null) {
      span.setAttribute(GenAiConventions.OUTPUT_MESSAGES, messages.output(record));
    }
  }

  private static void describeFailure(Span span, Outcome outcome, String errorType) {
    // What the application gave up is no error of anybody's.
    if (outcome != Outcome.SUCCESS && outcome != Outcome.CANCELLED) {
      String type = errorType == null ? outcome.label() : errorType;
      span.setAttribute(GenAiConventions.ERROR_TYPE, type);
      span.setStatus(StatusCode.ERROR);
    }
  }

  /**
   * Nothing of {@code gen_ai.*}, usage and cost above all: those are the call's, and whoever adds
   * up the spans of a trace would count them twice. What an attempt used itself has names of its
   * own.
   */
  private void addAttempt(Context parent, AttemptRecord attempt, CallRecord record) {
    Span span =
        tracer
            .spanBuilder("attempt " + attempt.number())
            .setSpanKind(SpanKind.CLIENT)
            .setParent(parent)
            .setStartTimestamp(attempt.startEpochNanos(), TimeUnit.NANOSECONDS)
            .startSpan();
    span.setAttribute(GenAiConventions.CALL_ID, record.callId());
    span.setAttribute(GenAiConventions.ATTEMPT, (long) attempt.number());
    span.setAttribute(GenAiConventions.TARGET, attempt.target());
    span.setAttribute(GenAiConventions.SERVER_ADDRESS, attempt.host());
    span.setAttribute(GenAiConventions.SERVER_PORT, (long) attempt.port());
    if (attempt.status() > 0) {
      span.setAttribute(GenAiConventions.HTTP_STATUS, (long) attempt.status());
    }
    if (attempt.request() != null) {
      span.setAttribute(GenAiConventions.ATTEMPT_PROVIDER, attempt.request().provider());
      set(span, GenAiConventions.ATTEMPT_REQUEST_MODEL, attempt.request().model());
    }
    if (attempt.response() != null) {
      set(span, GenAiConventions.ATTEMPT_RESPONSE_MODEL, attempt.response().model());
    }
    if (attempt.usage() != null) {
      span.setAttribute(GenAiConventions.ATTEMPT_INPUT_TOKENS, attempt.usage().input());
      span.setAttribute(GenAiConventions.ATTEMPT_OUTPUT_TOKENS, attempt.usage().output());
    }
    if (attempt.costUsd() != null) {
      span.setAttribute(GenAiConventions.ATTEMPT_USD, attempt.costUsd().doubleValue());
    }
    span.setAttribute(GenAiConventions.OUTCOME, attempt.outcome().label());
    describeFailure(span, attempt.outcome(), attempt.errorType());
    span.end(attempt.endEpochNanos(), TimeUnit.NANOSECONDS);
  }

  private static void setCost(Span span, BigDecimal usd) {
    if (usd != null) {
      span.setAttribute(GenAiConventions.COST, usd.doubleValue());
    }
  }

  private static void set(Span span, String name, String value) {
    if (value != null) {
      span.setAttribute(name, value);
    }
  }

  private static void set(Span span, String name, Long value) {
    if (value != null) {
      span.setAttribute(name, value.longValue());
    }
  }

  private static void set(Span span, String name, Double value) {
    if (value != null) {
      span.setAttribute(name, value.doubleValue());
    }
  }

  private static void setIfAny(Span span, String name, long tokens) {
    if (tokens > 0) {
      span.setAttribute(name, tokens);
    }
  }
}
