package io.flyball.engine.limit;

/**
 * So much of one kind as the calls of one value of a scope may have. Guarded by the limiter's lock.
 */
abstract class Quota {
  private final LimitKind kind;
  private long limit = Limits.UNLIMITED;

  /** Null where it is this JVM's alone. */
  private LimitShare share;

  Quota(LimitKind kind) {
    this.kind = kind;
  }

  /** What is used by this JVM's own counting. */
  abstract long used(long now);

  /**
   * How long until that amount may pass if so much is allowed, and nothing else passes meanwhile;
   * 0: now, {@link Long#MAX_VALUE}: time alone does not help.
   */
  abstract long nanosUntil(long amount, long allowed, long now);

  final LimitKind kind() {
    return kind;
  }

  /** {@link Limits#UNLIMITED} for none. */
  final long limit() {
    return limit;
  }

  final boolean isLimited() {
    return limit != Limits.UNLIMITED;
  }

  /**
   * From now on that holds.
   *
   * @param sharing makes what this JVM has of it; null where it is this JVM's alone
   */
  final void limit(long next, LimitShare.Maker sharing) {
    limit = next;
    if (sharing == null || !isLimited()) {
      forget();
    } else if (share == null) {
      share = sharing.shareOf(this);
    }
  }

  /** What this JVM has of it is of no use any more. */
  final void forget() {
    if (share != null) {
      share.forget();
      share = null;
    }
  }

  /** Null where it is this JVM's alone. */
  final LimitShare share() {
    return share;
  }

  /** How long until that amount may pass, as {@link Gate#nanosUntil} says it. */
  final long nanosUntil(long amount, long now) {
    if (!isLimited()) {
      return 0;
    }
    return share == null ? nanosUntil(amount, limit, now) : share.nanosUntil(amount, now);
  }

  /**
   * Somebody waits who needs that amount.
   *
   * @param all what all need who wait
   */
  final void ask(long amount, long all, long now) {
    if (share != null && isLimited()) {
      share.ask(amount, all, now);
    }
  }

  /** Whether more was asked for, and the answer is worth waiting for. */
  final boolean isAsking() {
    return share != null && isLimited() && share.isAsking();
  }

  /** That amount has passed. */
  final void passed(long amount, long now) {
    if (share != null && isLimited()) {
      share.passed(amount, now);
    }
  }

  /** Less is used than before. */
  final void returned(long now) {
    if (share != null && isLimited()) {
      share.returned(now);
    }
  }

  /** Places: calls under way. */
  static final class Places extends Quota {
    private long taken;

    Places() {
      super(LimitKind.CONCURRENCY);
    }

    @Override
    long used(long now) {
      return taken;
    }

    @Override
    long nanosUntil(long amount, long allowed, long now) {
      return taken < allowed ? 0 : Long.MAX_VALUE;
    }

    void take(long now) {
      taken++;
      passed(1, now);
    }

    void giveBack(long now) {
      taken--;
      returned(now);
    }
  }

  /** What a sliding minute holds: requests or tokens. */
  static final class Minute extends Quota {
    private final long origin;

    /** Null before the first; most values have no limit of each kind. */
    private SlidingMinute counts;

    Minute(LimitKind kind, long origin) {
      super(kind);
      this.origin = origin;
    }

    @Override
    long used(long now) {
      return counts == null ? 0 : counts.sum(limit(), now);
    }

    @Override
    long nanosUntil(long amount, long allowed, long now) {
      return counts == null ? 0 : counts.nanosUntil(amount, allowed, limit(), now);
    }

    SlidingMinute.Entry add(long amount, long now) {
      counts = counts == null ? new SlidingMinute(origin) : counts;
      SlidingMinute.Entry entry = counts.add(amount, limit(), now);
      passed(amount, now);
      return entry;
    }

    void takeBack(SlidingMinute.Entry entry, long amount, long now) {
      counts.takeBack(entry, amount, limit(), now);
      returned(now);
    }
  }
}
