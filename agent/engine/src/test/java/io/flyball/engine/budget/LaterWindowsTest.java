package io.flyball.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * JVMs that go on with one file and whose clocks differ: what one has spent in a window is spent
 * until that is over, whatever the clocks of others say in between.
 */
class LaterWindowsTest {
  private static final long DAY = 24L * 60 * 60 * 1_000;
  private static final long BEGIN = 1_764_000_000_000L / DAY * DAY;
  private static final long LIMIT = 12;

  private static final Budget BUDGET =
      new Budget(
          "b",
          BudgetUnit.CALLS,
          LIMIT,
          BudgetWindow.of("1d", ZoneOffset.UTC),
          EnumSet.of(Budget.Dimension.TENANT),
          Budget.Action.BLOCK,
          null,
          2);

  /** One JVM after the other; each is killed. */
  private static final class Jvms implements TimeSource {
    private final Path folder;
    private long passed;
    private long wall = BEGIN;
    private MappedAccounts accounts;
    private Ledger ledger;

    Jvms(Path folder) {
      this.folder = folder;
    }

    void start(long clock) throws IOException {
      kill();
      wall = clock;
      accounts = MappedAccounts.in(folder, wall);
      ledger = new Ledger(accounts, alert -> {}, null, this);
    }

    void kill() throws IOException {
      if (accounts != null) {
        accounts.close();
        accounts = null;
      }
    }

    /** The running one's clock is set. */
    void set(long clock) {
      wall = clock;
    }

    boolean spend(String tenant, boolean settles) {
      passed += 1_000;
      wall += 1_000;
      Decision decision =
          ledger.reserve(
              Collections.singletonList(BUDGET),
              new Attribution(tenant, null, null, null, null, null),
              "m",
              new Amounts(0, 0, 1),
              wall);
      if (decision.isAdmitted() && settles) {
        decision.reservation().settle(new Amounts(0, 0, 1));
      }
      return decision.isAdmitted();
    }

    int spendAll(String tenant) {
      int spent = 0;
      while (spend(tenant, true)) {
        spent++;
      }
      return spent;
    }

    @Override
    public long nanoTime() {
      return passed * 1_000_000;
    }

    @Override
    public long epochNanos() {
      return wall * 1_000_000;
    }
  }

  private static long noonOf(long day) {
    return BEGIN + day * DAY + DAY / 2;
  }

  /** Nothing is spent twice, and nothing counts twice. */
  @Property(tries = 150)
  void whatWasSpentCountsUntilItsWindowIsOver(@ForAll long seed) throws Exception {
    Path folder = Files.createTempDirectory("later");
    Random random = new Random(seed);
    Jvms jvms = new Jvms(folder);
    TreeMap<Long, Long> spent = new TreeMap<>();
    List<String> steps = new ArrayList<>();
    long total = 0;
    try {
      for (int step = 0; step < 25; step++) {
        long day = random.nextInt(5);
        if (step == 0 || random.nextInt(4) > 0) {
          jvms.start(noonOf(day));
          steps.add("JVM on " + day);
        } else {
          jvms.set(noonOf(day));
          steps.add("set to " + day);
        }
        int calls = random.nextInt(4);
        for (int i = 0; i < calls; i++) {
          boolean isAdmitted = jvms.spend("t", random.nextBoolean());
          spent.headMap(day).clear();
          steps.add(isAdmitted ? "spent" : "refused");
          if (isAdmitted) {
            total++;
            assertThat(spent.merge(day, 1L, Long::sum)).as("%s", steps).isLessThanOrEqualTo(LIMIT);
          } else {
            assertThat(total).as("%s", steps).isGreaterThanOrEqualTo(LIMIT);
          }
        }
        if (calls == 0 && steps.get(steps.size() - 1).startsWith("JVM")) {
          spent.headMap(day).clear();
        }
      }
    } finally {
      jvms.kill();
      Files.deleteIfExists(folder.resolve("budgets.dat"));
      Files.delete(folder);
    }
  }

  @Test
  void aJvmWithItsClockBehindGivesNothingBack(@TempDir Path folder) throws Exception {
    Jvms jvms = new Jvms(folder);
    for (int repeated = 0; repeated < 3; repeated++) {
      jvms.start(noonOf(3));
      assertThat(jvms.spendAll("t")).isEqualTo(repeated == 0 ? LIMIT : 0);
      jvms.start(noonOf(2 - repeated));
      assertThat(jvms.spendAll("t")).isZero();
    }
    jvms.start(noonOf(3));
    assertThat(jvms.spendAll("t")).isZero();
    jvms.start(noonOf(4));
    assertThat(jvms.spendAll("t")).isEqualTo(LIMIT);
    jvms.kill();
  }

  /** One that runs on into the window that an earlier one has spent in. */
  @Test
  void whatWasSpentInAWindowCountsWhenThatComes(@TempDir Path folder) throws Exception {
    Jvms jvms = new Jvms(folder);
    jvms.start(noonOf(2));
    for (int i = 0; i < LIMIT - 1; i++) {
      jvms.spend("t", true);
    }
    jvms.start(noonOf(0));
    assertThat(jvms.spendAll("t")).isEqualTo(1);
    for (int day = 1; day < 4; day++) {
      jvms.passed += DAY;
      jvms.wall += DAY;
      assertThat(jvms.spendAll("t")).as("day %s", day).isEqualTo(day == 2 ? 1 : LIMIT);
    }
    jvms.kill();
  }

  /** Who has more of two accounts in a later window keeps them beside the name of all others. */
  @Test
  void whoHasSpentInALaterWindowKeepsTheAccount(@TempDir Path folder) throws Exception {
    Jvms jvms = new Jvms(folder);
    jvms.start(noonOf(3));
    assertThat(jvms.spendAll("t")).isEqualTo(LIMIT);
    jvms.start(noonOf(0));
    assertThat(jvms.spendAll("t")).isZero();
    jvms.start(noonOf(2));
    assertThat(jvms.spendAll("x")).isEqualTo(LIMIT);
    assertThat(jvms.spendAll("y")).isEqualTo(LIMIT);
    jvms.start(noonOf(3));
    assertThat(jvms.spendAll("x") + jvms.spendAll("y")).isEqualTo(2 * LIMIT);
    assertThat(jvms.spendAll("t")).isZero();
    jvms.kill();
  }

  @Test
  void whatIsResetIsForgottenInLaterWindowsToo(@TempDir Path folder) throws Exception {
    Jvms jvms = new Jvms(folder);
    jvms.start(noonOf(3));
    assertThat(jvms.spendAll("t")).isEqualTo(LIMIT);
    jvms.start(noonOf(2));
    assertThat(jvms.spendAll("t")).isZero();
    jvms.ledger.reset("b|=t");
    jvms.start(noonOf(3));
    assertThat(jvms.spendAll("t")).isEqualTo(LIMIT);
    jvms.kill();
  }
}
