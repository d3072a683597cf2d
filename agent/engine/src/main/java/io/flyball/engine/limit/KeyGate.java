package io.flyball.engine.limit;

/** The limits of one value of a scope. Guarded by the limiter's lock. */
final class KeyGate extends Gate {
  private final LimitScope scope;
  private final String value;
  private final long origin;
  private Limits limits;
  private long underWay;
  private SlidingMinute requests;
  private SlidingMinute tokens;

  /**
   * @param origin where the seconds begin in which it counts; the same for all, so that those who
   *     wait for several gates find them open at the same time
   */
  KeyGate(LimitScope scope, String value, Limits limits, long origin) {
    this.scope = scope;
    this.value = value;
    this.origin = origin;
    this.limits = limits;
  }

  LimitScope scope() {
    return scope;
  }

  String value() {
    return value;
  }

  void limit(Limits next) {
    limits = next;
  }

  @Override
  long nanosUntil(long amount, long now) {
    if (underWay >= limits.concurrency()) {
      return Long.MAX_VALUE;
    }
    return Math.max(nanosUntilRequest(now), nanosUntilTokens(amount, now));
  }

  private long nanosUntilRequest(long now) {
    boolean none = limits.rpm() == Limits.UNLIMITED || requests == null;
    return none ? 0 : requests.nanosUntil(1, limits.rpm(), now);
  }

  private long nanosUntilTokens(long amount, long now) {
    boolean none = limits.tpm() == Limits.UNLIMITED || tokens == null;
    return none ? 0 : tokens.nanosUntil(amount, limits.tpm(), now);
  }

  @Override
  Hold take(long amount, long now) {
    underWay++;
    SlidingMinute.Entry request = null;
    if (limits.rpm() != Limits.UNLIMITED) {
      requests = requests == null ? new SlidingMinute(origin) : requests;
      request = requests.add(1, limits.rpm(), now);
    }
    SlidingMinute.Entry counted = null;
    if (limits.tpm() != Limits.UNLIMITED) {
      tokens = tokens == null ? new SlidingMinute(origin) : tokens;
      counted = tokens.add(amount, limits.tpm(), now);
    }
    return new KeyHold(request, counted);
  }

  @Override
  Refusal refusal(long amount, long now) {
    long tooManyTokens = nanosUntilTokens(amount, now);
    long tooManyRequests = nanosUntilRequest(now);
    if (underWay >= limits.concurrency()) {
      return new Refusal(LimitKind.CONCURRENCY, scope, -1);
    }
    if (tooManyRequests > 0) {
      return new Refusal(LimitKind.REQUESTS, scope, tooManyRequests);
    }
    if (tooManyTokens > 0) {
      return new Refusal(LimitKind.TOKENS, scope, tooManyTokens);
    }
    return new Refusal(usualKind(), scope, -1);
  }

  /** What others who came before probably wait for. */
  private LimitKind usualKind() {
    if (limits.concurrency() != Limits.UNLIMITED) {
      return LimitKind.CONCURRENCY;
    }
    return limits.rpm() != Limits.UNLIMITED ? LimitKind.REQUESTS : LimitKind.TOKENS;
  }

  @Override
  boolean isInUse() {
    return underWay > 0 || waiting > 0;
  }

  LimitState state(long now) {
    return new LimitState(
        scope,
        value,
        limits,
        underWay,
        requests == null ? 0 : requests.sum(limits.rpm(), now),
        tokens == null ? 0 : tokens.sum(limits.tpm(), now),
        waiting);
  }

  private final class KeyHold extends Hold {
    private final SlidingMinute.Entry request;
    private final SlidingMinute.Entry counted;

    KeyHold(SlidingMinute.Entry request, SlidingMinute.Entry counted) {
      super(KeyGate.this);
      this.request = request;
      this.counted = counted;
    }

    @Override
    void end() {
      underWay--;
    }

    @Override
    void adjust(long more, long now) {
      if (counted == null) {
        return;
      }
      if (more > 0) {
        tokens.add(more, limits.tpm(), now);
      } else {
        tokens.takeBack(counted, -more, limits.tpm(), now);
      }
    }

    @Override
    void giveBack(long now) {
      if (request != null) {
        requests.takeBack(request, 1, limits.rpm(), now);
      }
    }
  }
}
