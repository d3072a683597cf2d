package io.flyball.engine.budget;

import io.flyball.engine.attempt.Refused;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.BudgetDecision;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.RefusalNotices;
import io.flyball.engine.call.Settlement;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.protocol.Operation;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.wire.Completions;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * Lets an attempt through when all its budgets can pay for it at its most expensive, and sets that
 * aside until it is known what it did cost. Near the end of a budget the answer is cut to what is
 * left, when that is still worth having.
 */
public final class BudgetStage implements Stage {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What other JVMs leave is known in a moment; when they have just lost Redis, in two seconds. */
  private static final long LONGEST_QUESTION_NANOS = 3_000_000_000L;

  /** What other JVMs give back is not told to those who wait here: they look. */
  private static final long LOOK_AGAIN_NANOS = 200_000_000;

  private final BudgetSettings settings;
  private final Ledger ledger;
  private final CostBounds bounds;
  private final SmallestAnswers smallest = SmallestAnswers.table();
  private final BudgetRefusal refusal;
  private final TimeSource time;

  /**
   * @param notices told of the first calls that are refused
   */
  public BudgetStage(
      BudgetSettings settings,
      Ledger ledger,
      CostBounds bounds,
      RefusalNotices notices,
      TimeSource time) {
    this.refusal = new BudgetRefusal(bounds, notices);
    this.settings = settings;
    this.ledger = ledger;
    this.bounds = bounds;
    this.time = time;
  }

  /** The same budgets, charged and not asked: for a call that no policy may touch. */
  public Stage chargingOnly() {
    return new ChargeStage(this);
  }

  static boolean isFree(ModelCall call) {
    return call.facts().operation() == Operation.COUNT_TOKENS;
  }

  /** Sets aside what the call may cost, whether or not its budgets can pay for it. */
  Reservation charge(ModelCall call) {
    return ledger.charge(
        settings.budgets(),
        call.attribution(),
        call.facts().model(),
        bounds.amounts(
            call, bounds.withUnknown(call, bounds.roughInput(call)), bounds.output(call)),
        nowMillis());
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    if (isFree(call)) {
      return next.proceed(call);
    }
    if (bounds.hasMedia(call)) {
      return Completions.then(
          bounds.elsewhere(call, () -> bounds.measuredInput(call)),
          (input, failure) ->
              handle(call, next, failure == null ? input : bounds.roughInput(call)));
    }
    return handle(call, next, bounds.roughInput(call));
  }

  private CompletionStage<WireResponse> handle(ModelCall call, Next next, MostInput inBody) {
    MostInput most = bounds.withUnknown(call, inBody);
    Decision decision = reserve(call, most, bounds.output(call), null);
    if (decision.isAdmitted()) {
      return proceed(call, most, decision.reservation(), next);
    }
    if (!helpsToCount(call, decision)) {
      return new Waiting(call, next, most, false).admit();
    }
    // Near the limit it pays to count.
    return Completions.then(
        counted(call),
        (input, failure) -> new Waiting(call, next, failure == null ? input : most, true).admit());
  }

  private CompletionStage<MostInput> counted(ModelCall call) {
    return bounds.elsewhere(call, () -> bounds.withUnknown(call, bounds.countedInput(call)));
  }

  /**
   * Whether the call might fit if its prompt were shorter than its bytes tell: what counts is
   * loaded the first time, which takes a second.
   */
  private boolean helpsToCount(ModelCall call, Decision decision) {
    return decision.budget().unit() != BudgetUnit.CALLS
        && (decision.unspent() > 0 || decision.isPending())
        && !refusal.isForWantOfAPrice(call, decision.budget());
  }

  /** A budget that blocks may not be passed because it cannot be asked. */
  @Override
  public WireResponse insteadOfUnguarded(ModelCall call) {
    return settings.isHard()
        ? Refused.answer(
            call,
            RefusalKind.BUDGET_EXCEEDED,
            "the budgets of this call could not be asked (see the log), and one of them is hard")
        : null;
  }

  private Decision reserve(ModelCall call, MostInput input, long output, Place place) {
    Amounts most = bounds.amounts(call, input, output);
    if (settings.admitsUnpriced() && !bounds.isPriced(call)) {
      most = new Amounts(0, Counts.plus(input.tokens(), output), 1);
    }
    return ledger.reserve(
        settings.budgets(), call.attribution(), call.facts().model(), most, nowMillis(), place);
  }

  private long nowMillis() {
    return time.epochNanos() / NANOS_PER_MILLI;
  }

  /** Null when what is left makes no answer worth having. */
  private ModelCall shortened(ModelCall call, MostInput input, long output, Decision decision) {
    BudgetUnit unit = decision.budget().unit();
    if (unit == BudgetUnit.CALLS || output == 0 || decision.isBehindOthers()) {
      return null;
    }
    if (degrades(call, decision)) {
      return null;
    }
    long choices = call.facts().answers();
    long affordable = bounds.affordableOutput(call, input, output, unit, decision.left()) / choices;
    if (affordable < Math.min(smallest.of(call), output / choices)) {
      return null;
    }
    byte[] body =
        call.facts().protocol().limitOutput(call.facts(), call.request().body(), affordable);
    if (body == null) {
      return null;
    }
    WireRequest request = call.request().withBody(body);
    return call.withRequest(request, call.facts().withMaxOutputTokens(affordable));
  }

  /** A whole answer of the cheaper model comes before half of one. */
  private static boolean degrades(ModelCall call, Decision decision) {
    return decision.budget().action() == Budget.Action.DEGRADE
        && !decision.budget().degradeTo().equals(call.target());
  }

  /** Whether an answer worth having is paid for when other calls under way cost nothing. */
  private boolean mayFitLater(
      ModelCall call, MostInput input, long output, Decision decision, long ownHeld) {
    long worthHaving =
        degrades(call, decision)
            ? output
            : Math.min(output, Counts.times(smallest.of(call), call.facts().answers()));
    Amounts least = bounds.amounts(call, input, worthHaving);
    return least.of(decision.budget().unit()) <= decision.unspent() - ownHeld;
  }

  private CompletionStage<WireResponse> proceed(
      ModelCall call, MostInput input, Reservation reservation, Next next) {
    Settled settled = settled(call, input, reservation);
    if (reservation != Reservation.NONE) {
      call.context().journal().budgeted(BudgetDecision.ALLOW);
    }
    return Completions.then(
        next.proceed(call.withSettlement(settled)),
        (response, failure) -> {
          // What was set aside goes back before another attempt asks. Clients say in many ways
          // that they were told to give up, most like any failure.
          boolean cancelled = call.context().cancellation().isCancelled();
          if (failure != null) {
            settled.failed(Verdict.of(failure, cancelled), failure);
            return Completions.failed(failure);
          }
          Verdict verdict = Verdict.of(response);
          if (verdict.failure() != null || verdict.refusal() != null) {
            if (cancelled || verdict.isSilent()) {
              settled.left();
            }
            settled.failed(verdict, ObservedBody.answerOf(response.body()));
          }
          return Completions.completed(response);
        });
  }

  /** From here on the end of the call gives back what is reserved. */
  private Settled settled(ModelCall call, MostInput input, Reservation reservation) {
    try {
      return new Settled(
          call,
          reservation,
          bounds,
          () -> reserve(call, input, bounds.output(call), null).reservation());
    } catch (RuntimeException | Error failure) {
      reservation.release();
      throw failure;
    }
  }

  /** A call that did not fit at once, in its place in the line. */
  private final class Waiting {
    private final ModelCall call;
    private final Next next;
    private final long output;
    private final long until;
    private final long askUntil;
    private final Place place = new Place();
    private MostInput input;
    private boolean counted;

    /**
     * @param counted whether the prompt was counted, or need not be as long as no other budget asks
     */
    Waiting(ModelCall call, Next next, MostInput input, boolean counted) {
      this.counted = counted;
      this.call = call;
      this.next = next;
      this.input = input;
      this.output = bounds.output(call);
      long now = time.nanoTime();
      this.until = now + settings.maxWaitNanos();
      this.askUntil = now + LONGEST_QUESTION_NANOS;
    }

    /** Whatever happens, nobody who is gone stands in the way of others. */
    CompletionStage<WireResponse> admit() {
      try {
        return admitted();
      } catch (RuntimeException | Error failure) {
        ledger.leave(place);
        throw failure;
      }
    }

    private CompletionStage<WireResponse> admitted() {
      Decision decision = reserve(call, input, output, place);
      if (decision.isAdmitted()) {
        return proceed(call, input, decision.reservation(), next);
      }
      if (!counted && helpsToCount(call, decision)) {
        ledger.leave(place);
        counted = true;
        return Completions.then(
            counted(call),
            (exact, failure) -> {
              input = failure == null ? exact : input;
              return admit();
            });
      }
      List<Settled> own = ownAttempts();
      if (isUnderWay(own)) {
        // Another attempt of the call has what this one would wait for.
        ledger.leave(place);
        return Completions.completed(refusal.besides(call, decision));
      }
      long now = time.nanoTime();
      if (isAskedFor(decision, now)) {
        return untilItsTurn(Math.min(askUntil - now, LOOK_AGAIN_NANOS), decision);
      }
      ModelCall shorter = shortened(call, input, output, decision);
      if (shorter != null) {
        Decision again = reserve(shorter, input, bounds.output(shorter), place);
        if (again.isAdmitted()) {
          call.context().journal().shortenedTo(shorter.facts().maxOutputTokens());
          call.context().journal().budgeted(BudgetDecision.SHORTEN);
          return proceed(shorter, input, again.reservation(), next);
        }
        if (isAskedFor(again, now)) {
          return untilItsTurn(Math.min(askUntil - now, LOOK_AGAIN_NANOS), again);
        }
      }
      long wait = until - now;
      if (wait <= 0 || !mayFitLater(call, input, output, decision, heldBy(own, decision))) {
        return refused(decision);
      }
      long look = decision.isShared() ? Math.min(wait, LOOK_AGAIN_NANOS) : wait;
      return untilItsTurn(notIntoNewWindow(look, decision), decision);
    }

    private List<Settled> ownAttempts() {
      List<Settled> own = new ArrayList<>();
      for (Settlement aside : call.context().journal().ofAttempts()) {
        if (aside instanceof Settled) {
          own.add((Settled) aside);
        }
      }
      return own;
    }

    private boolean isUnderWay(List<Settled> own) {
      return own.stream().anyMatch(Settled::isUnderWay);
    }

    /** What earlier attempts may have cost does not come back while the call waits. */
    private long heldBy(List<Settled> own, Decision decision) {
      List<Reservation> reservations = new ArrayList<>();
      for (Settled attempt : own) {
        reservations.add(attempt.reservation());
      }
      return ledger.heldBy(reservations, decision);
    }

    /** Whether other JVMs are about to say what they leave. */
    private boolean isAskedFor(Decision decision, long now) {
      return decision.isPending() && askUntil - now > 0;
    }

    private long notIntoNewWindow(long wait, Decision decision) {
      long millis = Math.max(1, decision.windowEnd() - nowMillis());
      return millis > wait / NANOS_PER_MILLI ? wait : millis * NANOS_PER_MILLI;
    }

    private CompletionStage<WireResponse> refused(Decision decision) {
      ledger.leave(place);
      if (!decision.isBehindOthers() && !refusal.isForWantOfAPrice(call, decision.budget())) {
        ledger.turnedAway(decision.budget(), call.attribution(), call.facts().model());
      }
      return Completions.completed(refusal.of(call, decision, input, output));
    }

    private CompletionStage<WireResponse> untilItsTurn(long wait, Decision decision) {
      long began = time.nanoTime();
      CompletionStage<Void> either;
      try {
        either =
            Completions.firstOf(
                ledger.turn(place), call.context().delay(wait), call.context().executor());
      } catch (RejectedExecutionException noTimer) {
        return refused(decision);
      }
      return Completions.then(
          either,
          (none, cancelled) -> {
            call.context().journal().waitedForLimit(time.nanoTime() - began);
            if (cancelled != null) {
              ledger.leave(place);
              return Completions.failed(cancelled);
            }
            return admit();
          });
    }
  }
}
