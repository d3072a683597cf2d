package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.demo.CallEvents;
import io.flyball.demo.StandInModels;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Real SDK applications, unmodified, bare and under the agent, on every JDK. */
class ApplicationsIT {
  @TempDir Path folder;

  static Stream<Arguments> applicationsAndJdks() {
    List<Arguments> combinations = new ArrayList<>();
    for (Jdk jdk : Jdk.wanted()) {
      for (AttachedApplication application : AttachedApplication.values()) {
        if (application.runsOn(jdk)) {
          combinations.add(Arguments.of(application, jdk));
        }
      }
    }
    return combinations.stream();
  }

  static Stream<Arguments> applicationsOnOneJdk() {
    return Arrays.stream(AttachedApplication.values())
        .flatMap(
            application ->
                Jdk.enough(application::runsOn, 17).stream()
                    .map(jdk -> Arguments.of(application, jdk)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("applicationsAndJdks")
  void aGovernedApplicationDoesWhatItDidAndEveryCallIsAccountedFor(
      AttachedApplication application, Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      JavaProcess bare = run(application, jdk, provider);
      List<RecordedRequest> bareRequests = new ArrayList<>(provider.requests());
      JavaProcess governed =
          run(
              application,
              jdk,
              provider,
              "-javaagent:" + Built.agentJar(),
              "-Dflyball.events.file=" + events);

      assertThat(bare.exitCode()).as(bare::describe).isZero();
      assertThat(governed.exitCode()).as(governed::describe).isZero();
      assertThat(governed.out()).isEqualTo(bare.out());
      assertOnlyFlyballLines(governed, bare);
      assertThat(provider.requests()).hasSize(2 * bareRequests.size());
      assertAccounted(CallEvents.read(events), bareRequests);
    }
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("applicationsOnOneJdk")
  void anObservedApplicationPutsTheSameBytesOnTheWire(AttachedApplication application, Jdk jdk)
      throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      JavaProcess bare = run(application, jdk, provider);
      List<String> bareBytes = rawTexts(provider.requests());
      JavaProcess observed =
          run(
              application,
              jdk,
              provider,
              "-javaagent:" + Built.agentJar(),
              "-Dflyball.mode=observe",
              "-Dflyball.events.file=" + events);

      assertThat(observed.exitCode()).as(observed::describe).isZero();
      assertThat(observed.out()).isEqualTo(bare.out());
      List<String> all = rawTexts(provider.requests());
      assertThat(all.subList(bareBytes.size(), all.size())).isEqualTo(bareBytes);
      assertThat(CallEvents.read(events).total().calls()).isEqualTo(bareBytes.size());
    }
  }

  private static JavaProcess run(
      AttachedApplication application, Jdk jdk, FakeProvider provider, String... jvmArguments) {
    return application.start(jdk, provider.url(), jvmArguments).await(2, TimeUnit.MINUTES);
  }

  private static List<String> rawTexts(List<RecordedRequest> requests) {
    return requests.stream().map(RecordedRequest::rawText).collect(Collectors.toList());
  }

  /** Nothing of ours on stdout (compared above), and on stderr only lines that say who they are. */
  private static void assertOnlyFlyballLines(JavaProcess governed, JavaProcess bare) {
    List<String> ours =
        governed
            .err()
            .lines()
            .filter(line -> !bare.err().contains(line))
            .collect(Collectors.toList());
    assertThat(ours)
        .as(governed::describe)
        .allMatch(line -> line.contains(" flyball ") || line.contains(CDS_NOTE));
  }

  /** The JVM's own word when an agent extends the bootstrap loader while class sharing is on. */
  private static final String CDS_NOTE =
      "Sharing is only supported for boot loader classes because bootstrap classpath has been"
          + " appended";

  private static void assertAccounted(CallEvents events, List<RecordedRequest> requests)
      throws IOException {
    assertThat(events.all()).hasSameSizeAs(requests);
    Set<String> streamed = new HashSet<>();
    for (JsonNode event : events.all()) {
      assertThat(event.path("status").asInt()).as(event::toString).isEqualTo(200);
      assertThat(event.path("attempts").asInt()).as(event::toString).isEqualTo(1);
      assertThat(event.path("call_site").asText()).as(event::toString).startsWith("com.example.");
      assertThat(event.path("feature").asText()).as(event::toString).isNotEmpty();
      if (!event.path("operation").asText().equals("count_tokens")) {
        // The first stream of a model shows whether its server reports usage without being asked.
        boolean first =
            event.path("stream").asBoolean() && streamed.add(event.path("request_model").asText());
        assertThat(event.path("usage_source").asText())
            .as(event::toString)
            .isIn("reported", first ? "estimated" : "reported");
        assertThat(event.path("input_tokens").asLong()).as(event::toString).isPositive();
        assertThat(new BigDecimal(event.path("cost_usd").asText()))
            .as(event::toString)
            .isPositive();
      }
    }
  }
}
