package io.flyball.engine;

import io.flyball.engine.call.InternalErrors;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;

/** Logs the first failure of every place and counts them all. */
public final class ReportedErrors implements InternalErrors {
  private final BiConsumer<String, Throwable> log;
  private final Map<String, LongAdder> counts = new ConcurrentHashMap<>();

  /**
   * @param log told of the first failure of a place
   */
  public ReportedErrors(BiConsumer<String, Throwable> log) {
    this.log = log;
  }

  @Override
  public void report(String place, Throwable failure) {
    try {
      LongAdder first = new LongAdder();
      LongAdder known = counts.putIfAbsent(place, first);
      (known == null ? first : known).increment();
      if (known == null) {
        log.accept(place, failure);
      }
    } catch (Throwable nobodyLeftToTell) {
      // A report must not fail what it reports on.
    }
  }

  /** How often each place failed so far, by name. */
  public Map<String, Long> counts() {
    Map<String, Long> snapshot = new TreeMap<>();
    counts.forEach((place, count) -> snapshot.put(place, count.sum()));
    return snapshot;
  }

  /** How often anything failed so far. */
  public long total() {
    long total = 0;
    for (LongAdder count : counts.values()) {
      total += count.sum();
    }
    return total;
  }
}
