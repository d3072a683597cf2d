package io.flyball.engine.budget;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The accounts of a ledger, found by their keys and walked in the order of their coming. There may
 * be millions, and whoever works with them holds up all calls: no step of it takes longer for there
 * being many. Touched under the ledger's lock only.
 */
final class AccountTable {
  /** A map that doubles moves all it has at once, so each has a small part of them. */
  private static final int MAPS = 256;

  /** More than one, so that those that are over go faster than others come. */
  private static final int LOOKS = 2;

  private final List<Map<AccountKey, Account>> maps = new ArrayList<>(MAPS);
  private final ArrayList<Account> all = new ArrayList<>();
  private final Map<String, AccountFamily> families = new HashMap<>();
  private int looked;

  AccountTable() {
    for (int i = 0; i < MAPS; i++) {
      maps.add(new HashMap<>());
    }
  }

  private Map<AccountKey, Account> mapOf(AccountKey key) {
    // Other bits than those by which the map itself spreads.
    return maps.get((key.hashCode() * 0x9E3779B9) >>> 24);
  }

  /** Null when there is none. */
  Account get(AccountKey key) {
    return mapOf(key).get(key);
  }

  /** The accounts of a budget; there is one for each. */
  AccountFamily family(String name) {
    return families.computeIfAbsent(name, none -> new AccountFamily());
  }

  void put(AccountKey key, Account account) {
    account.tableKey = key;
    account.index = all.size();
    mapOf(key).put(key, account);
    all.add(account);
  }

  int size() {
    return all.size();
  }

  /** Below {@link #size()}; the oldest is at 0, unless it was forgotten. */
  Account at(int index) {
    return all.get(index);
  }

  List<Account> values() {
    return Collections.unmodifiableList(all);
  }

  /**
   * Looks at a few accounts and closes those whose window is over. Before each new account, so that
   * every user of every day may have had one.
   */
  void forgetSomeOfTheOld(Predicate<Account> isOver) {
    for (int i = 0; i < LOOKS && !all.isEmpty(); i++) {
      looked = looked == 0 ? all.size() - 1 : Math.min(looked, all.size()) - 1;
      Account account = all.get(looked);
      if (isOver.test(account)) {
        close(account);
      }
    }
  }

  /** Nobody asks for it any more. */
  void close(Account account) {
    mapOf(account.tableKey).remove(account.tableKey);
    Account last = all.remove(all.size() - 1);
    if (last != account) {
      all.set(account.index, last);
      last.index = account.index;
    }
    account.family.remove(account);
    account.close();
  }
}
