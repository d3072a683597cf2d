package io.flyball.engine.budget;

import io.flyball.engine.call.Attribution;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Which names have an account of their own, of how many at most, and in which window each stands.
 * Touched under the ledger's lock only.
 */
final class OpenAccounts {
  /** So many accounts are looked at for one that may be closed. */
  private static final int LOOKS_FOR_ROOM = 64;

  private final AccountStore store;
  private final AccountTable accounts;
  private final ClockWatch clock;
  private final BiConsumer<Account, String> opened;
  private final Consumer<Account> changed;
  private final Consumer<String> warnings;

  /**
   * @param opened told of each new account, and under which key it is stored
   * @param changed told of an account in which there may be more left than before
   * @param warnings sentences for the user; called under the lock: must only keep them
   */
  OpenAccounts(
      AccountStore store,
      AccountTable accounts,
      ClockWatch clock,
      BiConsumer<Account, String> opened,
      Consumer<Account> changed,
      Consumer<String> warnings) {
    this.store = store;
    this.accounts = accounts;
    this.clock = clock;
    this.opened = opened;
    this.changed = changed;
    this.warnings = warnings;
  }

  /** The account that such a call was charged to last, or null. */
  Account known(Budget budget, Attribution who, String model) {
    Account account = accounts.get(budget.key(who, model));
    return account == null ? accounts.family(budget.family()).others : account;
  }

  /** The account that such a call is charged to, in the window that is on. */
  Account account(Budget budget, Attribution who, String model, long epochMillis) {
    AccountKey key = budget.key(who, model);
    Account account = accounts.get(key);
    long clockShift = clock.shiftAt(epochMillis);
    if (account == null) {
      accounts.forgetSomeOfTheOld(each -> isOver(each, epochMillis, clockShift));
      String name = budget.account(who, model);
      AccountFamily family = accounts.family(budget.family());
      boolean fits = budget.scope().isEmpty() || hasRoom(budget, family, epochMillis, clockShift);
      if (fits || store.keeps(budget.stored(name))) {
        account = open(budget, family, key, name);
        family.add(account);
      } else {
        account = others(budget, family);
      }
    }
    if (account.follow(budget)) {
      changed.accept(account);
    }
    turn(account, epochMillis, clockShift);
    return account;
  }

  private Account open(Budget budget, AccountFamily family, AccountKey key, String name) {
    String stored = budget.stored(name);
    Account account = new Account(budget, name, store.open(stored));
    account.family = family;
    opened.accept(account, stored);
    accounts.put(key, account);
    return account;
  }

  /** Whose name is one too many is charged to an account of all of those. */
  private Account others(Budget budget, AccountFamily family) {
    if (family.others == null) {
      family.others = open(budget, family, budget.keyOfOthers(), budget.accountOfOthers());
    }
    if (!family.told) {
      family.told = true;
      warnings.accept(
          "budget `"
              + budget.name()
              + "` has "
              + budget.maxAccounts()
              + " accounts in use; further names share one, `"
              + budget.accountOfOthers()
              + "`, until windows end (flyball.budget."
              + budget.name()
              + ".max-accounts)");
    }
    return family.others;
  }

  /**
   * Whether a name that has no account may have one. Accounts at zero and of windows that are over
   * make room. While something is spent from that of the others nobody has one: it may have been by
   * that name.
   */
  private boolean hasRoom(Budget budget, AccountFamily family, long epochMillis, long clockShift) {
    if (!family.othersRead) {
      family.othersRead = true;
      if (store.keeps(budget.stored(budget.accountOfOthers()))) {
        family.others = open(budget, family, budget.keyOfOthers(), budget.accountOfOthers());
      }
    }
    if (family.others != null) {
      turn(family.others, epochMillis, clockShift);
      if (!family.others.isAtZero()) {
        return false;
      }
    }
    for (int i = 0; i < LOOKS_FOR_ROOM; i++) {
      if (family.size() + store.unopened(budget.family()) < budget.maxAccounts()) {
        return true;
      }
      Account first = family.first();
      if (first != null && first.isAtZero()) {
        accounts.close(first);
      } else if (first != null && first.isOld(epochMillis, clockShift)) {
        turn(first, epochMillis, clockShift);
        family.reorder(first);
      } else if (!store.dropUnopened(budget.family(), epochMillis, clockShift)) {
        return false;
      }
    }
    return false;
  }

  /** To the window that is on. */
  void turn(Account account, long epochMillis) {
    turn(account, epochMillis, clock.shiftAt(epochMillis));
  }

  private void turn(Account account, long epochMillis, long clockShift) {
    if (account.turnTo(epochMillis, clockShift)) {
      account.family.reorder(account);
      changed.accept(account);
    }
  }

  private boolean isOver(Account account, long epochMillis, long clockShift) {
    if (account.isOfAnotherClock(clockShift)) {
      turn(account, epochMillis, clockShift);
      if (account.isAtZero()) {
        return true;
      }
    }
    return account.isOver(epochMillis, clockShift);
  }

  /** Whether its window has ended. */
  boolean hasEnded(Account account, long epochMillis) {
    return account.isOver(epochMillis, clock.shiftAt(epochMillis));
  }
}
