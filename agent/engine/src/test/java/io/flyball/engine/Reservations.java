package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.budget.StoredSizes;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.ModelLimits;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.wire.GovernedCall;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;

/** What hard budgets without an end set aside for a request, while it is under way. */
final class Reservations {
  private static final PriceCatalogue PRICES = PriceCatalogue.builtIn();

  private static final int LONGEST_TOLD = 2_000;

  private Reservations() {}

  /** Dollars; infinitely many where nobody knows, as of a model without a price. */
  static double dollars(String url, String body, String... headers) throws Exception {
    return dollars(url, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** The same of a body of any bytes. */
  static double dollars(String url, byte[] body, String... headers) throws Exception {
    List<BudgetState> states = of(url, body, headers, false, BudgetUnit.USD);
    return states.isEmpty() || states.get(0).reserved() == Long.MAX_VALUE
        ? Double.POSITIVE_INFINITY
        : BudgetUnit.USD.amount(states.get(0).reserved()).doubleValue();
  }

  /** One for each unit, also of a model without a price; none where the call was refused. */
  static List<BudgetState> of(String url, byte[] body, BudgetUnit... units) throws Exception {
    return of(url, body, new String[0], true, units);
  }

  private static List<BudgetState> of(
      String url, byte[] body, String[] headers, boolean unpriced, BudgetUnit... units)
      throws Exception {
    Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
    List<Budget> budgets = new ArrayList<>();
    for (BudgetUnit unit : units) {
      budgets.add(budget(unit));
    }
    ReliabilityHarness harness =
        new ReliabilityHarness(
            Policies.builder()
                .budgets(new BudgetSettings(budgets, unpriced, 0), ledger, bounds())
                .build());
    String said = OddJson.of(body).substring(0, Math.min(body.length, LONGEST_TOLD));
    GovernedCall call = harness.callAt(url, body, headers);
    assertThat(call).as(said).isNotNull();
    call.executeAsync(harness.upstream, Runnable::run);
    assertThat(harness.errors.counts()).as(said).isEmpty();
    return harness.upstream.sent.isEmpty() ? Collections.emptyList() : ledger.states(0);
  }

  private static CostBounds bounds() {
    return new CostBounds(
        PRICES::priceOf,
        (provider, host, model) -> orZero(limits(provider, host, model).maxOutputTokens()),
        (provider, host, model) -> orZero(limits(provider, host, model).contextWindow()),
        (body, model) -> body.length,
        new StoredSizes(),
        Runnable::run);
  }

  private static ModelLimits limits(String provider, String host, String model) {
    return PRICES.limitsOf(provider, host, model);
  }

  private static long orZero(Long tokens) {
    return tokens == null ? 0 : tokens;
  }

  private static Budget budget(BudgetUnit unit) {
    return new Budget(
        "b" + unit,
        unit,
        Long.MAX_VALUE,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        Budget.Action.BLOCK,
        null,
        1);
  }
}
