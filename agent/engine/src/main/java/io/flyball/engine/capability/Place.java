package io.flyball.engine.capability;

/**
 * The order in which stages stand between the application and the wire, outermost first. Of several
 * at one place the one that was named first is the outer one.
 *
 * <p>What stands before {@link #RETRY} sees a call once for each target, what stands before {@link
 * #FALLBACK} once; what stands behind {@link #RETRY} sees each attempt.
 */
public enum Place {
  /**
   * Stages of other jars: they see the application's own headers, and answers that have committed.
   */
  ADDED,
  /** Tells the SDK not to ask again what has been given up. */
  SDK_RETRIES,
  /** Holds back whose calls are not usual. */
  THROTTLE,
  /** Limits of calls: how many at once, how many in a minute. */
  CALL_LIMITS,
  /** Goes on with a stream that broke. */
  RECOVERY,
  /** Asks the next target. */
  FALLBACK,
  /** What one call may be at most. */
  REQUEST_LIMITS,
  /** Asks the same target again. */
  RETRY,
  /** Limits of what is sent to one target. */
  TARGET_LIMITS,
  /** Reserves what an attempt may cost, and books what it did. */
  BUDGET,
  /** Keeps attempts away from what keeps failing. */
  BREAKER,
  /** Asks for what the provider only reports when asked. */
  ASK_FOR_USAGE,
  /** Judges when an attempt has answered, and how long it may take. */
  ATTEMPT,
  /** Takes away from answers what the application did not ask for. */
  EDITS
}
