package io.flyball.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.TimeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever calls makes names up: there are never more accounts than a budget may have, nothing is
 * spent uncounted, and no name spends more than its limit.
 */
class AccountCapTest {
  private static final long HOUR = 3_600_000;
  private static final long BEGIN = 1_764_000_000_000L / HOUR * HOUR;
  private static final long LIMIT = 100;
  private static final int MOST = 20;
  private static final String OTHERS = "b|(others)";
  private static final String LONG = new String(new char[80]).replace('\0', 'x');

  @TempDir Path folder;

  private final List<String> warnings = new ArrayList<>();
  private Budget budget = budget(MOST, Budget.Action.BLOCK);
  private long now = BEGIN;
  private MappedAccounts accounts;
  private Ledger ledger = ledger(AccountStore.MEMORY);

  private static Budget budget(int most, Budget.Action action) {
    return new Budget(
            "b",
            BudgetUnit.TOKENS,
            LIMIT,
            BudgetWindow.of("1h", ZoneOffset.UTC),
            EnumSet.of(Budget.Dimension.TENANT),
            action,
            null,
            1)
        .maxAccounts(most);
  }

  private Ledger ledger(AccountStore store) {
    return new Ledger(store, alert -> {}, null, null, warnings::add);
  }

  private void startAnew() throws Exception {
    if (accounts != null) {
      accounts.close();
    }
    accounts = MappedAccounts.in(folder, now);
    ledger = ledger(accounts);
  }

  private Decision reserve(String tenant, long amount) {
    return ledger.reserve(
        Collections.singletonList(budget),
        new Attribution(tenant, null, null, null, null, null),
        "m",
        new Amounts(0, amount, 1),
        now);
  }

  private boolean spend(String tenant, long amount) {
    Decision decision = reserve(tenant, amount);
    if (decision.isAdmitted()) {
      decision.reservation().settle(new Amounts(0, amount, 1));
    }
    return decision.isAdmitted();
  }

  private long usedBy(String account) {
    return ledger.states(now).stream()
        .filter(state -> state.account().equals(account))
        .mapToLong(BudgetState::used)
        .sum();
  }

  /** Thousands of names in many windows, in several lives of a JVM. */
  @Test
  void accountsAreBoundedAndNothingIsSpentUncounted() throws Exception {
    for (long seed = 1; seed <= 60; seed++) {
      Random random = new Random(seed);
      now = BEGIN + random.nextInt((int) HOUR);
      startAnew();
      Map<String, Long> spent = new HashMap<>();
      List<Reservation> open = new ArrayList<>();
      List<Integer> openAmounts = new ArrayList<>();
      List<String> openNames = new ArrayList<>();
      long window = now / HOUR;
      for (int step = 0; step < 1_500; step++) {
        if (random.nextInt(300) == 0) {
          now += random.nextInt((int) HOUR);
        }
        if (now / HOUR != window) {
          window = now / HOUR;
          spent.clear();
          open.clear();
          openAmounts.clear();
          openNames.clear();
        }
        if (random.nextInt(400) == 0) {
          for (int i = 0; i < open.size(); i++) {
            spent.merge(openNames.get(i), (long) openAmounts.get(i), Long::sum);
          }
          open.clear();
          openAmounts.clear();
          openNames.clear();
          startAnew();
        }
        String name =
            random.nextInt(4) == 0 ? "t" + random.nextInt(9) : "t" + random.nextInt(5_000);
        name += random.nextInt(5) == 0 ? LONG : "";
        int amount = 1 + random.nextInt(30);
        Decision decision = reserve(name, amount);
        if (decision.isAdmitted()) {
          int what = random.nextInt(8);
          if (what == 0 && open.size() < 10) {
            open.add(decision.reservation());
            openAmounts.add(amount);
            openNames.add(name);
          } else if (what < 5) {
            decision.reservation().release();
          } else {
            decision.reservation().settle(new Amounts(0, amount, 1));
            spent.merge(name, (long) amount, Long::sum);
            assertThat(spent.get(name)).as("seed %s: %s", seed, name).isLessThanOrEqualTo(LIMIT);
          }
        }
        if (!open.isEmpty() && random.nextInt(6) == 0) {
          open.remove(0).settle(new Amounts(0, openAmounts.get(0), 1));
          spent.merge(openNames.remove(0), (long) openAmounts.remove(0), Long::sum);
        }
        List<BudgetState> states = ledger.states(now);
        assertThat(states).as("seed %s", seed).hasSizeLessThanOrEqualTo(MOST + 1);
      }
      // What only the file knows is opened to be seen.
      long counted = 0;
      for (int i = 0; i < open.size(); i++) {
        open.get(i).settle(new Amounts(0, openAmounts.get(i), 1));
        spent.merge(openNames.get(i), (long) openAmounts.get(i), Long::sum);
      }
      for (String name : spent.keySet()) {
        reserve(name, LIMIT + 1);
      }
      for (BudgetState state : ledger.states(now)) {
        counted += state.used();
      }
      assertThat(counted).as("seed %s", seed).isEqualTo(sum(spent));
      assertThat(ledger.states(now)).hasSizeLessThanOrEqualTo(MOST + 1);
      accounts.close();
      accounts = null;
      Files.delete(folder.resolve("budgets.dat"));
    }
  }

  private static long sum(Map<String, Long> spent) {
    return spent.values().stream().mapToLong(Long::longValue).sum();
  }

  @Test
  void whoHasAnAccountKeepsItAndAllOthersShareOne() {
    for (int i = 0; i < MOST; i++) {
      assertThat(spend("t" + i, 10)).isTrue();
    }
    assertThat(warnings).isEmpty();
    for (int i = 0; i < 10; i++) {
      assertThat(spend("late" + i, 10)).isTrue();
    }
    assertThat(usedBy(OTHERS)).isEqualTo(100);
    Decision refused = reserve("late11", 1);
    assertThat(refused.isAdmitted()).isFalse();
    assertThat(budget.inWords(refused.account().key)).isEqualTo("budget `b`, all others together");
    assertThat(spend("t3", 90)).isTrue();
    assertThat(usedBy("b|=t3")).isEqualTo(100);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.get(0)).contains("flyball.budget.b.max-accounts").contains(OTHERS);
    assertThat(ledger.ofOthers()).isEqualTo(10);
  }

  @Test
  void noTenantsNameIsTheOthers() {
    spend("(others)", 1);
    assertThat(usedBy(OTHERS)).isZero();
    assertThat(usedBy("b|=(others)")).isEqualTo(1);
  }

  @Test
  void accountsAtZeroMakeRoom() {
    for (int i = 0; i < 1_000; i++) {
      reserve("failed" + i, 10).reservation().release();
      assertThat(reserve("refused" + i, LIMIT + 1).isAdmitted()).isFalse();
    }
    assertThat(spend("t", 10)).isTrue();
    assertThat(usedBy("b|=t")).isEqualTo(10);
    assertThat(ledger.states(now)).hasSizeLessThanOrEqualTo(MOST);
    assertThat(warnings).isEmpty();
  }

  @Test
  void anAccountWithCallsUnderWayIsNotAtZero() {
    Reservation free = reserve("free", 0).reservation();
    for (int i = 0; i < 2 * MOST; i++) {
      spend("t" + i, 1);
    }
    free.settle(new Amounts(0, 7, 1));
    assertThat(usedBy("b|=free")).isEqualTo(7);
  }

  @Test
  void windowsThatAreOverMakeRoomAtOnce() throws Exception {
    startAnew();
    List<Reservation> open = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      open.add(reserve("t" + i, 10).reservation());
    }
    spend("late", 10);
    now += HOUR;
    for (int i = 0; i < MOST - 1; i++) {
      assertThat(spend("new" + i, 10)).isTrue();
      assertThat(usedBy("b|=new" + i)).isEqualTo(10);
      open.get(i).settle(new Amounts(0, 10, 1));
    }
    now += HOUR;
    startAnew();
    spend("t", 10);
    now += HOUR;
    for (int i = 0; i < MOST; i++) {
      spend("newer" + i, 10);
    }
    assertThat(usedBy(OTHERS)).isZero();
    accounts.close();
  }

  /** What an earlier JVM left counts, and goes when its windows are over. */
  @Test
  void whatIsInTheFileIsKeptAndCounted() throws Exception {
    for (String more : new String[] {"", LONG}) {
      startAnew();
      for (int i = 0; i < MOST; i++) {
        spend("t" + i + more, 60);
      }
      spend("late", 60);
      startAnew();
      assertThat(spend("newcomer", 60)).isFalse();
      assertThat(spend("newcomer", 40)).isTrue();
      assertThat(usedBy(OTHERS)).isEqualTo(100);
      for (int i = 0; i < MOST; i++) {
        assertThat(spend("t" + i + more, 60)).isFalse();
        assertThat(spend("t" + i + more, 40)).isTrue();
      }
      startAnew();
      now += HOUR;
      for (int i = 0; i < MOST; i++) {
        spend("next" + i + more, 60);
      }
      assertThat(usedBy(OTHERS)).isZero();
      assertThat(ledger.states(now)).hasSizeLessThanOrEqualTo(MOST + 1);
      now += HOUR;
    }
    accounts.close();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  /** Keys that are too long had no tag of their budget. */
  @Test
  void longNamesOfAFileFromBeforeAreFound() throws Exception {
    String key = budget.stored("b|=" + LONG);
    assertThat(AccountSlot.shortened(key)).hasSize(67).startsWith("#");
    accounts = MappedAccounts.in(folder, now);
    AccountStore.Slot slot = accounts.open(AccountSlot.shortenedBefore(key));
    slot.begin(now, now + HOUR, 0);
    slot.write(95, 0);
    startAnew();
    assertThat(spend(LONG, 10)).isFalse();
    assertThat(spend(LONG, 5)).isTrue();
    accounts.close();
  }

  @Test
  void moreAccountsAndFewerAreAsConfigured() {
    for (int i = 0; i < MOST; i++) {
      spend("t" + i, 10);
    }
    budget = budget(MOST + 1, Budget.Action.BLOCK);
    spend("more", 10);
    assertThat(usedBy("b|=more")).isEqualTo(10);
    budget = budget(2, Budget.Action.BLOCK);
    spend("t19", 10);
    spend("yet another", 10);
    assertThat(usedBy("b|=t19")).isEqualTo(20);
    assertThat(usedBy(OTHERS)).isEqualTo(10);
  }

  @Test
  void anAccountThatComesToZeroMakesRoom() {
    for (int i = 1; i < MOST; i++) {
      spend("t" + i, 10);
    }
    reserve("failed", 10).reservation().release();
    spend("new", 10);
    assertThat(usedBy("b|=new")).isEqualTo(10);
  }

  /** It may have spent all of a limit there. */
  @Test
  void whoIsOfTheOthersGetsNoAccountWhileSomethingIsSpentThere() throws Exception {
    startAnew();
    for (int i = 0; i < MOST; i++) {
      spend("t" + i, 10);
    }
    spend("late", 60);
    ledger.reset("b|=t3");
    assertThat(spend("late", 60)).isFalse();
    budget = budget(2 * MOST, Budget.Action.BLOCK);
    startAnew();
    assertThat(spend("late", 60)).isFalse();
    ledger.reset(OTHERS);
    assertThat(spend("late", 60)).isTrue();
    assertThat(usedBy("b|=late")).isEqualTo(60);
    accounts.close();
  }

  @Test
  void accountsGoAlsoWhereTheClockWasSet() {
    long[] passed = new long[1];
    TimeSource time =
        new TimeSource() {
          @Override
          public long nanoTime() {
            return passed[0] * 1_000_000;
          }

          @Override
          public long epochNanos() {
            return now * 1_000_000;
          }
        };
    ledger = new Ledger(AccountStore.MEMORY, alert -> {}, null, time);
    budget = budget(1_000, Budget.Action.BLOCK);
    for (int i = 0; i < 50; i++) {
      spend("t" + i, 10);
    }
    now += HOUR / 2;
    spend("t0", 10);
    now += 3 * HOUR;
    passed[0] += 3 * HOUR;
    for (int i = 0; i < 200; i++) {
      spend("new" + i, 10);
    }
    assertThat(ledger.states(now)).hasSize(200);
  }
}
