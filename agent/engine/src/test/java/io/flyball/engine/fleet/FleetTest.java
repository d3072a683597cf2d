package io.flyball.engine.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ReportedErrors;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Amounts;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.Budget.Action;
import io.flyball.engine.budget.Budget.Dimension;
import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.Decision;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.budget.Reservation;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.time.ManualTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FleetTest {
  private static final long LIMIT = 10_000;

  private final ManualTime time = new ManualTime();
  private final MemoryServer server = new MemoryServer(time);
  private final ReportedErrors errors = new ReportedErrors();
  private final List<String> log = new ArrayList<>();
  private final List<Jvm> jvms = new ArrayList<>();

  @AfterEach
  void nothingFailedInside() {
    assertThat(errors.counts()).isEmpty();
  }

  private static Budget budget() {
    return budget("1d", Action.BLOCK);
  }

  private static Budget budget(String window, Action action) {
    return new Budget(
        "b",
        BudgetUnit.TOKENS,
        LIMIT,
        BudgetWindow.of(window, ZoneOffset.UTC),
        EnumSet.noneOf(Dimension.class),
        action,
        null,
        0.8);
  }

  /** What one process does; its thread runs when the test says so. */
  private final class Jvm {
    final Ledger ledger;
    final Fleet fleet;
    final List<String> suspected = new ArrayList<>();
    final List<String> alerts = new ArrayList<>();
    final List<Reservation> open = new ArrayList<>();
    final List<Long> reserved = new ArrayList<>();
    final String name;
    Budget budget = budget();
    long spent;

    Jvm(String name, boolean exact) {
      this.name = name;
      fleet =
          new Fleet(
              exact ? FleetSettings.exact(name) : FleetSettings.slices(name, 0.05),
              server.connector(),
              "redis://test",
              time,
              log::add,
              errors);
      ledger = new Ledger(AccountStore.MEMORY, alert -> alerts.add(alert.toString()), fleet);
      fleet.attach(Collections.singletonList(ledger));
      fleet.whenWarned(suspected::add);
      jvms.add(this);
    }

    Decision reserve(long amount) {
      Decision decision =
          ledger.reserve(
              Collections.singletonList(budget),
              Attribution.NONE,
              "m",
              new Amounts(0, amount, 0),
              time.epochNanos() / 1_000_000);
      if (decision.isAdmitted()) {
        open.add(decision.reservation());
        reserved.add(amount);
      }
      return decision;
    }

    /** As a call does that waits for what the others say. */
    boolean obtains(long amount, int tries) {
      for (int i = 0; i < tries; i++) {
        if (reserve(amount).isAdmitted()) {
          return true;
        }
        pass(100);
      }
      return false;
    }

    void settle(int which, long actual) {
      open.remove(which).settle(new Amounts(0, actual, 0));
      reserved.remove(which);
      spent += actual;
    }

    void spend(long amount) {
      assertThat(obtains(amount, 40)).isTrue();
      settle(open.size() - 1, amount);
    }

    long committed() {
      return spent + reserved.stream().mapToLong(Long::longValue).sum();
    }

    long leased() {
      return ledger.states(time.epochNanos() / 1_000_000).isEmpty()
          ? 0
          : Math.max(committed(), state().leased());
    }

    BudgetState state() {
      return ledger.states(time.epochNanos() / 1_000_000).get(0);
    }
  }

  private Jvm jvm(String name) {
    return new Jvm(name, false);
  }

  private void pass(long millis) {
    for (long at = 0; at < millis; at += 50) {
      time.advanceMillis(50);
      for (Jvm jvm : jvms) {
        jvm.fleet.step();
      }
    }
  }

  @Test
  void whatOneSpendsIsGoneForAll() {
    Jvm one = jvm("one");
    Jvm other = jvm("other");
    one.spend(6_000);
    other.spend(3_500);
    assertThat(other.obtains(600, 40)).isFalse();
    assertThat(one.obtains(600, 40)).isFalse();
    assertThat(other.obtains(500, 40)).isTrue();
    pass(3_000);
    assertThat(one.state().fleetUsed()).isEqualTo(9_500);
    assertThat(one.state().used()).isEqualTo(6_000);
  }

  @Test
  void inTheSteadyStateNobodyAsks() {
    Jvm one = jvm("one");
    one.spend(10);
    pass(200);
    // What is leased ahead grows with the pace.
    for (int i = 0; i < 100; i++) {
      one.spend(10);
      pass(50);
    }
    int before = server.exchanges;
    for (int i = 0; i < 100; i++) {
      Decision decision = one.reserve(10);
      assertThat(decision.isAdmitted()).isTrue();
      one.settle(0, 10);
      pass(50);
    }
    assertThat(server.exchanges - before).isLessThan(20);
  }

  @Test
  void whatNobodyUsesComesBack() {
    Jvm one = jvm("one");
    one.spend(10);
    pass(200);
    assertThat(one.reserve(5).isAdmitted()).isTrue();
    assertThat(one.state().leased()).isGreaterThan(15);
    one.settle(0, 5);
    pass(5_000);
    assertThat(one.state().leased()).isEqualTo(15);
  }

  @Test
  void whoNeedsItGetsWhatOthersHaveLeasedAhead() {
    Jvm one = jvm("one");
    Jvm other = jvm("other");
    one.spend(100);
    pass(3_000);
    one.reserve(10);
    pass(50);
    assertThat(one.state().leased()).isGreaterThan(110);
    assertThat(other.obtains(LIMIT - 110, 20)).isTrue();
  }

  @Test
  void twoWhoEachHaveTooLittleDoNotBothStarve() {
    Jvm one = jvm("one");
    Jvm other = jvm("other");
    assertThat(one.obtains(4_900, 40)).isTrue();
    assertThat(other.obtains(4_900, 40)).isTrue();
    one.settle(0, 0);
    other.settle(0, 0);
    int admitted = 0;
    for (int i = 0; i < 30 && admitted == 0; i++) {
      admitted += one.reserve(6_000).isAdmitted() ? 1 : 0;
      admitted += other.reserve(6_000).isAdmitted() ? 1 : 0;
      pass(50);
    }
    assertThat(admitted).isEqualTo(1);
  }

  @Test
  void aWindowThatIsChangedWhileItRunsIsThatOfTheOthers() {
    Jvm one = jvm("one");
    Jvm other = jvm("other");
    one.spend(1);
    one.budget = budget("1mo", Action.BLOCK);
    other.budget = budget("1mo", Action.BLOCK);
    other.spend(LIMIT - 1);
    assertThat(one.obtains(1, 40)).isFalse();
  }

  @Test
  void inExactModeNothingIsLeasedAhead() {
    Jvm one = new Jvm("one", true);
    one.spend(100);
    assertThat(one.reserve(50).isAdmitted()).isFalse();
    pass(50);
    assertThat(one.reserve(50).isAdmitted()).isTrue();
    one.settle(0, 20);
    pass(50);
    assertThat(one.state().leased()).isEqualTo(120);
  }

  @Test
  void whenRedisIsAwayABudgetIsClosedOrGoesOnAlone() {
    Jvm closed = jvm("closed");
    Jvm open = jvm("open");
    open.budget = budget().openOnLoss();
    closed.spend(100);
    open.spend(100);
    pass(3_000);
    server.goDown();
    pass(500);
    Decision no = closed.reserve(5_000);
    assertThat(no.isAdmitted()).isFalse();
    assertThat(closed.fleet.isReachable()).isFalse();
    assertThat(open.reserve(5_000).isAdmitted()).isTrue();
    assertThat(log).hasSize(2).allMatch(line -> line.contains("cannot be reached"));
    server.comeBack();
    pass(3_000);
    assertThat(log).hasSize(4);
    assertThat(closed.obtains(5_000, 20)).isFalse();
    assertThat(closed.obtains(LIMIT - 5_200, 20)).isTrue();
  }

  @Test
  void aRedisThatIsNotThereAtTheStartIsToldOnce() {
    server.goDown();
    Jvm one = jvm("one");
    pass(10_000);
    assertThat(log).hasSize(1);
    server.comeBack();
    one.spend(1);
    assertThat(log).hasSize(2);
  }

  @Test
  void whatWasLeasedIsSpentWhileRedisIsAway() {
    Jvm one = jvm("one");
    one.spend(100);
    pass(2_500);
    one.spend(1);
    pass(50);
    long free = one.state().leased() - one.committed();
    assertThat(free).isPositive();
    server.goDown();
    pass(200);
    assertThat(one.reserve(free).isAdmitted()).isTrue();
    assertThat(one.reserve(1).isAdmitted()).isFalse();
  }

  @Test
  void aRedisThatHasForgottenIsToldAgain() {
    Jvm one = jvm("one");
    Jvm other = jvm("other");
    one.spend(6_000);
    other.spend(1);
    // Long enough that nobody has anything to say by itself.
    pass(10_000);
    server.flush();
    assertThat(other.obtains(5_000, 40)).isFalse();
    assertThat(other.obtains(3_999, 40)).isTrue();
  }

  @Test
  void whoIsKilledTakesWithItWhatItHadAndGetsItBackWithItsFile() {
    Jvm killed = jvm("killed");
    Jvm other = jvm("other");
    killed.spend(500);
    pass(2_500);
    killed.spend(1);
    pass(50);
    long had = killed.state().leased();
    assertThat(had).isGreaterThan(501);
    jvms.remove(killed);
    assertThat(other.obtains(LIMIT - had + 1, 80)).isFalse();
    // Nobody waits for what does not come back.
    assertThat(other.reserve(LIMIT).unspent()).isEqualTo(LIMIT - had);
    assertThat(other.obtains(LIMIT - had, 30)).isTrue();
    other.settle(0, 0);
    // The same name; its file would say that 501 are spent.
    Jvm again = jvm("killed");
    pass(3_000);
    again.spend(501);
    pass(5_000);
    assertThat(other.obtains(LIMIT - 501, 30)).isTrue();
  }

  @Test
  void twoProcessesDoNotHaveOneName() {
    Jvm one = jvm("same");
    one.spend(10);
    Jvm copy = jvm("same");
    pass(1_000);
    assertThat(copy.fleet.counts().isUp()).isFalse();
    pass(10_000);
    assertThat(copy.fleet.counts().isUp()).isTrue();
    assertThat(log).anyMatch(line -> line.contains("another JVM has this one's name"));
    copy.spend(10);
    pass(3_000);
    assertThat(copy.state().fleetUsed()).isEqualTo(20);
  }

  @Test
  void aWindowBeginsAnewForAll() {
    Jvm one = jvm("one");
    Jvm other = jvm("other");
    one.budget = budget("1m", Action.BLOCK);
    other.budget = budget("1m", Action.BLOCK);
    pass(3_000);
    one.spend(LIMIT);
    assertThat(other.obtains(1, 20)).isFalse();
    pass(60_000);
    other.spend(LIMIT);
    assertThat(one.obtains(1, 20)).isFalse();
  }

  @Test
  void aBudgetThatOnlyWarnsTellsWhatAllHaveSpent() {
    Jvm one = jvm("one");
    Jvm other = jvm("other");
    one.budget = budget("1d", Action.WARN);
    other.budget = budget("1d", Action.WARN);
    one.spend(5_000);
    other.spend(4_000);
    pass(6_000);
    other.spend(1);
    pass(3_000);
    assertThat(other.alerts).hasSize(1);
    assertThat(other.alerts.get(0)).contains("9000 tokens of 10000 tokens");
  }

  @Test
  void whatIsResetHereIsFreeForAll() {
    Jvm one = jvm("one");
    Jvm other = jvm("other");
    one.spend(LIMIT);
    assertThat(other.obtains(1, 20)).isFalse();
    one.ledger.reset("b");
    assertThat(other.obtains(LIMIT, 60)).isTrue();
  }

  @Test
  void othersHearOfTargetsThatFail() {
    Jvm one = jvm("one");
    Jvm other = jvm("other");
    pass(500);
    one.fleet.warn(new Hint("api.openai.com/gpt-4o", 15_000));
    pass(2_000);
    assertThat(other.suspected).containsExactly("api.openai.com/gpt-4o");
    assertThat(one.suspected).isEmpty();
    assertThat(one.fleet.counts().members()).isEqualTo(2);
  }

  @Property(tries = 100)
  void neverOverAndNothingIsLost(
      @ForAll @IntRange(min = 1, max = 5) int count, @ForAll boolean exact, @ForAll long seed) {
    FleetTest fresh = new FleetTest();
    fresh.anyCourse(count, exact, new Random(seed));
    fresh.nothingFailedInside();
  }

  private void anyCourse(int count, boolean exact, Random random) {
    for (int i = 0; i < count; i++) {
      new Jvm("jvm" + i, exact);
    }
    long dead = 0;
    for (int i = 0; i < 150; i++) {
      Jvm jvm = jvms.get(random.nextInt(jvms.size()));
      switch (random.nextInt(16)) {
        case 0:
          server.goDown();
          pass(random.nextInt(3_000));
          server.comeBack();
          break;
        case 1:
          server.goDown();
          pass(random.nextInt(3_000));
          server.comeBackEmpty();
          break;
        case 2:
          server.flush();
          break;
        case 3:
          server.loseNextAnswer();
          break;
        case 4:
          if (random.nextInt(5) == 0) {
            jvms.remove(jvm);
            // It may not have heard of all that it was granted.
            dead += Math.max(jvm.leased(), server.granted(jvm.name));
            new Jvm("new" + i, exact);
          }
          break;
        case 5:
        case 6:
        case 7:
          if (!jvm.open.isEmpty()) {
            int which = random.nextInt(jvm.open.size());
            jvm.settle(which, random.nextInt((int) (jvm.reserved.get(which) + 1)));
          }
          break;
        case 8:
        case 9:
          pass(random.nextInt(500));
          break;
        default:
          jvm.reserve(1 + random.nextInt(random.nextInt(10) == 0 ? 3_000 : 100));
      }
      long committed = jvms.stream().mapToLong(Jvm::committed).sum();
      assertThat(committed).isLessThanOrEqualTo(LIMIT);
    }
    for (Jvm jvm : jvms) {
      while (!jvm.open.isEmpty()) {
        jvm.settle(0, 0);
      }
    }
    pass(10_000);
    long left = LIMIT - jvms.stream().mapToLong(Jvm::committed).sum() - dead;
    if (left > 0) {
      assertThat(jvms.get(0).obtains(left, 60)).as("%s left", left).isTrue();
    }
  }
}
