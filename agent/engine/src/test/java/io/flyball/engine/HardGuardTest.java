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
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * A hard budget is never passed, whatever a request says of its length and however often: what is
 * sent may cost no more than what is left, and what cannot be judged is not sent.
 */
class HardGuardTest {
  /** What a model without a stated limit may answer at most. */
  private static final long LONGEST = 16_384;

  private static final Pattern LIMIT =
      Pattern.compile("\"max_(?:completion_)?tokens\":\\s*\"?(-?[0-9]+)");

  private static final BigInteger BIG = BigInteger.valueOf(1_000_000_000L);

  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final CallPricing pricing = new CallPricing(PriceCatalogue.builtIn(), estimate);

  private static Budget tokens(long limit, Budget.Action action) {
    return new Budget(
        "daily",
        BudgetUnit.TOKENS,
        limit,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        action,
        null,
        0.8);
  }

  private ReliabilityHarness with(Budget budget, Ledger ledger, CostBounds bounds) {
    return new ReliabilityHarness(
        Policies.builder()
            .budgets(new BudgetSettings(Collections.singletonList(budget), true, 0), ledger, bounds)
            .build());
  }

  private CostBounds bounds() {
    return new CostBounds(
        PriceCatalogue.builtIn()::priceOf, (provider, host, model) -> LONGEST, estimate::atMost);
  }

  private static CostBounds broken(RuntimeException failure) {
    return new CostBounds(
        (provider, host, model) -> {
          throw failure;
        },
        (provider, host, model) -> {
          throw failure;
        },
        (body, model) -> {
          throw failure;
        });
  }

  /** Parts of a request that change how much may be billed. */
  @Provide
  Arbitrary<String> fields() {
    Arbitrary<String> limits =
        Arbitraries.of(
            "-1",
            "0",
            "1",
            "64",
            "500",
            "4096",
            "100000",
            "2147483647",
            "4611686018427387904",
            "9223372036854775807",
            "9223372036854775808",
            "1e30",
            "\"700\"",
            "null");
    Arbitrary<String> names =
        Arbitraries.of("max_tokens", "max_completion_tokens", "max_output_tokens");
    Arbitrary<String> limit =
        Combinators.combine(names, limits).as((name, value) -> ",\"" + name + "\":" + value);
    Arbitrary<String> choices =
        Arbitraries.of(
            "",
            ",\"n\":1",
            ",\"n\":2",
            ",\"n\":7",
            ",\"n\":2147483647",
            ",\"n\":9223372036854775807",
            ",\"n\":0",
            ",\"n\":-3",
            ",\"best_of\":5");
    return Combinators.combine(limit, limit, choices)
        .as((first, second, third) -> first + second + third);
  }

  @Property(tries = 600)
  void whatIsSentIsPaidFor(@ForAll("fields") String fields) throws Exception {
    long budget = 50_000;
    ReliabilityHarness harness = with(tokens(budget, Budget.Action.BLOCK), ledger(), bounds());
    harness.upstream.answers(200, OK);
    WireResponse answer =
        harness
            .call(
                "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
                    + fields
                    + '}')
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .get();
    if (harness.upstream.sent.isEmpty()) {
      assertThat(answer.status()).isEqualTo(429);
    } else {
      assertThat(billableOutput(harness.upstream.sent.get(0))).isLessThan(budget);
    }
    assertThat(harness.errors.counts()).isEmpty();
  }

  /** A plain reference of how many tokens a provider may bill for that request. */
  private static long billableOutput(WireRequest request) {
    String body = new String(request.body(), StandardCharsets.UTF_8);
    long most = 0;
    boolean unlimited = false;
    Matcher limit = LIMIT.matcher(body);
    while (limit.find()) {
      BigInteger tokens = new BigInteger(limit.group(1)).min(BIG);
      unlimited |= tokens.signum() <= 0;
      most = Math.max(most, tokens.longValue());
    }
    if (most == 0 || unlimited) {
      most = Math.max(most, LONGEST);
    }
    Matcher choices = Pattern.compile("\"(?:n|best_of)\":([0-9]+)").matcher(body);
    long times = 1;
    while (choices.find()) {
      times = Math.max(times, new BigInteger(choices.group(1)).min(BIG).longValue());
    }
    return Math.multiplyExact(most, times);
  }

  private static Ledger ledger() {
    return new Ledger(AccountStore.MEMORY, alert -> {});
  }

  @Test
  void aHardBudgetThatCannotBeAskedRefuses() throws Exception {
    RuntimeException failure = new ArithmeticException("on purpose");
    ReliabilityHarness harness =
        with(tokens(50_000, Budget.Action.BLOCK), ledger(), broken(failure));
    harness.upstream.answers(200, OK);

    WireResponse answer = harness.ask().get();

    assertThat(text(answer)).contains("flyball_budget_exceeded");
    assertThat(harness.upstream.sent).isEmpty();
    assertThat(harness.errors.counts()).containsOnlyKeys("stage BudgetStage");
  }

  @Test
  void aBudgetThatOnlyWarnsLetsPassWhatItCannotJudge() throws Exception {
    ReliabilityHarness harness =
        with(
            tokens(50_000, Budget.Action.WARN),
            ledger(),
            broken(new ArithmeticException("on purpose")));
    harness.upstream.answers(200, OK);

    assertThat(text(harness.ask().get())).isEqualTo(OK);
    assertThat(harness.upstream.sent).hasSize(1);
  }

  @Test
  void aUsageWithoutMeasureIsSettledAndUsesTheBudgetUp() throws Exception {
    Ledger ledger = ledger();
    ReliabilityHarness harness = with(tokens(50_000, Budget.Action.BLOCK), ledger, bounds());
    harness.upstream.answers(
        200, OK.replace("\"prompt_tokens\":9", "\"prompt_tokens\":" + Long.MAX_VALUE));
    text(harness.ask().get());
    new SettlingListener().callEnded(pricing.price(harness.records.get(0)));

    assertThat(ledger.states(0).get(0).used()).isEqualTo(Long.MAX_VALUE);
    assertThat(ledger.states(0).get(0).reserved()).isZero();
    harness.upstream.answers(200, OK);
    assertThat(harness.ask().get().status()).isEqualTo(429);
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(BudgetUnit.USD.parts(new BigDecimal("1e30"))).isEqualTo(Long.MAX_VALUE);
  }

  /** Both names for the limit are lowered near the end of a budget. */
  @Test
  void bothLimitsAreLowered() throws Exception {
    ReliabilityHarness harness = with(tokens(2_000, Budget.Action.BLOCK), ledger(), bounds());
    harness.upstream.answers(200, OK);
    harness
        .call(
            "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                + "\"max_tokens\":100,\"max_completion_tokens\":90000}")
        .executeAsync(harness.upstream, Runnable::run)
        .toCompletableFuture()
        .get();

    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(billableOutput(harness.upstream.sent.get(0))).isLessThan(2_000);
  }

  /**
   * What costs more than a list says, nobody knows how much, is not sent on a budget of dollars.
   */
  @Test
  void aSpeedWithoutAPriceIsRefused() throws Exception {
    Budget dollars =
        new Budget(
            "daily",
            BudgetUnit.USD,
            BudgetUnit.USD.parts(new BigDecimal("1000")),
            BudgetWindow.of("1d", ZoneOffset.UTC),
            EnumSet.noneOf(Budget.Dimension.class),
            Budget.Action.BLOCK,
            null,
            0.8);
    for (String model : new String[] {"claude-sonnet-4-6", "claude-opus-4-6"}) {
      ReliabilityHarness harness =
          new ReliabilityHarness(
              Policies.builder()
                  .budgets(
                      new BudgetSettings(Collections.singletonList(dollars), false, 0),
                      ledger(),
                      bounds())
                  .build());
      harness.upstream.answers(200, OK);
      harness
          .callAt(
              "https://api.anthropic.com/v1/messages",
              "{\"model\":\"" + model + "\",\"max_tokens\":9,\"messages\":[],\"speed\":\"fast\"}")
          .executeAsync(harness.upstream, Runnable::run)
          .toCompletableFuture()
          .get();

      assertThat(harness.upstream.sent).hasSize(model.contains("opus") ? 1 : 0);
    }
  }
}
