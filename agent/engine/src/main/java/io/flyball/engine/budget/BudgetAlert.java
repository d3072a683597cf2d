package io.flyball.engine.budget;

import java.util.Locale;

/** An account has passed a mark of its budget. Immutable. */
public final class BudgetAlert {

  /** Which of them. */
  public enum Mark {
    /** The share of the limit from which the user wants to be told. */
    ALERT_AT,
    /**
     * All of it is spent, or so much beyond the first mark that what is left did not pay for a
     * call.
     */
    EXHAUSTED;

    /** The word used in metrics, events and pages. */
    public String label() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Budget budget;
  private final String account;
  private final Mark mark;
  private final long used;
  private final long windowEnd;

  BudgetAlert(Budget budget, String account, Mark mark, long used, long windowEnd) {
    this.budget = budget;
    this.account = account;
    this.mark = mark;
    this.used = used;
    this.windowEnd = windowEnd;
  }

  public Budget budget() {
    return budget;
  }

  /** The budget's name, with the values of its scope behind it. */
  public String account() {
    return account;
  }

  /** The same in words: {@code budget `day`, tenant acme}. */
  public String title() {
    return budget.inWords(account);
  }

  public Mark mark() {
    return mark;
  }

  /** In the unit's smallest parts. */
  public long used() {
    return used;
  }

  /** When the account begins anew; milliseconds since the epoch. */
  public long windowEnd() {
    return windowEnd;
  }

  /** For the log. */
  @Override
  public String toString() {
    return title()
        + ": "
        + budget.unit().inWords(used)
        + " of "
        + budget.unit().inWords(budget.limit())
        + " spent"
        + (mark == Mark.EXHAUSTED ? ", it is exhausted" : "");
  }
}
