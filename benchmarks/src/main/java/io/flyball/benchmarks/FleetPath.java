package io.flyball.benchmarks;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Amounts;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.Decision;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.fleet.Beat;
import io.flyball.engine.fleet.Fleet;
import io.flyball.engine.fleet.FleetSettings;
import io.flyball.engine.fleet.FleetStore;
import io.flyball.engine.fleet.Hint;
import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareRequest;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** What sharing a budget adds to reserving and settling, with a store that grants all at once. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
@State(Scope.Benchmark)
public class FleetPath {
  private static final Amounts MOST = new Amounts(0, 1_500, 1);
  private static final Amounts ACTUAL = new Amounts(0, 170, 1);

  @Param({"false", "true"})
  boolean shared;

  @Param({"1", "1000"})
  int tenants;

  private List<Budget> budgets;
  private Attribution[] who;
  private Fleet fleet;
  private Ledger ledger;
  private int next;

  @Setup(Level.Trial)
  public void prepare() {
    budgets =
        Collections.singletonList(
            new Budget(
                "b",
                BudgetUnit.TOKENS,
                Long.MAX_VALUE / 2,
                BudgetWindow.of("1mo", ZoneOffset.UTC),
                EnumSet.of(Budget.Dimension.TENANT),
                Budget.Action.BLOCK,
                null,
                0.8));
    who = new Attribution[tenants];
    for (int i = 0; i < tenants; i++) {
      who[i] = new Attribution("tenant-" + i, null, null, null, null, null);
    }
    fleet =
        new Fleet(
            FleetSettings.slices("jvm", 0.02),
            Generous::new,
            "nowhere",
            TimeSource.SYSTEM,
            line -> {},
            (place, failure) -> {
              throw new IllegalStateException(place, failure);
            });
    ledger = new Ledger(AccountStore.MEMORY, alert -> {}, shared ? fleet : null);
    fleet.attach(Collections.singletonList(ledger));
    if (shared) {
      fleet.start();
    }
  }

  @TearDown(Level.Trial)
  public void stop() {
    fleet.close();
  }

  /** All that is done in the ledger for one attempt. */
  @Benchmark
  public Decision reserveAndSettle() {
    next = next + 1 == tenants ? 0 : next + 1;
    Decision decision =
        ledger.reserve(budgets, who[next], "gpt-4o-mini", MOST, System.currentTimeMillis());
    if (decision.isAdmitted()) {
      decision.reservation().settle(ACTUAL);
    }
    return decision;
  }

  private static final class Generous implements FleetStore {

    @Override
    public boolean greet(String jvm, String process) {
      return true;
    }

    @Override
    public Beat beat(String jvm, String process, long since, List<Hint> hints) {
      return new Beat(true, 1, 1, 1, Collections.emptyList(), Collections.emptyList());
    }

    @Override
    public List<ShareAnswer> exchange(String jvm, List<ShareRequest> requests) {
      List<ShareAnswer> answers = new ArrayList<>();
      for (ShareRequest request : requests) {
        long has = Math.max(request.keep(), request.demand()) + request.ahead();
        answers.add(
            new ShareAnswer(
                ShareAnswer.Outcome.GRANTED, has, request.limit() - has, request.used(), 0));
      }
      return answers;
    }

    @Override
    public void leave(String jvm) {}

    @Override
    public void close() {}
  }
}
