package io.flyball.engine.limit;

/** Whether a call was let through. Immutable. */
public final class Admission {
  static final Admission UNLIMITED = new Admission(Lease.OF_NOTHING, null, 0);

  private final Lease lease;
  private final Refusal refusal;
  private final long waitedNanos;

  private Admission(Lease lease, Refusal refusal, long waitedNanos) {
    this.lease = lease;
    this.refusal = refusal;
    this.waitedNanos = waitedNanos;
  }

  static Admission granted(Lease lease, long waitedNanos) {
    return new Admission(lease, null, waitedNanos);
  }

  static Admission refused(Refusal refusal, long waitedNanos) {
    return new Admission(null, refusal, waitedNanos);
  }

  public boolean isGranted() {
    return lease != null;
  }

  /** What must be released when the call has ended; null when it was refused. */
  public Lease lease() {
    return lease;
  }

  /** Null when it was let through. */
  public Refusal refusal() {
    return refusal;
  }

  /** How long it waited, in nanoseconds. */
  public long waitedNanos() {
    return waitedNanos;
  }
}
