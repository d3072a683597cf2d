package io.flyball.engine.budget;

/**
 * The accounts of one budget, but for the one of the others: those at zero first, then in the order
 * in which they began to be used in their windows, so that who looks for one to close looks at the
 * first. Touched under the ledger's lock only.
 */
final class AccountFamily {
  private Account first;
  private Account last;
  private int size;

  /** Shared by all that have none of their own; null when nobody needs it. */
  Account others;

  /** Whether it is known what was kept of the others by an earlier JVM. */
  boolean othersRead;

  /** Whether the user was told that there are others. */
  boolean told;

  int size() {
    return size;
  }

  /** The first to close; null when there is none. */
  Account first() {
    return first;
  }

  void add(Account account) {
    size++;
    link(account);
  }

  void remove(Account account) {
    if (account == others) {
      others = null;
    } else {
      size--;
      unlink(account);
    }
  }

  /** It is at zero, or no longer, or another window of it has begun. */
  void reorder(Account account) {
    if (account != others) {
      unlink(account);
      link(account);
    }
  }

  private void link(Account account) {
    if (first == null) {
      first = account;
      last = account;
    } else if (account.isAtZero()) {
      account.next = first;
      first.previous = account;
      first = account;
    } else {
      account.previous = last;
      last.next = account;
      last = account;
    }
  }

  private void unlink(Account account) {
    if (account.previous == null) {
      first = account.next;
    } else {
      account.previous.next = account.next;
    }
    if (account.next == null) {
      last = account.previous;
    } else {
      account.next.previous = account.previous;
    }
    account.previous = null;
    account.next = null;
  }
}
