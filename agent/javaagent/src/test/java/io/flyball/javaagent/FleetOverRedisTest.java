package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Amounts;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.Decision;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.fleet.Fleet;
import io.flyball.engine.fleet.FleetSettings;
import io.flyball.engine.fleet.Hint;
import io.flyball.engine.fleet.RedisAddress;
import io.flyball.engine.fleet.RedisStore;
import io.flyball.engine.time.SharedTimer;
import io.flyball.instrumentation.testing.jvm.RedisServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scripts in a real Redis, and fleets with threads of their own. */
class FleetOverRedisTest {
  private static final long LIMIT = 8_000_000;

  @TempDir Path folder;
  private RedisServer redis;
  private final List<Jvm> jvms = new ArrayList<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final SharedTimer timer = new SharedTimer((place, failure) -> log.add(place + failure));

  @BeforeEach
  void needsRedis() throws IOException {
    assumeTrue(RedisServer.isInstalled(), RedisServer.missingMessage());
    redis = RedisServer.start(folder);
  }

  @AfterEach
  void stop() {
    jvms.forEach(jvm -> jvm.fleet.close());
    if (redis != null) {
      redis.close();
    }
  }

  private final class Jvm {
    final Fleet fleet;
    final Ledger ledger;
    final List<String> suspected = new CopyOnWriteArrayList<>();
    final Budget budget =
        new Budget(
            "secret-sounding",
            BudgetUnit.TOKENS,
            LIMIT,
            BudgetWindow.of("1mo", ZoneOffset.UTC),
            EnumSet.of(Budget.Dimension.TENANT),
            Budget.Action.BLOCK,
            null,
            0.8);

    Jvm(String name, boolean exact, String url) {
      RedisAddress address = RedisAddress.of(url);
      fleet =
          new Fleet(
              exact ? FleetSettings.exact(name) : FleetSettings.slices(name, 0.02),
              () -> RedisStore.connect(address, "test", 1_000, timer, words -> words),
              address.toString(),
              TimeSource.SYSTEM,
              log::add,
              (place, failure) -> log.add(place + failure));
      ledger = new Ledger(AccountStore.MEMORY, alert -> {}, fleet);
      fleet.attach(Collections.singletonList(ledger));
      fleet.whenWarned(suspected::add);
      fleet.start();
      jvms.add(this);
    }

    Decision reserve(long amount) {
      return ledger.reserve(
          Collections.singletonList(budget),
          new Attribution("acme", null, null, null, null, null),
          "m",
          new Amounts(0, amount, 0),
          System.currentTimeMillis());
    }

    /** As long as a call waits, and a grace period besides. */
    Decision obtain(long amount) {
      long until = System.nanoTime() + Duration.ofSeconds(5).toNanos();
      Decision decision = reserve(amount);
      while (!decision.isAdmitted() && decision.unspent() >= amount && System.nanoTime() < until) {
        LockSupport.parkNanos(1_000_000);
        decision = reserve(amount);
      }
      return decision;
    }

    void spend(long amount) {
      Decision decision = obtain(amount);
      assertThat(decision.isAdmitted()).isTrue();
      decision.reservation().settle(new Amounts(0, amount, 0));
    }

    BudgetState state() {
      return ledger.states(System.currentTimeMillis()).get(0);
    }
  }

  private Jvm jvm(String name) {
    return new Jvm(name, false, redis.url() + "/3");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void neverOverAndNothingIsLeftWhileRedisIsKilled(boolean exact) throws Exception {
    AtomicLong spent = new AtomicLong();
    AtomicBoolean stopped = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Jvm jvm = new Jvm("jvm" + i, exact, redis.url());
      for (int j = 0; j < 3; j++) {
        Thread thread =
            new Thread(
                () -> {
                  while (!stopped.get()) {
                    long most = 1 + ThreadLocalRandom.current().nextInt(1_000);
                    Decision decision = jvm.reserve(most);
                    if (decision.isAdmitted()) {
                      long actual = ThreadLocalRandom.current().nextLong(most + 1);
                      spent.addAndGet(actual);
                      decision.reservation().settle(new Amounts(0, actual, 0));
                    }
                    // Nobody's calls are faster.
                    LockSupport.parkNanos(1_000_000);
                  }
                });
        threads.add(thread);
        thread.start();
      }
    }
    await().atMost(Duration.ofSeconds(60)).until(() -> spent.get() > LIMIT / 20);
    redis.kill();
    await().until(() -> jvms.stream().noneMatch(jvm -> jvm.fleet.isReachable()));
    redis.start();
    await().until(() -> jvms.stream().allMatch(jvm -> jvm.fleet.counts().isUp()));
    long before = spent.get();
    await().atMost(Duration.ofSeconds(60)).until(() -> spent.get() > before + LIMIT / 20);
    redis.command("FLUSHALL");
    // The largest call that is refused is all that may be left.
    await().atMost(Duration.ofSeconds(90)).until(() -> spent.get() > LIMIT - 1_000);
    stopped.set(true);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(spent.get()).isLessThanOrEqualTo(LIMIT);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              long told = jvms.stream().mapToLong(jvm -> jvm.state().fleetUsed()).max().getAsLong();
              assertThat(told).isEqualTo(spent.get());
            });
    assertThat(log).noneMatch(line -> line.contains("fleet" + "java"));
  }

  @Test
  void keysAreInOneSlotNameNobodyAndAreForgotten() throws Exception {
    Jvm one = jvm("one");
    one.spend(10);
    List<?> keys =
        (List<?>)
            redis.command("EVAL", "redis.call('select', 3) return redis.call('keys', '*')", "0");
    assertThat(keys).isNotEmpty();
    for (Object key : keys) {
      assertThat((String) key).startsWith("test:{fleet}:").doesNotContain("acme", "secret");
      if (((String) key).contains(":account:")) {
        Object left =
            redis.command(
                "EVAL",
                "redis.call('select', 3) return redis.call('pttl', KEYS[1])",
                "1",
                (String) key);
        assertThat((Long) left).isPositive();
      }
    }
  }

  @Test
  void whoLeavesInOrderGivesEverythingBack() {
    Jvm one = jvm("one");
    for (int i = 0; i < 100; i++) {
      one.spend(100);
    }
    Jvm other = jvm("other");
    one.ledger.close();
    one.fleet.close();
    Decision rest = other.obtain(LIMIT - 10_000);
    assertThat(rest.isAdmitted()).isTrue();
    await().until(() -> other.fleet.counts().members() == 1);
  }

  @Test
  void aWrongPasswordIsToldOnceAndNotShown() throws Exception {
    redis.command("CONFIG", "SET", "requirepass", "right");
    Jvm wrong = new Jvm("wrong", false, redis.url().replace("//", "//:wr0ng@"));
    await().until(() -> wrong.fleet.counts().losses() > 3);
    assertThat(log).hasSize(1);
    assertThat(log.get(0)).contains("WRONGPASS").doesNotContain("wr0ng");
    Jvm right = new Jvm("right", false, redis.url().replace("//", "//default:right@"));
    right.spend(1);
    assertThat(right.fleet.counts().isUp()).isTrue();
  }

  @Test
  void othersHearOfTargetsThatFail() {
    Jvm one = jvm("one");
    Jvm other = jvm("other");
    await().until(() -> one.fleet.counts().isUp() && other.fleet.counts().isUp());
    one.fleet.warn(new Hint("api.example/some model", 15_000));
    await()
        .untilAsserted(() -> assertThat(other.suspected).containsExactly("api.example/some model"));
    Jvm later = jvm("later");
    await()
        .untilAsserted(() -> assertThat(later.suspected).containsExactly("api.example/some model"));
    assertThat(one.suspected).isEmpty();
    assertThat(log).isEmpty();
  }
}
