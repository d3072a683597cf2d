package io.flyball.engine.budget;

/** What stands in one account at one moment. Amounts in the unit's smallest parts. Immutable. */
public final class BudgetState {
  private final Budget budget;
  private final String account;
  private final long used;
  private final long reserved;
  private final long windowEnd;

  BudgetState(Budget budget, String account, long used, long reserved, long windowEnd) {
    this.budget = budget;
    this.account = account;
    this.used = used;
    this.reserved = reserved;
    this.windowEnd = windowEnd;
  }

  public Budget budget() {
    return budget;
  }

  public String account() {
    return account;
  }

  public long used() {
    return used;
  }

  /** For calls under way. */
  public long reserved() {
    return reserved;
  }

  /** Milliseconds since the epoch. */
  public long windowEnd() {
    return windowEnd;
  }
}
