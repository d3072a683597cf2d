package io.flyball.engine;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The law of hard budgets: whatever providers, machines, clocks and files do, no more is billed in
 * a window than its limit, nothing stays set aside when all has ended, and nobody waits for ever.
 * {@code -Dflyball.budgets.seed} begins at one seed, {@code -Dflyball.budgets.count} makes so many
 * courses from there on.
 */
class HardBudgetsTest {

  @TempDir Path folder;

  @Test
  void nothingPassesThem() throws Exception {
    check(
        200,
        seed -> {
          try (BudgetCourse course = BudgetCourse.of(seed, folder(seed))) {
            course.run();
          }
        });
  }

  @Test
  void norDoManyThreads() throws Exception {
    check(
        40,
        seed -> {
          try (BudgetCourse course = BudgetCourse.ofThreads(seed, folder(seed))) {
            course.rush(6, 40);
          }
        });
  }

  private Path folder(long seed) {
    return seed % 3 == 0 ? null : folder;
  }

  private interface Course {
    void run(long seed) throws Exception;
  }

  private void check(int usual, Course course) throws Exception {
    long from = Long.getLong("flyball.budgets.seed", 1);
    long count = Long.getLong("flyball.budgets.count", from == 1 ? usual : 1);
    List<Throwable> broken = new ArrayList<>();
    for (long seed = from; seed < from + count; seed++) {
      try {
        course.run(seed);
      } catch (Throwable failure) {
        broken.add(new AssertionError("-Dflyball.budgets.seed=" + seed, failure));
      }
      empty();
    }
    if (!broken.isEmpty()) {
      AssertionError first = new AssertionError(broken.size() + " courses", broken.get(0));
      broken.forEach(first::addSuppressed);
      throw first;
    }
  }

  private void empty() throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.collect(Collectors.toList());
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }
}
