package io.flyball.engine.budget;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What one attempt may take from its accounts, until it is settled; once. Thread safe. */
public final class Reservation {
  static final Reservation NONE = new Reservation(null, 0);

  private final Ledger ledger;
  private final Account[] accounts;
  private final long[] amounts;
  private final int[] windows;
  private int size;

  /** In so many of them it stands: all, unless something failed in between. */
  private int entered;

  /** Under the ledger's lock: who settles a second time finds the first settlement done. */
  private boolean settled;

  Reservation(Ledger ledger, int most) {
    this.ledger = ledger;
    this.accounts = new Account[most];
    this.amounts = new long[most];
    this.windows = new int[most];
  }

  void add(Account account, long amount) {
    accounts[size] = account;
    amounts[size] = amount;
    windows[size] = account.window();
    size++;
  }

  /** Under the ledger's lock. */
  void enter() {
    for (int i = 0; i < size; i++) {
      Account account = accounts[i];
      account.opens();
      if (account.isOfOthers()) {
        ledger.countOthers();
      }
      long reserved = Amounts.plus(account.reserved, amounts[i]);
      entered = i + 1;
      account.reserved = reserved;
      account.write();
      if (account.share != null) {
        account.share.reserved();
      }
    }
  }

  /**
   * Under the ledger's lock; gives the marks that are passed by it.
   *
   * @param actual null: all that was reserved
   * @param atLeast whether all that was reserved counts where that is more
   */
  List<BudgetAlert> leave(Amounts actual, boolean atLeast) {
    List<BudgetAlert> passed = new ArrayList<>(0);
    if (settled) {
      return passed;
    }
    settled = true;
    for (int i = 0; i < entered; i++) {
      Account account = accounts[i];
      if (!account.isIn(windows[i])) {
        continue;
      }
      account.reserved = Math.max(0, account.reserved - amounts[i]);
      BudgetUnit unit = account.budget.unit();
      boolean known = actual != null && actual.isKnown(unit);
      long spent = known ? actual.of(unit) : amounts[i];
      spent = atLeast ? Math.max(spent, amounts[i]) : spent;
      account.used = Amounts.plus(account.used, spent);
      account.write();
      AccountShare share = account.share;
      if (share != null) {
        share.settled();
      }
      BudgetAlert alert = account.alertAt(share == null ? account.used : share.fleetUsed());
      if (alert != null) {
        passed.add(alert);
      }
      account.settles();
    }
    return passed;
  }

  /** Under the ledger's lock: it turns out to take no more than that. */
  void shrinkTo(Amounts most) {
    if (settled) {
      return;
    }
    for (int i = 0; i < size; i++) {
      Account account = accounts[i];
      long less = Math.min(amounts[i], most.of(account.budget.unit()));
      if (account.isIn(windows[i])) {
        account.reserved = Math.max(0, account.reserved - (amounts[i] - less));
        account.write();
        if (account.share != null) {
          account.share.settled();
        }
      }
      amounts[i] = less;
    }
  }

  /** Under the ledger's lock: what it still takes from that account. */
  long heldOf(Account account) {
    long held = 0;
    for (int i = 0; i < size && !settled; i++) {
      held += accounts[i] == account && account.isIn(windows[i]) ? amounts[i] : 0;
    }
    return held;
  }

  /** Under the ledger's lock: those it takes from. */
  void eachAccount(Consumer<Account> visitor) {
    for (int i = 0; i < size; i++) {
      visitor.accept(accounts[i]);
    }
  }

  /** Replaces what was reserved by what it did cost; the first word counts. */
  public void settle(Amounts actual) {
    if (size > 0) {
      ledger.settle(this, actual);
    }
  }

  /** The attempt has ended and took no more than that; it is settled later. */
  void keep(Amounts most) {
    if (size > 0) {
      ledger.shrink(this, most);
    }
  }

  /** Takes all that was reserved for spent. */
  void forfeit() {
    settle(null);
  }

  /** The same, and no less than that where it is known. */
  void forfeit(Amounts least) {
    if (size > 0) {
      ledger.settleAtLeast(this, least);
    }
  }

  /** Gives everything back. */
  public void release() {
    settle(Amounts.NOTHING);
  }
}
