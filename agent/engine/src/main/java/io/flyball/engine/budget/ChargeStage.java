package io.flyball.engine.budget;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.wire.WireResponse;
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
    ReservedSettlement charged = new ReservedSettlement(budgets.charge(call));
    call.context().journal().whenEnded(charged::callEnded);
    return next.proceed(call.withSettlement(charged));
  }
}
