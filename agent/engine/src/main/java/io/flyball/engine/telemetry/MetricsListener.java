package io.flyball.engine.telemetry;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Charge;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.signal.PromptGrowth;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.Usage;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Records the metrics of every call: those of the GenAI conventions under their names, Flyball's
 * own under {@code flyball.*}. The number of values of every tag is bounded; users are never one.
 */
public final class MetricsListener implements CallListener {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final int MAX_ERROR_TYPES = 100;
  private static final List<Double> OVERHEAD_BUCKETS =
      Collections.unmodifiableList(
          Arrays.asList(1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 1e-1));

  private final Instruments.Histogram tokens;
  private final Instruments.Histogram duration;
  private final Instruments.Histogram timeToFirstChunk;
  private final Instruments.Histogram timePerChunk;
  private final Instruments.Histogram overhead;
  private final Instruments.Histogram prompts;
  private final Instruments.Counter calls;
  private final Instruments.Counter attempts;
  private final Instruments.Counter cost;
  private final Instruments.Counter wasted;
  private final Instruments.Counter unpriced;
  private final Instruments.Counter fallbacks;
  private final Instruments.Counter refusals;
  private final Instruments.Histogram limitWait;
  private final ValueLimit features;
  private final ValueLimit tenants;
  private final ValueLimit models;
  private final ValueLimit hosts;
  private final ValueLimit errors;
  private final CombinationLimit calledOnes;
  private final CombinationLimit callers;

  /**
   * @param maxTagValues how many values a tag, and how many combinations the tags of a metric may
   *     have before further ones become {@code other}
   * @param internalErrors how many failures inside Flyball there were
   * @param droppedRecords how many calls were not recorded because too many waited
   */
  public MetricsListener(
      Instruments instruments,
      int maxTagValues,
      LongSupplier internalErrors,
      LongSupplier droppedRecords) {
    List<Double> seconds = GenAiConventions.SECOND_BUCKETS;
    this.tokens =
        instruments.histogram(
            GenAiConventions.TOKEN_USAGE_METRIC,
            "{token}",
            "Number of input and output tokens used",
            GenAiConventions.TOKEN_BUCKETS);
    this.duration =
        instruments.histogram(
            GenAiConventions.OPERATION_DURATION_METRIC, "s", "Duration of model calls", seconds);
    this.timeToFirstChunk =
        instruments.histogram(
            GenAiConventions.TIME_TO_FIRST_CHUNK_METRIC,
            "s",
            "Time from the start of a streamed call to its first content",
            seconds);
    this.timePerChunk =
        instruments.histogram(
            GenAiConventions.TIME_PER_OUTPUT_CHUNK_METRIC,
            "s",
            "Mean time of a streamed call per chunk after the first",
            seconds);
    this.overhead =
        instruments.histogram(
            "flyball.overhead",
            "s",
            "Time spent in Flyball on the caller's path",
            OVERHEAD_BUCKETS);
    this.prompts =
        instruments.histogram(
            "flyball.prompt.tokens",
            "{token}",
            "Length of the prompts of each feature",
            GenAiConventions.PROMPT_BUCKETS);
    this.calls = instruments.counter("flyball.calls", "{call}", "Model calls by outcome");
    this.attempts =
        instruments.counter("flyball.attempts", "{attempt}", "Requests on the wire by outcome");
    this.cost = instruments.counter("flyball.cost", "USD", "Cost of model calls");
    this.wasted =
        instruments.counter(
            "flyball.cost.wasted", "USD", "Cost of answers that were not delivered");
    this.unpriced =
        instruments.counter(
            "flyball.unpriced.calls", "{call}", "Calls that used tokens without a known price");
    this.fallbacks =
        instruments.counter(
            "flyball.fallbacks", "{call}", "Calls answered by another target than their own");
    this.refusals =
        instruments.counter("flyball.refusals", "{call}", "Calls that Flyball answered with a no");
    this.limitWait =
        instruments.histogram(
            "flyball.limit.wait",
            "s",
            "Time that calls which had to wait did wait for their turn",
            seconds);
    instruments.observedCounter(
        "flyball.internal.errors",
        "{error}",
        "Failures inside Flyball",
        () -> internalErrors.getAsLong());
    instruments.observedCounter(
        "flyball.records.dropped",
        "{call}",
        "Calls not recorded because too many waited",
        () -> droppedRecords.getAsLong());
    this.features = new ValueLimit(maxTagValues);
    this.tenants = new ValueLimit(maxTagValues);
    this.models = new ValueLimit(maxTagValues);
    this.hosts = new ValueLimit(maxTagValues);
    this.errors = new ValueLimit(Math.min(maxTagValues, MAX_ERROR_TYPES));
    this.calledOnes = new CombinationLimit(maxTagValues);
    this.callers = new CombinationLimit(maxTagValues);
  }

  @Override
  public void callEnded(CallRecord record) {
    MetricTags standard = calledOnes.apply(standardTags(record));
    recordTokens(record, standard);
    double seconds = (record.endEpochNanos() - record.startEpochNanos()) / NANOS_PER_SECOND;
    duration.record(
        seconds, standard.and(GenAiConventions.ERROR_TYPE, errors.apply(errorTypeOf(record))));
    recordStream(record, standard, seconds);
    recordOwn(record);
  }

  private MetricTags standardTags(CallRecord record) {
    RequestFacts request = record.request();
    AttemptRecord answering = record.answeringAttempt();
    return MetricTags.NONE
        .and(GenAiConventions.OPERATION_NAME, request.operation().telemetryName())
        .and(GenAiConventions.PROVIDER_NAME, record.answeredRequest().provider())
        .and(GenAiConventions.REQUEST_MODEL, models.apply(request.model()))
        .and(GenAiConventions.RESPONSE_MODEL, models.apply(record.response().model()))
        .and(
            GenAiConventions.SERVER_ADDRESS,
            answering == null ? null : hosts.apply(answering.host()))
        .and(
            GenAiConventions.SERVER_PORT,
            answering == null ? null : String.valueOf(answering.port()));
  }

  private void recordTokens(CallRecord record, MetricTags standard) {
    Usage usage = record.usage();
    if (usage != null) {
      tokens.record((double) usage.input(), standard.and(GenAiConventions.TOKEN_TYPE, "input"));
      tokens.record((double) usage.output(), standard.and(GenAiConventions.TOKEN_TYPE, "output"));
    }
  }

  private void recordStream(CallRecord record, MetricTags standard, double seconds) {
    if (!record.request().stream() || record.timeToFirstTokenNanos() < 0) {
      return;
    }
    double first = record.timeToFirstTokenNanos() / NANOS_PER_SECOND;
    timeToFirstChunk.record(first, standard);
    if (record.contentChunks() > 1) {
      timePerChunk.record(Math.max(0, seconds - first) / (record.contentChunks() - 1), standard);
    }
  }

  private void recordOwn(CallRecord record) {
    RequestFacts answered = record.answeredRequest();
    MetricTags who = callers.apply(ownTags(record, answered.provider(), answered.model()));
    calls.add(1, who.and("outcome", record.outcome().label()));
    long prompt = PromptGrowth.promptTokens(record);
    if (prompt > 0) {
      String feature = features.apply(record.attribution().feature());
      prompts.record(prompt, MetricTags.NONE.and("feature", feature));
    }
    for (Charge charge : record.charges()) {
      MetricTags paid = callers.apply(ownTags(record, charge.provider(), charge.model()));
      cost.add(charge.usd().doubleValue(), paid);
      if (charge.wasted()) {
        wasted.add(charge.usd().doubleValue(), paid);
      }
    }
    if (CallPricing.isUnpriced(record)) {
      unpriced.add(1, who);
    }
    for (AttemptRecord attempt : record.attempts()) {
      attempts.add(
          1,
          MetricTags.NONE
              .and("outcome", attempt.outcome().label())
              .and("target", hosts.apply(attempt.place())));
    }
    recordPolicies(record);
    overhead.record(record.overheadNanos() / NANOS_PER_SECOND, MetricTags.NONE);
  }

  private void recordPolicies(CallRecord record) {
    CallJournal journal = record.journal();
    if (journal.fallbackFrom() != null) {
      fallbacks.add(
          1,
          MetricTags.NONE
              .and("from", hosts.apply(journal.fallbackFrom()))
              .and("to", hosts.apply(journal.fallbackTo()))
              .and("reason", errors.apply(journal.fallbackReason())));
    }
    if (record.outcome() == Outcome.REFUSED) {
      refusals.add(1, MetricTags.NONE.and("reason", errors.apply(record.errorType())));
    }
    if (journal.limitWaitNanos() > 0) {
      limitWait.record(journal.limitWaitNanos() / NANOS_PER_SECOND, MetricTags.NONE);
    }
  }

  private MetricTags ownTags(CallRecord record, String provider, String model) {
    return MetricTags.NONE
        .and("feature", features.apply(record.attribution().feature()))
        .and("tenant", tenants.apply(record.attribution().tenant()))
        .and("provider", provider)
        .and("model", models.apply(model));
  }

  private static String errorTypeOf(CallRecord record) {
    if (record.outcome() == Outcome.SUCCESS || record.outcome() == Outcome.CANCELLED) {
      return null;
    }
    return record.errorType() == null ? record.outcome().label() : record.errorType();
  }
}
