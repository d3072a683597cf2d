package io.flyball.engine.budget;

import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Windows of minutes or hours, from midnight by the clock of a zone. They follow one another
 * without gap or overlap, also where that clock is changed: what comes twice in an hour that the
 * clock says twice is one window, which is that hour longer, unless it is a whole window each time;
 * what the clock leaves out is no window. All moments in milliseconds since the epoch. Immutable.
 */
final class HourWindows {
  private static final long MILLIS_PER_SECOND = 1_000;

  private final ZoneRules rules;
  private final long length;

  /**
   * @param length in milliseconds; divides a day
   */
  HourWindows(ZoneId zone, long length) {
    this.rules = zone.getRules();
    this.length = length;
  }

  long startOf(long at) {
    ZoneOffsetTransition before = changeBefore(at);
    long start = byTheClock(at);
    if (before == null) {
      return start;
    }
    long first = firstAfter(before);
    return at < first ? startOf(moment(before) - 1) : Math.max(start, first);
  }

  long endOf(long at) {
    ZoneOffsetTransition before = changeBefore(at);
    if (before != null) {
      long first = firstAfter(before);
      if (at < first) {
        return first;
      }
    }
    long end = byTheClock(at) + length;
    ZoneOffsetTransition after = rules.nextTransition(Instant.ofEpochMilli(at));
    return after == null || end < moment(after) ? end : firstAfter(after);
  }

  private long byTheClock(long at) {
    long offset = rules.getOffset(Instant.ofEpochMilli(at)).getTotalSeconds() * MILLIS_PER_SECOND;
    return Math.floorDiv(at + offset, length) * length - offset;
  }

  /** The last change of the clock, when it can still matter; else null. */
  private ZoneOffsetTransition changeBefore(long at) {
    if (rules.isFixedOffset()) {
      return null;
    }
    ZoneOffsetTransition before = rules.previousTransition(Instant.ofEpochMilli(at + 1));
    return before == null || at - moment(before) >= 2 * length ? null : before;
  }

  /** When the first window begins after, or at, that change. */
  private long firstAfter(ZoneOffsetTransition change) {
    long moment = moment(change);
    long offsetAfter = change.getOffsetAfter().getTotalSeconds() * MILLIS_PER_SECOND;
    long clockAfter = moment + offsetAfter;
    long begins = Math.floorDiv(clockAfter, length) * length;
    if (change.isGap()) {
      long clockBefore = moment + change.getOffsetBefore().getTotalSeconds() * MILLIS_PER_SECOND;
      // What would have begun in the hour that is left out begins when the clock is changed.
      return begins >= clockBefore ? moment : begins + length - offsetAfter;
    }
    long last = startOf(moment - 1);
    long first = (begins == clockAfter ? begins : begins + length) - offsetAfter;
    while (first - last < length) {
      first += length;
    }
    return first;
  }

  private static long moment(ZoneOffsetTransition change) {
    return change.toEpochSecond() * MILLIS_PER_SECOND;
  }
}
