package io.flyball.engine.call;

import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;

/** Builds a {@link CallRecord}; what is not said is none or null. Not thread safe. */
public final class CallRecordBuilder {
  final String callId;
  RequestFacts request;
  ResponseFacts response;
  Attribution attribution = Attribution.NONE;
  List<AttemptRecord> attempts = Collections.emptyList();
  Outcome outcome;
  int status;
  String errorType;
  Usage usage;
  BigDecimal costUsd;
  long startEpochNanos;
  long endEpochNanos;
  long timeToFirstTokenNanos = -1;
  long contentChunks;
  long overheadNanos;
  String traceparent;
  Object parentContext;
  String traceId;
  String promptHash;
  String toolsHash;
  String capturedRequest;
  String capturedResponse;
  int requestBytes;
  byte[] requestBody;
  String outputText;
  boolean contentSampled;
  CallJournal journal = new CallJournal();

  CallRecordBuilder(String callId, RequestFacts request) {
    this.callId = callId;
    this.request = request;
  }

  public CallRecordBuilder response(ResponseFacts value) {
    this.response = value;
    return this;
  }

  public CallRecordBuilder attribution(Attribution value) {
    this.attribution = value;
    return this;
  }

  public CallRecordBuilder attempts(List<AttemptRecord> value) {
    this.attempts = value;
    return this;
  }

  public CallRecordBuilder outcome(Outcome value, int httpStatus, String error) {
    this.outcome = value;
    this.status = httpStatus;
    this.errorType = error;
    return this;
  }

  public CallRecordBuilder usage(Usage value) {
    this.usage = value;
    return this;
  }

  public CallRecordBuilder costUsd(BigDecimal value) {
    this.costUsd = value;
    return this;
  }

  public CallRecordBuilder times(long startNanosSinceEpoch, long endNanosSinceEpoch) {
    this.startEpochNanos = startNanosSinceEpoch;
    this.endEpochNanos = endNanosSinceEpoch;
    return this;
  }

  public CallRecordBuilder timeToFirstTokenNanos(long value) {
    this.timeToFirstTokenNanos = value;
    return this;
  }

  public CallRecordBuilder contentChunks(long value) {
    this.contentChunks = value;
    return this;
  }

  public CallRecordBuilder overheadNanos(long value) {
    this.overheadNanos = value;
    return this;
  }

  public CallRecordBuilder traceparent(String value) {
    this.traceparent = value;
    return this;
  }

  public CallRecordBuilder parentContext(Object value) {
    this.parentContext = value;
    return this;
  }

  /** What the application asked for, with other names. */
  public CallRecordBuilder request(RequestFacts value) {
    this.request = value;
    return this;
  }

  /** See {@link CallRecord#traceId}. */
  public CallRecordBuilder traceId(String value) {
    this.traceId = value;
    return this;
  }

  public CallRecordBuilder promptHash(String value) {
    this.promptHash = value;
    return this;
  }

  public CallRecordBuilder toolsHash(String value) {
    this.toolsHash = value;
    return this;
  }

  public CallRecordBuilder captured(String requestText, String responseText) {
    this.capturedRequest = requestText;
    this.capturedResponse = responseText;
    return this;
  }

  public CallRecordBuilder requestBytes(int value) {
    this.requestBytes = value;
    return this;
  }

  /** Both may be null. */
  public CallRecordBuilder content(byte[] body, String text) {
    this.requestBody = body;
    this.outputText = text;
    return this;
  }

  public CallRecordBuilder contentSampled(boolean value) {
    this.contentSampled = value;
    return this;
  }

  /** Both may be null. */
  public CallRecordBuilder fallback(String fromTarget, String reason) {
    this.journal.fellBack(fromTarget, null, reason);
    return this;
  }

  public CallRecordBuilder journal(CallJournal value) {
    this.journal = value;
    return this;
  }

  public CallRecord build() {
    return new CallRecord(this);
  }
}
