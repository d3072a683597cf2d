package io.flyball.engine.telemetry;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Keeps the number of distinct values of a tag bounded: the first ones keep their names, all later
 * ones are called {@code other}. Thread safe; under contention a few more may get through.
 */
public final class ValueLimit {
  /** What values beyond the limit are called. */
  public static final String OTHER = "other";

  private final int limit;
  private final Set<String> known = ConcurrentHashMap.newKeySet();

  /**
   * @param limit how many values keep their names, one or more
   */
  public ValueLimit(int limit) {
    this.limit = limit;
  }

  /** The value, {@link #OTHER}, or null for null. */
  public String apply(String value) {
    if (value == null || known.contains(value)) {
      return value;
    }
    if (known.size() >= limit) {
      return OTHER;
    }
    known.add(value);
    return value;
  }
}
