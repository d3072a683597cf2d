package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.wall.Wall;
import io.flyball.instrumentation.testing.wall.WallAttempt;
import io.flyball.instrumentation.testing.wall.WallTimings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many threads, a provider that is down and then flaps, a healthy fallback. */
class OutageIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int THREADS = 50;
  private static final int CALLS = 35;
  private static final int INTERVAL_MILLIS = 400;
  private static final Duration OUTAGE = Duration.ofSeconds(5);
  private static final int OPEN_MILLIS = 1000;

  /** Until then the breaker has opened and who had passed it before has asked. */
  private static final int SETTLED_MILLIS = 2000;

  /** A 503 of the wall takes that long. */
  private static final int REFUSAL_MILLIS = 100;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"OPENAI_JAVA", "HTTP_URL_CONNECTION", "JAVA_HTTP"})
  void anOutageCostsFewAttemptsAndNoAnswer(FailoverClient client) throws Exception {
    Jdk jdk = Jdk.of(17);
    assumeTrue(jdk.isPresent() && Jdk.wanted().stream().anyMatch(wanted -> wanted.version() == 17));
    WallTimings timings = WallTimings.of(OUTAGE, OUTAGE, OUTAGE, OUTAGE);
    Wall primary = new Wall(timings);
    Wall fallback = new Wall(timings);
    List<String> rounds = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      rounds.add("thread-" + i + ",fb-flapping,false," + CALLS + ',' + INTERVAL_MILLIS + ",30000");
    }
    try (FakeProvider host = FakeProvider.start(0, primary);
        FakeProvider other = FakeProvider.start(0, fallback);
        JavaProcess program =
            client
                .program(jdk, host.url(), FailoverRun.KEY, rounds)
                .jvm(TrafficClient.agent("govern", folder.resolve("events.jsonl")))
                .jvm(
                    "-Dflyball.endpoint.wall.url=" + host.url() + "/v1",
                    "-Dflyball.target.fb.url=" + other.url() + "/v1",
                    "-Dflyball.target.fb.model=fb-noprefill",
                    "-Dflyball.target.fb.api-key=" + FailoverRun.FALLBACK_KEY,
                    "-Dflyball.fallback.chain=fb",
                    "-Dflyball.retry.base-delay=50ms",
                    "-Dflyball.breaker.open=" + OPEN_MILLIS + "ms")
                .start()) {
      program.await(2, TimeUnit.MINUTES);

      assertThat(program.exitCode()).as(program::describe).isZero();
      List<JsonNode> calls = new ArrayList<>();
      for (String line : program.out().split("\n")) {
        calls.add(JSON.readTree(line));
      }
      assertEveryCallAnswered(calls);
      assertFewThreads(calls.get(calls.size() - 1));
      List<WallAttempt> attempts =
          primary.attempts().stream()
              .filter(attempt -> attempt.model().equals("fb-flapping"))
              .toList();
      assertThat(attempts).hasSizeLessThanOrEqualTo(THREADS * CALLS * 12 / 10);
      assertOneProbeAtATime(attempts);
      assertThat(attempts.stream().filter(attempt -> attempt.action().equals("200")))
          .as("the provider is used again")
          .isNotEmpty();
      assertThat(primary.attempts())
          .noneMatch(sent -> sent.request().rawText().contains(FailoverRun.FALLBACK_KEY));
      assertThat(fallback.attempts())
          .isNotEmpty()
          .noneMatch(sent -> sent.request().rawText().contains(FailoverRun.KEY));
    }
  }

  private static void assertEveryCallAnswered(List<JsonNode> calls) {
    List<JsonNode> ofThreads =
        calls.stream().filter(call -> call.path("round").asText().matches("thread-\\d+")).toList();
    assertThat(ofThreads).hasSize(THREADS * CALLS);
    assertThat(ofThreads.stream().filter(call -> !Scenario.isComplete(call)).limit(3)).isEmpty();
  }

  private static void assertFewThreads(JsonNode done) {
    List<String> ours = new ArrayList<>();
    for (JsonNode thread : done.path("threads")) {
      if (thread.asText().startsWith("flyball-")) {
        ours.add(thread.asText());
      }
    }
    assertThat(ours).doesNotHaveDuplicates().hasSizeLessThan(6);
  }

  /** Once the breaker has opened, as long as the provider is down. */
  private static void assertOneProbeAtATime(List<WallAttempt> attempts) {
    long[] probes =
        attempts.stream()
            .mapToLong(WallAttempt::millisOfModel)
            .filter(at -> at >= SETTLED_MILLIS && at < OUTAGE.toMillis())
            .sorted()
            .toArray();
    assertThat(probes).as("probes during the outage").isNotEmpty();
    assertThat(probes.length).as("%s", Arrays.toString(probes)).isLessThanOrEqualTo(4);
    for (int i = 1; i < probes.length; i++) {
      assertThat(probes[i] - probes[i - 1])
          .as("%s", Arrays.toString(probes))
          .isGreaterThanOrEqualTo(REFUSAL_MILLIS);
    }
  }
}
