package io.flyball.engine.limit;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.SharedTimer;
import io.flyball.wire.Cancellation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads, a real timer, cancellations and waits that end, all at once. */
class LimiterStressTest {
  private static final int ALL = 6;
  private static final int EACH = 2;
  private static final int CALLS = 20_000;

  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
  private final SharedTimer timer = new SharedTimer((place, failure) -> failures.add(failure));
  private final ExecutorService pool = Executors.newFixedThreadPool(4);
  private final ExecutorService callers = Executors.newFixedThreadPool(2);

  @AfterEach
  void stop() {
    timer.close();
    pool.shutdownNow();
    callers.shutdownNow();
  }

  @Test
  void nothingIsLostAndNoLimitIsExceeded() throws Exception {
    Limiter limiter = new Limiter(TimeSource.SYSTEM, timer);
    Map<LimitScope, Limits> limits = new EnumMap<>(LimitScope.class);
    limits.put(LimitScope.GLOBAL, new Limits(ALL, Limits.UNLIMITED, Limits.UNLIMITED));
    limits.put(LimitScope.TENANT, new Limits(EACH, Limits.UNLIMITED, Limits.UNLIMITED));
    limiter.configure(new LimitSettings(limits, Collections.emptyMap(), false));
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Map<String, AtomicInteger> ofTenant = new ConcurrentHashMap<>();
    AtomicInteger mostOfTenant = new AtomicInteger();
    AtomicInteger ended = new AtomicInteger();
    AtomicInteger passed = new AtomicInteger();
    Semaphore inFlight = new Semaphore(64);
    List<Future<?>> askers = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      askers.add(
          pool.submit(
              () -> {
                for (int i = 0; i < CALLS / 4; i++) {
                  inFlight.acquire();
                  int dice = ThreadLocalRandom.current().nextInt(100);
                  String tenant = "t" + dice % 5;
                  Cancellation cancellation = new Cancellation();
                  long maxWait = dice < 10 ? 50_000 : SECONDS.toNanos(60);
                  limiter
                      .acquire(
                          LimitRequest.ofCall(
                              new Attribution(tenant, null, null, null, null, null), 1),
                          maxWait,
                          cancellation,
                          dice < 50 ? Runnable::run : callers)
                      .whenComplete(
                          (admission, failure) -> {
                            if (failure == null && admission.isGranted()) {
                              passed.incrementAndGet();
                              AtomicInteger own =
                                  ofTenant.computeIfAbsent(tenant, each -> new AtomicInteger());
                              most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                              mostOfTenant.accumulateAndGet(own.incrementAndGet(), Math::max);
                              timer.schedule(
                                  MILLISECONDS.toNanos(dice % 2),
                                  () -> {
                                    own.decrementAndGet();
                                    underWay.decrementAndGet();
                                    admission.lease().release();
                                  });
                            }
                            ended.incrementAndGet();
                            inFlight.release();
                          });
                  if (dice % 10 == 0) {
                    cancellation.cancel(new IllegalStateException("cancelled"));
                  }
                }
                return null;
              }));
    }
    for (Future<?> asker : askers) {
      asker.get(120, SECONDS);
    }

    await().atMost(60, SECONDS).until(() -> ended.get() == CALLS);
    await()
        .atMost(60, SECONDS)
        .untilAsserted(
            () ->
                assertThat(limiter.states())
                    .hasSize(6)
                    .allMatch(state -> state.underWay() == 0 && state.waiting() == 0));
    assertThat(most.get()).isBetween(2, ALL);
    assertThat(mostOfTenant.get()).isBetween(1, EACH);
    assertThat(passed.get()).isGreaterThan(CALLS / 2);
    assertThat(failures).isEmpty();
  }
}
