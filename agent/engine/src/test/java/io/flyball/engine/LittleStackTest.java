package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.time.StackRoom;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.wire.Cancellation;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls of threads that have next to no stack left. */
class LittleStackTest {
  private static final long STACK = 100 * 1024;
  private static final String PATH = "/v1/chat/completions";

  private static <T> T onSmallStack(Callable<T> work) throws Exception {
    CompletableFuture<T> result = new CompletableFuture<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                result.complete(work.call());
              } catch (Throwable failure) {
                result.completeExceptionally(failure);
              }
            },
            "small",
            STACK);
    thread.start();
    return result.get(10, TimeUnit.SECONDS);
  }

  private static ReliabilityHarness with(Budget.Action action) {
    Budget calls =
        new Budget(
            "calls",
            BudgetUnit.CALLS,
            1,
            BudgetWindow.of("1d", ZoneOffset.UTC),
            EnumSet.noneOf(Budget.Dimension.class),
            action,
            null,
            0.8);
    return new ReliabilityHarness(
        Policies.builder()
            .budgets(
                new BudgetSettings(Collections.singletonList(calls), true, 0),
                new Ledger(AccountStore.MEMORY, alert -> {}),
                new CostBounds(
                    PriceCatalogue.builtIn()::priceOf,
                    (provider, host, model) -> 1000,
                    new UsageEstimate(new TokenCounter(1L << 30))::atMost))
            .build());
  }

  @Test
  void theRoomIsSeen() throws Exception {
    assertThat(StackRoom.isEnough()).isTrue();
    assertThat(onSmallStack(StackRoom::isEnough)).isFalse();
  }

  @Test
  void withoutAHardGuardTheyGoTheirWayAndThatIsSaidOnce() throws Exception {
    ReliabilityHarness harness = with(Budget.Action.WARN);

    assertThat(onSmallStack(() -> harness.engine.mayGovern("POST", "api.openai.com", 443, PATH)))
        .isFalse();
    assertThat(onSmallStack(() -> harness.call(false))).isNull();
    assertThat(harness.engine.mayGovern("POST", "api.openai.com", 443, PATH)).isTrue();
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Test
  void aHardGuardIsAskedOnAThreadOfOurs() throws Exception {
    ReliabilityHarness harness = with(Budget.Action.BLOCK);
    harness.upstream.answers(200, ReliabilityHarness.OK);
    Elsewhere transport = new Elsewhere(harness.upstream, true);

    assertThat(onSmallStack(() -> harness.engine.mayGovern("POST", "api.openai.com", 443, PATH)))
        .isTrue();
    assertThat(onSmallStack(() -> text(harness.call(false), transport)))
        .isEqualTo(ReliabilityHarness.OK);
    assertThat(transport.had).isTrue();
    assertThat(onSmallStack(() -> text(harness.call(false), transport)))
        .contains("flyball_budget_exceeded");
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Test
  void aHardGuardRefusesWhatNoOtherThreadMaySend() throws Exception {
    ReliabilityHarness harness = with(Budget.Action.BLOCK);
    harness.upstream.answers(200, ReliabilityHarness.OK);
    Elsewhere transport = new Elsewhere(harness.upstream, false);

    String answer =
        onSmallStack(
            () -> {
              try {
                return text(harness.call(false), transport);
              } catch (IOException refused) {
                return refused.getMessage();
              }
            });

    assertThat(answer).contains("was not sent");
    assertThat(harness.upstream.sent).isEmpty();
  }

  private static String text(GovernedCall call, Transport transport) throws Exception {
    return ReliabilityHarness.text(call.execute(transport));
  }

  /** Sends where there is room, if it may. */
  private static final class Elsewhere implements Transport {
    private final Transport upstream;
    private final boolean may;
    private volatile boolean had;

    Elsewhere(Transport upstream, boolean may) {
      this.upstream = upstream;
      this.may = may;
    }

    @Override
    public boolean maySendElsewhere() {
      return may;
    }

    @Override
    public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
      had = StackRoom.isEnough();
      return upstream.send(request, cancellation);
    }
  }
}
