package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;

import com.example.corners.OddThreads;
import io.flyball.demo.StandInModels;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls of threads that are interrupted, have next to no stack, or run while the JVM ends: a hard
 * budget holds for them, too, and without one they end as they would without an agent.
 */
class OddThreadsIT {
  private static final String[] OF_THE_CLIENT_ITSELF = {};

  @TempDir Path folder;

  /** The agent starts for the odd call, which is the first of the JVM. */
  @ParameterizedTest
  @ValueSource(
      strings = {"interrupted", "interrupted-async", "smallest-stack", "deep-first 100000 3500"})
  void theFirstCallOfTheJvmIsChargedWhateverThreadMakesIt(String thread) throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      JavaProcess process = run(provider, budget(1), thread, 3);

      assertThat(statuses(process))
          .as(process::describe)
          .containsExactly("200", "429", "429", "429");
      assertThat(provider.requests()).hasSize(1);
      assertThat(process.err()).doesNotContain("left alone");
      if (thread.equals("interrupted")) {
        assertThat(process.out()).contains("interrupted true");
      }
    }
  }

  @Test
  void theFirstCallsOfTheJvmAreChargedWhenItEnds() throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      JavaProcess process = run(provider, budget(1), "ending", 3);

      assertThat(statuses(process)).as(process::describe).containsExactly("200", "429", "429");
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @Test
  void whoHasNoStackLeftDoesNotPassAHardBudgetAndLeavesNothingReserved() throws Exception {
    int limit = 40;
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      JavaProcess process = run(provider, budget(limit), "deep 40 3500", limit);

      assertThat(provider.requests()).as(process::describe).hasSize(limit);
      List<String> statuses = statuses(process);
      assertThat(statuses.get(statuses.size() - 1)).isEqualTo("429");
      assertThat(statuses.stream().filter("200"::equals)).hasSize(limit);
      assertThat(process.err()).doesNotContain("NoClassDefFoundError");
    }
  }

  /** Interpreted code has frames of one size, so that the same depth is the same stack. */
  @Test
  void whereAProgramSucceedsWithItsLastFramesItDoesSoWithTheAgent() throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      List<String> bare = statuses(run(provider, OF_THE_CLIENT_ITSELF, "deep 10 3900", 1));
      JavaProcess attached = run(provider, agent(), "deep 10 3900", 1);

      long succeeding = bare.stream().filter("200"::equals).count();
      assertThat(succeeding).isPositive();
      assertThat(statuses(attached).stream().filter("200"::equals).count())
          .as(attached::describe)
          .isGreaterThanOrEqualTo(succeeding);
    }
  }

  /** It may do what its calls need, and nothing else. */
  @Test
  void theRightsOfTheProgramAreEnoughForItsCallsToBeCharged() throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      JavaProcess process = run(provider, restricted(provider, budget(1)), "usual", 3);

      assertThat(statuses(process)).as(process::describe).containsExactly("200", "429", "429");
      assertThat(provider.requests()).hasSize(1);
    }
  }

  /** What the agent may do, the program cannot have it do. */
  @Test
  void theRightsOfTheAgentAreNotThoseOfTheProgram() throws Exception {
    try (FakeProvider allowed = FakeProvider.start(0, new StandInModels());
        FakeProvider forbidden = FakeProvider.start(0, new StandInModels())) {
      JavaProcess process = run(forbidden, restricted(allowed, agent()), "usual", 1);

      assertThat(process.err() + process.out()).contains("AccessControlException");
      assertThat(forbidden.requests()).isEmpty();
    }
  }

  private String[] restricted(FakeProvider provider, String[] agent) throws IOException {
    Path policy = folder.resolve("test.policy");
    String host = "\"127.0.0.1:" + provider.port() + "\"";
    Files.writeString(
        policy,
        "grant codeBase \""
            + Built.agentJar().getCanonicalFile().toURI()
            + "\" { permission java.security.AllPermission; };\n"
            + "grant {\n  permission java.net.SocketPermission "
            + host
            + ", \"connect,resolve\";\n"
            + "  permission java.net.URLPermission \""
            + provider.url()
            + "/-\", \"*:*\";\n"
            + "  permission java.net.SocketPermission \"localhost\", \"resolve\";\n};\n");
    List<String> jvm = new ArrayList<>(Arrays.asList(agent));
    jvm.add("-Djava.security.manager");
    jvm.add("-Djava.security.policy=" + policy);
    return jvm.toArray(new String[0]);
  }

  private static String[] budget(int calls) throws IOException {
    String[] agent = agent();
    return new String[] {
      agent[0], "-Dflyball.data.dir=none", "-Dflyball.budget.all.limit=" + calls + " calls"
    };
  }

  private static String[] agent() throws IOException {
    return new String[] {"-javaagent:" + Built.agentJar().getCanonicalPath()};
  }

  private static JavaProcess run(FakeProvider provider, String[] jvm, String thread, int more)
      throws URISyntaxException {
    List<String> arguments = new ArrayList<>(Arrays.asList(thread.split(" ")));
    arguments.add(1, provider.url());
    arguments.add(2, String.valueOf(more));
    return JavaProcess.on(Jdk.of(17))
        .jvm(jvm)
        .jvm("-Xint")
        .classPath(
            Paths.get(OddThreads.class.getProtectionDomain().getCodeSource().getLocation().toURI())
                .toString(),
            OddThreads.class.getName(),
            arguments.toArray(new String[0]))
        .start()
        .await(2, TimeUnit.MINUTES);
  }

  /** What became of its calls, in their order. */
  private static List<String> statuses(JavaProcess process) {
    return process
        .out()
        .lines()
        .filter(line -> line.matches("(odd|warm|then|[0-9]+) .*"))
        .map(line -> line.substring(line.indexOf(' ') + 1))
        .collect(Collectors.toList());
  }
}
