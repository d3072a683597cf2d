package io.flyball.engine.budget;

/** An account has passed the mark of its budget. Immutable. */
public final class BudgetAlert {
  private final Budget budget;
  private final String account;
  private final long used;

  BudgetAlert(Budget budget, String account, long used) {
    this.budget = budget;
    this.account = account;
    this.used = used;
  }

  public Budget budget() {
    return budget;
  }

  /** The budget's name, with the values of its scope behind it. */
  public String account() {
    return account;
  }

  /** In the unit's smallest parts. */
  public long used() {
    return used;
  }

  /** For the log. */
  @Override
  public String toString() {
    return "budget "
        + account
        + ": "
        + budget.unit().inWords(used)
        + " of "
        + budget.unit().inWords(budget.limit())
        + " spent";
  }
}
