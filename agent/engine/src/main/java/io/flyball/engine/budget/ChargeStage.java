package io.flyball.engine.budget;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Settlement;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.util.concurrent.CompletionStage;

/**
 * Charges a call to its budgets and asks none of them: for a call that no policy may touch. What it
 * may cost is set aside as ever, so that those which do ask know of it.
 */
public final class ChargeStage implements Stage {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final BudgetSettings settings;
  private final Ledger ledger;
  private final CostBounds bounds;
  private final TimeSource time;

  public ChargeStage(BudgetSettings settings, Ledger ledger, CostBounds bounds, TimeSource time) {
    this.settings = settings;
    this.ledger = ledger;
    this.bounds = bounds;
    this.time = time;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    if (call.facts().operation() == Operation.COUNT_TOKENS) {
      return next.proceed(call);
    }
    Reservation reservation =
        ledger.charge(
            settings.budgets(),
            call.attribution(),
            call.facts().model(),
            bounds.amounts(call, bounds.roughInput(call), bounds.output(call)),
            time.epochNanos() / NANOS_PER_MILLI);
    Charged charged = new Charged(reservation);
    call.context().journal().whenEnded(charged::callEnded);
    return next.proceed(call.withSettlement(charged));
  }

  /** Told by the accounting what the call did cost. */
  private static final class Charged implements Settlement {
    private final Reservation reservation;
    private volatile boolean begun;

    Charged(Reservation reservation) {
      this.reservation = reservation;
    }

    @Override
    public void begun() {
      begun = true;
    }

    /** What was never sent is in no record. */
    void callEnded() {
      if (!begun) {
        reservation.release();
      }
    }

    @Override
    public void settle(Usage usage, BigDecimal costUsd) {
      if (usage == null) {
        reservation.release();
        return;
      }
      reservation.settle(
          costUsd == null
              ? Amounts.unpriced(usage.total(), 1)
              : new Amounts(BudgetUnit.USD.parts(costUsd), usage.total(), 1));
    }

    @Override
    public void forfeit() {
      reservation.forfeit();
    }
  }
}
