package io.flyball.engine.budget;

import io.flyball.engine.share.LeaseAhead;
import io.flyball.engine.share.Share;
import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareExchange;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * This JVM's part of an account that several share. It may spend what it was granted; more is asked
 * for before that is used up, and what is left over is returned. All amounts that leave the JVM are
 * totals of the window, so that a message that is repeated, or comes twice, changes nothing.
 *
 * <p>State is guarded by the ledger's lock. One thread asks and hears the answers.
 */
final class AccountShare implements Share {
  /** An answer says what is left for that long, so that nobody asks again for each refused call. */
  private static final long FRESH_MILLIS = 200;

  /** What nobody has used for that long is returned. */
  private static final long IDLE_MILLIS = 3_000;

  /** How often what was spent is told, when there is nothing else to say. */
  private static final long REPORT_MILLIS = 2_000;

  /** How long after others went without nothing is leased ahead. */
  private static final long CONTENDED_MILLIS = 3_000;

  /** What somebody waits for is not given to others for that long. */
  private static final long PROTECTED_MILLIS = 500;

  private final Ledger ledger;
  private final Account account;
  private final ShareExchange shared;
  private final String key;
  private final LeaseAhead ahead = new LeaseAhead();

  /** Who waits for more since the last request, and for how much. */
  private final Map<Asker, Long> askers = new IdentityHashMap<>();

  private long granted;
  private long smallestAsked = Long.MAX_VALUE;
  private boolean asks;
  private boolean wantsMore;
  private boolean noted;
  private boolean tracked;

  private long answeredAt = Long.MIN_VALUE;
  private long unleased;
  private long fleetUsed;
  private long lost;
  private long reported;
  private long reportedAt;
  private long usedAt;
  private long contendedUntil;
  private long protectedUntil;

  AccountShare(Ledger ledger, Account account, ShareExchange shared, String key) {
    this.ledger = ledger;
    this.account = account;
    this.shared = shared;
    this.key = key;
  }

  @Override
  public String key() {
    return key;
  }

  // Under the ledger's lock, for the ledger.

  boolean fits(long amount, long epochMillis) {
    usedAt = epochMillis;
    long committed = account.committed();
    if (isOpen()) {
      return amount <= account.budget.limit() - committed;
    }
    return amount <= granted - committed;
  }

  /** After something was set aside: asks for more before the rest is gone. */
  void reserved() {
    if (granted <= account.committed()) {
      // Those it was kept for have taken it.
      protectedUntil = 0;
    }
    if (!wantsMore && account.budget.isHard() && !shared.isExact()) {
      if (ahead.isNearlyUsed(granted - account.committed()) && usedAt >= contendedUntil) {
        wantsMore = true;
        note();
      }
    }
  }

  /** After something was given back or spent. */
  void settled() {
    if (!tracked || shared.isExact() || usedAt < contendedUntil) {
      note();
    }
  }

  /**
   * Somebody does not fit; gives whether it is worth waiting for what the others say.
   *
   * @param asker who will wait for it; null: nobody
   */
  boolean ask(long amount, long epochMillis, Asker asker) {
    if (!shared.isReachable()) {
      return false;
    }
    boolean possible = amount <= account.budget.limit() - account.committed();
    long age = epochMillis - answeredAt;
    boolean fresh = answeredAt != Long.MIN_VALUE && age >= 0 && age < FRESH_MILLIS;
    if (fresh && (!possible || amount > granted - account.committed() + unleased)) {
      return false;
    }
    if (asker != null) {
      asks = true;
      if (possible) {
        // All wake up when anything changes, and ask again.
        askers.putIfAbsent(asker, amount);
        asker.hasAsked(this);
        smallestAsked = Math.min(smallestAsked, amount);
      }
      note();
    }
    return true;
  }

  void withdrawn(Asker asker) {
    askers.remove(asker);
  }

  private long asked() {
    long sum = 0;
    for (long amount : askers.values()) {
      sum = plus(sum, amount);
    }
    return sum;
  }

  /** Whether nothing is leased and nobody asks. */
  boolean isUnused() {
    return granted == 0 && !tracked && askers.isEmpty();
  }

  /** Whether this JVM goes by its own account, because the others cannot be reached. */
  private boolean isOpen() {
    return !shared.isReachable() && account.budget.isOpenOnLoss();
  }

  /** Whether this JVM has no more than it had leased, because the others cannot be reached. */
  boolean isAlone() {
    return !shared.isReachable() && !isOpen();
  }

  /** What is neither spent nor set aside anywhere, as far as is known. */
  long left() {
    if (isOpen()) {
      return Math.max(0, account.budget.limit() - account.committed());
    }
    long mine = granted - account.committed();
    return Math.max(0, mine) + (shared.isReachable() ? unleased : 0);
  }

  /** What no JVM is known to have spent, and may still come back. */
  long unspent() {
    if (isOpen()) {
      return Math.max(0, account.budget.limit() - account.used);
    }
    if (!shared.isReachable()) {
      return Math.max(0, granted - account.used);
    }
    return Math.max(0, account.budget.limit() - fleetUsed() - lost);
  }

  /** What all JVMs are known to have spent; at least what this one did. */
  long fleetUsed() {
    return Math.max(account.used, plus(fleetUsed, account.used - reported));
  }

  /** When the others were heard of; milliseconds since the epoch, 0 for never. */
  long asOf() {
    return answeredAt == Long.MIN_VALUE ? 0 : answeredAt;
  }

  long granted() {
    return granted;
  }

  /** Another window has begun. */
  void begin() {
    granted = 0;
    askers.clear();
    smallestAsked = Long.MAX_VALUE;
    asks = false;
    wantsMore = false;
    answeredAt = Long.MIN_VALUE;
    unleased = 0;
    fleetUsed = 0;
    lost = 0;
    reported = 0;
    tracked = false;
    contendedUntil = 0;
  }

  /** The window is another one from now on: what was leased was leased of the other. */
  void move() {
    granted = account.committed();
    answeredAt = Long.MIN_VALUE;
    note();
  }

  /** What was spent is forgotten here; what was leased for it goes back. */
  void reset(long usedBefore) {
    granted = Math.max(0, granted - usedBefore);
    note();
  }

  void note() {
    if (!noted) {
      noted = true;
      shared.note(this);
    }
  }

  // For the thread that asks.

  /** Null when the account is closed. */
  @Override
  public AccountShareRequest request(long epochMillis) {
    return ledger.locked(
        () -> {
          noted = false;
          if (account.windowStart == Long.MIN_VALUE) {
            return null;
          }
          tracked = true;
          long committed = account.committed();
          granted = Math.max(granted, committed);
          boolean contended = shared.isExact() || epochMillis < contendedUntil;
          boolean idle = epochMillis - usedAt >= IDLE_MILLIS;
          if (epochMillis >= protectedUntil && (contended || idle)) {
            // Also when more is asked for: two who each keep what is not enough would both starve.
            granted = committed;
          }
          boolean needs = asks && !askers.isEmpty();
          long need = needs ? plus(committed, smallestAsked) : 0;
          long demand = needs ? plus(committed, asked()) : 0;
          boolean leasesAhead = !contended && account.budget.isHard() && (asks || wantsMore);
          long most = (long) (account.budget.limit() * shared.slice());
          long more = leasesAhead ? ahead.next(most) : 0;
          boolean question = asks;
          asks = false;
          askers.clear();
          smallestAsked = Long.MAX_VALUE;
          return new AccountShareRequest(
              this, account, account.used, granted, need, demand, more, question);
        });
  }

  void answered(AccountShareRequest request, ShareAnswer answer, long epochMillis) {
    BudgetAlert alert =
        ledger.locked(
            () -> {
              wantsMore = false;
              if (answer == null || request.windowStart() != account.windowStart) {
                return null;
              }
              granted = Math.max(granted, request.parts(answer.granted()));
              unleased = request.parts(answer.unleased());
              fleetUsed = request.parts(answer.used());
              reported = request.spent();
              reportedAt = epochMillis;
              if (answer.isDecided()) {
                answeredAt = epochMillis;
              }
              if (answer.isDenied()) {
                lost = request.parts(answer.lost());
                contendedUntil = epochMillis + CONTENDED_MILLIS;
                ahead.none();
              } else if (request.need() > 0) {
                protectedUntil = epochMillis + PROTECTED_MILLIS;
              }
              if (request.ahead() > 0 && answer.outcome() == ShareAnswer.Outcome.GRANTED) {
                ahead.refilled(epochMillis);
              }
              return account.alertAt(fleetUsed());
            });
    if (alert != null) {
      ledger.tell(alert);
    }
    boolean awaited = request.need() > 0 || request.isQuestion();
    if (awaited && answer != null && answer.isDecided()) {
      ledger.wake();
    }
  }

  @Override
  public void recalled(long epochMillis) {
    ledger.locked(
        () -> {
          contendedUntil = epochMillis + CONTENDED_MILLIS;
          ahead.none();
          note();
          return null;
        });
  }

  @Override
  public void leave() {
    ledger.locked(
        () -> {
          protectedUntil = 0;
          contendedUntil = Long.MAX_VALUE;
          asks = false;
          wantsMore = false;
          return null;
        });
  }

  @Override
  public Due due(long epochMillis) {
    return ledger.locked(
        () -> {
          if (account.windowStart == Long.MIN_VALUE || ledger.isOver(account, epochMillis)) {
            tracked = false;
            return Due.NEVER_AGAIN;
          }
          boolean free = granted > account.committed();
          boolean idle = epochMillis - usedAt >= IDLE_MILLIS;
          boolean contended = shared.isExact() || epochMillis < contendedUntil;
          if (free && (idle || contended) && epochMillis >= protectedUntil) {
            return Due.NOW;
          }
          if (account.used != reported) {
            return epochMillis - reportedAt >= REPORT_MILLIS ? Due.NOW : Due.LATER;
          }
          if (!free && idle) {
            tracked = false;
            return Due.NEVER_AGAIN;
          }
          return Due.LATER;
        });
  }

  private static long plus(long sum, long more) {
    long result = sum + more;
    return sum > 0 && result < 0 ? Long.MAX_VALUE : result;
  }
}
