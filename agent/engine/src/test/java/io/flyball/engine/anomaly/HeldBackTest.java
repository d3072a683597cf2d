package io.flyball.engine.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.time.ManualTime;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How many calls are let through of who spends too much: not more, and not fewer. */
class HeldBackTest {
  private static final Attribution ACME = new Attribution("acme", "search", null, null, null, null);
  private static final Attribution GLOBEX =
      new Attribution("globex", "search", null, null, null, null);

  private final ManualTime clock = new ManualTime();
  private final Throttle throttle = new Throttle(clock, new ConversationReader());

  private void hold(Map<SpendScope, Map<String, Double>> callsPerMinute) {
    throttle.hold(callsPerMinute, Collections.emptySet(), Collections.emptySet());
  }

  private void holdAcme(double callsPerMinute) {
    hold(
        Collections.singletonMap(
            SpendScope.TENANT, Collections.singletonMap("acme", callsPerMinute)));
  }

  private int passed(int calls) {
    int passed = 0;
    for (int i = 0; i < calls; i++) {
      passed += throttle.spendingRefusal(ACME) == null ? 1 : 0;
    }
    return passed;
  }

  @Test
  void aMinutesCallsMayComeAtOnceAndThenOneAfterTheOther() {
    holdAcme(6);
    assertThat(passed(10)).isEqualTo(6);
    clock.advance(9, TimeUnit.SECONDS);
    assertThat(passed(3)).isZero();
    clock.advance(2, TimeUnit.SECONDS);
    assertThat(passed(3)).isEqualTo(1);
    clock.advance(8, TimeUnit.SECONDS);
    assertThat(passed(3)).isZero();
    clock.advance(31, TimeUnit.SECONDS);
    assertThat(passed(10)).as("what came in pieces is not lost").isEqualTo(4);
  }

  @Test
  void inTheLongRunItIsTheUsualRate() {
    holdAcme(1.5);
    int passed = 0;
    for (int second = 0; second < 3_600; second++) {
      passed += passed(1);
      clock.advance(1, TimeUnit.SECONDS);
    }
    assertThat(passed).as("90 an hour, and what is there at first").isBetween(90, 91);
  }

  @Test
  void nothingIsSavedUpBeyondAMinute() {
    holdAcme(3);
    clock.advance(1, TimeUnit.HOURS);
    assertThat(passed(100)).isEqualTo(3);
  }

  @Test
  void anotherRateGivesNothingAtOnce() {
    holdAcme(6);
    assertThat(passed(10)).isEqualTo(6);
    holdAcme(60);
    assertThat(passed(10)).isZero();
    clock.advance(3, TimeUnit.SECONDS);
    assertThat(passed(10)).isEqualTo(3);
    holdAcme(1);
    clock.advance(1, TimeUnit.HOURS);
    assertThat(passed(10)).isEqualTo(1);
  }

  @Test
  void whoIsNotHeldBackIsNot() {
    holdAcme(1);
    assertThat(passed(5)).isEqualTo(1);
    for (int i = 0; i < 5; i++) {
      assertThat(throttle.spendingRefusal(GLOBEX)).isNull();
      assertThat(throttle.spendingRefusal(Attribution.NONE)).isNull();
    }
    hold(Collections.emptyMap());
    assertThat(throttle.isIdle()).isTrue();
    assertThat(passed(5)).isEqualTo(5);
  }

  @Test
  void ofSeveralRatesTheLeastCounts() {
    Map<SpendScope, Map<String, Double>> rates = new EnumMap<>(SpendScope.class);
    rates.put(SpendScope.TENANT, Collections.singletonMap("acme", 6.0));
    rates.put(SpendScope.FEATURE, Collections.singletonMap("search", 2.0));
    hold(rates);
    assertThat(passed(10)).isEqualTo(2);
    assertThat(throttle.spendingRefusal(GLOBEX)).as("the same feature").contains("feature");
  }
}
