package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.wall.WallTimings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The scenarios of FailoverBench, streaming and not, through real clients under the agent: all
 * pass. The same programs without the agent show that they can fail.
 */
class FailoverIT {
  static final WallTimings TIMINGS =
      WallTimings.of(
          Duration.ofSeconds(8),
          Duration.ofSeconds(16),
          Duration.ofSeconds(20),
          Duration.ofSeconds(6));

  @TempDir Path folder;

  /** Each client on one JDK, one of them on the oldest and one on the newest. */
  static Stream<Arguments> clientsAndJdks() {
    return Arrays.stream(FailoverClient.values())
        .flatMap(
            client ->
                Jdk.enough(client::runsOn, oneOf(client)).stream()
                    .map(jdk -> Arguments.of(client, jdk)));
  }

  private static int oneOf(FailoverClient client) {
    return client == FailoverClient.HTTP_URL_CONNECTION
        ? 8
        : client == FailoverClient.LANGCHAIN4J ? 25 : 17;
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("clientsAndJdks")
  void everyScenarioPasses(FailoverClient client, Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    try (FailoverRun run = new FailoverRun(TIMINGS)) {
      run.start(client, jdk, governed(run, folder.resolve("events.jsonl")));
      JavaProcess program = run.await();
      assertThat(program.exitCode()).as(program::describe).isZero();

      Map<FailoverCell, FailoverCell.Verdict> verdicts = run.judge();
      print(client + " on " + jdk, verdicts);
      assertThat(run.strayKeys()).isEmpty();
      assertThat(run.fallbackAttempts()).as("attempts at the fallback").isPositive();
      assertThat(notPassed(verdicts)).as("%s", program.err()).isEmpty();
    }
  }

  @Test
  void withoutTheAgentMostScenariosDoNotPass() throws Exception {
    Jdk jdk = Jdk.of(17);
    assumeTrue(jdk.isPresent() && Jdk.wanted().stream().anyMatch(wanted -> wanted.version() == 17));
    List<FailoverRun> runs = new ArrayList<>();
    try {
      for (FailoverClient client : FailoverClient.values()) {
        FailoverRun run = new FailoverRun(TIMINGS);
        runs.add(run);
        run.start(client, jdk, List.of());
      }
      int cells = 0;
      int passed = 0;
      for (FailoverClient client : FailoverClient.values()) {
        FailoverRun run = runs.get(client.ordinal());
        run.await();
        Map<FailoverCell, FailoverCell.Verdict> verdicts = run.judge();
        print(client + " without the agent", verdicts);
        cells += verdicts.size();
        passed += (int) verdicts.values().stream().filter(FailoverCell.Verdict::isPass).count();
      }
      System.out.println("without the agent " + passed + " of " + cells + " pass");
      assertThat(passed).isPositive().isLessThan(cells / 2);
    } finally {
      for (FailoverRun run : runs) {
        run.close();
      }
    }
  }

  private static List<String> governed(FailoverRun run, Path events) {
    List<String> arguments = new ArrayList<>(List.of(TrafficClient.agent("govern", events)));
    for (String property :
        new String[] {
          "endpoint.wall.url=" + run.primaryUrl() + "/v1",
          "endpoint.wall.protocol=openai",
          "target.fb.url=" + run.fallbackUrl() + "/v1",
          "target.fb.protocol=openai",
          "target.fb.model=" + FailoverRun.FALLBACK_MODEL,
          "target.fb.api-key=" + FailoverRun.FALLBACK_KEY,
          "target.fb.context-window=1000000",
          "fallback.chain=fb",
          "retry.max-attempts=3",
          "retry.base-delay=100ms",
          "retry.max-delay=1s",
          "retry.budget=100%",
          "timeout.first-token=3s",
          "timeout.response=3s",
          "timeout.idle=3s",
          "timeout.call=20s",
          "breaker.min-calls=4",
          "breaker.open=1s",
        }) {
      arguments.add("-Dflyball." + property);
    }
    return arguments;
  }

  private static void print(String title, Map<FailoverCell, FailoverCell.Verdict> verdicts) {
    StringBuilder table = new StringBuilder(title).append(':');
    verdicts.forEach(
        (cell, verdict) -> table.append("\n  ").append(cell.name()).append(' ').append(verdict));
    System.out.println(table);
  }

  private static List<String> notPassed(Map<FailoverCell, FailoverCell.Verdict> verdicts) {
    return verdicts.entrySet().stream()
        .filter(entry -> !entry.getValue().isPass())
        .map(entry -> "\n" + entry.getValue() + ": " + entry.getKey().describe())
        .collect(Collectors.toList());
  }
}
