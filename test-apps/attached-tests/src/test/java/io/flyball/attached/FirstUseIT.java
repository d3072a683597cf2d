package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The agent starts when a client is first used: that may be many at the same time. */
class FirstUseIT {
  private static final int RUNS = Jdk.isEveryOneAsked() ? 20 : 12;
  private static final int THREADS = 32;

  /** At the same time: a crowded machine shows more races. */
  private static final int PROGRAMS = 2;

  @TempDir Path folder;

  static Stream<Arguments> runs() {
    return IntStream.range(0, RUNS / PROGRAMS)
        .mapToObj(run -> Arguments.of(run, Jdk.wanted().get(run % Jdk.wanted().size())));
  }

  @ParameterizedTest(name = "run {0} on {1}")
  @MethodSource("runs")
  void clientsThatAreFirstUsedAtTheSameTimeAreAllGoverned(int run, Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    try (FakeProvider provider = FakeProvider.start()) {
      List<JavaProcess> programs = new ArrayList<>();
      for (int i = 0; i < PROGRAMS; i++) {
        programs.add(start(jdk, provider, events(i)));
      }
      for (int i = 0; i < PROGRAMS; i++) {
        JavaProcess program = programs.get(i).await(30, TimeUnit.SECONDS);
        assertThat(program.out()).as(program::describe).contains("answered " + THREADS);
        assertThat(CallEvents.read(events(i)).total().calls())
            .as(program::describe)
            .isEqualTo(THREADS);
      }
    }
  }

  private Path events(int program) {
    return folder.resolve("events-" + program + ".jsonl");
  }

  private static JavaProcess start(Jdk jdk, FakeProvider provider, Path events) {
    String clients =
        TrafficClient.on(jdk).stream()
            .map(TrafficClient::argument)
            .collect(Collectors.joining(","));
    return JavaProcess.on(jdk)
        .jvm(TrafficClient.agent("govern", events))
        .classPath(
            Built.classPath(jdk.version() < 11 ? "traffic" : "traffic-java-http-client"),
            "com.example.traffic.FirstUse",
            clients,
            provider.url(),
            String.valueOf(THREADS))
        .start();
  }
}
