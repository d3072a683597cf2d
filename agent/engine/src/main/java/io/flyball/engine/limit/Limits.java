package io.flyball.engine.limit;

/** How much is let through of one thing. Immutable. */
public final class Limits {
  /** Stands for no limit. */
  public static final long UNLIMITED = Long.MAX_VALUE;

  /** No limits at all. */
  public static final Limits NONE = new Limits(UNLIMITED, UNLIMITED, UNLIMITED);

  private final long concurrency;
  private final long rpm;
  private final long tpm;

  /** Each at least 1, or {@link #UNLIMITED}. */
  public Limits(long concurrency, long rpm, long tpm) {
    if (concurrency < 1 || rpm < 1 || tpm < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
    this.concurrency = concurrency;
    this.rpm = rpm;
    this.tpm = tpm;
  }

  /** Calls under way. */
  public long concurrency() {
    return concurrency;
  }

  /** Requests per minute. */
  public long rpm() {
    return rpm;
  }

  /** Tokens per minute. */
  public long tpm() {
    return tpm;
  }

  /** Whether nothing is limited. */
  public boolean isNone() {
    return concurrency == UNLIMITED && rpm == UNLIMITED && tpm == UNLIMITED;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Limits
        && ((Limits) other).concurrency == concurrency
        && ((Limits) other).rpm == rpm
        && ((Limits) other).tpm == tpm;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(concurrency) * 31 * 31 + Long.hashCode(rpm) * 31 + Long.hashCode(tpm);
  }

  @Override
  public String toString() {
    return "concurrency "
        + text(concurrency)
        + ", requests a minute "
        + text(rpm)
        + ", tokens a minute "
        + text(tpm);
  }

  private static String text(long limit) {
    return limit == UNLIMITED ? "off" : Long.toString(limit);
  }
}
