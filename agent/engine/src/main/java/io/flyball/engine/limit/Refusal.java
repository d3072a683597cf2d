package io.flyball.engine.limit;

/** Why a call was not let through. Immutable. */
public final class Refusal {
  private final LimitKind kind;
  private final LimitScope scope;
  private final long retryAfterNanos;

  Refusal(LimitKind kind, LimitScope scope, long retryAfterNanos) {
    this.kind = kind;
    this.scope = scope;
    this.retryAfterNanos = retryAfterNanos;
  }

  /** What there is too much of. */
  public LimitKind kind() {
    return kind;
  }

  /** Whose limit it is. */
  public LimitScope scope() {
    return scope;
  }

  /** When it may be let through, if nobody else is before; in nanoseconds, -1: nobody knows. */
  public long retryAfterNanos() {
    return retryAfterNanos;
  }

  @Override
  public String toString() {
    return kind + " of " + scope;
  }
}
