package io.flyball.engine.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What one attempt may take from its accounts, until it is settled; once. Thread safe. */
public final class Reservation {
  static final Reservation NONE = new Reservation(null, 0);

  private final Ledger ledger;
  private final Ledger.Account[] accounts;
  private final long[] amounts;
  private final long[] windows;
  private int size;

  /** Under the ledger's lock: who settles a second time finds the first settlement done. */
  private boolean settled;

  Reservation(Ledger ledger, int most) {
    this.ledger = ledger;
    this.accounts = new Ledger.Account[most];
    this.amounts = new long[most];
    this.windows = new long[most];
  }

  void add(Ledger.Account account, long amount) {
    accounts[size] = account;
    amounts[size] = amount;
    windows[size] = account.windowStart;
    size++;
  }

  /** Under the ledger's lock. */
  void enter() {
    for (int i = 0; i < size; i++) {
      accounts[i].reserved = plus(accounts[i].reserved, amounts[i]);
      accounts[i].write();
    }
  }

  /**
   * Under the ledger's lock; gives the marks that are passed by it.
   *
   * @param actual null: all that was reserved
   */
  List<BudgetAlert> leave(Amounts actual) {
    List<BudgetAlert> passed = new ArrayList<>(0);
    if (settled) {
      return passed;
    }
    settled = true;
    for (int i = 0; i < size; i++) {
      Ledger.Account account = accounts[i];
      if (account.windowStart != windows[i]) {
        continue;
      }
      account.reserved = Math.max(0, account.reserved - amounts[i]);
      long spent = actual == null ? amounts[i] : actual.of(account.budget.unit());
      // Without a price nothing can be charged.
      account.used = plus(account.used, spent == Long.MAX_VALUE ? 0 : spent);
      account.write();
      Budget budget = account.budget;
      if (!account.alerted && account.used >= budget.limit() * budget.alertAt()) {
        account.alerted = true;
        passed.add(new BudgetAlert(budget, account.key, account.used));
      }
    }
    return passed;
  }

  /** Under the ledger's lock: those it takes from. */
  void eachAccount(Consumer<Ledger.Account> visitor) {
    for (int i = 0; i < size; i++) {
      visitor.accept(accounts[i]);
    }
  }

  private static long plus(long sum, long more) {
    long result = sum + more;
    return result < 0 ? Long.MAX_VALUE : result;
  }

  /** Replaces what was reserved by what it did cost; the first word counts. */
  public void settle(Amounts actual) {
    if (size > 0) {
      ledger.settle(this, actual);
    }
  }

  /** Takes all that was reserved for spent. */
  void forfeit() {
    settle(null);
  }

  /** Gives everything back. */
  public void release() {
    settle(Amounts.NOTHING);
  }
}
