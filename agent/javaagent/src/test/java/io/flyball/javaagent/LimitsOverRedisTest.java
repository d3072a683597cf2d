package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.fleet.Fleet;
import io.flyball.engine.fleet.FleetSettings;
import io.flyball.engine.fleet.RedisAddress;
import io.flyball.engine.fleet.RedisStore;
import io.flyball.engine.limit.Admission;
import io.flyball.engine.limit.LimitRequest;
import io.flyball.engine.limit.LimitScope;
import io.flyball.engine.limit.LimitSettings;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.limit.Limits;
import io.flyball.engine.time.SharedTimer;
import io.flyball.instrumentation.testing.jvm.RedisServer;
import io.flyball.wire.Cancellation;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rate limits of a fleet: the script in a real Redis, and fleets with threads of their own. */
class LimitsOverRedisTest {
  private static final int REQUESTS = 400;
  private static final int TOKENS_EACH = 10;
  private static final int PLACES = 6;

  @TempDir Path folder;
  private RedisServer redis;
  private final List<Fleet> fleets = new ArrayList<>();
  private final List<Limiter> limiters = new ArrayList<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final SharedTimer timer = new SharedTimer((place, failure) -> log.add(place + failure));

  @BeforeEach
  void needsRedis() throws IOException {
    assumeTrue(RedisServer.isInstalled(), RedisServer.missingMessage());
    redis = RedisServer.start(folder);
  }

  @AfterEach
  void stop() {
    fleets.forEach(Fleet::close);
    if (redis != null) {
      redis.close();
    }
  }

  private Limiter jvm(String name, Limits limits) {
    RedisAddress address = RedisAddress.of(redis.url());
    Fleet fleet =
        new Fleet(
            FleetSettings.slices(name, 0.02),
            () -> RedisStore.connect(address, "test", 1_000, timer, words -> words),
            address.toString(),
            TimeSource.SYSTEM,
            log::add,
            (place, failure) -> log.add(place + failure));
    Limiter limiter = new Limiter(TimeSource.SYSTEM, timer, fleet);
    limiter.configure(
        new LimitSettings(
            Collections.singletonMap(LimitScope.TENANT, limits), Collections.emptyMap(), false));
    fleet.attach(Collections.singletonList(limiter));
    fleet.start();
    fleets.add(fleet);
    limiters.add(limiter);
    return limiter;
  }

  private static Admission ask(Limiter limiter, Duration wait) throws Exception {
    return limiter
        .acquire(
            LimitRequest.ofCall(new Attribution("acme", null, null, null, null, null), TOKENS_EACH),
            wait.toNanos(),
            new Cancellation(),
            Runnable::run)
        .toCompletableFuture()
        .get(1, TimeUnit.MINUTES);
  }

  @Test
  void neverOverAndNothingIsLeftThoughRedisForgets() throws Exception {
    Limits limits = new Limits(PLACES, REQUESTS, REQUESTS * TOKENS_EACH);
    AtomicInteger passed = new AtomicInteger();
    AtomicInteger underWay = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicBoolean stopped = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 4; i++) {
      Limiter limiter = jvm("jvm" + i, limits);
      for (int j = 0; j < 4; j++) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    while (!stopped.get()) {
                      Admission admission = ask(limiter, Duration.ofMillis(500));
                      if (admission.isGranted()) {
                        passed.incrementAndGet();
                        most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
                        // As long as its call lasts, so that calls are under way together.
                        LockSupport.parkNanos(2_000_000);
                        underWay.decrementAndGet();
                        admission.lease().release();
                      }
                    }
                  } catch (Throwable failure) {
                    failures.add(failure);
                  }
                });
        threads.add(thread);
        thread.start();
      }
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> passed.get() > REQUESTS / 3);
    redis.command("FLUSHALL");
    await().atMost(Duration.ofSeconds(30)).until(() -> passed.get() >= REQUESTS - 4);
    stopped.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(passed.get()).isLessThanOrEqualTo(REQUESTS);
    assertThat(most.get()).isBetween(2, PLACES);
    assertThat(failures).isEmpty();
    assertThat(log).isEmpty();
  }

  @Test
  void placesThatAreFreedAreTakenByOthersWhoWait() throws Exception {
    Limits one = new Limits(1, Limits.UNLIMITED, Limits.UNLIMITED);
    jvm("first", one);
    jvm("second", one);
    jvm("third", one);
    for (int round = 0; round < 3; round++) {
      for (Limiter limiter : limiters) {
        Admission admission = ask(limiter, Duration.ofSeconds(20));
        assertThat(admission.isGranted()).isTrue();
        for (Limiter other : limiters) {
          if (other != limiter) {
            assertThat(ask(other, Duration.ZERO).isGranted()).isFalse();
          }
        }
        admission.lease().release();
      }
    }
  }

  @Test
  void keysNameNobodyAndAreForgotten() throws Exception {
    Limiter one = jvm("one", new Limits(2, 10, Limits.UNLIMITED));
    ask(one, Duration.ofSeconds(20));
    List<?> keys = (List<?>) redis.command("KEYS", "*account*");
    assertThat(keys).hasSize(2);
    for (Object key : keys) {
      assertThat((String) key).startsWith("test:{fleet}:").doesNotContain("acme");
      assertThat((Long) redis.command("PTTL", (String) key)).isPositive();
    }
  }
}
