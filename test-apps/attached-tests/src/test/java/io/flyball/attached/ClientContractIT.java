package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.stage.ScriptedStage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The contract of every client under the packed agent: the same test classes that run in process,
 * in a JVM for each client, JDK and mode. The agent is {@code flyball-agent-testing.jar}, which has
 * the scripted stage; what the tests need of the engine for themselves is on the class path a
 * second time and none of the agent's business.
 */
class ClientContractIT {
  /** The client that can least passes 27 tests where it can do least, in observe. */
  private static final int FEWEST_TESTS = 25;

  @TempDir Path folder;

  static Stream<Arguments> clientsAndJdks() {
    return with(ContractClient::jdks);
  }

  static Stream<Arguments> clientsOnOneJdk() {
    return with(ContractClient::oneJdk);
  }

  private static Stream<Arguments> with(Function<ContractClient, List<Jdk>> jdks) {
    return Arrays.stream(ContractClient.values())
        .flatMap(client -> jdks.apply(client).stream().map(jdk -> Arguments.of(client, jdk)));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("clientsAndJdks")
  void aGovernedClientPasses(ContractClient client, Jdk jdk) throws Exception {
    JavaProcess run = passes(client, jdk, "govern");
    assertThat(troubles(run))
        .as("only the failure that the contract scripts%s", run.describe())
        .singleElement()
        .asString()
        .contains("internal error in stage ScriptedStage");
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("clientsOnOneJdk")
  void anObservedClientPasses(ContractClient client, Jdk jdk) throws Exception {
    JavaProcess run = passes(client, jdk, "observe");
    assertThat(troubles(run)).as(run::describe).isEmpty();
  }

  private JavaProcess passes(ContractClient client, Jdk jdk, String mode) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    String testClass = Character.toUpperCase(mode.charAt(0)) + mode.substring(1) + "ContractTest";
    try (JavaProcess run =
        JavaProcess.on(jdk)
            .shortLived()
            .jvm(
                "-javaagent:" + Built.testingAgentJar(),
                "-D" + InProcessAgent.ATTACHED_PROPERTY + "=true",
                "-Dflyball.mode=" + mode,
                // What is done with failures has tests of its own; here they have to come through.
                "-Dflyball.retry.max-attempts=1",
                "-Dflyball.retry.suppress-sdk=false",
                "-Dflyball.breaker.enabled=false",
                "-Dflyball.events.file=" + events)
            .classPath(
                client.classPath(),
                "org.junit.platform.console.ConsoleLauncher",
                "execute",
                "--disable-banner",
                "--disable-ansi-colors",
                "--details=tree",
                "--scan-classpath=" + Built.contractTests(client.instrumentation()),
                "--include-classname=.*" + testClass)
            .start()
            .await(5, TimeUnit.MINUTES)) {
      assertThat(run.exitCode()).as(run::describe).isZero();
      assertThat(run.err()).as(run::describe).contains("attached, mode=" + mode);
      int passed = count("successful", run);
      assertThat(passed).as(run::describe).isGreaterThanOrEqualTo(FEWEST_TESTS);
      int calls = CallEvents.read(events).total().calls();
      assertThat(calls).as("calls that the agent saw%s", run.describe()).isPositive();
      System.out.printf(
          "contract, %s: %s on %s: %d tests passed, %d are not for it, %d calls%n",
          mode, client, jdk, passed, count("aborted", run), calls);
      return run;
    }
  }

  /** The lines of the agent's log that say more than that it is there. */
  /** The header that carries the contract's script is the contract's own affair. */
  private static List<String> troubles(JavaProcess run) {
    List<String> lines = new ArrayList<>();
    for (String line : run.err().split("\n")) {
      boolean trouble = line.contains(" flyball WARN ") || line.contains(" flyball ERROR ");
      if (trouble && !line.contains("request header " + ScriptedStage.HEADER)) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static int count(String outcome, JavaProcess run) {
    Matcher count = Pattern.compile("(\\d+) tests " + outcome).matcher(run.out());
    assertThat(count.find()).as(run::describe).isTrue();
    return Integer.parseInt(count.group(1));
  }
}
