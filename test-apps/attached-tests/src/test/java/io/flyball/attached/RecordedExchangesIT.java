package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Observing changes nothing: for every recorded exchange and every client the bytes on the wire in
 * both directions are those of a run without the agent.
 */
class RecordedExchangesIT {
  @TempDir Path folder;
  private Map<String, RecordedExchange> exchanges;
  private Path requests;

  @BeforeEach
  void writeRequests() throws IOException, URISyntaxException {
    Path recorded = Paths.get(RecordedExchangesIT.class.getResource("/recorded").toURI());
    exchanges =
        RecordedExchange.all(recorded).stream()
            .collect(Collectors.toMap(RecordedExchange::name, Function.identity()));
    requests = Files.createDirectory(folder.resolve("requests"));
    for (RecordedExchange exchange : exchanges.values()) {
      Files.write(requests.resolve(exchange.name()), exchange.requestFile());
    }
  }

  static Stream<Arguments> clientsAndJdks() {
    List<Arguments> combinations = new ArrayList<>();
    for (Jdk jdk : Jdk.enough(8)) {
      combinations.add(Arguments.of("okhttp", jdk));
    }
    for (Jdk jdk : Jdk.enough(17)) {
      combinations.add(Arguments.of("http-url-connection", jdk));
    }
    for (Jdk jdk : Jdk.enough(candidate -> candidate.version() >= 11, 25)) {
      combinations.add(Arguments.of("com.example.replay.jdk.JavaHttpRawClient", jdk));
    }
    return combinations.stream();
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("clientsAndJdks")
  void bytesInBothDirectionsAreThoseOfARunWithoutTheAgent(String client, Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    assertThat(exchanges).as("recorded exchanges").hasSizeGreaterThan(150);
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider =
        FakeProvider.start(0, request -> exchanges.get(request.header("X-Replay")).answer())) {
      JavaProcess bare = replay(client, jdk, provider);
      List<String> bareRequests = rawTexts(provider);
      JavaProcess observed =
          replay(
              client,
              jdk,
              provider,
              "-javaagent:" + Built.agentJar(),
              "-Dflyball.mode=observe",
              "-Dflyball.events.file=" + events);

      assertThat(bare.exitCode()).as(bare::describe).isZero();
      assertThat(observed.out()).as(observed::describe).isEqualTo(bare.out());
      List<String> all = rawTexts(provider);
      assertThat(all.subList(bareRequests.size(), all.size())).isEqualTo(bareRequests);
      assertThat(CallEvents.read(events).total().calls())
          .as("model calls among the recorded ones")
          .isGreaterThan(80)
          .isLessThan(bareRequests.size());
      assertThat(Files.readAllLines(events))
          .as("calls of Gemini among them")
          .filteredOn(event -> event.contains("\"provider\":\"gcp."))
          .hasSizeGreaterThan(20);
    }
  }

  private JavaProcess replay(String client, Jdk jdk, FakeProvider provider, String... arguments) {
    String application = client.startsWith("com.") ? "replay-java-http-client" : "replay";
    return JavaProcess.on(jdk)
        .jvm(arguments)
        .classPath(
            Built.classPath(application),
            "com.example.replay.Replay",
            client,
            provider.url(),
            requests.toString())
        .start()
        .await(2, TimeUnit.MINUTES);
  }

  private static List<String> rawTexts(FakeProvider provider) {
    return provider.requests().stream().map(RecordedRequest::rawText).collect(Collectors.toList());
  }
}
