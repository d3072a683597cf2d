package io.flyball.engine;

import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.Budget.Action;
import io.flyball.engine.budget.Budget.Dimension;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;

/** Budgets by chance, and what may happen to them. */
final class SomeBudgets {
  private static final String[] ZONES = {
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca", "UTC"
  };
  private static final String[] WINDOWS = {
    "1m", "15m", "30m", "1h", "2h", "3h", "6h", "24h", "1d", "2d", "7d", "1mo"
  };
  private static final long MINUTE = 60_000;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final int SLOT = 128;
  private static final int CHUNK = SLOT * 4_096;

  private SomeBudgets() {}

  /** A moment near one at which some clock is changed. */
  static long moment(Random random) {
    ZoneId zone = ZoneId.of(ZONES[random.nextInt(ZONES.length - 1)]);
    Instant change = Instant.parse("2026-01-15T00:00:00Z");
    for (int i = random.nextInt(4); i >= 0; i--) {
      change = zone.getRules().nextTransition(change).getInstant();
    }
    return change.toEpochMilli() - random.nextInt((int) (8 * HOUR)) + random.nextInt(999);
  }

  static long jump(Random random) {
    long[] units = {1_500, 3_000, MINUTE, 13 * MINUTE, HOUR, DAY, 400 * DAY};
    long size = (1 + random.nextInt(6)) * units[random.nextInt(units.length)];
    return random.nextBoolean() ? size : -size;
  }

  /** Budgets whose window does not end before the month of UTC does. */
  static List<Budget> ofAMonth(Random random) {
    List<Budget> budgets = new ArrayList<>();
    for (Budget each : some(random)) {
      budgets.add(
          new Budget(
              each.name(),
              each.unit(),
              each.limit(),
              BudgetWindow.of("1mo", ZoneId.of("UTC")),
              each.scope(),
              each.action(),
              each.degradeTo(),
              0.8));
    }
    return budgets;
  }

  static List<Budget> some(Random random) {
    List<Budget> budgets = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      BudgetUnit unit = BudgetUnit.values()[random.nextInt(3)];
      EnumSet<Dimension> scope = EnumSet.noneOf(Dimension.class);
      if (random.nextBoolean()) {
        scope.add(Dimension.TENANT);
      }
      if (random.nextInt(4) == 0) {
        scope.add(Dimension.MODEL);
      }
      Action action = random.nextInt(3) > 0 ? Action.BLOCK : Action.values()[random.nextInt(4)];
      budgets.add(
          new Budget(
              "b" + i,
              unit,
              limit(random, unit),
              BudgetWindow.of(
                  WINDOWS[random.nextInt(WINDOWS.length)],
                  ZoneId.of(ZONES[random.nextInt(ZONES.length)])),
              scope,
              action,
              action == Action.DEGRADE ? "small" : null,
              0.8));
    }
    return budgets;
  }

  private static long limit(Random random, BudgetUnit unit) {
    long tokens = 200 + random.nextInt(random.nextBoolean() ? 2_000 : 8_000);
    switch (unit) {
      case CALLS:
        return 1 + random.nextInt(20);
      case TOKENS:
        return tokens;
      default:
        // At the price of an answer's token: 0.60 dollars for a million.
        return tokens * 600_000;
    }
  }

  /** The same budgets with other limits. */
  static List<Budget> changed(Random random, List<Budget> budgets) {
    List<Budget> changed = new ArrayList<>();
    for (Budget each : budgets) {
      changed.add(
          random.nextBoolean()
              ? each
              : new Budget(
                  each.name(),
                  each.unit(),
                  limit(random, each.unit()),
                  each.window(),
                  each.scope(),
                  each.action(),
                  each.degradeTo(),
                  0.8));
    }
    return changed;
  }

  /** Bits turned over, a stretch of zeros or of noise, or the end cut off. */
  static void damage(Random random, Path folder) throws IOException {
    try (RandomAccessFile file =
        new RandomAccessFile(folder.resolve("budgets.dat").toFile(), "rw")) {
      int kind = random.nextInt(10);
      if (kind == 0) {
        file.setLength(1 + random.nextInt(CHUNK - 1));
        return;
      }
      byte[] part = new byte[kind < 4 ? 1 : 1 + random.nextInt(kind < 8 ? 300 : 2_000)];
      long at = random.nextInt(SLOT * 12);
      file.seek(at);
      file.readFully(part);
      for (int i = 0; i < part.length; i++) {
        if (kind < 6) {
          part[i] ^= (byte) (1 << random.nextInt(8));
        } else {
          part[i] = kind == 6 ? (byte) random.nextInt(256) : 0;
        }
      }
      file.seek(at);
      file.write(part);
    }
  }
}
