package io.flyball.engine.call;

/** What a call is held to, as it was when it was made. Immutable. */
public final class CallTerms {
  /** Nothing ends it. */
  public static final CallTerms NONE = new CallTerms(CallLimit.NONE, Long.MAX_VALUE, -1);

  private final CallLimit limit;
  private final long beginNanos;
  private final int sdkRetries;

  /**
   * @param limit how long it may take
   * @param beginNanos how old it may be when an attempt begins; {@link Long#MAX_VALUE} for no limit
   * @param sdkRetries how often the SDK that makes it would make it again; -1: not known
   */
  public CallTerms(CallLimit limit, long beginNanos, int sdkRetries) {
    this.limit = limit;
    this.beginNanos = beginNanos;
    this.sdkRetries = sdkRetries;
  }

  public CallLimit limit() {
    return limit;
  }

  /** How old it may be when an attempt, or a wait for one, begins. */
  public long beginNanos() {
    return Math.min(limit.nanos(), beginNanos);
  }

  public int sdkRetries() {
    return sdkRetries;
  }
}
