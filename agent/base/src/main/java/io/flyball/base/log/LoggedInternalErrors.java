package io.flyball.base.log;

import io.flyball.base.InternalErrors;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts Flyball's own failures and logs the first one of every place. */
public final class LoggedInternalErrors implements InternalErrors {
  private final Log log;
  private final LongAdder count = new LongAdder();

  public LoggedInternalErrors(Log log) {
    this.log = Objects.requireNonNull(log, "log");
  }

  @Override
  public void report(String place, Throwable failure) {
    try {
      count.increment();
      if (log.isFirst("internal error " + place)) {
        log.log(Level.ERROR, "internal error in " + place + ", told once", failure);
      }
    } catch (Throwable nowhereToTell) {
      // There is no memory left: whoever reports here is on the way to let a call through.
    }
  }

  @Override
  public void reportTold(String place, Throwable failure) {
    try {
      count.increment();
      if (log.isEnabled(Level.DEBUG) && log.isFirst("internal error " + place)) {
        log.log(Level.DEBUG, "failed: " + place, failure);
      }
    } catch (Throwable nowhereToTell) {
      // As above.
    }
  }

  /** How many failures were reported so far ({@code flyball.internal.errors}). */
  public long count() {
    return count.sum();
  }
}
