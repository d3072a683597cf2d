package io.flyball.javaagent;

import io.flyball.base.InternalErrors;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.CallSink;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.time.Uninterrupted;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** The end of the record queue: prices each call and tells those who listen. */
final class Listeners implements CallSink {
  /**
   * Calls that may wait for who is to hear of them, and those of them that keep captured content.
   */
  private static final int MOST_EARLY = 10_000;

  private static final int MOST_EARLY_WITH_CONTENT = 100;

  private final Supplier<CallPricing> pricing;
  private volatile UnaryOperator<CallRecord> content = UnaryOperator.identity();
  private volatile UnaryOperator<CallRecord> names = UnaryOperator.identity();
  private volatile UnaryOperator<CallRecord> spans = UnaryOperator.identity();
  private volatile UnaryOperator<CallRecord> hashes = UnaryOperator.identity();
  private final List<CallListener> first = new CopyOnWriteArrayList<>();
  private final List<CallListener> settling = new CopyOnWriteArrayList<>();
  private final List<CallListener> listeners = new CopyOnWriteArrayList<>();
  private final InternalErrors errors;

  /** Calls that not everybody has heard of yet who is to; also the lock for the two below. */
  private final ArrayDeque<CallRecord> early = new ArrayDeque<>();

  private boolean holding;
  private boolean anyEarly;
  private final CountDownLatch released = new CountDownLatch(1);

  Listeners(Supplier<CallPricing> pricing, InternalErrors errors) {
    this.pricing = pricing;
    this.errors = errors;
  }

  /** Hears of a call before the others, while the record still has its content. */
  void addFirst(CallListener listener) {
    first.add(listener);
  }

  /** Hears of a call before those below, and at once whoever else is still awaited. */
  void settleWith(CallListener listener) {
    settling.add(listener);
  }

  void add(CallListener listener) {
    listeners.add(listener);
  }

  /**
   * Not everybody is there yet who is to hear of calls: until {@link #release} they are priced,
   * told to the first, and settled, and the rest waits.
   */
  void hold() {
    synchronized (early) {
      holding = true;
    }
  }

  /** Everybody is there: tells of the calls that waited, in their order. */
  void release() {
    while (true) {
      List<CallRecord> waited;
      synchronized (early) {
        if (early.isEmpty()) {
          holding = false;
          released.countDown();
          return;
        }
        waited = new ArrayList<>(early);
        early.clear();
      }
      // New ones wait meanwhile, so that they do not overtake these.
      waited.forEach(record -> tell(listeners, with(spans, "spans", record)));
    }
  }

  /**
   * Waits until no call waits any more.
   *
   * @return false when that took longer
   */
  boolean awaitRelease(long time, TimeUnit unit) {
    synchronized (early) {
      if (!anyEarly) {
        return true;
      }
    }
    return Uninterrupted.await(released, time, unit);
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
    CallRecord shown = withContent(with(hashes, "hashes", priced));
    if (waits(shown)) {
      tell(settling, shown);
      return;
    }
    CallRecord spanned = with(spans, "spans", shown);
    tell(settling, spanned);
    tell(listeners, spanned);
  }

  private boolean waits(CallRecord shown) {
    boolean tooMany;
    synchronized (early) {
      if (!holding) {
        return false;
      }
      anyEarly = true;
      early.add(
          early.size() < MOST_EARLY_WITH_CONTENT
              ? shown
              : shown.toBuilder().captured(null, null).build());
      tooMany = early.size() > MOST_EARLY;
      if (tooMany) {
        early.poll();
      }
    }
    if (tooMany) {
      errors.report("early calls", new IllegalStateException("too many wait to be told of"));
    }
    return true;
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
    flush(settling);
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
