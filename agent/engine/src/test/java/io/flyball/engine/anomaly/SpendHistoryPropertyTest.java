package io.flyball.engine.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class SpendHistoryPropertyTest {
  private static final long WINDOW = 600_000;
  private static final long HOUR = 3_600_000;
  private static final long DAY = 24 * HOUR;
  private static final long START = 20_000 * DAY;

  /** The sum of a window is that of a model that remembers every call, to within a step. */
  @Property(tries = 200)
  void theWindowIsWhatWasSpentLately(
      @ForAll @Size(min = 1, max = 200) List<@IntRange(min = 0, max = 400) Integer> pauseSeconds,
      @ForAll @Size(min = 200, max = 200) List<@DoubleRange(min = 0, max = 100) Double> amounts) {
    SpendHistory history = new SpendHistory(WINDOW, DAY, START);
    Deque<double[]> calls = new ArrayDeque<>();
    long now = START;
    for (int i = 0; i < pauseSeconds.size(); i++) {
      now += pauseSeconds.get(i) * 1_000L;
      history.add(amounts.get(i), now);
      calls.add(new double[] {now, amounts.get(i)});
      double least = spentSince(calls, now - WINDOW + WINDOW / 10);
      double most = spentSince(calls, now - WINDOW);
      // Without the dearest call, which may be one that is only in the wider of the two.
      assertThat(history.window(0).spent()).isBetween(least - 1e-6 - 100, most + 1e-6);
      assertThat(history.window(0).spent()).isGreaterThanOrEqualTo(0);
    }
  }

  private static double spentSince(Deque<double[]> calls, long since) {
    double sum = 0;
    double dearest = 0;
    for (double[] call : calls) {
      if (call[0] > since) {
        sum += call[1];
        dearest = Math.max(dearest, call[1]);
      }
    }
    return sum - dearest;
  }

  /** A few wild hours, however wild, do not change what is usual. */
  @Property(tries = 100)
  void aFewWildHoursDoNotMatter(
      @ForAll @Size(max = 10) List<@LongRange(min = 0, max = 167) Long> wildHours,
      @ForAll @DoubleRange(min = 10, max = 1e6) double wild) {
    SpendHistory calm = new SpendHistory(WINDOW, DAY, START);
    SpendHistory history = new SpendHistory(WINDOW, DAY, START);
    List<Long> apart = apart(wildHours);
    for (long hour = 0; hour < 7 * 24; hour++) {
      for (int i = 0; i < 6; i++) {
        long now = START + hour * HOUR + i * 600_000L;
        calm.add(1, now);
        history.add(apart.contains(hour) ? wild : 1, now);
      }
    }
    long now = START + 7 * DAY + HOUR / 2;
    calm.moveTo(now);
    history.moveTo(now);
    assertThat(history.usual(history.window(0)))
        .isCloseTo(calm.usual(calm.window(0)), within(1e-3));
    assertThat(calm.usual(calm.window(0))).isCloseTo(1, within(1e-3));
  }

  /** On different hours of the day, not just before the end, not a week before it. */
  private static List<Long> apart(List<Long> hours) {
    List<Long> apart = new ArrayList<>();
    for (Long hour : hours) {
      boolean near = hour >= 160 || hour <= 2;
      for (Long other : apart) {
        near |= Math.floorMod(hour - other, 24L) == 0;
      }
      if (!near) {
        apart.add(hour);
      }
    }
    return apart;
  }

  /** More of everything is as unusual as before: only ratios count. */
  @Property(tries = 50)
  void onlyRatiosCount(
      @ForAll @Size(min = 72, max = 72) List<@DoubleRange(min = 0.1, max = 10) Double> byHour,
      @ForAll @IntRange(min = 1, max = 12) int doublings) {
    double scale = Math.pow(2, doublings);
    SpendHistory one = new SpendHistory(WINDOW, DAY, START);
    SpendHistory other = new SpendHistory(WINDOW, DAY, START);
    long now = START;
    for (Double amount : byHour) {
      for (int i = 0; i < 12; i++) {
        one.add(amount, now);
        other.add(amount * scale, now);
        now += HOUR / 12;
      }
    }
    for (int window = 0; window < SpendHistory.WINDOWS; window++) {
      double limit = one.limit(one.window(window), 4);
      assertThat(other.limit(other.window(window), 4) / scale)
          .isCloseTo(limit, within(limit * 1e-4));
      assertThat(limit).isGreaterThanOrEqualTo(4 * one.usual(one.window(window)));
    }
  }
}
