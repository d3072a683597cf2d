package io.flyball.engine.breaker;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.breaker.CircuitBreakers.Permit;
import io.flyball.engine.time.ManualTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class CircuitBreakersTest {
  private static final String KEY = "api.example/model";
  private static final long FAST = MILLISECONDS.toNanos(10);
  private static final long SLOW = SECONDS.toNanos(30);
  private static final BreakerSettings SETTINGS =
      new BreakerSettings(0.5, null, SLOW, 4, SECONDS.toNanos(60), SECONDS.toNanos(15))
          .withLongestAttempt(SECONDS.toNanos(100));

  private final ManualTime time = new ManualTime();
  private final List<String> changes = Collections.synchronizedList(new ArrayList<>());
  private final List<Throwable> errors = new ArrayList<>();
  private final CircuitBreakers breakers =
      new CircuitBreakers(
          time,
          (key, from, to) -> changes.add(from + ">" + to),
          (place, failure) -> errors.add(failure));

  CircuitBreakersTest() {
    breakers.configure(SETTINGS);
  }

  private void succeed(int times) {
    for (int i = 0; i < times; i++) {
      breakers.tryAcquire(KEY).success(FAST);
    }
  }

  private void fail(int times) {
    for (int i = 0; i < times; i++) {
      breakers.tryAcquire(KEY).failure(FAST);
    }
  }

  private CircuitState state() {
    return breakers.states().get(0).state();
  }

  @Test
  void whatOthersSuspectIsProbedAndNotOpened() {
    breakers.suspect(KEY);
    assertThat(state()).isEqualTo(CircuitState.HALF_OPEN);
    Permit probe = breakers.tryAcquire(KEY);
    assertThat(breakers.tryAcquire(KEY)).isNull();
    probe.success(FAST);
    assertThat(state()).isEqualTo(CircuitState.CLOSED);
    // A rumour is followed up once.
    breakers.suspect(KEY);
    assertThat(state()).isEqualTo(CircuitState.CLOSED);
    time.advance(15, SECONDS);
    breakers.suspect(KEY);
    breakers.tryAcquire(KEY).failure(FAST);
    assertThat(state()).isEqualTo(CircuitState.OPEN);
    breakers.suspect(KEY);
    assertThat(state()).isEqualTo(CircuitState.OPEN);
    assertThat(changes)
        .containsExactly(
            "CLOSED>HALF_OPEN", "HALF_OPEN>CLOSED", "CLOSED>HALF_OPEN", "HALF_OPEN>OPEN");
  }

  private Permit probe() {
    fail(4);
    time.advance(15, SECONDS);
    return breakers.tryAcquire(KEY);
  }

  @Test
  void itOpensWhenTheRateIsReachedAndNotBeforeThereAreEnoughAttempts() {
    fail(3);
    assertThat(state()).isEqualTo(CircuitState.CLOSED);
    fail(1);
    assertThat(state()).isEqualTo(CircuitState.OPEN);
    assertThat(breakers.tryAcquire(KEY)).isNull();
    assertThat(breakers.nanosToProbe(KEY)).isEqualTo(SECONDS.toNanos(15));
    assertThat(changes).containsExactly("CLOSED>OPEN");
  }

  @Test
  void itStaysClosedBelowTheRate() {
    succeed(5);
    fail(4);
    assertThat(state()).isEqualTo(CircuitState.CLOSED);
    fail(1);
    assertThat(state()).isEqualTo(CircuitState.OPEN);
  }

  @Test
  void whatIsOlderThanTheWindowDoesNotCount() {
    fail(3);
    time.advance(61, SECONDS);
    fail(3);
    assertThat(breakers.tryAcquire(KEY)).isNotNull();
  }

  @Test
  void whatSaysNothingIsNotCounted() {
    for (int i = 0; i < 20; i++) {
      breakers.tryAcquire(KEY).neutral();
    }
    fail(3);
    assertThat(breakers.states().get(0).attempts()).isEqualTo(3);
    assertThat(state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void everyKeyHasItsOwn() {
    fail(4);

    assertThat(breakers.tryAcquire("api.example/other")).isNotNull();
    assertThat(breakers.nanosToProbe("never/asked")).isZero();
  }

  @Test
  void oneProbeAtATimeAndItsSuccessCloses() {
    fail(4);
    time.advanceNanos(SECONDS.toNanos(15) - 1);
    assertThat(breakers.tryAcquire(KEY)).isNull();
    time.advanceNanos(1);
    assertThat(breakers.nanosToProbe(KEY)).isZero();

    Permit probe = breakers.tryAcquire(KEY);

    assertThat(probe).isNotNull();
    assertThat(breakers.tryAcquire(KEY)).isNull();
    assertThat(state()).isEqualTo(CircuitState.HALF_OPEN);
    assertThat(breakers.nanosToProbe(KEY)).isEqualTo(SECONDS.toNanos(15));
    probe.success(FAST);
    assertThat(state()).isEqualTo(CircuitState.CLOSED);
    assertThat(changes).containsExactly("CLOSED>OPEN", "OPEN>HALF_OPEN", "HALF_OPEN>CLOSED");
    fail(3);
    assertThat(state()).as("the failures from before are forgotten").isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void aProbeThatFailsOpensAgain() {
    Permit probe = probe();
    time.advance(5, SECONDS);

    probe.failure(FAST);

    assertThat(state()).isEqualTo(CircuitState.OPEN);
    assertThat(breakers.nanosToProbe(KEY)).isEqualTo(SECONDS.toNanos(15));
    probe.success(FAST);
    assertThat(state()).as("only the first report counts").isEqualTo(CircuitState.OPEN);
  }

  @Test
  void aProbeThatSaysNothingMakesRoomForAnother() {
    probe().neutral();

    assertThat(state()).isEqualTo(CircuitState.HALF_OPEN);
    Permit next = breakers.tryAcquire(KEY);
    assertThat(next).isNotNull();
    assertThat(breakers.tryAcquire(KEY)).isNull();
    next.success(FAST);
    assertThat(state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void aProbeThatIsNeverHeardOfAgainIsGivenUpAndSaysNothingLater() {
    Permit lost = probe();
    time.advance(99, SECONDS);
    assertThat(breakers.tryAcquire(KEY)).isNull();
    time.advance(1, SECONDS);

    Permit next = breakers.tryAcquire(KEY);

    assertThat(next).isNotNull();
    lost.failure(FAST);
    assertThat(state()).isEqualTo(CircuitState.HALF_OPEN);
    assertThat(breakers.tryAcquire(KEY)).isNull();
    next.success(FAST);
    lost.failure(FAST);
    assertThat(state()).isEqualTo(CircuitState.CLOSED);
    assertThat(breakers.states().get(0).attempts()).isZero();
  }

  @Test
  void anAttemptFromBeforeItOpenedSaysNothingAfter() {
    Permit early = breakers.tryAcquire(KEY);
    Permit earlyToo = breakers.tryAcquire(KEY);
    Permit probe = probe();

    early.success(FAST);

    assertThat(state()).isEqualTo(CircuitState.HALF_OPEN);
    probe.success(FAST);
    earlyToo.failure(FAST);
    assertThat(breakers.states().get(0).attempts()).isZero();
  }

  @Test
  void theTargetMayAskForMoreTimeButNotForEver() {
    Permit late = breakers.tryAcquire(KEY);
    fail(3);
    breakers.tryAcquire(KEY).failure(FAST, SECONDS.toNanos(40));
    assertThat(breakers.nanosToProbe(KEY)).isEqualTo(SECONDS.toNanos(40));
    time.advance(40, SECONDS);
    breakers.tryAcquire(KEY).failure(FAST, SECONDS.toNanos(1));
    assertThat(breakers.nanosToProbe(KEY)).isEqualTo(SECONDS.toNanos(15));

    late.failure(FAST, SECONDS.toNanos(1_000_000));

    assertThat(breakers.nanosToProbe(KEY)).isEqualTo(SECONDS.toNanos(300));
  }

  @Test
  void slownessCountsWhereItIsAskedFor() {
    for (int i = 0; i < 10; i++) {
      breakers.tryAcquire(KEY).success(SLOW);
    }
    assertThat(state()).isEqualTo(CircuitState.CLOSED);
    breakers.configure(
        new BreakerSettings(0.5, 0.8, SLOW, 4, SECONDS.toNanos(60), SECONDS.toNanos(15)));
    time.advance(61, SECONDS);

    succeed(1);
    for (int i = 0; i < 4; i++) {
      assertThat(state()).isEqualTo(CircuitState.CLOSED);
      breakers.tryAcquire(KEY).success(SLOW);
    }

    assertThat(state()).isEqualTo(CircuitState.OPEN);
    time.advance(15, SECONDS);
    breakers.tryAcquire(KEY).success(SLOW);
    assertThat(state()).as("a slow probe does not close").isEqualTo(CircuitState.OPEN);
    time.advance(15, SECONDS);
    breakers.tryAcquire(KEY).success(SLOW - 1);
    assertThat(state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void otherSettingsHoldAtOnce() {
    fail(3);
    breakers.configure(
        new BreakerSettings(0.1, null, SLOW, 20, SECONDS.toNanos(60), SECONDS.toNanos(1)));
    succeed(16);
    assertThat(state()).isEqualTo(CircuitState.CLOSED);
    succeed(1);
    assertThat(state()).as("3 of 20").isEqualTo(CircuitState.OPEN);
    assertThat(breakers.nanosToProbe(KEY)).isEqualTo(SECONDS.toNanos(1));
  }

  @Test
  void thereAreNotMoreThanAThousandAndAnOpenOneStays() {
    fail(4);
    for (int i = 0; i < 3_000; i++) {
      time.advance(1, MILLISECONDS);
      breakers.tryAcquire("model-" + i).success(FAST);
    }

    List<BreakerState> states = breakers.states();

    assertThat(states)
        .hasSizeBetween(900, 1_000)
        .isSortedAccordingTo((a, b) -> a.key().compareTo(b.key()));
    assertThat(states).filteredOn(each -> each.state() == CircuitState.OPEN).hasSize(1);
    assertThat(states)
        .extracting(BreakerState::key)
        .contains("model-2999")
        .doesNotContain("model-1");
    time.advance(3_601, SECONDS);
    assertThat(breakers.states()).isEmpty();
  }

  @Test
  void aListenerThatFailsHurtsNobody() {
    CircuitBreakers told =
        new CircuitBreakers(
            time,
            (key, from, to) -> {
              throw new IllegalStateException("listener");
            },
            (place, failure) -> errors.add(failure));
    for (int i = 0; i < 10; i++) {
      told.tryAcquire(KEY).failure(FAST);
    }

    assertThat(told.tryAcquire(KEY)).isNull();
    assertThat(errors).singleElement().isInstanceOf(IllegalStateException.class);
  }

  /** Threads against a target that is down and comes back; between closings one probe at a time. */
  @Test
  void underManyThreadsThereIsNeverMoreThanOneProbe() throws Exception {
    CircuitBreakers real = new CircuitBreakers(io.flyball.engine.call.TimeSource.SYSTEM);
    real.configure(new BreakerSettings(0.5, null, SLOW, 4, SECONDS.toNanos(60), 200_000));
    for (int i = 0; i < 4; i++) {
      real.tryAcquire(KEY).failure(FAST);
    }
    int threads = 8;
    AtomicInteger inFlight = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicLong probes = new AtomicLong();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      all.add(
          pool.submit(
              () -> {
                start.await();
                while (probes.get() < 2_000) {
                  Permit permit = real.tryAcquire(KEY);
                  if (permit == null) {
                    Thread.yield();
                    continue;
                  }
                  most.accumulateAndGet(inFlight.incrementAndGet(), Math::max);
                  probes.incrementAndGet();
                  Thread.yield();
                  inFlight.decrementAndGet();
                  if (ThreadLocalRandom.current().nextBoolean()) {
                    permit.neutral();
                  } else {
                    permit.failure(FAST);
                  }
                }
                return null;
              }));
    }
    start.countDown();
    for (Future<?> each : all) {
      each.get(60, SECONDS);
    }
    pool.shutdown();

    assertThat(most).hasValue(1);
    Permit last = null;
    while (last == null) {
      last = real.tryAcquire(KEY);
    }
    last.success(FAST);
    assertThat(real.states().get(0).state()).isEqualTo(CircuitState.CLOSED);
  }

  @Test
  void everyAttemptOfManyThreadsIsCountedOnce() throws Exception {
    CircuitBreakers counting = new CircuitBreakers(time);
    ExecutorService pool = Executors.newFixedThreadPool(4);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(
          pool.submit(
              () -> {
                for (int call = 0; call < 5_000; call++) {
                  Permit permit = counting.tryAcquire(KEY);
                  permit.success(FAST);
                  permit.success(FAST);
                }
              }));
    }
    for (Future<?> each : all) {
      each.get(60, SECONDS);
    }
    pool.shutdown();

    assertThat(counting.states().get(0).attempts()).isEqualTo(20_000);
    assertThat(Arrays.asList(counting.states().get(0).failures())).containsOnly(0L);
  }
}
