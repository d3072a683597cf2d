package io.flyball.engine.budget;

import io.flyball.engine.call.Settlement;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;

/** Told by the accounting what an attempt did cost, which replaces what was reserved for it. */
class ReservedSettlement implements Settlement {
  private final Reservation reservation;
  private volatile boolean begun;

  ReservedSettlement(Reservation reservation) {
    this.reservation = reservation;
  }

  final Reservation reservation() {
    return reservation;
  }

  @Override
  public final void begun() {
    begun = true;
  }

  final boolean isBegun() {
    return begun;
  }

  /** What was never sent is in no record. */
  void callEnded() {
    if (!begun) {
      reservation.release();
    }
  }

  @Override
  public final void settle(Usage usage, BigDecimal costUsd) {
    if (usage == null) {
      reservation.release();
    } else {
      reservation.settle(amounts(usage, costUsd));
    }
  }

  @Override
  public final void forfeit() {
    reservation.forfeit();
  }

  @Override
  public final void forfeit(Usage told, BigDecimal costUsd) {
    if (told == null) {
      reservation.forfeit();
    } else {
      reservation.forfeit(amounts(told, costUsd));
    }
  }

  private static Amounts amounts(Usage usage, BigDecimal costUsd) {
    return costUsd == null
        ? Amounts.unpriced(usage.total(), 1)
        : new Amounts(BudgetUnit.USD.parts(costUsd), usage.total(), 1);
  }
}
