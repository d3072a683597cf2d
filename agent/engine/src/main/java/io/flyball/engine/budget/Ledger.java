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
import java.util.function.Supplier;

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
  private final SharedAccounts shared;
  private int many = FEW_ACCOUNTS;

  /**
   * @param store where the accounts outlive this JVM
   * @param alerts told when an account passes its budget's mark; on the thread of a call: must not
   *     block
   */
  public Ledger(AccountStore store, Consumer<BudgetAlert> alerts) {
    this(store, alerts, null);
  }

  /**
   * The same with accounts that other JVMs spend from, too.
   *
   * @param shared null: nothing is shared
   */
  public Ledger(AccountStore store, Consumer<BudgetAlert> alerts, SharedAccounts shared) {
    this.store = store;
    this.alerts = alerts;
    this.shared = shared;
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
    return reserve(budgets, who, model, most, epochMillis, shared == null ? null : new Asker());
  }

  /**
   * Reserves what a call may cost.
   *
   * @param asker who asks other JVMs for what does not fit; null: nobody
   */
  Decision reserve(
      List<Budget> budgets,
      Attribution who,
      String model,
      Amounts most,
      long epochMillis,
      Asker asker) {
    if (budgets.isEmpty()) {
      return Decision.admitted(Reservation.NONE);
    }
    Reservation reservation = new Reservation(this, budgets.size());
    Decision refused = null;
    lock.lock();
    try {
      for (Budget budget : budgets) {
        Account account = account(budget, who, model, epochMillis);
        long amount = most.of(budget.unit());
        if (amount == Long.MAX_VALUE && !budget.isHard()) {
          // What has no price can be neither reserved nor charged.
          amount = 0;
        }
        if (budget.isHard() && !account.fits(amount, epochMillis)) {
          Decision no = account.refusal(amount, epochMillis, asker);
          if (account.share == null) {
            return no;
          }
          // The others are asked for all that is missing at once. A final no comes first.
          refused = refused == null || refused.isPending() && !no.isPending() ? no : refused;
        } else if (refused == null) {
          reservation.add(account, amount);
        }
      }
      if (refused != null) {
        return refused;
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
      String stored = budget.stored(name);
      account = new Account(budget, name, store.open(stored));
      if (shared != null) {
        account.share = new Share(this, account, shared, Share.keyOf(stored));
      }
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

  /** Lets those look again who did not fit. */
  public void wake() {
    List<CompletableFuture<Void>> changed;
    lock.lock();
    try {
      changed = new ArrayList<>(waiting);
    } finally {
      lock.unlock();
    }
    for (CompletableFuture<Void> each : changed) {
      each.complete(null);
    }
  }

  void tell(BudgetAlert alert) {
    alerts.accept(alert);
  }

  <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** This JVM's parts of all accounts in windows that are not over. */
  public List<Share> shares(long epochMillis) {
    List<Share> shares = new ArrayList<>();
    lock.lock();
    try {
      for (Account account : accounts.values()) {
        if (account.share != null && !account.isOver(epochMillis)) {
          shares.add(account.share);
        }
      }
    } finally {
      lock.unlock();
    }
    return shares;
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
                account.budget.window().endOf(epochMillis),
                account.share));
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
          long before = account.used;
          account.used = 0;
          account.alerted = false;
          account.write();
          if (account.share != null) {
            account.share.reset(before);
          }
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

    /** Null when other JVMs do not spend from it. */
    Share share;

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
        if (share != null) {
          share.begin();
        }
      }
    }

    boolean fits(long amount, long epochMillis) {
      return share == null
          ? amount <= budget.limit() - used - reserved
          : share.fits(amount, epochMillis);
    }

    Decision refusal(long amount, long epochMillis, Asker asker) {
      if (share == null) {
        return Decision.refused(
            budget,
            Math.max(0, budget.limit() - used - reserved),
            Math.max(0, budget.limit() - used),
            windowEnd);
      }
      boolean pending = share.ask(amount, epochMillis, asker);
      return Decision.refused(budget, share, pending, windowEnd);
    }

    /** What is spent and set aside. */
    long committed() {
      long sum = used + reserved;
      return sum < 0 ? Long.MAX_VALUE : sum;
    }

    long windowEnd() {
      return windowEnd;
    }

    /** Null unless its mark is passed for the first time in its window. */
    BudgetAlert alertAt(long spent) {
      if (alerted || spent < budget.limit() * budget.alertAt()) {
        return null;
      }
      alerted = true;
      return new BudgetAlert(budget, key, spent);
    }

    void write() {
      slot.write(used, reserved);
    }
  }
}
