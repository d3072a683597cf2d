package io.flyball.engine.meter;

import io.flyball.base.InternalErrors;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.CallSink;
import io.flyball.engine.price.CallPricing;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * Settles what was set aside for a call on the thread it ends on, where its whole bill was told: a
 * bill that is larger than what was set aside must not wait in a queue while the next call is let
 * through. What has to be estimated is left to whoever handles the record, who settles what is not
 * settled yet. Thread safe.
 */
public final class SettledAtOnce implements CallSink {
  private final CallSink next;
  private final Supplier<CallPricing> pricing;
  private final InternalErrors errors;
  private final SettlingListener settling = new SettlingListener();

  /**
   * @param next takes every record, after that
   * @param pricing gives what prices calls without waiting for it, or null as long as it is not at
   *     hand
   */
  public SettledAtOnce(CallSink next, Supplier<CallPricing> pricing, InternalErrors errors) {
    this.next = Objects.requireNonNull(next, "next");
    this.pricing = Objects.requireNonNull(pricing, "pricing");
    this.errors = Objects.requireNonNull(errors, "errors");
  }

  @Override
  public void accept(CallRecord record) {
    try {
      if (isSetAsideFor(record)) {
        settle(record);
      }
    } catch (Throwable failure) {
      errors.report("settlement", failure);
    }
    next.accept(record);
  }

  private static boolean isSetAsideFor(CallRecord record) {
    for (AttemptRecord attempt : record.attempts()) {
      if (attempt.settlement() != null) {
        return true;
      }
    }
    return false;
  }

  private void settle(CallRecord record) {
    CallPricing known = pricing.get();
    CallRecord priced = known == null ? null : known.priceOfReported(record);
    if (priced != null) {
      settling.callEnded(priced);
    }
  }
}
