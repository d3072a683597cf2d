package io.flyball.engine.budget;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The budgets there are. Immutable. */
public final class BudgetSettings {
  public static final BudgetSettings NONE =
      new BudgetSettings(Collections.<Budget>emptyList(), false, 0);

  private final List<Budget> budgets;
  private final boolean admitsUnpriced;
  private final long maxWaitNanos;

  /**
   * @param admitsUnpriced whether a model without a known price may be used while there are budgets
   *     of money
   * @param maxWaitNanos how long a call waits while others that may cost less than is reserved for
   *     them are in its way
   */
  public BudgetSettings(List<Budget> budgets, boolean admitsUnpriced, long maxWaitNanos) {
    this.budgets = Collections.unmodifiableList(new ArrayList<>(budgets));
    this.admitsUnpriced = admitsUnpriced;
    this.maxWaitNanos = maxWaitNanos;
  }

  public List<Budget> budgets() {
    return budgets;
  }

  /** Whether some budget answers with the last good answer. */
  public boolean needsLastAnswers() {
    for (Budget budget : budgets) {
      if (budget.action() == Budget.Action.CACHE) {
        return true;
      }
    }
    return false;
  }

  /** Whether some budget may never be exceeded, so that a call that cannot be judged is refused. */
  public boolean isHard() {
    for (Budget budget : budgets) {
      if (budget.isHard()) {
        return true;
      }
    }
    return false;
  }

  boolean admitsUnpriced() {
    return admitsUnpriced;
  }

  long maxWaitNanos() {
    return maxWaitNanos;
  }
}
