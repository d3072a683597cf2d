package io.flyball.engine.budget;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.share.Share;
import io.flyball.engine.share.ShareExchange;
import io.flyball.engine.share.ShareOwner;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Who has spent what. What a call may cost at most is reserved in every account it is charged to
 * before it is sent, in all of them or in none, and replaced by what it did cost when it has ended:
 * what is spent and what is reserved together never exceed a hard budget. Thread safe.
 */
public final class Ledger implements ShareOwner {
  /** So many accounts are looked at before the calls that wait for the lock have their turn. */
  private static final int AT_ONCE = 256;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final ReentrantLock lock = new ReentrantLock();
  private final AccountTable accounts = new AccountTable();
  private final OpenAccounts open;
  private final Turns waiters = new Turns();
  private int waiting;
  private long lastNumber;
  private final Consumer<BudgetAlert> alerts;
  private final ShareExchange shared;
  private final Consumer<String> warnings;

  /** What users should know and were not told yet. */
  private final Queue<String> untold = new ConcurrentLinkedQueue<>();

  private final AtomicLong ofOthers = new AtomicLong();

  /**
   * The same for a clock that is never set.
   *
   * @param store where the accounts outlive this JVM
   * @param alerts told when an account passes a mark of its budget; on the thread of a call: must
   *     not block
   */
  public Ledger(AccountStore store, Consumer<BudgetAlert> alerts) {
    this(store, alerts, null);
  }

  /**
   * The same with accounts that other JVMs spend from, too.
   *
   * @param shared null: nothing is shared
   */
  public Ledger(AccountStore store, Consumer<BudgetAlert> alerts, ShareExchange shared) {
    this(store, alerts, shared, null);
  }

  /**
   * A ledger that no setting of the clock opens.
   *
   * @param store where the accounts outlive this JVM
   * @param alerts told when an account passes a mark of its budget; on the thread of a call: must
   *     not block
   * @param shared with which other JVMs; null: nothing is shared
   * @param time tells how much time has really passed; null: the clock is never set
   */
  public Ledger(
      AccountStore store, Consumer<BudgetAlert> alerts, ShareExchange shared, TimeSource time) {
    this(store, alerts, shared, time, warning -> {});
  }

  /**
   * The same, telling what users should know.
   *
   * @param warnings sentences; on the thread of a call: must not block
   */
  public Ledger(
      AccountStore store,
      Consumer<BudgetAlert> alerts,
      ShareExchange shared,
      TimeSource time,
      Consumer<String> warnings) {
    this.warnings = warnings;
    this.alerts = alerts;
    this.shared = shared;
    ClockWatch clock = new ClockWatch(time);
    this.open = new OpenAccounts(store, accounts, clock, this::share, this::turnOf, untold::add);
    if (time != null) {
      // What is kept was written by the clock as it is now, whoever asks for it first.
      clock.shiftAt(time.epochNanos() / NANOS_PER_MILLI);
    }
  }

  /** The same for a call that does not wait. */
  public Decision reserve(
      List<Budget> budgets, Attribution who, String model, Amounts most, long epochMillis) {
    Asker asker = shared == null ? null : new Asker();
    return reserve(budgets, who, model, most, epochMillis, null, asker);
  }

  /**
   * Reserves what a call may cost. Nobody is let through to an account before those who began to
   * wait for it earlier, unless other JVMs spend from it as well: they have no common line.
   *
   * @param model the model that is asked; may be null
   * @param most what it may cost at most
   * @param epochMillis now
   * @param place where the call waits from now on, when it is refused; null when it goes its way
   *     and asks no other JVM for what does not fit
   */
  Decision reserve(
      List<Budget> budgets,
      Attribution who,
      String model,
      Amounts most,
      long epochMillis,
      Place place) {
    Asker asker = place == null ? null : place.asker();
    return reserve(budgets, who, model, most, epochMillis, place, asker);
  }

  private Decision reserve(
      List<Budget> budgets,
      Attribution who,
      String model,
      Amounts most,
      long epochMillis,
      Place place,
      Asker asker) {
    if (budgets.isEmpty()) {
      return Decision.admitted(Reservation.NONE);
    }
    Reservation reservation = new Reservation(this, budgets.size());
    Decision refused = null;
    Account refusing = null;
    List<CompletableFuture<Void>> turns;
    lock.lock();
    try {
      for (Budget budget : budgets) {
        Account account = open.account(budget, who, model, epochMillis);
        long amount = most.of(budget.unit());
        if (amount == Long.MAX_VALUE && !budget.isHard()) {
          // What has no price can be neither reserved nor charged.
          amount = 0;
        }
        boolean fits = !budget.isHard() || account.fits(amount, epochMillis);
        boolean behind = fits && waiting > 0 && budget.isHard() && account.isWaitedForBefore(place);
        if (!fits || behind) {
          Decision no = account.refusal(amount, epochMillis, behind, asker);
          // The other JVMs are asked for all that is missing at once. A final no comes first.
          if (refused == null || (refused.isPending() && !no.isPending())) {
            refused = no;
            refusing = account;
          }
          if (account.share == null) {
            break;
          }
        } else if (refused == null) {
          reservation.add(account, amount);
        }
      }
      if (refused == null) {
        enter(reservation);
        if (asker != null) {
          asker.withdraw();
        }
        if (place != null) {
          remove(place);
        }
      } else if (place != null) {
        waitAt(refusing, place);
      }
    } finally {
      turns = unlock();
    }
    waiters.tell(turns);
    warn();
    return refused == null ? Decision.admitted(reservation) : refused;
  }

  /**
   * Sets aside what a call may cost, whether there is as much or not: nobody is asked.
   *
   * @param model the model that is asked; may be null
   * @param most what it may cost at most; what has no price is set aside as nothing
   * @param epochMillis now
   */
  Reservation charge(
      List<Budget> budgets, Attribution who, String model, Amounts most, long epochMillis) {
    Reservation reservation = new Reservation(this, budgets.size());
    List<CompletableFuture<Void>> turns;
    lock.lock();
    try {
      for (Budget budget : budgets) {
        long amount = most.of(budget.unit());
        reservation.add(
            open.account(budget, who, model, epochMillis), amount == Long.MAX_VALUE ? 0 : amount);
      }
      enter(reservation);
    } finally {
      turns = unlock();
    }
    waiters.tell(turns);
    warn();
    return reservation;
  }

  /** Under the lock: in all of its accounts, or in none. */
  private static void enter(Reservation reservation) {
    try {
      reservation.enter();
    } catch (RuntimeException | Error failure) {
      reservation.leave(Amounts.NOTHING, false);
      throw failure;
    }
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

  /** Under the lock: something has changed for who waits for that account. */
  private void turnOf(Account account) {
    if (waiting > 0) {
      for (Place place : account.whoseTurnItIs()) {
        waiters.add(place.turn());
      }
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
      place.asker().withdraw();
      remove(place);
    } finally {
      turns = unlock();
    }
    waiters.tell(turns);
  }

  /** Under the lock: an account that other JVMs spend from, too. */
  private void share(Account account, String stored) {
    if (shared != null) {
      account.share = new AccountShare(this, account, shared, Share.keyOf(stored));
    }
  }

  private void warn() {
    for (String each = untold.poll(); each != null; each = untold.poll()) {
      warnings.accept(each);
    }
  }

  void countOthers() {
    ofOthers.incrementAndGet();
  }

  /** How many attempts were charged to the accounts of names that have none of their own. */
  public long ofOthers() {
    return ofOthers.get();
  }

  void settle(Reservation reservation, Amounts actual) {
    settle(reservation, actual, false);
  }

  /** See {@link Reservation#forfeit(Amounts)}. */
  void settleAtLeast(Reservation reservation, Amounts least) {
    settle(reservation, least, true);
  }

  private void settle(Reservation reservation, Amounts actual, boolean atLeast) {
    List<BudgetAlert> passed = Collections.emptyList();
    List<CompletableFuture<Void>> turns;
    lock.lock();
    try {
      passed = reservation.leave(actual, atLeast);
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

  /** See {@link Reservation#keep}. */
  void shrink(Reservation reservation, Amounts most) {
    List<CompletableFuture<Void>> turns;
    lock.lock();
    try {
      reservation.shrinkTo(most);
      if (waiting > 0) {
        reservation.eachAccount(this::turnOf);
      }
    } finally {
      turns = unlock();
    }
    waiters.tell(turns);
  }

  /** How much of what does not fit there is held by these reservations. */
  long heldBy(List<Reservation> reservations, Decision refused) {
    lock.lock();
    try {
      long held = 0;
      for (Reservation reservation : reservations) {
        held += reservation.heldOf(refused.account());
      }
      return held;
    } finally {
      lock.unlock();
    }
  }

  /** A call was turned away because what is left of that budget did not pay for it. */
  void turnedAway(Budget budget, Attribution who, String model) {
    BudgetAlert alert;
    lock.lock();
    try {
      Account account = open.known(budget, who, model);
      alert = account == null ? null : account.alertTurnedAway();
    } finally {
      lock.unlock();
    }
    if (alert != null) {
      alerts.accept(alert);
    }
  }

  /** Lets those look again who wait for accounts that other JVMs spend from, too. */
  @Override
  public void wake() {
    List<CompletableFuture<Void>> turns;
    lock.lock();
    try {
      if (waiting > 0) {
        for (Account account : accounts.values()) {
          if (account.share != null) {
            turnOf(account);
          }
        }
      }
    } finally {
      turns = unlock();
    }
    waiters.tell(turns);
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
  @Override
  public List<Share> shares(long epochMillis) {
    List<Share> shares = new ArrayList<>();
    lock.lock();
    try {
      for (Account account : accounts.values()) {
        if (account.share != null && !isOver(account, epochMillis)) {
          shares.add(account.share);
        }
      }
    } finally {
      lock.unlock();
    }
    return shares;
  }

  /** Under the lock. */
  boolean isOver(Account account, long epochMillis) {
    return open.hasEnded(account, epochMillis);
  }

  /** What stands in every account of this JVM. */
  public List<BudgetState> states(long epochMillis) {
    List<BudgetState> states = new ArrayList<>();
    eachState(epochMillis, states::add);
    return states;
  }

  /**
   * Tells what stands in the accounts of this JVM, in the order of their coming. Calls go on in
   * between, so that an account that comes or goes meanwhile may be left out.
   *
   * @param goOn whether the next one is wanted, too
   */
  public void eachState(long epochMillis, Predicate<BudgetState> goOn) {
    for (int from = 0; ; from += AT_ONCE) {
      List<BudgetState> some = new ArrayList<>(AT_ONCE);
      List<CompletableFuture<Void>> turns;
      lock.lock();
      try {
        int end = Math.min(accounts.size(), from + AT_ONCE);
        for (int i = from; i < end; i++) {
          some.add(state(accounts.at(i), epochMillis));
        }
      } finally {
        turns = unlock();
      }
      waiters.tell(turns);
      for (BudgetState state : some) {
        if (!goOn.test(state)) {
          return;
        }
      }
      if (some.size() < AT_ONCE) {
        return;
      }
    }
  }

  /** Under the lock. */
  private BudgetState state(Account account, long epochMillis) {
    // Who only looks sets no clock back.
    if (epochMillis >= account.windowStart) {
      open.turn(account, epochMillis);
    }
    return new BudgetState(
        account.budget,
        account.key,
        account.used,
        account.reserved,
        account.windowEnd(),
        account.share);
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
          long before = account.used;
          account.forgetSpent();
          if (account.share != null) {
            account.share.reset(before);
          }
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

  /**
   * The JVM ends: calls that are still under way will be paid for, and nobody will say how much, so
   * that what is set aside for them counts as spent.
   */
  public void close() {
    lock.lock();
    try {
      for (Account account : accounts.values()) {
        account.used = account.committed();
        account.reserved = 0;
        account.write();
      }
    } finally {
      lock.unlock();
    }
  }
}
