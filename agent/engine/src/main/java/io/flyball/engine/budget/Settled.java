package io.flyball.engine.budget;

import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.Failures;
import io.flyball.engine.meter.UnseenWork;
import io.flyball.protocol.HiddenReasoning;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.json.Counts;
import java.util.function.Supplier;

/** Told by the accounting what the attempt did cost. */
final class Settled extends ReservedSettlement {
  /** At most, whatever the writing. */
  private static final long TOKENS_PER_CHARACTER = 3;

  private final CostBounds bounds;
  private final Supplier<Reservation> reserving;

  /** Null when it has ended: records outlive calls, and are not to keep their bodies. */
  private volatile ModelCall call;

  private volatile boolean over;
  private volatile boolean used;

  /** Made in its place; null while it is the only one. */
  private volatile Settled another;

  /**
   * @param reserving sets as much aside once more, or gives null where that cannot be paid for
   */
  Settled(
      ModelCall call, Reservation reservation, CostBounds bounds, Supplier<Reservation> reserving) {
    super(reservation);
    this.call = call;
    this.bounds = bounds;
    this.reserving = reserving;
    call.context().journal().whenEnded(this::callEnded);
    call.context().journal().setAside(this);
  }

  /** Whether its answer may still come. */
  boolean isUnderWay() {
    return !over;
  }

  @Override
  public Settled another(ResponseFacts said) {
    ModelCall attempt = call;
    if (said != null) {
      brokeOff(said);
    } else {
      left();
      over = true;
    }
    Reservation more = attempt == null ? null : reserving.get();
    if (more == null) {
      return null;
    }
    Settled made = new Settled(attempt, more, bounds, reserving);
    another = made;
    return made;
  }

  @Override
  public boolean countsUsage() {
    return reservation() != Reservation.NONE;
  }

  /** No answer came. */
  void failed(Verdict verdict, Throwable failure) {
    if (another != null) {
      another.failed(verdict, failure);
      return;
    }
    boolean late = verdict.failure() == FailureKind.TIMEOUT && !Failures.isOfConnecting(failure);
    if (verdict.isCancelled() || late) {
      left();
    }
    failed();
  }

  /**
   * An answer came that is none.
   *
   * @param answer null when nobody looked on
   */
  void failed(Verdict verdict, AnswerMeter answer) {
    if (another != null) {
      another.failedInPlace(verdict, answer);
      return;
    }
    ModelCall attempt = call;
    if (verdict.failure() != null && answer != null && attempt != null) {
      ResponseFacts said = answer.factsSoFar();
      boolean content =
          answer.contentSeen() || (said.outputCharacters() > 0 && answer.status() < 400);
      if (content || said.tellsUsage()) {
        brokeOff(said);
        return;
      }
      if (answer.isPartOfWhole()
          || answer.mayBeBilled()
          || UnseenWork.isPossible(attempt.facts(), answer, said)) {
        left();
      }
    }
    failed();
  }

  /** What was left alone gave no answer: that one is of the attempt before. */
  private void failedInPlace(Verdict verdict, AnswerMeter answer) {
    if (used) {
      over = true;
    } else {
      failed(verdict, answer);
    }
  }

  /** What failed before any content, and says no usage, costs nothing. */
  void failed() {
    over = true;
    if (!used) {
      reservation().release();
    }
  }

  @Override
  public void left() {
    if (another != null) {
      another.left();
    } else {
      used |= isBegun();
    }
  }

  @Override
  public void brokeOff(ResponseFacts said) {
    used = true;
    over = true;
    ModelCall attempt = call;
    if (attempt == null || said.goesOn() || isMoreThanSaid(attempt.facts(), said)) {
      return;
    }
    keep(attempt, bounds.roughInput(attempt), said);
    bounds.elsewhere(
        attempt,
        () -> {
          keep(attempt, bounds.countedInput(attempt), said);
          return null;
        });
  }

  private boolean isMoreThanSaid(RequestFacts asked, ResponseFacts said) {
    if (said.tellsUsage() && said.usage().statedUsd() != null) {
      // It may be dearer than any list.
      return true;
    }
    // A plain answer was made as a whole, however little of it came.
    boolean partOfWhole = !asked.stream() && !(said.complete() && said.tellsUsage());
    return partOfWhole || HiddenReasoning.isPossible(asked, said);
  }

  private void keep(ModelCall attempt, MostInput inBody, ResponseFacts said) {
    MostInput input = bounds.withUnknown(attempt, inBody);
    long output = Counts.times(said.outputCharacters(), TOKENS_PER_CHARACTER);
    Usage reported = said.usage();
    if (reported != null) {
      input = input.atLeast(reported.input());
      output = Math.max(output, reported.output());
    }
    reservation().keep(bounds.amounts(attempt, input, output));
  }

  @Override
  void callEnded() {
    over = true;
    call = null;
    super.callEnded();
  }
}
