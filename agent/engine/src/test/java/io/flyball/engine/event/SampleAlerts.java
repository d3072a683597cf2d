package io.flyball.engine.event;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Amounts;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.signal.PromptGrowth;
import io.flyball.engine.telemetry.SampleCalls;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;

/** What alerts come from, for those who tell of them. */
public final class SampleAlerts {
  private SampleAlerts() {}

  /** A tenant spends that much of the budget {@code daily} of one dollar, on 1970-01-01. */
  public static void spend(Alerts alerts, String tenant, String usd) {
    Budget budget =
        new Budget(
            "daily",
            BudgetUnit.USD,
            BudgetUnit.USD.parts(BigDecimal.ONE),
            BudgetWindow.of("1d", ZoneOffset.UTC),
            EnumSet.of(Budget.Dimension.TENANT),
            Budget.Action.BLOCK,
            null,
            0.8);
    Amounts amounts = new Amounts(BudgetUnit.USD.parts(new BigDecimal(usd)), 0, 1);
    new Ledger(AccountStore.MEMORY, alerts::tell)
        .reserve(
            Collections.singletonList(budget),
            new Attribution(tenant, null, null, null, null, null),
            "m",
            amounts,
            0)
        .reservation()
        .settle(amounts);
  }

  /** The prompts of a feature grow from 1,000 to 3,000 tokens. */
  public static void grow(Alerts alerts, String feature) {
    PromptGrowth growth = new PromptGrowth(10, alerts::tell);
    for (int i = 0; i < 400; i++) {
      growth.callEnded(prompt(feature, i < 300 ? 1_000 : 3_000));
    }
  }

  private static CallRecord prompt(String feature, long tokens) {
    RequestFacts request =
        RequestFacts.builder(SampleCalls.protocol("openai.chat"), Operation.CHAT, "openai").build();
    return CallRecord.builder("c", request)
        .attribution(new Attribution(null, feature, null, null, null, null))
        .outcome(Outcome.SUCCESS, 200, null)
        .times(0, 1)
        .usage(Usage.builder(Usage.Source.REPORTED).input(tokens).output(1).build())
        .build();
  }
}
