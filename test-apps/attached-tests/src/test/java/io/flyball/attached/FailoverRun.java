package io.flyball.attached;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.wall.Wall;
import io.flyball.instrumentation.testing.wall.WallAttempt;
import io.flyball.instrumentation.testing.wall.WallTimings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** All scenarios with one client in one JVM, with a failing provider and a healthy fallback. */
final class FailoverRun implements AutoCloseable {
  static final String KEY = "sk-given-for-the-primary";
  static final String FALLBACK_KEY = "sk-given-for-the-fallback";
  static final String FALLBACK_MODEL = "fb-noprefill";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final WallTimings timings;
  private final Wall primary;
  private final Wall fallback;
  private final FakeProvider primaryHost;
  private final FakeProvider fallbackHost;
  private JavaProcess program;

  FailoverRun(WallTimings timings) throws IOException {
    this.timings = timings;
    this.primary = new Wall(timings);
    this.fallback = new Wall(timings);
    this.primaryHost = FakeProvider.start(0, primary);
    this.fallbackHost = FakeProvider.start(0, fallback);
  }

  String primaryUrl() {
    return primaryHost.url();
  }

  String fallbackUrl() {
    return fallbackHost.url();
  }

  /** Starts the program with these arguments of the JVM. */
  void start(FailoverClient client, Jdk jdk, List<String> jvmArguments) {
    List<String> rounds = new ArrayList<>();
    for (Scenario scenario : Scenario.values()) {
      rounds.add(scenario.round(false));
      rounds.add(scenario.round(true));
    }
    program =
        client
            .program(jdk, primaryUrl(), KEY, rounds)
            .jvm(jvmArguments.toArray(String[]::new))
            .start();
  }

  /** Waits for the end of the program. */
  JavaProcess await() {
    return program.await(3, TimeUnit.MINUTES);
  }

  /** Every scenario and way, after the end. */
  Map<FailoverCell, FailoverCell.Verdict> judge() throws IOException {
    Map<String, List<JsonNode>> calls = new LinkedHashMap<>();
    for (String line : program.out().split("\n")) {
      JsonNode call = JSON.readTree(line);
      calls.computeIfAbsent(call.path("round").asText(), round -> new ArrayList<>()).add(call);
    }
    Map<FailoverCell, FailoverCell.Verdict> verdicts = new LinkedHashMap<>();
    for (Scenario scenario : Scenario.values()) {
      for (boolean stream : new boolean[] {true, false}) {
        String round = scenario.cellName(stream);
        List<JsonNode> alive = calls.getOrDefault(round + "-alive", List.of());
        FailoverCell cell =
            new FailoverCell(
                round,
                calls.getOrDefault(round, List.of()),
                alive.isEmpty() ? MissingNode.getInstance() : alive.get(0),
                Scenario.attemptsOf(round, primary.attempts()),
                Scenario.attemptsOf(round, fallback.attempts()),
                timings.outage().toMillis());
        verdicts.put(cell, scenario.judge(cell));
      }
    }
    return verdicts;
  }

  /** Requests that reached the wrong host with a key, or the fallback without its own. */
  List<String> strayKeys() {
    List<String> stray = new ArrayList<>();
    collect(stray, "primary", primary.attempts(), raw -> raw.contains(FALLBACK_KEY));
    collect(
        stray,
        "fallback",
        fallback.attempts(),
        raw -> raw.contains(KEY) || !raw.contains("Bearer " + FALLBACK_KEY));
    return stray;
  }

  private static void collect(
      List<String> stray,
      String host,
      Collection<WallAttempt> attempts,
      Function<String, Boolean> wrong) {
    for (WallAttempt attempt : attempts) {
      if (wrong.apply(attempt.request().rawText())) {
        stray.add(host + " was sent " + attempt.request().headerLines() + " for " + attempt);
      }
    }
  }

  /** How often the fallback was asked. */
  int fallbackAttempts() {
    return fallback.attempts().size();
  }

  @Override
  public void close() throws IOException {
    if (program != null) {
      program.close();
    }
    primaryHost.close();
    fallbackHost.close();
  }
}
