package io.flyball.engine.meter;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;

/** Follows one request on the wire from its sending to the end of its answer. Thread safe. */
public final class AttemptMeter {
  private final CallMeter call;
  private final int number;
  private final String host;
  private final int port;
  private final long startNanoTime;
  private volatile AnswerMeter answer;
  private volatile Object origin;
  private volatile Throwable failure;
  private volatile Outcome failed;
  private volatile long endNanoTime;
  private volatile boolean ended;

  AttemptMeter(CallMeter call, int number, WireRequest sent, long startNanoTime) {
    this.call = call;
    this.number = number;
    this.host = sent.host() == null ? "" : sent.host();
    this.port = sent.port();
    this.startNanoTime = startNanoTime;
  }

  /** The head of the answer is there: the same answer, with its body looked at in passing. */
  public WireResponse received(WireResponse response) {
    AnswerMeter meter = call.answerMeter(response);
    origin = response.origin();
    answer = meter;
    return response.withBody(
        new MeteredBody(response.body(), meter, call::isCancelled, this::markEnd));
  }

  /** No head came. */
  public void failed(Throwable why) {
    Outcome outcome = Failures.outcome(why, call.isCancelled());
    boolean timedOut = outcome == Outcome.CANCELLED && call.timeout() != null;
    failed = timedOut ? Outcome.TIMEOUT : outcome;
    // Last: a thread that cancels meanwhile takes the failure for the sign that the rest is known.
    failure = why;
    markEnd();
  }

  private void markEnd() {
    if (!ended) {
      endNanoTime = call.nanoTime();
      ended = true;
    }
  }

  /** The name of the target, or the host when the application's own endpoint was asked. */
  String target() {
    return host;
  }

  AnswerMeter answer() {
    return answer;
  }

  Object origin() {
    return origin;
  }

  /** What is known now; an attempt still under way ends with the call. */
  AttemptRecord record() {
    AnswerMeter meter = answer;
    Outcome outcome = Outcome.CANCELLED;
    String errorType = "cancelled";
    boolean endedBefore = true;
    if (failure != null) {
      outcome = failed;
      errorType = Failures.type(failure);
    } else if (meter != null && meter.ended()) {
      outcome = meter.outcome();
      errorType = meter.errorType();
      endedBefore = !call.isDelivered(meter);
    } else {
      endedBefore = false;
    }
    if (outcome == Outcome.CANCELLED && !endedBefore && call.timeout() != null) {
      outcome = Outcome.TIMEOUT;
      errorType = Failures.type(call.timeout());
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
