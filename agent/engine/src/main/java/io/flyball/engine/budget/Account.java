package io.flyball.engine.budget;

import java.util.Collection;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/** One account. Touched under the ledger's lock only. */
final class Account {
  final String key;

  /** Where the ledger's table has it. */
  AccountKey tableKey;

  /** Where its budget's accounts are in order. */
  AccountFamily family;

  /** Where among all accounts. */
  int index;

  Account previous;
  Account next;

  final AccountStore.Slot slot;
  Budget budget;
  long windowStart;
  private long windowEnd;
  long used;
  long reserved;

  /** Reservations of its window that are not settled; also those of nothing. */
  private int open;

  /** Which window it is in, counted: its bounds may move with the clock while it lasts. */
  private int window;

  /** By how much the clock had been set when {@link #windowEnd} was found. */
  private long shift;

  /** When the calendar's window ends, where this one is longer, until then. */
  private long calendarEnd = Long.MAX_VALUE;

  /** What was spent by then; -1 before. */
  private long usedByThen = -1;

  /** The window before, to which the clock may be set back. */
  private long previousEnd;

  private long previousUsed;

  /**
   * What earlier JVMs have spent in windows that begin after this one, by their starts: this one's
   * clock began with an earlier time than theirs.
   */
  private NavigableMap<Long, Long> later;

  /** Nobody knows what was spent: the limit is, whatever it is changed to. */
  private boolean lost;

  /** The user has changed it; what is spent is not in it yet. */
  private boolean hasOtherWindow;

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
    this.lost = used == AccountStore.UNKNOWN;
    if (lost) {
      used = usedWhenLost();
    }
    this.previousUsed = slot.previousUsed();
    this.previousEnd = previousUsed == 0 ? 0 : budget.window().endOf(slot.previousStart());
    this.later = slot.later();
    this.windowEnd = Long.MIN_VALUE;
  }

  /**
   * The user may have changed the budget; says whether so. Of a changed window {@link #turnTo}
   * finds the bounds. Calls that began before go on asking by what it was: they turn nothing back,
   * or two who wait could wake each other for ever.
   */
  boolean follow(Budget latest) {
    if (budget == latest || !latest.isLaterThan(budget)) {
      return false;
    }
    hasOtherWindow |= !budget.window().equals(latest.window());
    budget = latest;
    if (lost && latest.isHard()) {
      used = Math.max(used, latest.limit());
    }
    return true;
  }

  /**
   * @param clockShift by how much the clock was set since the first look, as in {@link #turnTo}
   */
  boolean isOver(long epochMillis, long clockShift) {
    return epochMillis >= windowEnd && clockShift == shift && reserved == 0 && line == null;
  }

  /** The clock has been set since it was last asked, or its window is over. */
  boolean isOld(long epochMillis, long clockShift) {
    return clockShift != shift || epochMillis >= windowEnd;
  }

  /** Whether the clock was set since it was last asked. */
  boolean isOfAnotherClock(long clockShift) {
    return clockShift != shift && windowEnd != Long.MIN_VALUE;
  }

  /** Whether an account that is made anew is the same. */
  boolean isAtZero() {
    return used == 0
        && reserved == 0
        && open == 0
        && line == null
        && !lost
        && !alerted
        && !exhausted
        && (share == null || share.isUnused());
  }

  /** Whether it is that of all who have none of their own. */
  boolean isOfOthers() {
    return family.others == this;
  }

  void opens() {
    boolean wasAtZero = isAtZero();
    open++;
    if (wasAtZero) {
      family.reorder(this);
    }
  }

  void settles() {
    open--;
    orderIfAtZero();
  }

  private void orderIfAtZero() {
    if (isAtZero()) {
      family.reorder(this);
    }
  }

  /** Whether a reservation that was made in that window still is in it. */
  boolean isIn(int window) {
    return this.window == window;
  }

  int window() {
    return window;
  }

  void enqueue(Place place) {
    if (line == null) {
      line = new TreeMap<>();
    }
    line.put(place.number, place);
    family.reorder(this);
  }

  void dequeue(Place place) {
    line.remove(place.number);
    if (line.isEmpty()) {
      line = null;
      orderIfAtZero();
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
    window = -1;
    slot.free();
  }

  /**
   * What was for an earlier window is over; says whether something was.
   *
   * <p>Where the clock was set nobody knows whether it was right before or is now. So what was
   * spent counts until the window would be over by both: by the time that has passed, and by the
   * calendar; neither takes longer than a window does.
   *
   * @param clockShift see {@link ClockWatch#shiftAt}
   */
  boolean turnTo(long epochMillis, long clockShift) {
    if (hasOtherWindow) {
      hasOtherWindow = false;
      return turnToOther(epochMillis, clockShift);
    }
    if (epochMillis >= windowStart
        && epochMillis < windowEnd
        && clockShift == shift
        && epochMillis < calendarEnd) {
      return false;
    }
    if (windowEnd == Long.MIN_VALUE && clockShift != shift && windowStart > 0) {
      // It was kept since before the clock was set.
      windowEnd = budget.window().endOf(windowStart);
    }
    long setBy = windowEnd == Long.MIN_VALUE ? 0 : clockShift - shift;
    shift = clockShift;
    if (setBy == 0 && epochMillis >= calendarEnd && epochMillis < windowEnd) {
      calendarEnd = Long.MAX_VALUE;
      usedByThen = used;
      return false;
    }
    long start = budget.window().startOf(epochMillis);
    long end = budget.window().endOf(epochMillis);
    if (setBy != 0) {
      long unset = epochMillis - setBy;
      long lasting = (unset < windowEnd ? windowEnd : budget.window().endOf(unset)) + setBy;
      if (windowEnd + setBy > start) {
        keepLater(end);
        countPrevious(start - setBy);
        carryTo(start, end, lasting);
      } else {
        begin(start, end);
        forgetAlerts();
        lastUntil(end, lasting);
        slot.move(start, windowEnd);
      }
      return true;
    }
    if (start <= windowStart) {
      if (windowStart < end) {
        windowEnd = Math.max(windowEnd, end);
        return false;
      }
      if (windowEnd != Long.MIN_VALUE && windowStart - epochMillis <= ClockWatch.TOLERATED_MILLIS) {
        return false;
      }
      // It was written when the clock was ahead.
      keepLater(end);
      countPrevious(start);
      carryTo(start, end, end);
      return true;
    }
    if (usedByThen >= 0) {
      used = Math.max(0, used - usedByThen);
      lost = false;
      carryTo(start, end, end);
    } else {
      begin(start, end);
    }
    forgetAlerts();
    return true;
  }

  /**
   * Nobody knows when what was spent in the window before was: all of it counts in the one that is
   * now, and until that ends. What is under way is in it, too.
   */
  private boolean turnToOther(long epochMillis, long clockShift) {
    long start = budget.window().startOf(epochMillis);
    long end = budget.window().endOf(epochMillis);
    boolean isOver = windowEnd != Long.MIN_VALUE && epochMillis >= windowEnd + (clockShift - shift);
    shift = clockShift;
    if (isOver) {
      begin(start, end);
      forgetAlerts();
    } else {
      carryTo(start, end, end);
    }
    return true;
  }

  private void countPrevious(long after) {
    if (previousEnd > after) {
      used = Amounts.plus(used, previousUsed);
    }
  }

  private void begin(long start, long end) {
    window++;
    open = 0;
    long before = committed();
    previousEnd = windowEnd == Long.MIN_VALUE ? 0 : Math.min(windowEnd, start);
    windowStart = start;
    windowEnd = end;
    used = 0;
    lost = false;
    reserved = 0;
    calendarEnd = Long.MAX_VALUE;
    usedByThen = -1;
    if (!later.isEmpty()) {
      countLater(start, end);
    }
    previousUsed = Math.max(0, before - used);
    slot.begin(start, end, lost ? AccountStore.UNKNOWN : used);
    slot.dropLater(end);
    if (share != null) {
      share.begin();
      if (used > 0) {
        share.move();
      }
    }
  }

  /** At least what was spent in that window before the clock was set back from it. */
  private void countLater(long start, long end) {
    long sum = 0;
    for (long kept : later.subMap(start, end).values()) {
      boolean known = kept != AccountStore.UNKNOWN;
      lost |= !known;
      sum = Amounts.plus(sum, known ? kept : usedWhenLost());
    }
    used = Math.max(used, sum);
    later.headMap(end).clear();
  }

  private long usedWhenLost() {
    return budget.isHard() ? budget.limit() : 0;
  }

  /** Before the clock is followed back to a window that ends then. */
  private void keepLater(long end) {
    if (windowStart >= end && (lost || committed() > 0)) {
      long spent = lost ? AccountStore.UNKNOWN : committed();
      slot.keepLater(windowStart, budget.window().endOf(windowStart), spent);
      if (windowEnd == Long.MIN_VALUE) {
        later = later.isEmpty() ? new TreeMap<>() : later;
        later.put(windowStart, spent);
      }
    }
  }

  private void lastUntil(long end, long lasting) {
    // Other JVMs know the calendar only.
    windowEnd = share == null ? Math.max(end, lasting) : end;
    calendarEnd = windowEnd > end ? end : Long.MAX_VALUE;
  }

  /**
   * What was spent and set aside counts in that window of the calendar from now on.
   *
   * @param lasting when as much time has passed as was left before the clock was set
   */
  private void carryTo(long start, long end, long lasting) {
    windowStart = start;
    lastUntil(end, lasting);
    usedByThen = -1;
    previousEnd = 0;
    previousUsed = 0;
    if (!later.isEmpty()) {
      countLater(start, end);
    }
    slot.move(start, windowEnd);
    write();
    slot.dropLater(end);
    if (share != null) {
      share.move();
    }
  }

  boolean fits(long amount, long epochMillis) {
    return share == null ? amount <= budget.limit() - committed() : share.fits(amount, epochMillis);
  }

  Decision refusal(long amount, long epochMillis, boolean behind, Asker asker) {
    if (share == null) {
      return Decision.refused(
          this,
          Math.max(0, budget.limit() - committed()),
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

  void forgetSpent() {
    used = 0;
    lost = false;
    usedByThen = Math.min(usedByThen, 0);
    previousUsed = 0;
    forgetAlerts();
    later = Collections.emptyNavigableMap();
    slot.dropLater(Long.MAX_VALUE);
    write();
    orderIfAtZero();
  }

  /** The marks are passed anew from now on. */
  private void forgetAlerts() {
    alerted = false;
    exhausted = false;
  }

  void write() {
    slot.write(lost ? AccountStore.UNKNOWN : used, reserved);
  }
}
