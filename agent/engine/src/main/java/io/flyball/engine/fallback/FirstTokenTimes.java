package io.flyball.engine.fallback;

import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long targets took to begin their latest answers. Bounded; thread safe. */
final class FirstTokenTimes {
  private static final int REMEMBERED = 100;
  private static final int ENOUGH = 10;
  private static final int MOST_KEYS = 500;

  private final Map<String, long[]> latest = new LinkedHashMap<>(16, 0.75f, true);

  synchronized void add(String key, long nanos) {
    long[] ring = latest.computeIfAbsent(key, each -> new long[REMEMBERED + 1]);
    int written = (int) ring[REMEMBERED]++;
    ring[written % REMEMBERED] = nanos;
    if (latest.size() > MOST_KEYS) {
      Iterator<long[]> oldest = latest.values().iterator();
      oldest.next();
      oldest.remove();
    }
  }

  /**
   * The time that this share of the latest answers began within, in nanoseconds; -1 while too few
   * are known.
   */
  long percentile(String key, double share) {
    long[] sorted;
    synchronized (this) {
      long[] ring = latest.get(key);
      if (ring == null || ring[REMEMBERED] < ENOUGH) {
        return -1;
      }
      sorted = Arrays.copyOf(ring, (int) Math.min(REMEMBERED, ring[REMEMBERED]));
    }
    Arrays.sort(sorted);
    return sorted[(int) Math.min(sorted.length - 1L, (long) Math.ceil(share * sorted.length) - 1)];
  }
}
