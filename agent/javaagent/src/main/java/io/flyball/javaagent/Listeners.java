package io.flyball.javaagent;

import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.CallSink;
import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.price.CallPricing;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The end of the record queue: prices each call and tells those who listen. */
final class Listeners implements CallSink {
  private final Supplier<CallPricing> pricing;
  private final List<CallListener> listeners;
  private final InternalErrors errors;

  Listeners(Supplier<CallPricing> pricing, List<CallListener> listeners, InternalErrors errors) {
    this.pricing = pricing;
    this.listeners = new ArrayList<>(listeners);
    this.errors = errors;
  }

  @Override
  public void accept(CallRecord record) {
    CallRecord priced = priced(record);
    for (CallListener listener : listeners) {
      try {
        listener.callEnded(priced);
      } catch (Throwable failure) {
        errors.report(place(listener), failure);
      }
    }
  }

  private CallRecord priced(CallRecord record) {
    try {
      return pricing.get().price(record);
    } catch (Throwable failure) {
      errors.report("pricing", failure);
      return record;
    }
  }

  /** Has the listeners write out what they hold. */
  void flush() {
    for (CallListener listener : listeners) {
      try {
        listener.flush();
      } catch (Throwable failure) {
        errors.report(place(listener), failure);
      }
    }
  }

  private static String place(CallListener listener) {
    return listener.getClass().getSimpleName();
  }
}
