package io.flyball.engine;

import io.flyball.base.InternalErrors;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/** Counts the failures of every place. */
public final class ReportedErrors implements InternalErrors {
  private final Map<String, Long> counts = Collections.synchronizedMap(new TreeMap<>());

  @Override
  public void report(String place, Throwable failure) {
    counts.merge(place, 1L, Long::sum);
  }

  public Map<String, Long> counts() {
    return counts;
  }

  long total() {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }
}
