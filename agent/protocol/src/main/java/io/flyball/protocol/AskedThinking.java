package io.flyball.protocol;

import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonValue;

/**
 * How many tokens a request lets a model think, where that may come on top of the limit of its
 * answer: gateways that translate a request add both, where an API of its own takes thinking to be
 * within the limit.
 */
public final class AskedThinking {
  private long beside;
  private long within;
  private long floor;

  /** Said where it comes on top of the limit. */
  public void beside(JsonValue value) {
    beside = Math.max(beside, atMost(value));
  }

  /** Said where it is within the limit, unless the request is handed on in another format. */
  public void within(JsonValue value) {
    within = Math.max(within, atMost(value));
  }

  /** Said where it is within the limit, by whomever it is handed on. */
  public void floor(JsonValue value) {
    floor = Math.max(floor, atMost(value));
  }

  private static long atMost(JsonValue value) {
    Long tokens = value.countAtMost();
    return tokens == null ? 0 : tokens;
  }

  /**
   * What comes on top of a limit.
   *
   * @param limit null where there is none, and nothing can come on top
   * @param translated whether whoever is asked may hand the request on in another format, and take
   *     for on top what is said to be within
   */
  public long beyond(Long limit, boolean translated) {
    if (limit == null) {
      return 0;
    }
    // A limit that is no more than what is thought cannot hold for both.
    long most = beside;
    most = translated || within >= limit ? Math.max(most, within) : most;
    return floor >= limit ? Math.max(most, floor) : most;
  }

  /** A limit, with what comes on top of it. */
  public static Long with(Long limit, long beyond) {
    return limit == null || beyond == 0 ? limit : (Long) Counts.plus(limit, beyond);
  }
}
