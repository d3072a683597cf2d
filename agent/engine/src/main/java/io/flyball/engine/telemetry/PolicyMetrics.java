package io.flyball.engine.telemetry;

import io.flyball.engine.breaker.BreakerState;
import io.flyball.engine.breaker.CircuitBreakers;
import io.flyball.engine.breaker.CircuitState;
import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.Service;
import io.flyball.engine.content.ShownNames;
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
  private static final int MOST_TARGETS = 100;

  private PolicyMetrics() {}

  /**
   * Shows breakers and accounts among the instruments.
   *
   * @param epochMillis now
   */
  public static void show(
      Instruments instruments, CircuitBreakers breakers, Ledger ledger, LongSupplier epochMillis) {
    ValueLimit targets = new ValueLimit(MOST_TARGETS);
    instruments.observedGauges(
        "flyball.breaker.state",
        "{state}",
        "State of circuit breakers: 0 closed, 1 half open, 2 open; of several credentials the worst",
        () -> states(breakers, targets));
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

  private static Map<MetricTags, Double> states(CircuitBreakers breakers, ValueLimit targets) {
    Map<MetricTags, Double> states = new LinkedHashMap<>();
    for (BreakerState breaker : breakers.states()) {
      CircuitState state = breaker.state();
      // Of all credentials the worst: a label for each would be as many as there are keys. So of
      // the targets that came when there were as many as there may be.
      states.merge(
          MetricTags.NONE.and(
              "target",
              targets.apply(Service.placeOf(breaker.key(), ShownNames.ofThisJvm()::shown))),
          state == CircuitState.CLOSED ? 0.0 : state == CircuitState.HALF_OPEN ? 1.0 : 2.0,
          Math::max);
    }
    return states;
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
