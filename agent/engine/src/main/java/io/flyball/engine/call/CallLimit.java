package io.flyball.engine.call;

/** How long a call may take, and who says so. Immutable. */
public final class CallLimit {
  /** For ever. */
  public static final CallLimit NONE = new CallLimit(Long.MAX_VALUE, "");

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long MILLIS_PER_SECOND = 1_000;

  private final long nanos;
  private final String whose;

  /**
   * @param nanos from the beginning of the call; {@link Long#MAX_VALUE} for ever
   * @param whose a setting's or a header's name, or whose deadline it is
   */
  public CallLimit(long nanos, String whose) {
    this.nanos = nanos;
    this.whose = whose;
  }

  /** This one, or the other where that is shorter. */
  public CallLimit and(long otherNanos, String whoseOther) {
    return otherNanos < nanos ? new CallLimit(otherNanos, whoseOther) : this;
  }

  public long nanos() {
    return nanos;
  }

  public boolean isNone() {
    return nanos == Long.MAX_VALUE;
  }

  /** For example {@code 20 s (flyball.timeout.call)}. */
  @Override
  public String toString() {
    return isNone() ? "none" : inWords(Math.max(0, nanos)) + " (" + whose + ')';
  }

  /** A length of time for people: whole seconds, else milliseconds. */
  public static String inWords(long nanos) {
    long millis = nanos / NANOS_PER_MILLI;
    return millis % MILLIS_PER_SECOND == 0 ? millis / MILLIS_PER_SECOND + " s" : millis + " ms";
  }
}
