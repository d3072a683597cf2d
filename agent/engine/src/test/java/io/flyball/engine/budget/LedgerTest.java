package io.flyball.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.Budget.Action;
import io.flyball.engine.budget.Budget.Dimension;
import io.flyball.engine.call.Attribution;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
  private static final long NOW = 1_764_000_000_000L;

  private final List<BudgetAlert> alerts = Collections.synchronizedList(new ArrayList<>());
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alerts::add);

  private static Budget usd(String limit, Dimension... scope) {
    return budget("spend", BudgetUnit.USD, BudgetUnit.USD.parts(new BigDecimal(limit)), scope);
  }

  private static Budget budget(String name, BudgetUnit unit, long limit, Dimension... scope) {
    return new Budget(
        name,
        unit,
        limit,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        scope.length == 0 ? EnumSet.noneOf(Dimension.class) : EnumSet.copyOf(Arrays.asList(scope)),
        Action.BLOCK,
        null,
        0.8);
  }

  private static Amounts dollars(String usd) {
    return new Amounts(BudgetUnit.USD.parts(new BigDecimal(usd)), 100, 1);
  }

  private static Attribution tenant(String name) {
    return new Attribution(name, null, null, null, null, null);
  }

  private Decision reserve(Amounts amounts, Budget... budgets) {
    return ledger.reserve(Arrays.asList(budgets), Attribution.NONE, "m", amounts, NOW);
  }

  private long used(Budget budget) {
    return ledger.states(NOW).stream()
        .filter(state -> state.budget() == budget)
        .mapToLong(BudgetState::used)
        .sum();
  }

  /** Case 18 of the research on gateways. */
  @ParameterizedTest
  @ValueSource(ints = {8, 100, 1000})
  void atMostThreeCallsFitIntoFortyFiveCents(int callers) throws Exception {
    Budget budget = usd("0.45");
    AtomicInteger admitted = new AtomicInteger();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(callers, 64));
    List<Future<?>> done = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      done.add(
          threads.submit(
              () -> {
                start.await();
                Decision decision = reserve(dollars("0.15"), budget);
                if (decision.isAdmitted()) {
                  admitted.incrementAndGet();
                  decision.reservation().settle(dollars("0.15"));
                }
                return null;
              }));
    }
    start.countDown();
    for (Future<?> each : done) {
      each.get(1, TimeUnit.MINUTES);
    }
    threads.shutdown();
    assertThat(admitted).hasValue(3);
    assertThat(BudgetUnit.USD.amount(used(budget))).isEqualByComparingTo("0.45");
  }

  /** Case 19: whatever becomes of the calls, the account holds what they cost, exactly. */
  @Test
  void afterTenThousandCallsTheAccountIsTheSumOfTheirCosts() throws Exception {
    Budget budget = usd("1000000");
    Budget perTenant = budget("tenants", BudgetUnit.TOKENS, Long.MAX_VALUE / 4, Dimension.TENANT);
    AtomicLong cost = new AtomicLong();
    AtomicInteger refused = new AtomicInteger();
    ExecutorService threads = Executors.newFixedThreadPool(16);
    List<Future<?>> done = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      done.add(
          threads.submit(
              () -> {
                Random random = ThreadLocalRandom.current();
                Decision decision =
                    ledger.reserve(
                        Arrays.asList(budget, perTenant),
                        tenant("t" + random.nextInt(20)),
                        "m",
                        dollars("0.10"),
                        NOW);
                if (!decision.isAdmitted()) {
                  refused.incrementAndGet();
                } else if (random.nextInt(10) < 3) {
                  decision.reservation().release();
                  decision.reservation().settle(dollars("0.10"));
                } else {
                  long parts = random.nextInt(100_000) * 1_000_003L;
                  cost.addAndGet(parts);
                  decision.reservation().settle(new Amounts(parts, 50, 1));
                }
              }));
    }
    for (Future<?> each : done) {
      each.get(1, TimeUnit.MINUTES);
    }
    threads.shutdown();
    assertThat(refused).hasValue(0);
    assertThat(used(budget)).isEqualTo(cost.get());
    assertThat(ledger.states(NOW)).allSatisfy(state -> assertThat(state.reserved()).isZero());
  }

  @Test
  void aCallIsReservedInAllItsAccountsOrInNone() {
    Budget roomy = budget("roomy", BudgetUnit.TOKENS, 1_000);
    Budget tight = budget("tight", BudgetUnit.CALLS, 0);
    Decision decision = reserve(dollars("0.1"), roomy, tight);
    assertThat(decision.isAdmitted()).isFalse();
    assertThat(decision.budget()).isSameAs(tight);
    assertThat(ledger.states(NOW)).allSatisfy(state -> assertThat(state.reserved()).isZero());
  }

  @Test
  void whatIsReservedButNotSpentMayStillFit() {
    Budget budget = usd("0.20");
    Reservation first = reserve(dollars("0.15"), budget).reservation();
    Decision second = reserve(dollars("0.15"), budget);
    assertThat(second.left()).isEqualTo(BudgetUnit.USD.parts(new BigDecimal("0.05")));
    assertThat(second.unspent()).isEqualTo(BudgetUnit.USD.parts(new BigDecimal("0.20")));
    Place place = new Place();
    assertThat(reserve(dollars("0.15"), place, budget).isAdmitted()).isFalse();
    assertThat(ledger.turn(place)).isNotDone();
    first.settle(dollars("0.01"));
    assertThat(ledger.turn(place)).isDone();
    ledger.leave(place);
    assertThat(reserve(dollars("0.15"), budget).isAdmitted()).isTrue();
    assertThat(reserve(dollars("0.30"), budget).unspent())
        .isEqualTo(BudgetUnit.USD.parts(new BigDecimal("0.19")));
  }

  private Decision reserve(Amounts most, Place place, Budget... budgets) {
    return ledger.reserve(Arrays.asList(budgets), Attribution.NONE, "m", most, NOW, place);
  }

  @Test
  void whoWaitsIsNotOvertakenAndOnlyTheFirstIsWoken() {
    Budget budget = usd("0.20");
    Reservation underWay = reserve(dollars("0.15"), budget).reservation();
    Place first = new Place();
    Place second = new Place();
    assertThat(reserve(dollars("0.20"), first, budget).isAdmitted()).isFalse();
    Decision behind = reserve(dollars("0.05"), second, budget);
    assertThat(behind.isAdmitted()).isFalse();
    assertThat(behind.isBehindOthers()).isTrue();
    assertThat(reserve(dollars("0.05"), budget).isAdmitted()).isFalse();

    underWay.settle(dollars("0.00"));
    assertThat(ledger.turn(first)).isDone();
    assertThat(ledger.turn(second)).isNotDone();
    assertThat(reserve(dollars("0.05"), second, budget).isAdmitted()).isFalse();
    Decision admitted = reserve(dollars("0.20"), first, budget);
    assertThat(admitted.isAdmitted()).isTrue();
    assertThat(ledger.turn(second)).as("what is left may do for the next").isDone();
    assertThat(reserve(dollars("0.05"), second, budget).isBehindOthers()).isFalse();

    admitted.reservation().settle(dollars("0.10"));
    assertThat(ledger.turn(second)).isDone();
    assertThat(reserve(dollars("0.05"), second, budget).isAdmitted()).isTrue();
    assertThat(reserve(dollars("0.05"), budget).isAdmitted()).as("nobody waits").isTrue();
  }

  @Test
  void whoGoesLeavesNoTrace() {
    Budget budget = usd("0.20");
    reserve(dollars("0.15"), budget);
    Place first = new Place();
    Place second = new Place();
    reserve(dollars("0.20"), first, budget);
    reserve(dollars("0.05"), second, budget);
    ledger.leave(first);
    assertThat(ledger.turn(second)).isDone();
    ledger.leave(second);
    ledger.leave(second);
    assertThat(reserve(dollars("0.05"), budget).isAdmitted()).isTrue();
  }

  @Test
  void whoFitsHereButNotThereWaitsThereInTheOrderOfComing() {
    Budget mine = budget("mine", BudgetUnit.CALLS, 1, Dimension.TENANT);
    Budget all = budget("all", BudgetUnit.CALLS, 1);
    Reservation ofMine = reserve(dollars("0.01"), mine).reservation();
    Reservation ofAll = reserve(dollars("0.01"), all).reservation();
    Place first = new Place();
    Place second = new Place();
    assertThat(reserve(dollars("0.01"), first, mine, all).budget()).isSameAs(mine);
    assertThat(reserve(dollars("0.01"), second, all).budget()).isSameAs(all);

    ofMine.release();
    assertThat(ledger.turn(first)).isDone();
    assertThat(reserve(dollars("0.01"), first, mine, all).budget()).isSameAs(all);
    ofAll.release();
    assertThat(ledger.turn(first)).as("it came first").isDone();
    assertThat(ledger.turn(second)).isNotDone();
    assertThat(reserve(dollars("0.01"), second, all).isBehindOthers()).isTrue();
    assertThat(reserve(dollars("0.01"), first, mine, all).isAdmitted()).isTrue();
  }

  @Test
  void manyWhoWaitAreAllServedInTheirOrder() {
    Budget budget = budget("calls", BudgetUnit.CALLS, 10_000);
    Reservation underWay = reserve(new Amounts(0, 0, 10_000), budget).reservation();
    List<Integer> served = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      int number = i;
      Place place = new Place();
      assertThat(reserve(dollars("0.01"), place, budget).isAdmitted()).isFalse();
      ledger
          .turn(place)
          .thenRun(
              () -> {
                assertThat(reserve(dollars("0.01"), place, budget).isAdmitted()).isTrue();
                served.add(number);
              });
    }
    underWay.release();
    assertThat(served).hasSize(10_000).isSorted();
  }

  @Test
  void nobodyWhoWaitsIsForgotten() throws Exception {
    Budget mine = budget("mine", BudgetUnit.CALLS, 2, Dimension.TENANT);
    Budget all = budget("all", BudgetUnit.CALLS, 3);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    List<Future<?>> calls = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      Attribution who = tenant("t" + i % 3);
      calls.add(
          threads.submit(
              () -> {
                Place place = new Place();
                Decision decision = reserveFor(who, place, mine, all);
                while (!decision.isAdmitted()) {
                  ledger.turn(place).get(1, TimeUnit.MINUTES);
                  decision = reserveFor(who, place, mine, all);
                }
                Thread.yield();
                decision.reservation().release();
                return null;
              }));
    }
    for (Future<?> call : calls) {
      call.get(1, TimeUnit.MINUTES);
    }
    threads.shutdown();
    assertThat(ledger.states(NOW)).allSatisfy(state -> assertThat(state.reserved()).isZero());
  }

  private Decision reserveFor(Attribution who, Place place, Budget... budgets) {
    return ledger.reserve(Arrays.asList(budgets), who, "m", dollars("0.01"), NOW, place);
  }

  @Test
  void whatBeginsAnewOrIsResetIsToldToTheFirst() {
    Budget budget = usd("0.20");
    reserve(dollars("0.20"), budget).reservation().settle(dollars("0.20"));
    Place place = new Place();
    reserve(dollars("0.10"), place, budget);
    assertThat(ledger.turn(place)).isNotDone();
    assertThat(ledger.reset(ledger.states(NOW).get(0).account())).isTrue();
    assertThat(ledger.turn(place)).isDone();

    reserve(dollars("0.30"), place, budget);
    assertThat(ledger.turn(place)).isNotDone();
    ledger.states(NOW + TimeUnit.DAYS.toMillis(1));
    assertThat(ledger.turn(place)).isDone();
    ledger.leave(place);
  }

  @Test
  void tenantsHaveAccountsOfTheirOwn() {
    Budget budget = usd("0.10", Dimension.TENANT);
    List<Budget> budgets = Collections.singletonList(budget);
    assertThat(ledger.reserve(budgets, tenant("a"), "m", dollars("0.10"), NOW).isAdmitted())
        .isTrue();
    assertThat(ledger.reserve(budgets, tenant("a"), "m", dollars("0.01"), NOW).isAdmitted())
        .isFalse();
    assertThat(ledger.reserve(budgets, tenant("b"), "m", dollars("0.10"), NOW).isAdmitted())
        .isTrue();
  }

  @Test
  void noTenantsNameIsAnothersAccount() {
    Budget budget = budget("b", BudgetUnit.CALLS, 1, Dimension.TENANT, Dimension.FEATURE);
    Attribution one = new Attribution("a|=b", "c", null, null, null, null);
    Attribution two = new Attribution("a", "b|=c", null, null, null, null);
    assertThat(budget.account(one, null)).isNotEqualTo(budget.account(two, null));
    assertThat(budget.account(tenant(null), null)).isNotEqualTo(budget.account(tenant(""), null));
  }

  @Test
  void aNewWindowBeginsAtZeroAndALateSettlementDoesNotTouchIt() {
    Budget budget = usd("0.10");
    Reservation late = reserve(dollars("0.10"), budget).reservation();
    long tomorrow = NOW + TimeUnit.DAYS.toMillis(1);
    Decision next =
        ledger.reserve(
            Collections.singletonList(budget), Attribution.NONE, "m", dollars("0.10"), tomorrow);
    assertThat(next.isAdmitted()).isTrue();
    late.settle(dollars("0.10"));
    BudgetState state = ledger.states(tomorrow).get(0);
    assertThat(state.used()).isZero();
    assertThat(state.reserved()).isEqualTo(BudgetUnit.USD.parts(new BigDecimal("0.10")));
  }

  @Test
  void aBudgetThatCountsSomethingElseBeginsAnew() {
    Budget dollars = budget("b", BudgetUnit.USD, Long.MAX_VALUE);
    reserve(dollars("5"), dollars).reservation().settle(dollars("5"));
    Budget calls = budget("b", BudgetUnit.CALLS, 1);
    assertThat(reserve(dollars("5"), calls).isAdmitted()).isTrue();
  }

  @Test
  void aBudgetWhoseWindowIsChangedFollowsTheNewOne() {
    Budget month =
        new Budget(
            "b",
            BudgetUnit.CALLS,
            1,
            BudgetWindow.of("1mo", ZoneOffset.UTC),
            EnumSet.noneOf(Dimension.class),
            Action.BLOCK,
            null,
            0.8);
    reserve(dollars("1"), month).reservation().settle(dollars("1"));
    assertThat(reserve(dollars("1"), month).isAdmitted()).isFalse();
    Budget day = budget("b", BudgetUnit.CALLS, 1);
    assertThat(reserve(dollars("1"), day).isAdmitted()).isFalse();
    Decision tomorrow =
        ledger.reserve(
            Collections.singletonList(day),
            Attribution.NONE,
            "m",
            dollars("1"),
            day.window().endOf(NOW));
    assertThat(tomorrow.isAdmitted()).isTrue();
  }

  @Test
  void whatIsUnderWayWhenTheJvmEndsCountsAsSpent() {
    Budget budget = usd("1.00");
    reserve(dollars("0.20"), budget).reservation().settle(dollars("0.15"));
    reserve(dollars("0.50"), budget);
    ledger.close();
    BudgetState state = ledger.states(NOW).get(0);
    assertThat(BudgetUnit.USD.amount(state.used())).isEqualByComparingTo("0.65");
    assertThat(state.reserved()).isZero();
  }

  /** A call that began before goes on asking by what the budget was. */
  @Test
  void whatABudgetWasTurnsNothingBack() {
    Budget before = budget("b", BudgetUnit.TOKENS, 1_000);
    Budget now = budget("b", BudgetUnit.TOKENS, 10);
    Amounts tokens = new Amounts(0, 10, 1);
    assertThat(reserve(tokens, before).isAdmitted()).isTrue();
    assertThat(reserve(tokens, now).isAdmitted()).isFalse();
    assertThat(reserve(tokens, before).isAdmitted()).isFalse();
    assertThat(ledger.states(NOW).get(0).budget()).isSameAs(now);
  }

  @Test
  void whatHasNoPriceIsNotReservedInABudgetThatOnlyWarns() {
    Budget warning =
        new Budget(
            "b",
            BudgetUnit.USD,
            10,
            BudgetWindow.of("1d", ZoneOffset.UTC),
            EnumSet.noneOf(Dimension.class),
            Action.WARN,
            null,
            0.8);
    reserve(new Amounts(Long.MAX_VALUE, 10, 1), warning);
    assertThat(ledger.states(NOW).get(0).reserved()).isZero();
  }

  @Test
  void theUserIsToldOnceWhenTheMarkIsPassed() {
    Budget budget = usd("1.00");
    reserve(dollars("0.79"), budget).reservation().settle(dollars("0.79"));
    assertThat(alerts).isEmpty();
    reserve(dollars("0.02"), budget).reservation().settle(dollars("0.02"));
    reserve(dollars("0.02"), budget).reservation().settle(dollars("0.02"));
    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0)).hasToString("budget `spend`: $0.81 of $1.00 spent");
  }

  @Test
  void theUserIsToldOnceWhenAllIsSpent() {
    Budget budget = usd("1.00");
    reserve(dollars("0.85"), budget).reservation().settle(dollars("0.85"));
    reserve(dollars("0.15"), budget).reservation().settle(dollars("0.15"));
    ledger.turnedAway(budget, Attribution.NONE, "m");
    assertThat(alerts)
        .extracting(BudgetAlert::mark)
        .containsExactly(BudgetAlert.Mark.ALERT_AT, BudgetAlert.Mark.EXHAUSTED);
    assertThat(alerts.get(1)).hasToString("budget `spend`: $1.00 of $1.00 spent, it is exhausted");

    ledger.reset("spend");
    reserve(dollars("1.00"), budget).reservation().settle(dollars("1.00"));
    assertThat(alerts).as("both marks at once are one message").hasSize(3);
    assertThat(alerts.get(2).mark()).isEqualTo(BudgetAlert.Mark.EXHAUSTED);
    reserve(dollars("0"), budget).reservation().settle(dollars("0"));
    assertThat(alerts).hasSize(3);
  }

  @Test
  void whatIsLeftAndPaysForNoCallIsExhausted() {
    Budget budget = usd("1.00");
    ledger.turnedAway(budget, Attribution.NONE, "m");
    reserve(dollars("0.79"), budget).reservation().settle(dollars("0.79"));
    ledger.turnedAway(budget, Attribution.NONE, "m");
    assertThat(alerts).as("a call that is too dear says nothing of the budget").isEmpty();
    reserve(dollars("0.01"), budget).reservation().settle(dollars("0.01"));
    ledger.turnedAway(budget, Attribution.NONE, "m");
    ledger.turnedAway(budget, Attribution.NONE, "m");
    assertThat(alerts)
        .extracting(BudgetAlert::mark)
        .containsExactly(BudgetAlert.Mark.ALERT_AT, BudgetAlert.Mark.EXHAUSTED);
    assertThat(alerts.get(1).used()).isEqualTo(BudgetUnit.USD.parts(new BigDecimal("0.80")));
  }

  @Test
  void aPriceThatIsNotKnownFitsIntoNoBudgetOfMoney() {
    Amounts unpriced = new Amounts(Long.MAX_VALUE, 10, 1);
    assertThat(reserve(unpriced, usd("1000")).isAdmitted()).isFalse();
    assertThat(reserve(unpriced, budget("t", BudgetUnit.TOKENS, 100)).isAdmitted()).isTrue();
  }

  /** Against the plainest model of an account there is. */
  @Property
  void spentAndReservedNeverExceedTheLimit(
      @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 30) Integer> amounts,
      @ForAll @IntRange(min = 0, max = 100) int limit,
      @ForAll long seed) {
    Ledger fresh = new Ledger(AccountStore.MEMORY, alerts::add);
    Budget budget = budget("b", BudgetUnit.TOKENS, limit);
    Random random = new Random(seed);
    List<Reservation> open = new ArrayList<>();
    List<Integer> reserved = new ArrayList<>();
    long spent = 0;
    for (int amount : amounts) {
      long held = reserved.stream().mapToLong(Integer::longValue).sum();
      Decision decision =
          fresh.reserve(
              Collections.singletonList(budget),
              Attribution.NONE,
              "m",
              new Amounts(0, amount, 0),
              NOW);
      assertThat(decision.isAdmitted()).isEqualTo(spent + held + amount <= limit);
      if (decision.isAdmitted()) {
        open.add(decision.reservation());
        reserved.add(amount);
      }
      if (!open.isEmpty() && random.nextBoolean()) {
        int which = random.nextInt(open.size());
        int actual = random.nextInt(reserved.get(which) + 1);
        open.remove(which).settle(new Amounts(0, actual, 0));
        reserved.remove(which);
        spent += actual;
      }
      assertThat(spent + reserved.stream().mapToLong(Integer::longValue).sum())
          .isLessThanOrEqualTo(limit);
    }
  }

  private static Budget calls(String window, long limit) {
    return new Budget(
        "changing",
        BudgetUnit.CALLS,
        limit,
        BudgetWindow.of(window, ZoneOffset.UTC),
        EnumSet.noneOf(Dimension.class),
        Action.BLOCK,
        null,
        0.8);
  }

  private boolean asks(Budget budget, long now) {
    Decision decision =
        ledger.reserve(
            Collections.singletonList(budget), Attribution.NONE, "m", new Amounts(0, 0, 1), now);
    if (decision.isAdmitted()) {
      decision.reservation().settle(new Amounts(0, 0, 1));
    }
    return decision.isAdmitted();
  }

  @Test
  void whatWasSpentCountsOnInAnotherWindow() {
    long now = NOW + TimeUnit.MINUTES.toMillis(17);
    Budget day = calls("1d", 3);
    for (int i = 0; i < 3; i++) {
      assertThat(asks(day, now)).isTrue();
    }
    for (String window : new String[] {"1h", "15m", "7d", "6h", "1m"}) {
      now += 60_000;
      Budget other = calls(window, 3);
      assertThat(asks(other, now)).as(window).isFalse();
      assertThat(asks(other, other.window().endOf(now) - 1)).as(window).isFalse();
    }
    Budget minutes = calls("15m", 3);
    assertThat(asks(minutes, now)).isFalse();
    assertThat(asks(minutes, minutes.window().endOf(now))).as("begins anew").isTrue();
  }

  @Test
  void aWindowThatWasOverIsNotCarriedIntoAnother() {
    Budget quarter = calls("15m", 1);
    assertThat(asks(quarter, NOW)).isTrue();

    assertThat(asks(calls("1d", 1), quarter.window().endOf(NOW))).isTrue();
  }

  @Test
  void whatIsUnderWaySettlesInTheOtherWindow() {
    Budget day = calls("1d", 2);
    Reservation open =
        ledger
            .reserve(
                Collections.singletonList(day), Attribution.NONE, "m", new Amounts(0, 0, 2), NOW)
            .reservation();
    Budget hour = calls("1h", 2);
    assertThat(asks(hour, NOW + 1)).isFalse();
    open.settle(new Amounts(0, 0, 1));

    assertThat(asks(hour, NOW + 2)).isTrue();
    assertThat(asks(hour, NOW + 3)).isFalse();
    assertThat(used(hour)).isEqualTo(2);
  }

  @Test
  void windowsFollowTheCalendarOfTheirZone() {
    ZoneId berlin = ZoneId.of("Europe/Berlin");
    long instant = 1_743_292_800_000L; // 2025-03-30T00:00Z, an hour before the clocks go forward
    BudgetWindow day = BudgetWindow.of("1d", berlin);
    assertThat(day.endOf(instant) - day.startOf(instant)).isEqualTo(TimeUnit.HOURS.toMillis(23));
    BudgetWindow month = BudgetWindow.of("1mo", ZoneOffset.UTC);
    assertThat(month.endOf(instant) - month.startOf(instant)).isEqualTo(TimeUnit.DAYS.toMillis(31));
    BudgetWindow week = BudgetWindow.of("7d", ZoneOffset.UTC);
    assertThat(java.time.Instant.ofEpochMilli(week.startOf(instant)))
        .hasToString("2025-03-24T00:00:00Z");
    BudgetWindow hours = BudgetWindow.of("6h", berlin);
    assertThat(hours.startOf(instant)).isLessThanOrEqualTo(instant);
    assertThat(hours.endOf(instant)).isGreaterThan(instant);
  }
}
