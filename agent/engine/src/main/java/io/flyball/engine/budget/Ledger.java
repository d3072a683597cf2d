package io.flyball.engine.budget;

import io.flyball.engine.call.Attribution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Who has spent what. What a call may cost at most is reserved in every account it is charged to
 * before it is sent, in all of them or in none, and replaced by what it did cost when it has ended:
 * what is spent and what is reserved together never exceed a hard budget. Thread safe.
 */
public final class Ledger {
  private static final int FEW_ACCOUNTS = 1_024;

  private final AccountStore store;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<AccountKey, Account> accounts = new HashMap<>();
  private final List<CompletableFuture<Void>> waiting = new ArrayList<>();
  private final Consumer<BudgetAlert> alerts;
  private int many = FEW_ACCOUNTS;

  /**
   * @param store where the accounts outlive this JVM
   * @param alerts told when an account passes its budget's mark; on the thread of a call: must not
   *     block
   */
  public Ledger(AccountStore store, Consumer<BudgetAlert> alerts) {
    this.store = store;
    this.alerts = alerts;
  }

  /**
   * Reserves what a call may cost.
   *
   * @param model the model that is asked; may be null
   * @param most what it may cost at most
   * @param epochMillis now
   */
  public Decision reserve(
      List<Budget> budgets, Attribution who, String model, Amounts most, long epochMillis) {
    if (budgets.isEmpty()) {
      return Decision.admitted(Reservation.NONE);
    }
    Reservation reservation = new Reservation(this, budgets.size());
    lock.lock();
    try {
      for (Budget budget : budgets) {
        Account account = account(budget, who, model, epochMillis);
        long amount = most.of(budget.unit());
        if (amount == Long.MAX_VALUE && !budget.isHard()) {
          // What has no price can be neither reserved nor charged.
          amount = 0;
        }
        if (budget.isHard() && !account.fits(amount)) {
          return Decision.refused(
              budget,
              Math.max(0, budget.limit() - account.used - account.reserved),
              Math.max(0, budget.limit() - account.used),
              budget.window().endOf(epochMillis));
        }
        reservation.add(account, amount);
      }
      reservation.enter();
    } finally {
      lock.unlock();
    }
    return Decision.admitted(reservation);
  }

  /** Under the lock. */
  private Account account(Budget budget, Attribution who, String model, long epochMillis) {
    AccountKey key = budget.key(who, model);
    Account account = accounts.get(key);
    if (account == null) {
      forgetTheOld(epochMillis);
      String name = budget.account(who, model);
      account = new Account(budget, name, store.open(budget.stored(name)));
      accounts.put(key, account);
    }
    account.follow(budget);
    account.turnTo(epochMillis);
    return account;
  }

  /** Accounts whose window is over are worth nothing; every user of every day may have had one. */
  private void forgetTheOld(long epochMillis) {
    if (accounts.size() < many) {
      return;
    }
    accounts.values().removeIf(account -> account.isOver(epochMillis) && account.close());
    many = Math.max(FEW_ACCOUNTS, accounts.size() * 2);
  }

  /** Completes when something was given back or spent; for those who did not fit. */
  CompletableFuture<Void> nextChange() {
    CompletableFuture<Void> change = new CompletableFuture<>();
    lock.lock();
    try {
      waiting.add(change);
    } finally {
      lock.unlock();
    }
    change.whenComplete((none, failure) -> forget(change));
    return change;
  }

  private void forget(CompletableFuture<Void> change) {
    lock.lock();
    try {
      waiting.remove(change);
    } finally {
      lock.unlock();
    }
  }

  void settle(Reservation reservation, Amounts actual) {
    List<BudgetAlert> passed = Collections.emptyList();
    List<CompletableFuture<Void>> changed;
    lock.lock();
    try {
      passed = reservation.leave(actual);
      changed =
          waiting.isEmpty()
              ? Collections.<CompletableFuture<Void>>emptyList()
              : new ArrayList<>(waiting);
    } finally {
      lock.unlock();
    }
    for (CompletableFuture<Void> each : changed) {
      each.complete(null);
    }
    for (BudgetAlert alert : passed) {
      alerts.accept(alert);
    }
  }

  /** What stands in every account of this JVM, for the console. */
  public List<BudgetState> states(long epochMillis) {
    List<BudgetState> states = new ArrayList<>();
    lock.lock();
    try {
      for (Account account : accounts.values()) {
        account.turnTo(epochMillis);
        states.add(
            new BudgetState(
                account.budget,
                account.key,
                account.used,
                account.reserved,
                account.budget.window().endOf(epochMillis)));
      }
    } finally {
      lock.unlock();
    }
    return states;
  }

  /**
   * Forgets what was spent; what is under way stays reserved.
   *
   * @param key of the account, as {@link BudgetState#account}
   * @return whether there is such an account
   */
  public boolean reset(String key) {
    boolean found = false;
    lock.lock();
    try {
      for (Account account : accounts.values()) {
        if (account.key.equals(key)) {
          account.used = 0;
          account.alerted = false;
          account.write();
          found = true;
        }
      }
    } finally {
      lock.unlock();
    }
    return found;
  }

  /** The JVM ends: what is still set aside is given back. */
  public void giveBack() {
    lock.lock();
    try {
      for (Account account : accounts.values()) {
        account.reserved = 0;
        account.write();
      }
    } finally {
      lock.unlock();
    }
  }

  /** One account; touched under the lock only. */
  static final class Account {
    final String key;
    final AccountStore.Slot slot;
    Budget budget;
    long windowStart;
    private long windowEnd;
    long used;
    long reserved;
    boolean alerted;

    Account(Budget budget, String key, AccountStore.Slot slot) {
      this.budget = budget;
      this.key = key;
      this.slot = slot;
      this.windowStart = slot.windowStart();
      this.used = slot.used();
      this.windowEnd = Long.MIN_VALUE;
    }

    /** The user may have changed the budget. */
    void follow(Budget latest) {
      if (budget != latest) {
        if (!budget.window().equals(latest.window())) {
          windowEnd = Long.MIN_VALUE;
        }
        budget = latest;
      }
    }

    boolean isOver(long epochMillis) {
      return epochMillis >= windowEnd && reserved == 0;
    }

    /** Settlements that come later find it in another window than theirs. */
    boolean close() {
      windowStart = Long.MIN_VALUE;
      slot.free();
      return true;
    }

    /** What was for an earlier window is over. */
    void turnTo(long epochMillis) {
      if (epochMillis >= windowStart && epochMillis < windowEnd) {
        return;
      }
      long start = budget.window().startOf(epochMillis);
      windowEnd = budget.window().endOf(epochMillis);
      if (start > windowStart) {
        windowStart = start;
        used = 0;
        reserved = 0;
        alerted = false;
        slot.begin(windowStart, windowEnd);
      }
    }

    boolean fits(long amount) {
      return amount <= budget.limit() - used - reserved;
    }

    void write() {
      slot.write(used, reserved);
    }
  }
}
