package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.RefusalNotices;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.limit.LimitScope;
import io.flyball.engine.limit.LimitSettings;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.limit.Limits;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.share.Share;
import io.flyball.engine.share.ShareExchange;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.WireResponse;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whoever is refused is told what for and what to do, and so is who reads the log. */
class RefusalsTest {
  private static final String PROMPT = "a very private prompt";

  private final List<String> log = new ArrayList<>();
  private final AtomicInteger counted = new AtomicInteger();
  private ReliabilityHarness harness;

  @AfterEach
  void nothingFailedInsideAndNoPromptIsTold() {
    assertThat(harness.errors.counts()).isEmpty();
    assertThat(log).noneMatch(line -> line.contains("private"));
  }

  private static Budget budget(BudgetUnit unit, String limit, Budget.Dimension... scope) {
    EnumSet<Budget.Dimension> dimensions = EnumSet.noneOf(Budget.Dimension.class);
    dimensions.addAll(Arrays.asList(scope));
    return new Budget(
        "b",
        unit,
        unit.parts(new BigDecimal(limit)),
        BudgetWindow.of("1d", ZoneOffset.UTC),
        dimensions,
        Budget.Action.BLOCK,
        null,
        0.8);
  }

  private void with(Budget... budgets) {
    with(null, budgets);
  }

  private void with(ShareExchange shared, Budget... budgets) {
    ReliabilityHarness[] made = new ReliabilityHarness[1];
    made[0] =
        new ReliabilityHarness(
            Policies.builder()
                .budgets(
                    new BudgetSettings(Arrays.asList(budgets), false, 0),
                    new Ledger(AccountStore.MEMORY, alert -> {}, shared),
                    new CostBounds(
                        PriceCatalogue.builtIn()::priceOf,
                        (provider, host, model) -> 16_384,
                        (body, model) -> {
                          counted.incrementAndGet();
                          return 10;
                        }))
                .refusals(
                    new RefusalNotices(
                        log::add,
                        new TimeSource() {
                          @Override
                          public long nanoTime() {
                            return made[0].clock.nanoTime();
                          }

                          @Override
                          public long epochNanos() {
                            return made[0].clock.epochNanos();
                          }
                        }))
                .build());
    harness = made[0];
  }

  private String ask(String fields, String... headers) throws Exception {
    GovernedCall call =
        harness.call(
            "{" + fields + "\"messages\":[{\"role\":\"user\",\"content\":\"" + PROMPT + "\"}]}",
            headers);
    return text(call.executeAsync(harness.upstream, Runnable::run).toCompletableFuture().get());
  }

  private String askMini() throws Exception {
    return ask("\"model\":\"gpt-4o-mini\",");
  }

  @Test
  void whatACallMayCostIsSaid() throws Exception {
    with(budget(BudgetUnit.USD, "0.000001"));
    assertThat(askMini())
        .contains(
            "which does not pay for this call: it may cost up to $0.0098",
            "10 tokens of prompt",
            "16384 of answer",
            "say max_tokens to lower it");
  }

  @Test
  void aLimitThatIsThereIsNotAskedFor() throws Exception {
    with(budget(BudgetUnit.TOKENS, "20"));
    assertThat(ask("\"model\":\"gpt-4o-mini\",\"max_tokens\":50,"))
        .contains("it may take up to 60 tokens (up to 10 tokens of prompt and 50 of answer)");
  }

  /** An application that asks for the status alone, and ends, has been refused all the same. */
  @Test
  void aRefusalIsRecordedOnceWhetherItIsReadOrNot() throws Exception {
    with(budget(BudgetUnit.USD, "0"));
    WireResponse unread = harness.ask().get();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(harness.onlyRecord().status()).isEqualTo(unread.status());
    assertThat(harness.onlyRecord().errorType()).isEqualTo("flyball_budget_exceeded");

    assertThat(text(unread)).contains("Flyball");
    unread.body().close();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.REFUSED);
  }

  @Test
  void aBudgetIsToldOnceInItsWindow() throws Exception {
    with(budget(BudgetUnit.USD, "0"));
    for (int i = 0; i < 5; i++) {
      askMini();
    }
    assertThat(log).hasSize(1);
    assertThat(log.get(0))
        .contains("a call is refused: the budget `b` of $0.00", "raise flyball.budget.b.limit");
    harness.clock.advance(2, TimeUnit.DAYS);
    askMini();
    assertThat(log).hasSize(2);
  }

  /** Where the others cannot be asked a higher limit helps nobody. */
  @Test
  void whatHelpsIsWhatIsAdvised() throws Exception {
    with(
        new ShareExchange() {
          @Override
          public void note(Share share) {}

          @Override
          public boolean isReachable() {
            return false;
          }

          @Override
          public boolean isExact() {
            return false;
          }

          @Override
          public double slice() {
            return 0.02;
          }

          @Override
          public int members() {
            return 1;
          }
        },
        budget(BudgetUnit.USD, "100"));
    assertThat(askMini()).contains("is shared through Redis");
    assertThat(log)
        .singleElement()
        .asString()
        .contains("when Redis answers", "flyball.budget.b.on-redis-loss=open")
        .doesNotContain("flyball.budget.b.limit");
  }

  @Test
  void tenantsWithoutNumberAreNotToldEach() throws Exception {
    with(budget(BudgetUnit.USD, "0", Budget.Dimension.TENANT));
    for (int i = 0; i < 100; i++) {
      ask("\"model\":\"gpt-4o-mini\",", "x-flyball-tenant", "tenant-" + i);
    }
    assertThat(log).hasSize(20);
    assertThat(log.get(0)).contains("tenant tenant-0");
  }

  @Test
  void aModelWithoutAPriceIsToldOnceAndWhatToDo() throws Exception {
    with(budget(BudgetUnit.USD, "5"));
    for (int i = 0; i < 3; i++) {
      assertThat(ask("\"model\":\"our-model\","))
          .contains(
              "our-model has no known price",
              "flyball.prices.file",
              "flyball.budget.unpriced=admit");
    }
    assertThat(log).hasSize(1);
    assertThat(log.get(0)).contains("our-model", "flyball.budget.unpriced=admit");
    assertThat(counted).as("what counts for nothing").hasValue(0);
  }

  /** The application knows what it said; who reads the log need not. */
  @Test
  void aKeyInPlaceOfAModelIsInNoLog() throws Exception {
    for (Budget budget :
        Arrays.asList(
            budget(BudgetUnit.USD, "5"),
            budget(BudgetUnit.USD, "5", Budget.Dimension.MODEL),
            budget(BudgetUnit.CALLS, "0", Budget.Dimension.MODEL))) {
      with(budget);
      assertThat(ask("\"model\":\"sk-proj-abcdefghijklmnop1234\",")).contains("Flyball");
      assertThat(ask("\"model\":\"my password is hunter2\",")).contains("Flyball");
      assertThat(log).hasSize(2).noneMatch(line -> line.contains("abcdef"));
      assertThat(log).noneMatch(line -> line.contains("hunter2"));
      assertThat(log.get(0)).contains("[key]");
      assertThat(log.get(1)).contains("other");
      log.clear();
    }
  }

  @Test
  void aCallThatNamesNoModelIsNotOneOfNull() throws Exception {
    with(budget(BudgetUnit.USD, "5"));
    assertThat(ask("")).contains("names no model").doesNotContain("null has");
    assertThat(log).hasSize(1).noneMatch(line -> line.contains("null"));
  }

  @Test
  void aLimitIsToldOnceInAMinuteAndWhatToDo() throws Exception {
    ManualTime still = new ManualTime();
    Limiter limiter = new Limiter(still, still);
    limiter.configure(
        new LimitSettings(
            Collections.singletonMap(
                LimitScope.GLOBAL, new Limits(Limits.UNLIMITED, 1, Limits.UNLIMITED)),
            Collections.<String, Limits>emptyMap(),
            false));
    ManualTime clock = new ManualTime();
    harness =
        new ReliabilityHarness(
            Policies.builder()
                .limits(limiter, 0)
                .refusals(new RefusalNotices(log::add, clock))
                .build());
    harness.upstream.answers(200, OK);
    assertThat(askMini()).isEqualTo(OK);
    for (int i = 0; i < 3; i++) {
      assertThat(askMini()).contains("flyball_rate_limited");
    }
    assertThat(log).hasSize(1);
    assertThat(log.get(0))
        .contains("a call is refused", "flyball.limit.rpm", "flyball.limit.max-wait");
    clock.advance(1, TimeUnit.MINUTES);
    askMini();
    assertThat(log).hasSize(2);
  }

  /** Loading what counts takes a second or two. */
  @Test
  void nothingIsCountedForABudgetOfCalls() throws Exception {
    with(budget(BudgetUnit.CALLS, "1"));
    harness.upstream.answers(200, OK);
    askMini();
    assertThat(askMini()).contains("flyball_budget_exceeded");
    assertThat(counted).hasValue(0);
    assertThat(log).hasSize(1);
  }

  @Test
  void nothingIsCountedWhereNothingIsLeft() throws Exception {
    with(budget(BudgetUnit.TOKENS, "0"));
    assertThat(askMini()).contains("flyball_budget_exceeded");
    assertThat(counted).hasValue(0);
  }

  /** The one of calls refuses first; where it lets go the other is asked as exactly as ever. */
  @Test
  void theOtherBudgetsAreAskedAsEver() throws Exception {
    with(budget(BudgetUnit.CALLS, "1"), budget(BudgetUnit.TOKENS, "120"));
    harness.upstream.answers(200, OK);
    assertThat(ask("\"model\":\"gpt-4o-mini\",\"max_tokens\":100,")).isEqualTo(OK);
    assertThat(counted).hasValue(1);
  }
}
