package io.flyball.engine.budget;

import io.flyball.engine.call.Attribution;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
  private final Turns waiters = new Turns();
  private int waiting;
  private long lastNumber;
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

  /** The same for a call that does not wait. */
  public Decision reserve(
      List<Budget> budgets, Attribution who, String model, Amounts most, long epochMillis) {
    return reserve(budgets, who, model, most, epochMillis, null);
  }

  /**
   * Reserves what a call may cost. Nobody is let through to an account before those who began to
   * wait for it earlier.
   *
   * @param model the model that is asked; may be null
   * @param most what it may cost at most
   * @param epochMillis now
   * @param place where the call waits from now on, when it is refused; null when it goes its way
   */
  Decision reserve(
      List<Budget> budgets,
      Attribution who,
      String model,
      Amounts most,
      long epochMillis,
      Place place) {
    if (budgets.isEmpty()) {
      return Decision.admitted(Reservation.NONE);
    }
    Reservation reservation = new Reservation(this, budgets.size());
    List<CompletableFuture<Void>> turns;
    Decision decision = Decision.admitted(reservation);
    lock.lock();
    try {
      for (Budget budget : budgets) {
        Account account = account(budget, who, model, epochMillis);
        long amount = most.of(budget.unit());
        if (amount == Long.MAX_VALUE && !budget.isHard()) {
          // What has no price can be neither reserved nor charged.
          amount = 0;
        }
        boolean fits = !budget.isHard() || account.fits(amount);
        if (!fits || (waiting > 0 && budget.isHard() && account.isWaitedForBefore(place))) {
          decision =
              Decision.refused(
                  budget,
                  Math.max(0, budget.limit() - account.used - account.reserved),
                  Math.max(0, budget.limit() - account.used),
                  budget.window().endOf(epochMillis),
                  fits);
          if (place != null) {
            waitAt(account, place);
          }
          break;
        }
        reservation.add(account, amount);
      }
      if (decision.isAdmitted()) {
        reservation.enter();
        if (place != null) {
          remove(place);
        }
      }
    } finally {
      turns = unlock();
    }
    waiters.tell(turns);
    return decision;
  }

  /** Under the lock. */
  private void waitAt(Account account, Place place) {
    place.listen();
    if (place.account == account) {
      return;
    }
    remove(place);
    if (place.number == 0) {
      place.number = ++lastNumber;
    }
    place.account = account;
    account.enqueue(place);
    waiting++;
  }

  /** Under the lock. */
  private void remove(Place place) {
    Account account = place.account;
    if (account != null) {
      boolean first = account.firstInLine() == place;
      place.account = null;
      account.dequeue(place);
      waiting--;
      if (first) {
        turnOf(account);
      }
    }
  }

  /** Under the lock: something has changed for who waits longest for that account. */
  private void turnOf(Account account) {
    Place first = waiting == 0 ? null : account.firstInLine();
    if (first != null) {
      waiters.add(first.turn());
    }
  }

  /** Gives the lock free; the result is for {@link Turns#tell}. */
  private List<CompletableFuture<Void>> unlock() {
    try {
      return waiters.take();
    } finally {
      lock.unlock();
    }
  }

  /** Completes when that place's call may ask again with some hope. */
  CompletableFuture<Void> turn(Place place) {
    lock.lock();
    try {
      return place.turn();
    } finally {
      lock.unlock();
    }
  }

  /** The call waits no longer. */
  void leave(Place place) {
    lock.lock();
    List<CompletableFuture<Void>> turns;
    try {
      remove(place);
    } finally {
      turns = unlock();
    }
    waiters.tell(turns);
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
    boolean changed = account.follow(budget);
    if (account.turnTo(epochMillis) || changed) {
      turnOf(account);
    }
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

  void settle(Reservation reservation, Amounts actual) {
    List<BudgetAlert> passed = Collections.emptyList();
    List<CompletableFuture<Void>> turns;
    lock.lock();
    try {
      passed = reservation.leave(actual);
      if (waiting > 0) {
        reservation.eachAccount(this::turnOf);
      }
    } finally {
      turns = unlock();
    }
    waiters.tell(turns);
    for (BudgetAlert alert : passed) {
      alerts.accept(alert);
    }
  }

  /** What stands in every account of this JVM, for the console. */
  public List<BudgetState> states(long epochMillis) {
    List<BudgetState> states = new ArrayList<>();
    List<CompletableFuture<Void>> turns;
    lock.lock();
    try {
      for (Account account : accounts.values()) {
        if (account.turnTo(epochMillis)) {
          turnOf(account);
        }
        states.add(
            new BudgetState(
                account.budget,
                account.key,
                account.used,
                account.reserved,
                account.budget.window().endOf(epochMillis)));
      }
    } finally {
      turns = unlock();
    }
    waiters.tell(turns);
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
    List<CompletableFuture<Void>> turns;
    lock.lock();
    try {
      for (Account account : accounts.values()) {
        if (account.key.equals(key)) {
          account.used = 0;
          account.alerted = false;
          account.write();
          turnOf(account);
          found = true;
        }
      }
    } finally {
      turns = unlock();
    }
    waiters.tell(turns);
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

    /** Who waits for it, by their numbers; null for nobody. */
    private TreeMap<Long, Place> line;

    Account(Budget budget, String key, AccountStore.Slot slot) {
      this.budget = budget;
      this.key = key;
      this.slot = slot;
      this.windowStart = slot.windowStart();
      this.used = slot.used();
      this.windowEnd = Long.MIN_VALUE;
    }

    /** The user may have changed the budget; says whether so. */
    boolean follow(Budget latest) {
      if (budget == latest) {
        return false;
      }
      if (!budget.window().equals(latest.window())) {
        windowEnd = Long.MIN_VALUE;
      }
      budget = latest;
      return true;
    }

    boolean isOver(long epochMillis) {
      return epochMillis >= windowEnd && reserved == 0 && line == null;
    }

    void enqueue(Place place) {
      if (line == null) {
        line = new TreeMap<>();
      }
      line.put(place.number, place);
    }

    void dequeue(Place place) {
      line.remove(place.number);
      if (line.isEmpty()) {
        line = null;
      }
    }

    Place firstInLine() {
      return line == null ? null : line.firstEntry().getValue();
    }

    /**
     * Whether somebody waits for it who began before.
     *
     * @param place null for somebody who comes just now
     */
    boolean isWaitedForBefore(Place place) {
      return line != null && (place == null || place.number == 0 || line.firstKey() < place.number);
    }

    /** Settlements that come later find it in another window than theirs. */
    boolean close() {
      windowStart = Long.MIN_VALUE;
      slot.free();
      return true;
    }

    /** What was for an earlier window is over; says whether something was. */
    boolean turnTo(long epochMillis) {
      if (epochMillis >= windowStart && epochMillis < windowEnd) {
        return false;
      }
      long start = budget.window().startOf(epochMillis);
      windowEnd = budget.window().endOf(epochMillis);
      if (start <= windowStart) {
        return false;
      }
      windowStart = start;
      used = 0;
      reserved = 0;
      alerted = false;
      slot.begin(windowStart, windowEnd);
      return true;
    }

    boolean fits(long amount) {
      return amount <= budget.limit() - used - reserved;
    }

    void write() {
      slot.write(used, reserved);
    }
  }
}
