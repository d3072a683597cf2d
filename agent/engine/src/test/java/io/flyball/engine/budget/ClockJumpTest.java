package io.flyball.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever the machine's clock is set to: no true window is spent twice, and none lasts for ever.
 */
class ClockJumpTest {
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long BEGIN = 1_764_000_000_000L / (24 * HOUR) * (24 * HOUR);
  private static final long LIMIT = 100;
  private static final long CALL = 25;

  private static final Budget BUDGET =
      new Budget(
          "b",
          BudgetUnit.TOKENS,
          LIMIT,
          BudgetWindow.of("1h", ZoneOffset.UTC),
          EnumSet.noneOf(Budget.Dimension.class),
          Budget.Action.BLOCK,
          null,
          1);

  /** A machine: what passes, and what its clock says. */
  private static final class Machine implements TimeSource {
    long trueMillis = BEGIN;
    long error;

    @Override
    public long nanoTime() {
      return (trueMillis - BEGIN) * 1_000_000 - 17;
    }

    @Override
    public long epochNanos() {
      return wall() * 1_000_000;
    }

    long wall() {
      return trueMillis + error;
    }

    boolean spend(Ledger ledger) {
      Decision decision =
          ledger.reserve(
              Collections.singletonList(BUDGET),
              Attribution.NONE,
              "m",
              new Amounts(0, CALL, 1),
              wall());
      if (decision.isAdmitted()) {
        decision.reservation().settle(new Amounts(0, CALL, 1));
      } else {
        assertThat(decision.windowEnd()).as("when it begins anew").isGreaterThan(wall());
        assertThat(decision.windowEnd()).isLessThanOrEqualTo(wall() + HOUR + 2_000);
      }
      return decision.isAdmitted();
    }
  }

  /**
   * A call passes no limit of its true window while the clock is right, nor after it was set wrong
   * in that window. While it goes on being wrong its windows are others.
   */
  @Property(tries = 500)
  void noTrueWindowIsSpentTwiceAndNobodyWaitsLongerThanOne(@ForAll long seed) {
    Random random = new Random(seed);
    Machine machine = new Machine();
    Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {}, null, machine);
    Map<Long, Long> spent = new HashMap<>();
    Set<Long> known = new HashSet<>();
    long lastSpent = Long.MIN_VALUE / 2;
    long lastSet = Long.MIN_VALUE / 2;
    for (int step = 0; step < 200; step++) {
      machine.trueMillis += MINUTE + random.nextInt((int) (8 * MINUTE));
      if (step > 0 && random.nextInt(12) == 0) {
        if (machine.error == 0) {
          known.add(machine.trueMillis / HOUR);
        }
        machine.error = machine.error == 0 ? jump(random) : 0;
        lastSet = machine.trueMillis;
      }
      long window = machine.trueMillis / HOUR;
      if (machine.error == 0) {
        known.add(window);
      }
      if (machine.spend(ledger)) {
        long sum = spent.merge(window, CALL, Long::sum);
        assertThat(!known.contains(window) || sum <= LIMIT).as("spent %s", sum).isTrue();
        lastSpent = machine.trueMillis;
      } else {
        assertThat(machine.trueMillis - Math.max(lastSpent, lastSet)).isLessThan(HOUR);
      }
    }
  }

  private static long jump(Random random) {
    long[] units = {MINUTE, 13 * MINUTE, HOUR, 24 * HOUR, 3_650 * 24 * HOUR};
    long size = (1 + random.nextInt(6)) * units[random.nextInt(units.length)];
    return random.nextBoolean() ? size : -size;
  }

  @Test
  void whatWasWrittenWithTheClockAheadBlocksItsWindowAndTheOneThatIs(@TempDir Path folder)
      throws Exception {
    for (long ahead : new long[] {HOUR, 5 * HOUR, 3_650 * 24 * HOUR, 20 * MINUTE, -5 * HOUR}) {
      Machine machine = new Machine();
      machine.trueMillis += 50 * MINUTE;
      int spent = spendAll(machine, folder, 2);
      machine.error = ahead;
      // A clock that was wrong when the JVM began is taken at its word.
      spent += spendAll(machine, folder, 9);
      machine.error = 0;
      spent += spendAll(machine, folder, 9);
      assertThat(spent).as("ahead by %s", ahead).isEqualTo(6);
      machine.trueMillis += 10 * MINUTE;
      boolean isThatWindow = ahead > 0 && ahead <= HOUR;
      assertThat(spendAll(machine, folder, 9)).as("by %s", ahead).isEqualTo(isThatWindow ? 0 : 4);
      machine.trueMillis += HOUR;
      assertThat(spendAll(machine, folder, 9)).as("by %s", ahead).isEqualTo(4);
      Files.delete(folder.resolve("budgets.dat"));
    }
  }

  /** Another JVM each time. */
  private static int spendAll(Machine machine, Path folder, int most) throws IOException {
    int spent = 0;
    try (MappedAccounts accounts = MappedAccounts.in(folder, machine.wall())) {
      Ledger ledger = new Ledger(accounts, alert -> {}, null, machine);
      for (int i = 0; i < most; i++) {
        spent += machine.spend(ledger) ? 1 : 0;
      }
    }
    return spent;
  }

  @Test
  void whatIsUnderWayWhenTheClockIsSetIsSettledInTheSameWindow() {
    Machine machine = new Machine();
    Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {}, null, machine);
    Reservation open =
        ledger
            .reserve(
                Collections.singletonList(BUDGET),
                Attribution.NONE,
                "m",
                new Amounts(0, LIMIT, 1),
                machine.wall())
            .reservation();
    machine.error = 24 * HOUR;
    assertThat(machine.spend(ledger)).isFalse();
    open.settle(new Amounts(0, LIMIT - CALL, 1));
    assertThat(machine.spend(ledger)).isTrue();
    assertThat(machine.spend(ledger)).isFalse();
    machine.trueMillis += HOUR;
    assertThat(machine.spend(ledger)).isTrue();
  }

  /** An account that a new JVM first opens after the clock was set was kept before that. */
  @Test
  void whatWasKeptIsNotForgottenWhenTheClockWasSetBeforeItIsOpened(@TempDir Path folder)
      throws Exception {
    Machine machine = new Machine();
    machine.trueMillis += 5 * MINUTE;
    assertThat(spendAll(machine, folder, 9)).isEqualTo(4);
    Budget other =
        new Budget(
            "other",
            BudgetUnit.CALLS,
            9,
            BUDGET.window(),
            EnumSet.noneOf(Budget.Dimension.class),
            Budget.Action.BLOCK,
            null,
            1);
    try (MappedAccounts accounts = MappedAccounts.in(folder, machine.wall())) {
      Ledger ledger = new Ledger(accounts, alert -> {}, null, machine);
      ledger.reserve(
          Collections.singletonList(other),
          Attribution.NONE,
          "m",
          new Amounts(0, 1, 1),
          machine.wall());
      machine.trueMillis += MINUTE;
      machine.error = 5 * 24 * HOUR;
      assertThat(machine.spend(ledger)).isFalse();
    }
  }

  @Test
  void aCorrectionOfASecondMovesNothing() {
    Machine machine = new Machine();
    Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {}, null, machine);
    machine.trueMillis += HOUR + 500;
    for (int i = 0; i < 4; i++) {
      assertThat(machine.spend(ledger)).isTrue();
    }
    machine.error = -1_000;
    assertThat(machine.spend(ledger)).isFalse();
    machine.trueMillis += HOUR;
    assertThat(machine.spend(ledger)).isFalse();
    machine.trueMillis += 501;
    assertThat(machine.spend(ledger)).isTrue();
  }
}
