package io.flyball.engine.budget;

/** What stands in one account at one moment. Amounts in the unit's smallest parts. Immutable. */
public final class BudgetState {
  private final Budget budget;
  private final String account;
  private final long used;
  private final long reserved;
  private final long windowEnd;
  private final long leased;
  private final long fleetUsed;
  private final long fleetAsOf;

  /**
   * @param share null when other JVMs do not spend from it
   */
  BudgetState(
      Budget budget, String account, long used, long reserved, long windowEnd, AccountShare share) {
    this.leased = share == null ? 0 : share.granted();
    this.fleetUsed = share == null ? used : share.fleetUsed();
    this.fleetAsOf = share == null ? 0 : share.asOf();
    this.budget = budget;
    this.account = account;
    this.used = used;
    this.reserved = reserved;
    this.windowEnd = windowEnd;
  }

  public Budget budget() {
    return budget;
  }

  /** As machines call it: {@code day|=acme}. */
  public String account() {
    return account;
  }

  /** As people do: {@code budget `day`, tenant acme}. */
  public String title() {
    return budget.inWords(account);
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

  /** What this JVM may spend without asking others, what it has spent included. */
  public long leased() {
    return leased;
  }

  /** What all JVMs that share the account had spent when they were last heard of. */
  public long fleetUsed() {
    return fleetUsed;
  }

  /** When that was, in milliseconds since the epoch; 0: never, or nothing is shared. */
  public long fleetAsOf() {
    return fleetAsOf;
  }
}
