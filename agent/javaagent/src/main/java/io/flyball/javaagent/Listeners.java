package io.flyball.javaagent;

import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.CallSink;
import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.price.CallPricing;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The end of the record queue: prices each call and tells those who listen. */
final class Listeners implements CallSink {
  private final Supplier<CallPricing> pricing;
  private volatile UnaryOperator<CallRecord> content = UnaryOperator.identity();
  private volatile UnaryOperator<CallRecord> names = UnaryOperator.identity();
  private volatile UnaryOperator<CallRecord> spans = UnaryOperator.identity();
  private volatile UnaryOperator<CallRecord> hashes = UnaryOperator.identity();
  private final List<CallListener> first = new CopyOnWriteArrayList<>();
  private final List<CallListener> listeners = new CopyOnWriteArrayList<>();
  private final InternalErrors errors;

  Listeners(Supplier<CallPricing> pricing, InternalErrors errors) {
    this.pricing = pricing;
    this.errors = errors;
  }

  /** Hears of a call before the others, while the record still has its content. */
  void addFirst(CallListener listener) {
    first.add(listener);
  }

  void add(CallListener listener) {
    listeners.add(listener);
  }

  /** What becomes of the content of calls before anybody hears of them. */
  void content(UnaryOperator<CallRecord> newContent) {
    this.content = newContent;
  }

  /** What becomes of what providers call things by, before anybody hears of it. */
  void names(UnaryOperator<CallRecord> shown) {
    this.names = shown;
  }

  /** What makes spans of calls, and has the others hear of their trace. */
  void spans(UnaryOperator<CallRecord> made) {
    this.spans = made;
  }

  /** What tells the prompts of calls from each other. */
  void hashes(UnaryOperator<CallRecord> made) {
    this.hashes = made;
  }

  @Override
  public void accept(CallRecord record) {
    CallRecord priced = with(names, "names", priced(record));
    tell(first, priced);
    tell(listeners, with(spans, "spans", withContent(with(hashes, "hashes", priced))));
  }

  private void tell(List<CallListener> those, CallRecord record) {
    for (CallListener listener : those) {
      try {
        listener.callEnded(record);
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

  private CallRecord with(UnaryOperator<CallRecord> more, String place, CallRecord record) {
    try {
      return more.apply(record);
    } catch (Throwable failure) {
      errors.report(place, failure);
      return record;
    }
  }

  private CallRecord withContent(CallRecord record) {
    try {
      return content.apply(record);
    } catch (Throwable failure) {
      errors.report("content", failure);
      return record.withoutContent();
    }
  }

  /** Has the listeners write out what they hold. */
  void flush() {
    flush(first);
    flush(listeners);
  }

  private void flush(List<CallListener> those) {
    for (CallListener listener : those) {
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
