package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Many calls at once, well ended and badly ended. Without circuit breakers, which would refuse most
 * of those that are to fail.
 */
class ConcurrencyIT {
  private static final int TASKS = 64;
  private static final int REQUESTS = 50;

  @TempDir Path folder;

  static Stream<Arguments> clientsThreadsAndJdks() {
    List<Arguments> combinations = new ArrayList<>();
    for (TrafficClient client : TrafficClient.values()) {
      int first = client == TrafficClient.JAVA_HTTP_CLIENT ? 17 : 8;
      for (Jdk jdk : Jdk.enough(client::runsOn, first, 21, 25)) {
        combinations.add(Arguments.of(client, jdk.version() <= 17 ? "platform" : "virtual", jdk));
      }
    }
    return combinations.stream();
  }

  @ParameterizedTest(name = "{0}, {1} threads on {2}")
  @MethodSource("clientsThreadsAndJdks")
  void everyCallIsAccountedForAsTheApplicationSawIt(TrafficClient client, String threads, Jdk jdk)
      throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider = FakeProvider.start(0, request -> answer(request, events))) {
      JavaProcess.Builder builder =
          client
              .program(
                  jdk,
                  "Crowd",
                  provider.url(),
                  threads,
                  String.valueOf(TASKS),
                  String.valueOf(REQUESTS),
                  "io.flyball",
                  "flyball-")
              .jvm("-Xmx128m")
              .jvm(TrafficClient.agent("govern", events))
              .jvm("-Dflyball.breaker.enabled=false");
      if (jdk.version() == 21) {
        builder.jvm("-Djdk.tracePinnedThreads=full");
      }
      JavaProcess application = builder.start().await(3, TimeUnit.MINUTES);

      assertThat(application.exitCode()).as(application::describe).isZero();
      assertThat(application.out().lines().filter(line -> line.contains(" = ")))
          .as(application::describe)
          .containsExactlyInAnyOrderElementsOf(ends(events));
      assertThat(CallEvents.read(events).total().calls()).isEqualTo(TASKS * REQUESTS);
      assertThat(application.out()).as(application::describe).contains("in io.flyball: []");
      assertThat(pinnedInFlyball(application)).as(application::describe).isEmpty();
    }
  }

  private static Answer answer(RecordedRequest request, Path events) {
    switch (request.path().split("/")[1]) {
      case "plain":
        return CannedAnswers.chat();
      case "stream":
        return CannedAnswers.chatStream(true);
      case "leave":
        return Answer.events().event(CannedAnswers.content("one")).stall();
      case "error":
        return CannedAnswers.openAiError(500, "server_error");
      case "reset":
        return Answer.nothing().reset();
      case "end":
        return Farewell.after(events, TASKS * REQUESTS);
      default:
        return Answer.silence();
    }
  }

  /** As the program prints them: what was asked, how it ended, how often. */
  private static List<String> ends(Path events) throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    for (JsonNode event : CallEvents.read(events).all()) {
      String end = event.path("request_model").asText() + ' ' + event.path("outcome").asText();
      counts.merge(end, 1, Integer::sum);
    }
    return counts.entrySet().stream()
        .map(end -> end.getKey() + " = " + end.getValue())
        .collect(Collectors.toList());
  }

  /** JDK 21 marks the frames that kept a virtual thread on its carrier. */
  private static List<String> pinnedInFlyball(JavaProcess application) {
    return application
        .out()
        .lines()
        .filter(line -> line.contains("<== monitors") && line.contains("io.flyball."))
        .collect(Collectors.toList());
  }
}
