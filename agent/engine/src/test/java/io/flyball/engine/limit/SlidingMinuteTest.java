package io.flyball.engine.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class SlidingMinuteTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long LIMIT = 100;

  private static final class Arrival {
    final long pauseMillis;
    final long amount;

    Arrival(long pauseMillis, long amount) {
      this.pauseMillis = pauseMillis;
      this.amount = amount;
    }

    @Override
    public String toString() {
      return "after " + pauseMillis + " ms: " + amount;
    }
  }

  @Provide
  Arbitrary<List<Arrival>> arrivals() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 20_000), Arbitraries.longs().between(1, LIMIT))
        .as(Arrival::new)
        .list()
        .ofMaxSize(100);
  }

  @Property
  void noMinuteEverHoldsMoreThanTheLimit(
      @ForAll @From("arrivals") List<Arrival> arrivals, @ForAll long start) {
    SlidingMinute minute = new SlidingMinute(start);
    List<long[]> passed = new ArrayList<>();
    long now = start;
    for (Arrival arrival : arrivals) {
      now += arrival.pauseMillis * 1_000_000;
      if (minute.nanosUntil(arrival.amount, LIMIT, now) == 0) {
        minute.add(arrival.amount, LIMIT, now);
        passed.add(new long[] {now, arrival.amount});
      }
      long end = now;
      long within =
          passed.stream().filter(each -> end - each[0] < 60 * SECOND).mapToLong(e -> e[1]).sum();
      assertThat(within).isLessThanOrEqualTo(LIMIT);
    }
  }

  /** It says exactly when there is room, and nobody waits more than a second too long. */
  @Property
  void whatItSaysIsWhenThereIsRoom(
      @ForAll @From("arrivals") List<Arrival> arrivals,
      @ForAll @LongRange(min = 1, max = LIMIT) long amount) {
    SlidingMinute minute = new SlidingMinute(0);
    List<long[]> passed = new ArrayList<>();
    long now = 0;
    for (Arrival arrival : arrivals) {
      now += arrival.pauseMillis * 1_000_000;
      if (minute.nanosUntil(arrival.amount, LIMIT, now) == 0) {
        minute.add(arrival.amount, LIMIT, now);
        passed.add(new long[] {now, arrival.amount});
      }
    }

    long until = minute.nanosUntil(amount, LIMIT, now);

    long then = now + until;
    assertThat(until).isBetween(0L, 61 * SECOND);
    if (until > 0) {
      assertThat(minute.nanosUntil(amount, LIMIT, then - 1)).isEqualTo(1);
      assertThat(sumOfTheLast(61 * SECOND, passed, then - SECOND)).isGreaterThan(LIMIT - amount);
    }
    assertThat(minute.nanosUntil(amount, LIMIT, then)).isZero();
  }

  private static long sumOfTheLast(long nanos, List<long[]> passed, long now) {
    return passed.stream().filter(each -> now - each[0] < nanos).mapToLong(each -> each[1]).sum();
  }

  @Test
  void aSteadyLoadOfNinetyFivePercentAlwaysPasses() {
    SlidingMinute minute = new SlidingMinute(7);
    long limit = 1_000;
    long now = 7;
    for (int i = 0; i < 10_000; i++) {
      assertThat(minute.nanosUntil(1, limit, now)).isZero();
      minute.add(1, limit, now);
      now += 60 * SECOND / 950;
    }
  }

  @Test
  void whatIsLargerThanTheLimitPassesAloneAndIsPaidForLater() {
    SlidingMinute minute = new SlidingMinute(0);
    assertThat(minute.nanosUntil(175, LIMIT, 0)).isZero();
    minute.add(175, LIMIT, 0);
    assertThat(minute.nanosUntil(1, LIMIT, 0)).isEqualTo(61 * SECOND);
    assertThat(minute.nanosUntil(25, LIMIT, 61 * SECOND)).isZero();
    assertThat(minute.nanosUntil(26, LIMIT, 61 * SECOND)).isEqualTo(61 * SECOND);
    assertThat(minute.nanosUntil(175, LIMIT, 61 * SECOND)).isEqualTo(61 * SECOND);
    assertThat(minute.nanosUntil(175, LIMIT, 122 * SECOND)).isZero();
  }

  @Test
  void aDebtIsPaidWhileNobodyLooks() {
    SlidingMinute minute = new SlidingMinute(0);
    minute.add(175, LIMIT, 0);

    assertThat(minute.sum(LIMIT, 121 * SECOND)).isEqualTo(75);
    assertThat(minute.sum(LIMIT, 122 * SECOND)).isZero();
  }

  @Test
  void noAmountLocksAnybodyOutForMoreThanAFewMinutes() {
    SlidingMinute minute = new SlidingMinute(0);
    minute.add(1_000_000, LIMIT, 0);

    assertThat(minute.sum(LIMIT, 0)).isEqualTo(5 * LIMIT);
    assertThat(minute.sum(LIMIT, 5 * 61 * SECOND)).isZero();
  }

  @Test
  void whatWasTooMuchIsTakenBack() {
    SlidingMinute minute = new SlidingMinute(0);
    SlidingMinute.Entry large = minute.add(175, LIMIT, 0);
    minute.takeBack(large, 165, LIMIT, 5 * SECOND);
    assertThat(minute.sum(LIMIT, 5 * SECOND)).isEqualTo(10);
    SlidingMinute.Entry other = minute.add(50, LIMIT, 6 * SECOND);
    minute.takeBack(large, 10, LIMIT, 70 * SECOND);
    assertThat(minute.sum(LIMIT, 66 * SECOND)).as("it was forgotten already").isEqualTo(0);
    minute.takeBack(other, 50, LIMIT, 70 * SECOND);
    assertThat(minute.sum(LIMIT, 70 * SECOND)).isZero();
  }
}
