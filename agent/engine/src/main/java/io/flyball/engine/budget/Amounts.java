package io.flyball.engine.budget;

/** What a call takes from budgets, in each unit's smallest parts. Immutable. */
public final class Amounts {
  public static final Amounts NOTHING = new Amounts(0, 0, 0);

  private final long usd;
  private final long tokens;
  private final long calls;
  private final boolean unpriced;

  /**
   * @param usd {@link Long#MAX_VALUE} when the price is not known
   */
  public Amounts(long usd, long tokens, long calls) {
    this(usd, tokens, calls, false);
  }

  private Amounts(long usd, long tokens, long calls, boolean unpriced) {
    if (usd < 0 || tokens < 0 || calls < 0) {
      throw new IllegalArgumentException("nothing is given back by a call");
    }
    this.usd = usd;
    this.tokens = tokens;
    this.calls = calls;
    this.unpriced = unpriced;
  }

  /** Of a call that nobody knows the cost of: what was set aside for that counts. */
  static Amounts unpriced(long tokens, long calls) {
    return new Amounts(0, tokens, calls, true);
  }

  /** Whether it is known how much of that unit. */
  boolean isKnown(BudgetUnit unit) {
    return !unpriced || unit != BudgetUnit.USD;
  }

  long of(BudgetUnit unit) {
    switch (unit) {
      case USD:
        return usd;
      case TOKENS:
        return tokens;
      default:
        return calls;
    }
  }

  /** No more than can be said. */
  static long plus(long sum, long more) {
    long result = sum + more;
    return result < 0 ? Long.MAX_VALUE : result;
  }
}
