package io.flyball.engine.telemetry;

import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.Ledger;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/** What policies have in their memory, as metrics. */
public final class PolicyMetrics {
  /** Of several units, which is which says a tag. */
  private static final String AMOUNT = "{amount}";

  private static final int MOST_ACCOUNTS = 1_000;

  private PolicyMetrics() {}

  /**
   * Shows accounts among the instruments.
   *
   * @param epochMillis now
   */
  public static void show(Instruments instruments, Ledger ledger, LongSupplier epochMillis) {
    instruments.observedGauges(
        "flyball.budget.used",
        AMOUNT,
        "What is spent of budgets in their windows, in what the tag unit says",
        () -> accounts(ledger, epochMillis, BudgetState::used));
    instruments.observedGauges(
        "flyball.budget.reserved",
        AMOUNT,
        "What calls under way may take of budgets at most, in what the tag unit says",
        () -> accounts(ledger, epochMillis, BudgetState::reserved));
    instruments.observedGauges(
        "flyball.budget.limit",
        AMOUNT,
        "What may be spent of budgets in one window, in what the tag unit says",
        () -> accounts(ledger, epochMillis, state -> state.budget().limit()));
    instruments.observedCounter(
        "flyball.budget.others",
        "{attempt}",
        "How often an attempt was charged to an account that all share who came when a budget had"
            + " as many accounts as it may have",
        ledger::ofOthers);
  }

  private static Map<MetricTags, Double> accounts(
      Ledger ledger, LongSupplier epochMillis, ToLongFunction<BudgetState> part) {
    Map<MetricTags, Double> amounts = new LinkedHashMap<>();
    ledger.eachState(
        epochMillis.getAsLong(),
        state -> {
          amounts.put(
              MetricTags.NONE
                  .and("budget", state.budget().name())
                  .and("account", state.account())
                  .and("unit", state.budget().unit().name().toLowerCase(Locale.ROOT)),
              state.budget().unit().amount(part.applyAsLong(state)).doubleValue());
          return amounts.size() < MOST_ACCOUNTS;
        });
    return amounts;
  }
}
