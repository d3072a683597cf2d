package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.BillingProvider.Bill;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.Budget.Action;
import io.flyball.engine.budget.Budget.Dimension;
import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.Ledger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a provider bills in a window of a hard budget is no more than its limit, by a plain sum over
 * the provider's own books.
 *
 * <p>Windows are those of the true time. One counts from when the budget was first asked in it
 * while the clock was right: nobody can know better, and what is asked by a wrong clock alone is in
 * that clock's window. Thread safe as long as no clock is set and no JVM ends.
 */
final class HardBudgetLaw {
  /** So long a call may go on under the limits that it began with. */
  private static final long LONGEST_CALL = 15 * 60_000L;

  private static final long LONGEST_WINDOW = 32 * 24 * 60 * 60_000L;

  /** Dollars for a million tokens, in the smallest parts for one. */
  private static final long INPUT = 150_000;

  private static final long OUTPUT = 600_000;
  private static final long SMALL_INPUT = 100_000;
  private static final long SMALL_OUTPUT = 400_000;

  private final SetClock clock;
  private final List<List<Budget>> inForce = new ArrayList<>();
  private final List<Long> since = new ArrayList<>();

  /**
   * Budget, tenant and start of windows in which it was asked by the right clock, and how much was
   * billed before: a wrong clock may have had two windows in that one.
   */
  private final Map<String, Integer> known = new HashMap<>();

  /** Budget and start of windows of which nothing can be known. */
  private final Set<String> lost = new HashSet<>();

  private boolean wasSet;
  private boolean everSet;

  /** The account that had more spent and set aside than its limit when something was sent. */
  private volatile String passed;

  private boolean exact = true;
  private boolean damaged;

  HardBudgetLaw(SetClock clock, List<Budget> budgets) {
    this.clock = clock;
    isNow(budgets);
  }

  /** These limits are in force from now on. */
  synchronized void isNow(List<Budget> budgets) {
    inForce.add(budgets);
    since.add(clock.trueMillis());
  }

  private List<Budget> budgets() {
    return inForce.get(inForce.size() - 1);
  }

  /**
   * @param bills how many there are by now
   */
  synchronized void asked(String tenant, int bills) {
    if (clock.isRight()) {
      for (Budget budget : budgets()) {
        known.putIfAbsent(key(budget, tenant, clock.trueMillis()), bills);
      }
    }
  }

  void clockIsSet() {
    wasSet = true;
    everSet = true;
    exact = false;
  }

  /** A JVM takes the clock that it begins with at its word. */
  void jvmEnds() {
    exact = false;
    if (wasSet) {
      for (Budget budget : budgets()) {
        lost.add(key(budget, "", clock.trueMillis()));
      }
    }
    wasSet = !clock.isRight();
  }

  /** Accounts may have used up what their limits are. */
  void isDamaged() {
    damaged = true;
  }

  synchronized void isNotExact() {
    exact = false;
  }

  /** An attempt goes out. */
  void sends(Ledger ledger) {
    for (BudgetState state : ledger.states(clock.epochMillis())) {
      // Where the clock was set, what was spent in two windows may count in one.
      if (isHard(state.budget()) && passed == null && !everSet) {
        long now = state.used() + state.reserved();
        long most = most(state.budget(), clock.trueMillis() - LONGEST_WINDOW);
        // Who is told here is a transport, whose failures are those of an attempt.
        passed = now <= most ? null : state.account() + " has " + now + " of " + most;
      }
    }
  }

  private static boolean isHard(Budget budget) {
    return budget.action() != Action.WARN;
  }

  /** The highest limit since then. */
  private long most(Budget budget, long from) {
    long most = 0;
    for (int i = 0; i < inForce.size(); i++) {
      boolean over = i + 1 < since.size() && since.get(i + 1) + LONGEST_CALL < from;
      if (!over) {
        most = Math.max(most, named(inForce.get(i), budget.name()).limit());
      }
    }
    return most;
  }

  private static Budget named(List<Budget> budgets, String name) {
    for (Budget each : budgets) {
      if (each.name().equals(name)) {
        return each;
      }
    }
    throw new AssertionError(name);
  }

  private static String key(Budget budget, String tenant, long millis) {
    return budget.name() + '/' + tenant + '/' + budget.window().startOf(millis);
  }

  synchronized void holds(List<Bill> bills) {
    assertThat(passed).isNull();
    for (Budget budget : budgets()) {
      if (!isHard(budget)) {
        continue;
      }
      Map<String, Long> sums = new HashMap<>();
      for (int i = 0; i < bills.size(); i++) {
        Bill bill = bills.get(i);
        Integer since = known.get(key(budget, bill.tenant, bill.sentMillis));
        if (since != null && !lost.contains(key(budget, "", bill.sentMillis))) {
          String account = account(budget, bill);
          long sum = sums.merge(account, billed(budget.unit(), bill), Long::sum);
          if (i < since) {
            continue;
          }
          assertThat(sum)
              .as("billed for %s in %s: %s", account, budget.window(), of(account, budget, bills))
              .isLessThanOrEqualTo(most(budget, budget.window().startOf(bill.sentMillis)));
        }
      }
    }
  }

  private static List<Bill> of(String account, Budget budget, List<Bill> bills) {
    List<Bill> of = new ArrayList<>();
    for (Bill bill : bills) {
      if (account(budget, bill).equals(account)) {
        of.add(bill);
      }
    }
    return of;
  }

  private static String account(Budget budget, Bill bill) {
    return budget.name()
        + '|'
        + (budget.scope().contains(Dimension.TENANT) ? bill.tenant : "")
        + '|'
        + (budget.scope().contains(Dimension.MODEL) ? bill.model : "")
        + '|'
        + budget.window().startOf(bill.sentMillis);
  }

  private static long billed(BudgetUnit unit, Bill bill) {
    if (bill.tokens() == 0) {
      return 0;
    }
    switch (unit) {
      case CALLS:
        return 1;
      case TOKENS:
        return bill.tokens();
      default:
        boolean small = bill.model.equals("gpt-4.1-nano");
        return (small ? SMALL_INPUT : INPUT) * bill.prompt
            + (small ? SMALL_OUTPUT : OUTPUT) * bill.output();
    }
  }

  /** The accounts say what the provider's books say, and more only where nobody was told. */
  void isTheSameAs(List<BudgetState> states, List<Bill> bills) {
    for (BudgetState state : states) {
      Budget budget = state.budget();
      long sum = 0;
      boolean said = exact;
      for (Bill bill : bills) {
        boolean in =
            budget.window().startOf(bill.sentMillis)
                == budget.window().startOf(state.windowEnd() - 1);
        if (in && state.account().equals(named(budget, bill))) {
          sum += billed(budget.unit(), bill);
          said &= bill.wasSaid();
        }
      }
      if (said) {
        assertThat(state.used()).as(state.account()).isEqualTo(sum);
      } else if (!everSet && !damaged) {
        assertThat(state.used()).as(state.account()).isGreaterThanOrEqualTo(sum);
      }
    }
  }

  private static String named(Budget budget, Bill bill) {
    String name = budget.name();
    name += budget.scope().contains(Dimension.TENANT) ? "|=" + bill.tenant : "";
    return name + (budget.scope().contains(Dimension.MODEL) ? "|=" + bill.model : "");
  }
}
