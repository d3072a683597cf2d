package io.flyball.engine.meter;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.Settlement;
import io.flyball.protocol.HiddenReasoning;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Sending;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** Follows one request on the wire from its sending to the end of its answer. Thread safe. */
public final class AttemptMeter implements Sending {
  private final CallMeter call;
  private final int number;
  private final WireRequest sent;
  private final RequestFacts facts;
  private final Cancellation cancellation;
  private final Settlement settlement;
  private final String target;
  private final long startNanoTime;
  private volatile AnswerMeter answer;
  private volatile Object origin;
  private volatile Throwable failure;
  private volatile Outcome failed;
  private volatile long endNanoTime;
  private volatile boolean ended;
  private final AtomicReference<Wire> wire = new AtomicReference<>(Wire.NOTHING_YET);

  AttemptMeter(CallMeter call, int number, ModelCall proceeding, long startNanoTime) {
    this.call = call;
    this.number = number;
    this.sent = proceeding.request();
    this.facts = proceeding.facts();
    this.cancellation = proceeding.context().cancellation();
    this.settlement = proceeding.settlement();
    this.target = proceeding.target();
    this.startNanoTime = startNanoTime;
  }

  /** What a provider has of the body. */
  private enum Wire {
    NOTHING_YET,
    SOMETHING,
    NOTHING_EVER
  }

  @Override
  public void begin() throws IOException {
    if (!wire.compareAndSet(Wire.NOTHING_YET, Wire.SOMETHING) && wire.get() == Wire.NOTHING_EVER) {
      throw new IOException("Canceled");
    }
  }

  /** What has not been sent by now will not be. */
  void over() {
    wire.compareAndSet(Wire.NOTHING_YET, Wire.NOTHING_EVER);
  }

  /** The head of the answer is there: the same answer, with its body looked at in passing. */
  public WireResponse received(WireResponse response) {
    AnswerMeter meter = call.answerMeter(facts, sent, response);
    origin = response.origin();
    answer = meter;
    return response.withBody(
        new MeteredBody(response.body(), meter, call::isCancelled, this::cause, this::markEnd));
  }

  /** No head came. */
  public void failed(Throwable why) {
    Throwable cause = cause(why);
    Outcome outcome = Failures.outcome(cause, call.isCancelled());
    boolean timedOut = outcome == Outcome.CANCELLED && call.timeout() != null;
    failed = timedOut ? Outcome.TIMEOUT : outcome;
    over();
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
      AnswerMeter meter = answer;
      if (settlement != null
          && meter != null
          && meter.ended()
          && meter.outcome() != Outcome.SUCCESS
          && meter.contentSeen()) {
        call.brokeOff(settlement, meter.facts());
      }
    }
  }

  /** The name of the target, or the host when the application's own endpoint was asked. */
  String target() {
    return target == null ? host() : target;
  }

  private String host() {
    return sent.host() == null ? "" : sent.host();
  }

  /** Nobody will say what it did cost. */
  void forfeit() {
    if (settlement != null) {
      settlement.forfeit();
    }
  }

  /** Whether nothing more will come of it. */
  boolean isOver() {
    AnswerMeter meter = answer;
    return failure != null || (meter != null && meter.ended());
  }

  AnswerMeter answer() {
    return answer;
  }

  Object origin() {
    return origin;
  }

  /**
   * What is known now; an attempt still under way ends with the call.
   *
   * @param delivered whether its answer is the call's
   */
  AttemptRecord record(boolean delivered) {
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
    AttemptRecord.Builder record =
        AttemptRecord.builder(number, target(), host(), sent.port())
            .times(
                call.epochNanos(startNanoTime),
                call.epochNanos(ended ? endNanoTime : call.nanoTime()))
            .outcome(outcome, meter == null ? 0 : meter.status(), errorType)
            .request(facts)
            .requestBytes(sent.body().length)
            .delivered(delivered)
            .settlement(settlement);
    if (meter != null && meter.ended()) {
      addAnswer(record, meter, outcome);
    } else if (isNobodyWaitingFor(outcome)) {
      record.openEnded(true).content(sent.body(), null);
    }
    return record.build();
  }

  /** The provider may make the answer all the same, and have it paid. */
  private boolean isNobodyWaitingFor(Outcome outcome) {
    return (outcome == Outcome.TIMEOUT || outcome == Outcome.CANCELLED)
        && facts.operation() != Operation.COUNT_TOKENS
        && wire.get() != Wire.NOTHING_EVER
        && !Failures.isOfConnecting(failure);
  }

  private void addAnswer(AttemptRecord.Builder record, AnswerMeter meter, Outcome outcome) {
    ResponseFacts response = meter.billedFacts();
    // What stands in the body of an error is no answer.
    boolean content =
        meter.billedContentSeen() || (response.outputCharacters() > 0 && meter.status() < 400);
    record.response(response).contentSeen(content);
    Usage usage = asFarAs(outcome, response);
    boolean used = record.build().used();
    if (isOpenEnded(meter, response, usage, outcome)) {
      record.openEnded(true).unreadBytes(meter.unreadBytes());
    } else if (!used) {
      return;
    }
    record.usage(atItsDearest(usage)).reckonedUsd(meter.reckonedUsd());
    if (usage == null || usage.source() != Usage.Source.REPORTED) {
      record.content(sent.body(), meter.text());
    }
  }

  /** Whether it may have cost more than was seen of it. */
  private boolean isOpenEnded(
      AnswerMeter meter, ResponseFacts response, Usage usage, Outcome outcome) {
    if (UnseenWork.isPossible(facts, meter, response)) {
      return true;
    }
    if (meter.status() < 200 || meter.status() >= 300) {
      return false;
    }
    boolean unread =
        meter.unreadBytes() > 0
            || (meter.isInOtherForm() && facts.operation() != Operation.COUNT_TOKENS);
    if (unread || response.goesOn() || meter.isPartOfWhole()) {
      return true;
    }
    boolean told = usage != null && usage.source() == Usage.Source.REPORTED;
    if (told || response.tellsTotal()) {
      return false;
    }
    boolean answered =
        meter.billedContentSeen() || (outcome == Outcome.SUCCESS && !response.isFiltered());
    return (answered && HiddenReasoning.isPossible(facts, response))
        || (!meter.billedContentSeen() && isNobodyWaitingFor(outcome));
  }

  /** What the answer leaves open, by what was asked for; estimated where that makes it dearer. */
  private Usage atItsDearest(Usage told) {
    if (told == null || (told.statedUsd() != null && told.source() == Usage.Source.REPORTED)) {
      return told;
    }
    Usage usage = told;
    if (told.cacheTimeUntold() && told.cacheWrite5m() > 0 && CacheTime.isAnHour(sent.body())) {
      usage =
          usage.toBuilder(estimated(usage))
              .cacheWrite1h(usage.cacheWrite1h() + usage.cacheWrite5m())
              .cacheWrite5m(0)
              .build();
    }
    boolean asked = "speech".equals(facts.outputType()) || "image".equals(facts.outputType());
    boolean media =
        usage.toBuilder(usage.source()).outputKindsUntold(asked).build().outputKindsUntold();
    if (usage.output() > 0 && (media || usage.outputKindsUntold())) {
      usage = usage.toBuilder(estimated(usage)).outputKindsUntold(true).build();
    }
    return usage;
  }

  private static Usage.Source estimated(Usage usage) {
    return usage.source() == Usage.Source.REPORTED ? Usage.Source.ESTIMATED : usage.source();
  }

  /**
   * What was reported before an early end is not the whole, nor what leaves out a prompt of which
   * the provider keeps the most.
   */
  private Usage asFarAs(Outcome outcome, ResponseFacts response) {
    Usage reported = response.usage();
    if (reported == null || isWhole(reported, outcome, response)) {
      return reported;
    }
    return reported.toBuilder(Usage.Source.PARTIAL).build();
  }

  private boolean isWhole(Usage reported, Outcome outcome, ResponseFacts response) {
    boolean ended = outcome == Outcome.SUCCESS || response.complete();
    boolean withoutPrompt = reported.input() == 0 && !facts.storedInputs().isEmpty();
    return ended && (!withoutPrompt || reported.statedUsd() != null);
  }
}
