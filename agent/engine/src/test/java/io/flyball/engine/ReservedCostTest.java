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
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What a request may be billed, by the plainest reading of a provider's rules, is reserved. */
class ReservedCostTest {
  private static final long LONGEST = 128_000;

  /** What OpenAI's gpt-5 costs: dollars for a million tokens. */
  private static final BigDecimal INPUT = new BigDecimal("1.25");

  private static final BigDecimal OUTPUT = new BigDecimal("10");

  /** The most that tools are known to add: the system prompt for them, and the largest tool. */
  private static final long TOOLS = 530;

  private static final long BASH = 735;

  /** A request, and what may be billed for it. */
  private static final class Asked {
    String fields = "";
    long limit = LONGEST;
    long times = 1;
    long extraInput;
    int dearer = 1;

    Asked and(String field) {
      fields += field;
      return this;
    }
  }

  @Provide
  Arbitrary<Asked> requests() {
    Arbitrary<Long> limit = Arbitraries.of(-1L, 0L, 1L, 17L, 4_096L, 100_000L, LONGEST);
    Arbitrary<Integer> n = Arbitraries.of(0, 1, 2, 5, 128);
    Arbitrary<Integer> tools = Arbitraries.integers().between(0, 4);
    Arbitrary<String> tier = Arbitraries.of("", "default", "auto", "priority");
    return Combinators.combine(limit, n, tools, tier)
        .as(
            (most, choices, count, tierName) -> {
              Asked asked = new Asked();
              asked.limit = most <= 0 ? LONGEST : most;
              asked.and(",\"max_completion_tokens\":" + most);
              if (choices > 0) {
                asked.times = choices;
                asked.and(",\"n\":" + choices);
              }
              if (count > 0) {
                asked.extraInput = TOOLS + count * BASH;
                String tool = "{\"type\":\"bash_20250124\",\"name\":\"bash\"}";
                asked.and(
                    ",\"tools\":[" + String.join(",", Collections.nCopies(count, tool)) + "]");
              }
              if (!tierName.isEmpty()) {
                asked.dearer = tierName.equals("auto") || tierName.equals("priority") ? 2 : 1;
                asked.and(",\"service_tier\":\"" + tierName + '"');
              }
              return asked;
            });
  }

  @Property(tries = 500)
  void coversWhatMayBeBilled(@ForAll("requests") Asked asked) throws Exception {
    Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
    PriceCatalogue prices = PriceCatalogue.builtIn();
    ReliabilityHarness harness =
        new ReliabilityHarness(
            Policies.builder()
                .budgets(
                    new BudgetSettings(Collections.singletonList(budget()), true, 0),
                    ledger,
                    new CostBounds(
                        prices::priceOf,
                        (provider, host, model) -> LONGEST,
                        (body, model) -> body.length))
                .build());
    String body =
        "{\"model\":\"gpt-5\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]"
            + asked.fields
            + '}';
    harness.call(body).executeAsync(harness.upstream, Runnable::run);
    BigDecimal tokens =
        INPUT
            .multiply(
                BigDecimal.valueOf(
                    body.getBytes(StandardCharsets.UTF_8).length / 4 + asked.extraInput))
            .add(OUTPUT.multiply(BigDecimal.valueOf(asked.limit * asked.times)));
    BigDecimal billed = tokens.movePointLeft(6).multiply(BigDecimal.valueOf(asked.dearer));
    BigDecimal reserved = BudgetUnit.USD.amount(ledger.states(0).get(0).reserved());
    assertThat(reserved).as(body).isGreaterThanOrEqualTo(billed);
  }

  private static Budget budget() {
    return new Budget(
        "b",
        BudgetUnit.USD,
        BudgetUnit.USD.parts(new BigDecimal("100000")),
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        Budget.Action.BLOCK,
        null,
        1);
  }
}
