package io.flyball.engine.retry;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class RetryBudgetTest {
  private final ManualTime time = new ManualTime();

  private static int retries(RetryBudget budget, int asked) {
    int allowed = 0;
    for (int i = 0; i < asked; i++) {
      allowed += budget.tryRetry() ? 1 : 0;
    }
    return allowed;
  }

  private static void calls(RetryBudget budget, int count) {
    for (int i = 0; i < count; i++) {
      budget.call();
    }
  }

  @Test
  void aFewAreAlwaysAllowed() {
    RetryBudget budget = new RetryBudget(time);
    assertThat(retries(budget, 30)).isEqualTo(10);
    time.advance(61, SECONDS);
    assertThat(retries(budget, 30)).isEqualTo(10);
  }

  @Test
  void beyondThemThereIsAShareOfTheCalls() {
    RetryBudget budget = new RetryBudget(0.2, 10, time);
    calls(budget, 1_000);
    assertThat(retries(budget, 500)).isEqualTo(200);
    calls(budget, 5);
    assertThat(retries(budget, 500)).isEqualTo(1);
  }

  @Test
  void anotherShareHoldsAtOnce() {
    RetryBudget budget = new RetryBudget(0.2, 0, time);
    calls(budget, 100);
    assertThat(retries(budget, 500)).isEqualTo(20);
    budget.setShare(0.5);
    assertThat(retries(budget, 500)).isEqualTo(30);
    budget.setShare(0);
    assertThat(budget.tryRetry()).isFalse();
  }

  @Test
  void whatIsLongAgoDoesNotCount() {
    RetryBudget budget = new RetryBudget(0.2, 10, time);
    calls(budget, 1_000);
    time.advance(61, SECONDS);
    assertThat(retries(budget, 500)).isEqualTo(10);
  }

  /** Whatever the course, no minute has more than the share of its calls (or those allowed). */
  @Property
  void inTheLongRunTheShareIsKept(
      @ForAll @Size(max = 60) List<@IntRange(max = 60) Integer> callsPerSecond) {
    RetryBudget budget = new RetryBudget(0.2, 10, time);
    long calls = 0;
    long retries = 0;
    for (int count : callsPerSecond) {
      calls(budget, count);
      calls += count;
      retries += retries(budget, count * 2);
      assertThat(retries).isLessThanOrEqualTo((long) Math.max(10 * 2, calls * 0.2 + 10));
      time.advance(1, SECONDS);
    }
  }

  @Test
  void threadsTogetherGetWhatOneWouldGet() throws Exception {
    RetryBudget budget = new RetryBudget(0.2, 10, time);
    AtomicInteger allowed = new AtomicInteger();
    ExecutorService pool = Executors.newFixedThreadPool(4);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(
          pool.submit(
              () -> {
                for (int call = 0; call < 2_500; call++) {
                  budget.call();
                  if (budget.tryRetry()) {
                    allowed.incrementAndGet();
                  }
                }
              }));
    }
    for (Future<?> each : all) {
      each.get(60, SECONDS);
    }
    pool.shutdown();
    assertThat(allowed.get() + retries(budget, 100)).isEqualTo(2_000);
  }
}
