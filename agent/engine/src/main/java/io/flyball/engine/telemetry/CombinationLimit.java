package io.flyball.engine.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the number of distinct combinations of tags bounded, since values that are few each can be
 * many together: combinations beyond the limit become one, all of {@link ValueLimit#OTHER}. Thread
 * safe; under contention a few more may get through.
 */
final class CombinationLimit {
  private final int limit;
  private final Set<MetricTags> known = ConcurrentHashMap.newKeySet();

  CombinationLimit(int limit) {
    this.limit = limit;
  }

  MetricTags apply(MetricTags tags) {
    if (known.contains(tags)) {
      return tags;
    }
    if (known.size() >= limit) {
      MetricTags other = MetricTags.NONE;
      for (String name : tags.asMap().keySet()) {
        boolean number = name.equals(GenAiConventions.SERVER_PORT);
        other = other.and(name, number ? null : ValueLimit.OTHER);
      }
      return other;
    }
    known.add(tags);
    return tags;
  }
}
