package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.budget.StoredSizes;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.WireResponse;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where and when prompts are counted, which takes as long as they are. */
class CountingTokensTest {
  private static final int LARGE = 200_000;

  private final ExecutorService counting =
      Executors.newSingleThreadExecutor(work -> new Thread(work, "counting"));
  private final List<String> counted = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch mayCount = new CountDownLatch(1);

  @AfterEach
  void end() {
    mayCount.countDown();
    counting.shutdown();
  }

  private ReliabilityHarness with(long tokens) {
    Budget budget =
        new Budget(
            "daily",
            BudgetUnit.TOKENS,
            tokens,
            BudgetWindow.of("1d", ZoneOffset.UTC),
            EnumSet.noneOf(Budget.Dimension.class),
            Budget.Action.BLOCK,
            null,
            0.8);
    return new ReliabilityHarness(
        Policies.builder()
            .budgets(
                new BudgetSettings(Collections.singletonList(budget), true, 0),
                new Ledger(AccountStore.MEMORY, alert -> {}),
                new CostBounds(
                    PriceCatalogue.builtIn()::priceOf,
                    (provider, host, model) -> 1_000,
                    (provider, host, model) -> 0,
                    (body, model) -> {
                      counted.add(Thread.currentThread().getName());
                      try {
                        mayCount.await();
                      } catch (InterruptedException interrupted) {
                        Thread.currentThread().interrupt();
                      }
                      return LARGE / 5;
                    },
                    new StoredSizes(),
                    counting))
            .build());
  }

  private static GovernedCall large(ReliabilityHarness harness) {
    StringBuilder prompt = new StringBuilder();
    while (prompt.length() < LARGE) {
      prompt.append(" word");
    }
    return harness.call(
        "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + prompt
            + "\"}]}");
  }

  @Test
  void nothingIsCountedWhileItCannotMatter() {
    ReliabilityHarness harness = with(10 * LARGE);
    harness.upstream.answers(200, OK);
    assertThat(large(harness).executeAsync(harness.upstream, Runnable::run).toCompletableFuture())
        .isCompleted();
    assertThat(counted).isEmpty();
  }

  @Test
  void anAsynchronousCallersThreadIsFreeWhileOthersCount() throws Exception {
    ReliabilityHarness harness = with(LARGE / 2);
    harness.upstream.answers(200, OK);
    CompletableFuture<WireResponse> answer =
        large(harness).executeAsync(harness.upstream, Runnable::run).toCompletableFuture();
    // Here before anything is counted: the count waits for what comes next.
    assertThat(answer).isNotDone();
    assertThat(harness.upstream.sent).isEmpty();
    mayCount.countDown();
    assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
    assertThat(counted).containsExactly("counting");
  }

  @Test
  void aBlockingCallersThreadOnlyWaits() throws Exception {
    ReliabilityHarness harness = with(LARGE / 2);
    harness.upstream.answers(200, OK);
    mayCount.countDown();
    assertThat(large(harness).execute(harness.upstream).status()).isEqualTo(200);
    assertThat(counted).containsExactly("counting");
  }
}
