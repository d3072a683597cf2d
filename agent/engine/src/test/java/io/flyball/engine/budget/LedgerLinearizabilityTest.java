package io.flyball.engine.budget;

import static java.util.Arrays.asList;

import io.flyball.engine.call.Attribution;
import java.lang.reflect.Method;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.junit.jupiter.api.Test;

/**
 * However threads come in each other's way, what they see of two accounts that share their calls is
 * what they would see one after the other.
 */
@Param(name = "tokens", gen = IntGen.class, conf = "1:4")
public class LedgerLinearizabilityTest {
  private static final long NOW = 1_764_000_000_000L;

  private final Budget small = budget("small", 7);
  private final Budget large = budget("large", 9);
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
  private final Reservation first = admitted(asList(small, large));
  private final Reservation second = admitted(asList(large, small));

  private static Budget budget(String name, long tokens) {
    return new Budget(
        name,
        BudgetUnit.TOKENS,
        tokens,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        Budget.Action.BLOCK,
        null,
        1);
  }

  private static Amounts tokens(int count) {
    return new Amounts(0, count, 1);
  }

  private Decision reserve(List<Budget> budgets, int count) {
    return ledger.reserve(budgets, Attribution.NONE, "m", tokens(count), NOW);
  }

  private Reservation admitted(List<Budget> budgets) {
    return reserve(budgets, 2).reservation();
  }

  @Operation
  public boolean reserveInBoth(@Param(name = "tokens") int count) {
    return reserve(asList(small, large), count).reservation() != null;
  }

  @Operation
  public void settleTheFirst(@Param(name = "tokens") int count) {
    first.settle(tokens(count));
  }

  @Operation
  public void releaseTheSecond() {
    second.release();
  }

  @Operation
  public String states() {
    return ledger.states(NOW).stream()
        .map(state -> state.account() + ' ' + state.used() + '+' + state.reserved())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  @Test
  void everyThreadSeesWhatItWouldSeeIfTheyCameOneAfterTheOther() throws Exception {
    new ModelCheckingOptions()
        .addCustomScenario(
            atOnce(
                asList(actor("settleTheFirst", 1), actor("states")),
                asList(actor("settleTheFirst", 3), actor("states"))))
        .addCustomScenario(
            atOnce(
                asList(actor("reserveInBoth", 3), actor("states")),
                asList(actor("reserveInBoth", 2), actor("settleTheFirst", 4), actor("states"))))
        .iterations(2)
        .threads(2)
        .actorsPerThread(3)
        .invocationsPerIteration(Boolean.parseBoolean(System.getenv("FLYBALL_TEST_ALL")) ? 400 : 80)
        .check(getClass());
  }

  private static ExecutionScenario atOnce(List<Actor> one, List<Actor> other) {
    return new ExecutionScenario(
        Collections.<Actor>emptyList(), asList(one, other), Collections.<Actor>emptyList(), null);
  }

  private static Actor actor(String operation, Object... arguments) throws Exception {
    Method method =
        arguments.length == 0
            ? LedgerLinearizabilityTest.class.getMethod(operation)
            : LedgerLinearizabilityTest.class.getMethod(operation, int.class);
    return new Actor(method, asList(arguments), false, false, false, false, false);
  }
}
