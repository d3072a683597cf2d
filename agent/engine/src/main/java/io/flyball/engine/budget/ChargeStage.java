package io.flyball.engine.budget;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Settlement;
import io.flyball.engine.call.Stage;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.util.concurrent.CompletionStage;

/**
 * Charges a call to its budgets and asks none of them: for a call that no policy may touch. What it
 * may cost is set aside as ever, so that those which do ask know of it.
 */
final class ChargeStage implements Stage {
  private final BudgetStage budgets;

  ChargeStage(BudgetStage budgets) {
    this.budgets = budgets;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    if (BudgetStage.isFree(call)) {
      return next.proceed(call);
    }
    Charged charged = new Charged(budgets.charge(call));
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
