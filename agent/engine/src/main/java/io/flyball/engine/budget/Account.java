package io.flyball.engine.budget;

import java.util.Collection;
import java.util.Collections;
import java.util.TreeMap;

/** One account. Touched under the ledger's lock only. */
final class Account {
  final String key;

  /** Where the ledger's table has it. */
  AccountKey tableKey;

  final AccountStore.Slot slot;
  Budget budget;
  long windowStart;
  private long windowEnd;
  long used;
  long reserved;
  private boolean alerted;
  private boolean exhausted;

  /** Who waits for it, by their numbers; null for nobody. */
  private TreeMap<Long, Place> line;

  /** Null when other JVMs do not spend from it. */
  AccountShare share;

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
      if (share != null) {
        share.move();
      }
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

  /** Who came first; of an account that other JVMs spend from, too, all. */
  Collection<Place> whoseTurnItIs() {
    if (line == null) {
      return Collections.emptyList();
    }
    return share == null ? Collections.singletonList(firstInLine()) : line.values();
  }

  /**
   * Whether somebody waits for it who began before.
   *
   * @param place null for somebody who comes just now
   */
  boolean isWaitedForBefore(Place place) {
    return share == null
        && line != null
        && (place == null || place.number == 0 || line.firstKey() < place.number);
  }

  /** Settlements that come later find it in another window than theirs. */
  void close() {
    windowStart = Long.MIN_VALUE;
    slot.free();
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
    forgetAlerts();
    slot.begin(windowStart, windowEnd);
    if (share != null) {
      share.begin();
    }
    return true;
  }

  boolean fits(long amount, long epochMillis) {
    return share == null
        ? amount <= budget.limit() - used - reserved
        : share.fits(amount, epochMillis);
  }

  Decision refusal(long amount, long epochMillis, boolean behind, Asker asker) {
    if (share == null) {
      return Decision.refused(
          this,
          Math.max(0, budget.limit() - used - reserved),
          Math.max(0, budget.limit() - used),
          windowEnd,
          behind);
    }
    boolean pending = share.ask(amount, epochMillis, asker);
    return Decision.refused(this, share, pending, windowEnd);
  }

  /** What is spent and set aside. */
  long committed() {
    long sum = used + reserved;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  long windowEnd() {
    return windowEnd;
  }

  /** Null unless a mark is passed for the first time in its window; of two the last one. */
  BudgetAlert alertAt(long spent) {
    if (spent >= budget.limit()) {
      return exhaustedAt(spent);
    }
    if (alerted || !isBeyondMark(spent)) {
      return null;
    }
    alerted = true;
    return alert(BudgetAlert.Mark.ALERT_AT, spent);
  }

  /** The same where what is left did not pay for a call. */
  BudgetAlert alertTurnedAway() {
    long spent = share == null ? used : share.fleetUsed();
    return isBeyondMark(spent) ? exhaustedAt(spent) : null;
  }

  private boolean isBeyondMark(long spent) {
    return spent >= budget.limit() * budget.alertAt();
  }

  private BudgetAlert exhaustedAt(long spent) {
    if (exhausted) {
      return null;
    }
    alerted = true;
    exhausted = true;
    return alert(BudgetAlert.Mark.EXHAUSTED, spent);
  }

  private BudgetAlert alert(BudgetAlert.Mark mark, long spent) {
    return new BudgetAlert(budget, key, mark, spent, windowEnd);
  }

  /** The marks are passed anew from now on. */
  void forgetAlerts() {
    alerted = false;
    exhausted = false;
  }

  void write() {
    slot.write(used, reserved);
  }
}
