package io.flyball.engine.meter;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.RequestFacts;

/** Follows one request on the wire from its sending to the end of its answer. Thread safe. */
public final class AttemptMeter {
  private final CallMeter call;
  private final int number;
  private final RequestFacts facts;
  private final Cancellation cancellation;
  private final String target;
  private final String host;
  private final int port;
  private final long startNanoTime;
  private volatile AnswerMeter answer;
  private volatile Object origin;
  private volatile Throwable failure;
  private volatile Outcome failed;
  private volatile long endNanoTime;
  private volatile boolean ended;

  AttemptMeter(CallMeter call, int number, ModelCall proceeding, long startNanoTime) {
    WireRequest sent = proceeding.request();
    this.call = call;
    this.number = number;
    this.facts = proceeding.facts();
    this.cancellation = proceeding.context().cancellation();
    this.target = proceeding.target();
    this.host = sent.host() == null ? "" : sent.host();
    this.port = sent.port();
    this.startNanoTime = startNanoTime;
  }

  /** The head of the answer is there: the same answer, with its body looked at in passing. */
  public WireResponse received(WireResponse response) {
    AnswerMeter meter = call.answerMeter(response, facts);
    origin = response.origin();
    answer = meter;
    return response.withBody(
        new MeteredBody(
            response.body(), meter, call::isCancelled, this::cause, this::markEnd));
  }

  /** No head came. */
  public void failed(Throwable why) {
    Throwable cause = cause(why);
    failed = Failures.outcome(cause, call.isCancelled());
    // Last: a thread that cancels meanwhile takes the failure for the sign that the rest is known.
    failure = cause;
    markEnd();
  }

  /** What a client throws for an attempt that was cancelled does not say why it was. */
  private Throwable cause(Throwable thrown) {
    Throwable reason = cancellation.reason();
    return reason == null || call.isCancelled() ? thrown : reason;
  }

  private void markEnd() {
    if (!ended) {
      endNanoTime = call.nanoTime();
      ended = true;
    }
  }

  /** The name of the target, or the host when the application's own endpoint was asked. */
  String target() {
    return target == null ? host : target;
  }

  AnswerMeter answer() {
    return answer;
  }

  Object origin() {
    return origin;
  }

  /** What is known now; an attempt still under way counts as cancelled. */
  AttemptRecord record() {
    AnswerMeter meter = answer;
    Outcome outcome = Outcome.CANCELLED;
    String errorType = "cancelled";
    if (failure != null) {
      outcome = failed;
      errorType = Failures.type(failure);
    } else if (meter != null && meter.ended()) {
      outcome = meter.outcome();
      errorType = meter.errorType();
    }
    return new AttemptRecord(
        number,
        target(),
        host,
        port,
        call.epochNanos(startNanoTime),
        call.epochNanos(ended ? endNanoTime : call.nanoTime()),
        meter == null ? 0 : meter.status(),
        outcome,
        errorType);
  }
}
