package io.flyball.engine.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongToDoubleFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Simulated traffic, minute by minute, with fixed seeds. */
class SpendWatchTest {
  private static final long MINUTE = TimeUnit.MINUTES.toMillis(1);
  private static final long HOUR = TimeUnit.HOURS.toMillis(1);
  private static final long DAY = TimeUnit.DAYS.toMillis(1);
  private static final long START = 20_000 * DAY;

  private final AnomalySettings settings =
      new AnomalySettings(4, 10 * MINUTE, DAY, 1, 500_000, 100, 20);
  private final Notices notices = new Notices();
  private final SpendWatch watch =
      new SpendWatch(SpendScope.TENANT, SpendUnit.USD, settings, 1_000, notices);
  private final List<Anomaly> told = new ArrayList<>();

  /** What a key does: calls a minute on the average at that time, and what they cost. */
  private static final class Traffic {
    final String key;
    final LongToDoubleFunction callsPerMinute;
    final Random random;
    double spent;

    Traffic(String key, long seed, LongToDoubleFunction callsPerMinute) {
      this.key = key;
      this.callsPerMinute = callsPerMinute;
      this.random = new Random(seed);
    }
  }

  private static int poisson(Random random, double mean) {
    if (mean > 50) {
      return (int) Math.max(0, Math.round(mean + Math.sqrt(mean) * random.nextGaussian()));
    }
    double limit = Math.exp(-mean);
    int count = 0;
    for (double p = random.nextDouble(); p > limit; p *= random.nextDouble()) {
      count++;
    }
    return count;
  }

  /** Around five cents, with a long tail: one in a hundred is ten times the middle one. */
  private static double cost(Random random) {
    return 0.05 * Math.exp(random.nextGaussian());
  }

  private void minute(Traffic traffic, long now) {
    int calls = poisson(traffic.random, traffic.callsPerMinute.applyAsDouble(now));
    for (int i = 0; i < calls; i++) {
      double cost = cost(traffic.random);
      traffic.spent += cost;
      watch.spent(traffic.key, cost, now + (long) (traffic.random.nextDouble() * MINUTE));
    }
  }

  private void run(long from, long until, Traffic... all) {
    for (long now = from; now < until; now += MINUTE) {
      for (Traffic traffic : all) {
        minute(traffic, now);
      }
      watch.look(now + MINUTE);
      told.addAll(notices.take());
    }
  }

  private static double byDay(long now, double night, double noon) {
    double phase = 2 * Math.PI * (now % DAY) / DAY;
    return night + (noon - night) * (1 - Math.cos(phase)) / 2;
  }

  private static LongToDoubleFunction bursts(long seed, double calm, double burst, double share) {
    Random when = new Random(seed);
    boolean[] on = {false};
    return now -> {
      // A burst begins so often that it is on for that share of the time, for ten minutes each.
      if (on[0] ? when.nextInt(10) == 0 : when.nextDouble() < share / 10) {
        on[0] = !on[0];
      }
      return on[0] ? burst : calm;
    };
  }

  /** A few; more where somebody wants to know how sure it is. */
  static LongStream seeds() {
    return LongStream.rangeClosed(1, Integer.getInteger("flyball.simulation.seeds", 2));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void normalTrafficOfAMonthIsNoAnomaly(long seed) {
    List<Traffic> all = new ArrayList<>();
    all.add(new Traffic("steady", seed, now -> 20));
    all.add(new Traffic("thin", seed + 10, now -> 0.3));
    all.add(new Traffic("daily", seed + 20, now -> byDay(now, 2, 40)));
    all.add(new Traffic("steep", seed + 30, now -> byDay(now, 0.2, 60)));
    all.add(new Traffic("bursty", seed + 40, bursts(seed, 2, 30, 0.05)));
    all.add(new Traffic("wild", seed + 50, bursts(seed + 1, 0.5, 60, 0.02)));
    all.add(
        new Traffic(
            "growing", seed + 60, now -> 10 * Math.pow(1.05, (now - START) / (double) DAY)));
    all.add(
        new Traffic(
            "growing by day",
            seed + 70,
            now -> byDay(now, 2, 20) * Math.pow(1.05, (now - START) / (double) DAY)));
    all.add(
        new Traffic(
            "weekdays", seed + 80, now -> byDay(now, 1, 30) * (now / DAY % 7 < 5 ? 1 : 0.2)));
    all.add(new Traffic("nightly batch", seed + 90, now -> now % DAY < 20 * MINUTE ? 60 : 0.5));
    run(START, START + 30 * DAY, all.toArray(new Traffic[0]));
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void usersWhoCallNowAndThenAreNoAnomaly(long seed) {
    List<Traffic> users = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      Random habits = new Random(seed * 1_000 + i);
      double busy = 0.5 + 4 * habits.nextDouble();
      double share = 0.002 + 0.02 * habits.nextDouble();
      long joins = (long) (habits.nextDouble() * 15 * DAY);
      LongToDoubleFunction sessions = bursts(seed * 77 + i, 0, busy, share);
      users.add(
          new Traffic(
              "user" + i, seed + i, now -> now < START + joins ? 0 : sessions.applyAsDouble(now)));
    }
    run(START, START + 30 * DAY, users.toArray(new Traffic[0]));
    assertThat(told).isEmpty();
  }

  /** Few and bursty calls hide more, so that their bounds are wider. */
  @ParameterizedTest
  @CsvSource({
    "steady, 10, 100",
    "daily, 10, 100",
    "night, 15, 150",
    "growing, 10, 100",
    "thin, 90, 900",
    "bursty, 720, 12000"
  })
  void tenTimesTheUsualIsFoundSoonAndToldOnce(String kind, int minutes, int usualMinutes) {
    for (int seed = 1; seed <= 5; seed++) {
      String key = kind + seed;
      long spikeAt = START + 9 * DAY + (kind.equals("night") ? 1 : 12) * HOUR;
      LongToDoubleFunction normal = normal(kind, seed);
      Traffic traffic =
          new Traffic(
              key,
              seed,
              now ->
                  normal.applyAsDouble(now) * (now >= spikeAt && now < spikeAt + DAY / 2 ? 10 : 1));
      told.clear();
      run(START, spikeAt, traffic);
      assertThat(told).isEmpty();
      double before = traffic.spent;
      double usualPerMinute = normal.applyAsDouble(spikeAt) * 0.05 * Math.exp(0.5);
      long now = spikeAt;
      while (told.isEmpty() && now < spikeAt + DAY / 2) {
        run(now, now + MINUTE, traffic);
        now += MINUTE;
      }
      double cost = traffic.spent - before;
      assertThat(told).as(key).hasSize(1);
      assertThat((now - spikeAt) / MINUTE).as("minutes: %s", key).isLessThanOrEqualTo(minutes);
      assertThat(cost / usualPerMinute).as("cost: %s", key).isLessThan(usualMinutes);
      if (Boolean.getBoolean("flyball.simulation.print")) {
        System.out.printf(
            "%s: found after %d min, %.2f USD, that of %.0f usual minutes%n",
            key, (now - spikeAt) / MINUTE, cost, cost / usualPerMinute);
      }
      run(now, spikeAt + DAY, traffic);
      assertThat(told).as("one anomaly, told at its beginning and end: %s", told).hasSize(2);
      assertThat(told.get(1).end()).isEqualTo(Anomaly.End.OVER);
      assertThat(told.get(1).id()).isEqualTo(told.get(0).id());
    }
  }

  private static LongToDoubleFunction normal(String kind, int seed) {
    switch (kind) {
      case "steady":
        return now -> 20;
      case "thin":
        return now -> 0.5;
      case "bursty":
        return bursts(seed, 2, 20, 0.15);
      case "growing":
        return now -> 10 * Math.pow(1.05, (now - START) / (double) DAY);
      default:
        return now -> byDay(now, 4, 40);
    }
  }

  @Test
  void nobodyIsJudgedBeforeEnoughIsKnown() {
    Traffic traffic = new Traffic("new", 1, now -> now >= START + 20 * HOUR ? 500 : 10);
    run(START, START + 23 * HOUR, traffic);
    assertThat(told).isEmpty();
  }

  @Test
  void oneDearCallIsNoAnomaly() {
    Traffic traffic = new Traffic("calm", 1, now -> 2);
    run(START, START + 3 * DAY, traffic);
    watch.spent("calm", 500, START + 3 * DAY);
    run(START + 3 * DAY, START + 4 * DAY, traffic);
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsNotWorthTellingIsNotTold() {
    SpendWatch cents =
        new SpendWatch(
            SpendScope.TENANT,
            SpendUnit.USD,
            new AnomalySettings(4, 10 * MINUTE, DAY, 1_000, 500_000, 100, 20),
            10,
            notices);
    for (long now = START; now < START + 3 * DAY; now += MINUTE) {
      cents.spent("a", now < START + 2 * DAY ? 0.01 : 1, now);
    }
    assertThat(notices.take()).isEmpty();
  }

  @Test
  void aNewOneWhoSpendsSeveralTimesWhatOthersEverDidIsFound() {
    Traffic[] all = new Traffic[7];
    for (int i = 0; i < 6; i++) {
      all[i] = new Traffic("old" + i, i, now -> 5);
    }
    all[6] = new Traffic("new", 7, now -> now < START + 2 * DAY ? 0 : 5);
    run(START, START + 3 * DAY, all);
    assertThat(told).as("like the others").isEmpty();
    all[6] = new Traffic("newer", 8, now -> 100);
    run(START + 3 * DAY, START + 3 * DAY + HOUR, all);
    assertThat(told).hasSize(1);
    assertThat(told.get(0).kind()).isEqualTo(Anomaly.Kind.NEW_SPENDER);
    assertThat(told.get(0).key()).isEqualTo("newer");
  }

  @Test
  void aLevelThatLastsBecomesTheNormal() {
    Traffic traffic = new Traffic("moved", 1, now -> now < START + 3 * DAY ? 5 : 60);
    run(START, START + 10 * DAY, traffic);
    assertThat(told).hasSize(2);
    assertThat(told.get(1).end()).isEqualTo(Anomaly.End.NEW_NORMAL);
    assertThat(told.get(1).endMillis() - told.get(1).sinceMillis()).isBetween(DAY, DAY + HOUR);
  }

  @Test
  void theSameTwiceIsFoundTwice() {
    LongToDoubleFunction spikes =
        now -> {
          long day = (now - START) / DAY;
          boolean spike = (day == 3 || day == 4 || day == 6) && now % DAY < HOUR;
          return spike ? 100 : 10;
        };
    run(START, START + 8 * DAY, new Traffic("again", 1, spikes));
    assertThat(told).hasSize(6);
  }

  @Test
  void burstsThatBeginLateAreLearnt() {
    Random when = new Random(5);
    long[] burst = {START + 3 * DAY};
    LongToDoubleFunction late =
        now -> {
          if (now > burst[0] + 20 * MINUTE) {
            burst[0] = now + (long) (when.nextDouble() * DAY);
          }
          return now >= burst[0] ? 60 : 1;
        };
    run(START, START + 30 * DAY, new Traffic("late", 1, late));
    assertThat(told).as("three of some forty: %s", told).hasSizeBetween(2, 6);
  }

  @Test
  void whatComesBackEveryWeekIsNormalFromTheSecondTimeOn() {
    LongToDoubleFunction weekly =
        now -> (now - START) / DAY % 7 == 5 && now % DAY < HOUR ? 200 : 10;
    run(START, START + 30 * DAY, new Traffic("weekly", 1, weekly));
    assertThat(told).hasSize(2);
  }

  @Test
  void anAnomalyGoesOnWhileCallsAreRefused() {
    Traffic traffic = new Traffic("held", 1, now -> now < START + 2 * DAY ? 10 : 200);
    run(START, START + 2 * DAY + 10 * MINUTE, traffic);
    assertThat(told).hasSize(1);
    long now = START + 2 * DAY + 10 * MINUTE;
    for (; now < START + 2 * DAY + 5 * HOUR; now += MINUTE) {
      for (int i = 0; i < 200; i++) {
        watch.refused("held", now);
      }
      watch.look(now);
    }
    assertThat(notices.take()).isEmpty();
    run(now, now + 3 * HOUR, new Traffic("held", 2, later -> 10));
    assertThat(told).hasSize(2);
  }

  /** For two days one call of a dollar a minute, then one a second at that price. */
  private Anomaly callsEverySecondAt(double usd) {
    long from = START + 2 * DAY;
    for (long now = START; now < from; now += MINUTE) {
      watch.spent("acme", 1, now);
    }
    for (long now = from; now < from + 15 * MINUTE; now += 1_000) {
      watch.spent("acme", usd, now);
    }
    List<Anomaly> news = notices.take();
    assertThat(news).hasSize(1);
    return news.get(0);
  }

  @Test
  void soManyCallsAreUsualAsTheUsualSpendingPaysFor() {
    Anomaly anomaly = callsEverySecondAt(0.25);
    assertThat(anomaly.windowMillis()).isEqualTo(10 * MINUTE);
    assertThat(anomaly.usual()).isBetween(9.0, 10.0);
    assertThat(watch.usualCallsPerMinute("acme"))
        .isCloseTo(anomaly.usual() / 0.25 / 10, within(0.001));
    assertThat(watch.usualCallsPerMinute("globex")).isEqualTo(1);
  }

  @Test
  void oneCallAMinuteIsUsualForEverybody() {
    assertThat(callsEverySecondAt(20).usual() / 20 / 10).isLessThan(0.1);
    assertThat(watch.usualCallsPerMinute("acme")).isEqualTo(1);
  }

  @Test
  void releasedByHandItIsNotTakenUpAgain() {
    Traffic traffic = new Traffic("wanted", 1, now -> now < START + 2 * DAY ? 10 : 200);
    run(START, START + 2 * DAY + 10 * MINUTE, traffic);
    assertThat(watch.release("anomaly-99", START + 2 * DAY + 10 * MINUTE)).isFalse();
    assertThat(watch.release(told.get(0).id(), START + 2 * DAY + 10 * MINUTE)).isTrue();
    run(START + 2 * DAY + 10 * MINUTE, START + 6 * DAY, traffic);
    assertThat(told).hasSize(2);
    assertThat(told.get(1).end()).isEqualTo(Anomaly.End.RELEASED);
    assertThat(watch.anomalies()).isEmpty();
  }

  @Test
  void keysAreForgottenButNotWhileSomethingIsWrong() {
    SpendWatch small = new SpendWatch(SpendScope.USER, SpendUnit.USD, settings, 2, notices);
    for (long now = START; now < START + 2 * DAY; now += MINUTE) {
      small.spent("a", 0.1, now);
    }
    for (int i = 0; i < 1_000; i++) {
      small.spent("a", 0.1, START + 2 * DAY);
    }
    for (int i = 0; i < 100; i++) {
      small.spent("other" + i, 0.1, START + 2 * DAY);
    }
    assertThat(small.anomalies()).hasSize(1);
    small.look(START + 3 * DAY);
    assertThat(small.anomalies()).isEmpty();
  }
}
