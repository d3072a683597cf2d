package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is no model call goes as it went: same bytes, same connections, same results. */
class OtherTrafficIT {
  @TempDir Path folder;

  static Stream<Arguments> clientsAndJdks() {
    return TrafficClient.onEnough(8, 25);
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("clientsAndJdks")
  void trafficThatIsNoModelCallIsLeftAlone(TrafficClient client, Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    List<String> bareRequests = new ArrayList<>();
    List<String> requests = new ArrayList<>();
    JavaProcess bare = run(client, jdk, bareRequests);
    JavaProcess attached = run(client, jdk, requests, TrafficClient.agent("govern", events));

    assertThat(attached.out()).as(attached::describe).isEqualTo(bare.out());
    assertThat(bareRequests).hasSizeGreaterThan(20);
    assertThat(requests).isEqualTo(bareRequests);
    assertThat(attached.err()).as("it was there").contains(" attached, ");
    assertThat(CallEvents.read(events).all()).isEmpty();
  }

  private static JavaProcess run(
      TrafficClient client, Jdk jdk, List<String> requests, String... jvmArguments)
      throws IOException {
    try (PlainServer server = new PlainServer()) {
      JavaProcess program =
          client
              .program(jdk, "Errands", server.url())
              .jvm("-Xmx64m")
              .jvm(jvmArguments)
              .start()
              .await(1, TimeUnit.MINUTES);
      assertThat(program.exitCode()).as(program::describe).isZero();
      for (String request : server.requests()) {
        requests.add(withoutRandom(request, server));
      }
      return program;
    }
  }

  /** The port, and the nonce of a WebSocket's handshake. */
  private static String withoutRandom(String request, PlainServer server) {
    return request
        .replace(server.url().substring("http://".length()), "HOST")
        .lines()
        .map(line -> line.replaceFirst("(?i)^(sec-websocket-key): .*", "$1: nonce"))
        .collect(Collectors.joining("\n"));
  }
}
