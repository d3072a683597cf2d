package io.flyball.engine.limit;

/** One thing that calls wait for. Guarded by the limiter's lock. */
abstract class Gate {
  /** How many wait for it, perhaps among other things. */
  int waiting;

  /** How many tokens all of them will use. */
  long waitingTokens;

  /** The last round of the queue in which somebody was found who could not pass it. */
  long blockedInRound;

  /**
   * How long until a call with that many tokens may pass, if nobody else does meanwhile; 0: now,
   * {@link Long#MAX_VALUE}: time alone does not help.
   */
  abstract long nanosUntil(long tokens, long now);

  /** How long nobody can pass for certain. */
  long nanosClosed(long now) {
    return 0;
  }

  /** A call with that many tokens is the first that waits for it: others may have what it needs. */
  void ask(long tokens, long now) {}

  /** Whether others were asked, and their answer is worth waiting for. */
  boolean isAsking() {
    return false;
  }

  /** It is forgotten: what others lent is of no use any more. */
  void forget() {}

  /** Lets a call pass, whether there is room or not. */
  abstract Hold take(long tokens, long now);

  /** Why a call with that many tokens cannot pass. */
  abstract Refusal refusal(long tokens, long now);

  /** Whether forgetting it would hurt anybody at the moment. */
  abstract boolean isInUse();

  /** A call that has passed. */
  abstract static class Hold {
    private final Gate gate;

    Hold(Gate gate) {
      this.gate = gate;
    }

    boolean isAwaited() {
      return gate.waiting > 0;
    }

    /** The call has ended; told once. */
    void end(long now) {}

    /** It turns out to have that many tokens more, or fewer when negative. */
    void adjust(long tokens, long now) {}

    /** It was never sent; what is said of its tokens is said separately. */
    void giveBack(long now) {}

    /** See {@link PressureGate#tooMuch}. */
    void tooMuch(long askedAt, long retryAfterNanos, long now) {}
  }
}
