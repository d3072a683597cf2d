package io.flyball.engine.call;

import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * Everything that is known of a call once it has ended: what spans, metrics, events and the console
 * are made of. Immutable; holds no prompt text unless content capture is on.
 */
public final class CallRecord {
  private final String callId;
  private final RequestFacts request;
  private final ResponseFacts response;
  private final Attribution attribution;
  private final List<AttemptRecord> attempts;
  private final Outcome outcome;
  private final int status;
  private final String errorType;
  private final Usage usage;
  private final BigDecimal costUsd;
  private final long startEpochNanos;
  private final long endEpochNanos;
  private final long timeToFirstTokenNanos;
  private final long contentChunks;
  private final long overheadNanos;
  private final String traceparent;
  private final Object parentContext;
  private final String traceId;
  private final String promptHash;
  private final String toolsHash;
  private final String capturedRequest;
  private final String capturedResponse;
  private final int requestBytes;
  private final byte[] requestBody;
  private final String outputText;
  private final boolean contentSampled;
  private final CallJournal journal;

  CallRecord(CallRecordBuilder builder) {
    this.callId = Objects.requireNonNull(builder.callId, "callId");
    this.request = Objects.requireNonNull(builder.request, "request");
    this.response = builder.response == null ? ResponseFacts.builder().build() : builder.response;
    this.attribution = Objects.requireNonNull(builder.attribution, "attribution");
    this.attempts = Collections.unmodifiableList(new ArrayList<>(builder.attempts));
    this.outcome = Objects.requireNonNull(builder.outcome, "outcome");
    this.status = builder.status;
    this.errorType = builder.errorType;
    this.usage = builder.usage;
    this.costUsd = builder.costUsd;
    this.startEpochNanos = builder.startEpochNanos;
    this.endEpochNanos = builder.endEpochNanos;
    this.timeToFirstTokenNanos = builder.timeToFirstTokenNanos;
    this.contentChunks = builder.contentChunks;
    this.overheadNanos = builder.overheadNanos;
    this.traceparent = builder.traceparent;
    this.parentContext = builder.parentContext;
    this.traceId = builder.traceId;
    this.promptHash = builder.promptHash;
    this.toolsHash = builder.toolsHash;
    this.capturedRequest = builder.capturedRequest;
    this.capturedResponse = builder.capturedResponse;
    this.requestBytes = builder.requestBytes;
    this.requestBody = builder.requestBody;
    this.outputText = builder.outputText;
    this.contentSampled = builder.contentSampled;
    this.journal = builder.journal;
  }

  public static CallRecordBuilder builder(String callId, RequestFacts request) {
    return new CallRecordBuilder(callId, request);
  }

  /** This record without its content and that of its attempts. */
  public CallRecord withoutContent() {
    boolean none = requestBody == null && outputText == null;
    List<AttemptRecord> bare = new ArrayList<>(attempts.size());
    for (AttemptRecord attempt : attempts) {
      AttemptRecord without = attempt.withoutContent();
      none &= without == attempt;
      bare.add(without);
    }
    return none ? this : toBuilder().attempts(bare).content(null, null).build();
  }

  /** A builder that starts with everything this record holds. */
  public CallRecordBuilder toBuilder() {
    CallRecordBuilder builder = new CallRecordBuilder(callId, request);
    builder.response = response;
    builder.attribution = attribution;
    builder.attempts = attempts;
    builder.outcome = outcome;
    builder.status = status;
    builder.errorType = errorType;
    builder.usage = usage;
    builder.costUsd = costUsd;
    builder.startEpochNanos = startEpochNanos;
    builder.endEpochNanos = endEpochNanos;
    builder.timeToFirstTokenNanos = timeToFirstTokenNanos;
    builder.contentChunks = contentChunks;
    builder.overheadNanos = overheadNanos;
    builder.traceparent = traceparent;
    builder.parentContext = parentContext;
    builder.traceId = traceId;
    builder.promptHash = promptHash;
    builder.toolsHash = toolsHash;
    builder.capturedRequest = capturedRequest;
    builder.capturedResponse = capturedResponse;
    builder.requestBytes = requestBytes;
    builder.requestBody = requestBody;
    builder.outputText = outputText;
    builder.contentSampled = contentSampled;
    builder.journal = journal;
    return builder;
  }

  public String callId() {
    return callId;
  }

  /** What the application asked for. */
  public RequestFacts request() {
    return request;
  }

  public ResponseFacts response() {
    return response;
  }

  public Attribution attribution() {
    return attribution;
  }

  /** In the order they were started; at least one unless the call was answered without the wire. */
  public List<AttemptRecord> attempts() {
    return attempts;
  }

  public Outcome outcome() {
    return outcome;
  }

  /** The HTTP status the application got, or 0 when it got an exception. */
  public int status() {
    return status;
  }

  /** HTTP status, provider error code or exception class; null on success. */
  public String errorType() {
    return errorType;
  }

  /**
   * Tokens of the answer that was delivered, reported or estimated; null when nothing was used (the
   * call failed before that, or was answered without the wire).
   */
  public Usage usage() {
    return usage;
  }

  /**
   * US dollars, exact, of all attempts that have a price; null when none has or nothing was used.
   */
  public BigDecimal costUsd() {
    return costUsd;
  }

  /** US dollars, exact, for answers that were not delivered; zero when there were none. */
  public BigDecimal wastedUsd() {
    BigDecimal wasted = BigDecimal.ZERO;
    for (Charge charge : charges()) {
      wasted = charge.wasted() ? wasted.add(charge.usd()) : wasted;
    }
    return wasted;
  }

  /** Who is paid how much; the sum is {@link #costUsd()}. Empty when nothing is. */
  public List<Charge> charges() {
    List<Charge> charges = new ArrayList<>(1);
    for (AttemptRecord attempt : attempts) {
      if (attempt.costUsd() != null) {
        RequestFacts sent = attempt.request() == null ? request : attempt.request();
        charges.add(
            new Charge(sent.provider(), sent.model(), attempt.costUsd(), !attempt.delivered()));
      }
    }
    if (charges.isEmpty() && costUsd != null) {
      RequestFacts answered = answeredRequest();
      charges.add(new Charge(answered.provider(), answered.model(), costUsd, false));
    }
    return charges;
  }

  /**
   * The attempt whose answer the call got; when it got none, the last one; null when none went on
   * the wire.
   */
  public AttemptRecord answeringAttempt() {
    for (AttemptRecord attempt : attempts) {
      if (attempt.delivered()) {
        return attempt;
      }
    }
    return attempts.isEmpty() ? null : attempts.get(attempts.size() - 1);
  }

  /**
   * The request that was answered, as it was sent: to another provider or for another model than
   * {@link #request()} when the call fell back.
   */
  public RequestFacts answeredRequest() {
    AttemptRecord answering = answeringAttempt();
    return answering == null || answering.request() == null ? request : answering.request();
  }

  /** The target the call fell back from; null when it did not, or nobody said. */
  public String fallbackFrom() {
    return journal.fallbackFrom();
  }

  /** Why the call fell back, in the words of {@link #errorType()}; null as the target is. */
  public String fallbackReason() {
    return journal.fallbackReason();
  }

  public long startEpochNanos() {
    return startEpochNanos;
  }

  public long endEpochNanos() {
    return endEpochNanos;
  }

  /** From the call's start to the first content of a stream; -1 when there was none. */
  public long timeToFirstTokenNanos() {
    return timeToFirstTokenNanos;
  }

  /** Network reads of a stream from the first content on; 0 for plain answers. */
  public long contentChunks() {
    return contentChunks;
  }

  /** Time spent in Flyball itself on the caller's path. */
  public long overheadNanos() {
    return overheadNanos;
  }

  /** The W3C traceparent the application put on the request, or null. */
  public String traceparent() {
    return traceparent;
  }

  /** The caller's context as the telemetry captured it at the start of the call, or null. */
  public Object parentContext() {
    return parentContext;
  }

  /** The trace of the span that was made of this call, 32 hex digits; null when none was made. */
  public String traceId() {
    return traceId;
  }

  /** SHA-256 (hex, 16 characters) of the messages; null when not computed. */
  public String promptHash() {
    return promptHash;
  }

  /** SHA-256 (hex, 16 characters) of the tool definitions; null when there are none. */
  public String toolsHash() {
    return toolsHash;
  }

  /** The request body, redacted; null unless content capture is on and this call was sampled. */
  public String capturedRequest() {
    return capturedRequest;
  }

  /** The generated text, redacted; null unless content capture is on and this call was sampled. */
  public String capturedResponse() {
    return capturedResponse;
  }

  /** Length of the request body in bytes, as the application made it. */
  public int requestBytes() {
    return requestBytes;
  }

  /**
   * The request body as the application made it, not redacted: there to be captured when {@link
   * #contentSampled()}, and to be looked into for loops. Null when that is not needed or when too
   * much is waiting. For those at the head of the record thread only: listeners behind the
   * redaction never see it.
   */
  public byte[] requestBody() {
    return requestBody;
  }

  /**
   * The beginning of the generated text, not redacted, for the same use as {@link #requestBody()};
   * null when none was kept. {@link ResponseFacts#outputCharacters()} says how long the whole is.
   */
  public String outputText() {
    return outputText;
  }

  /** Whether content capture is on and this call's content was chosen to be captured. */
  public boolean contentSampled() {
    return contentSampled;
  }

  /** What the policies did with the call. Nothing is noted any more. */
  public CallJournal journal() {
    return journal;
  }
}
