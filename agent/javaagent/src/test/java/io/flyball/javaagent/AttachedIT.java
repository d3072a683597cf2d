package io.flyball.javaagent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The jar as a user gets it, on small programs in JVMs of their own. */
class AttachedIT {
  private static final int BAD_CONFIGURATION = 78;

  @TempDir static Path folder;

  private static File exampleAgent;

  private static String programs;

  @BeforeAll
  static void prepare() throws IOException {
    exampleAgent = ExampleAgentJar.in(folder);
    programs = Programs.in(folder);
  }

  static List<Jdk> jdks() {
    return Jdk.wanted();
  }

  private static JavaProcess run(Jdk jdk, String agent, String[] jvm, String... program) {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    String[] arguments = new String[program.length - 1];
    System.arraycopy(program, 1, arguments, 0, arguments.length);
    try (JavaProcess process =
        JavaProcess.on(jdk)
            .jvm("-javaagent:" + agent)
            .jvm(jvm)
            .classPath(programs, "example." + program[0], arguments)
            .start()) {
      return process.await(120, SECONDS);
    }
  }

  private static String[] jvm(String... arguments) {
    return arguments;
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void programWithoutAClientPrintsWhatItPrintsWithoutTheAgent(Jdk jdk) {
    JavaProcess hello = run(jdk, ExampleAgentJar.built().getPath(), jvm(), "HelloProgram");

    assertThat(hello.out()).isEqualToNormalizingNewlines("hello\n");
    assertThat(hello.err()).isEmpty();
    assertThat(hello.exitCode()).isZero();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void hookedClientAnswersAndTheJvmWarnsOfNothing(Jdk jdk) {
    JavaProcess calling = run(jdk, exampleAgent.getPath(), jvm(), "CallingProgram", "q");

    String once = "governed:q\ngoverned:q\nnetwork:q\n";
    assertThat(calling.out()).isEqualToNormalizingNewlines(once + once);
    assertThat(calling.err()).contains("unfit").doesNotContain("WARNING").doesNotContain("warning");
    assertThat(calling.err().trim().split("\\R")).allMatch(line -> line.contains("flyball"));
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void manyThreadsStartItTogetherAndTheirLoadersGoAway(Jdk jdk) {
    JavaProcess many =
        run(jdk, exampleAgent.getPath(), jvm("-Xmx256m"), "ManyLoadersProgram", "24", programs);

    assertThat(many.out())
        .as(many::describe)
        .isEqualToNormalizingNewlines("hooked 24\nloaders left 0\n");
  }

  @Test
  void pluginThatDoesNotLinkIsSwitchedOffAndToldOnce() {
    JavaProcess calling =
        run(Jdk.running(), exampleAgent.getPath(), jvm(), "CallingProgram", "unlinkable");

    String once = "network:unlinkable\nnetwork:unlinkable\nnetwork:unlinkable\n";
    assertThat(calling.out()).isEqualToNormalizingNewlines(once + once);
    assertThat(calling.err()).containsOnlyOnce("NoSuchMethodError").doesNotContain("secret");
  }

  @Test
  void failureInAPluginIsToldOnceAndTheApplicationGoesOn() {
    JavaProcess calling =
        run(Jdk.running(), exampleAgent.getPath(), jvm(), "CallingProgram", "broken");

    String once = "network:broken\nnetwork:broken\nnetwork:broken\n";
    assertThat(calling.out()).isEqualToNormalizingNewlines(once + once);
    assertThat(calling.err()).containsOnlyOnce("IllegalStateException").doesNotContain("secret");
  }

  @Test
  void instrumentationThatIsSwitchedOffHooksNothing() {
    JavaProcess calling =
        run(
            Jdk.running(),
            exampleAgent.getPath() + "=instrumentation.example.enabled=false",
            jvm(),
            "CallingProgram",
            "q");

    assertThat(calling.out()).doesNotContain("governed");
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void switchedOffItDoesNothing(Jdk jdk) {
    JavaProcess byArgument =
        run(jdk, exampleAgent.getPath() + "=enabled=false", jvm(), "CallingProgram", "q");
    JavaProcess byProperty =
        run(jdk, exampleAgent.getPath(), jvm("-Dflyball.enabled=false"), "CallingProgram", "q");

    for (JavaProcess off : new JavaProcess[] {byArgument, byProperty}) {
      assertThat(off.out()).contains("network:q").doesNotContain("governed");
      assertThat(off.err()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void badConfigurationIsToldEvenByAProgramThatEndsAtOnce(Jdk jdk) {
    JavaProcess hello =
        run(jdk, exampleAgent.getPath(), jvm("-Dflyball.mode=obzerve"), "HelloProgram");

    assertThat(hello.out()).isEqualToNormalizingNewlines("hello\n");
    assertThat(hello.err()).contains("flyball.mode").contains("obzerve").contains("observe");
    assertThat(hello.exitCode()).isZero();
  }

  @Test
  void badConfigurationEndsTheJvmBeforeMainWhenTheUserWantsThat() {
    JavaProcess hello =
        run(
            Jdk.running(),
            exampleAgent.getPath(),
            jvm("-Dflyball.mode=obzerve", "-Dflyball.config.on-error=exit"),
            "HelloProgram");

    assertThat(hello.out()).isEmpty();
    assertThat(hello.err()).contains("flyball.mode");
    assertThat(hello.exitCode()).isEqualTo(BAD_CONFIGURATION);
  }

  /** What is done to be ready for the first call is nobody's call, and nobody hears of it. */
  @ParameterizedTest
  @CsvSource({
    "limit.rpm=1, limit.max-wait=1s",
    "request.max-cost=0.00003USD, mode=govern",
    "budget.b.limit=0.00003USD, data.dir=none"
  })
  void theLogTellsOfNoRefusalWhereNoCallWasRefused(String setting, String another) {
    JavaProcess one =
        run(
            Jdk.running(),
            ExampleAgentJar.built().getPath(),
            jvm("-Dflyball." + setting, "-Dflyball." + another),
            "OneCallProgram",
            "{\"model\":\"gpt-4.1-nano\",\"max_tokens\":9,\"messages\":"
                + "[{\"role\":\"user\",\"content\":\"\"}]}");

    assertThat(one.out()).as(one::describe).isEqualToNormalizingNewlines("status 200\n");
    assertThat(one.err()).contains("attached").doesNotContain("WARN").doesNotContain("refused");
  }

  @Test
  void secondAttachmentIsToldAndChangesNothing() {
    String agent = exampleAgent.getPath();
    JavaProcess calling =
        run(Jdk.running(), agent, jvm("-javaagent:" + agent), "CallingProgram", "q");

    assertThat(calling.out()).contains("governed:q");
    assertThat(calling.err()).containsOnlyOnce("attached already");
  }

  @Test
  void programThatRunsAlreadyIsGovernedAfterTheAttachCommand() {
    try (JavaProcess waiting =
        JavaProcess.on(Jdk.running()).classPath(programs, "example.WaitingProgram").start()) {
      waiting.awaitLine(line -> line.equals("before network:q"), 60, SECONDS);

      try (JavaProcess attach =
          JavaProcess.on(Jdk.running())
              .jar(exampleAgent, "attach", waiting.pid(), "mode=observe", "service=night")
              .start()) {
        attach.await(60, SECONDS);
        assertThat(attach.exitCode()).as(attach::describe).isZero();
        assertThat(attach.out()).contains("attached to " + waiting.pid());
      }

      waiting.awaitLine(line -> line.equals("after governed:q"), 60, SECONDS);
      assertThat(waiting.err()).contains("mode=observe, service=night");
    }
  }

  @Test
  void whoAttachesToAProgramThatHasAnAgentIsTold() {
    String agent = exampleAgent.getPath();
    try (JavaProcess waiting =
        JavaProcess.on(Jdk.running())
            .jvm("-javaagent:" + agent + "=enabled=true,mode=observe")
            .classPath(programs, "example.IdleProgram")
            .start()) {
      waiting.awaitLine(line -> line.equals("idle"), 60, SECONDS);
      try (JavaProcess again =
          JavaProcess.on(Jdk.running())
              .jar(exampleAgent, "attach", waiting.pid(), "mode=govern")
              .start()) {
        again.await(60, SECONDS);
        assertThat(again.exitCode()).as(again::describe).isEqualTo(1);
        assertThat(again.out()).contains(waiting.pid() + " has Flyball already");
      }
      assertThat(waiting.err()).doesNotContain("attached already");
    }
  }

  @Test
  void whoAttachesWithWrongSettingsIsToldAndNothingIsAttached() throws IOException {
    Files.write(
        folder.resolve("flyball.yaml"),
        "fallback.chain: backup\nservice: night\n".getBytes(StandardCharsets.UTF_8));
    try (JavaProcess idle =
        JavaProcess.on(Jdk.running())
            .jvm("-Dflyball.target.backup.url=https://backup.example/v1")
            .classPath(programs, "example.IdleProgram")
            .start()) {
      idle.awaitLine(line -> line.equals("idle"), 60, SECONDS);

      JavaProcess unknown = command("attach", idle.pid(), "consol.port=0");
      assertThat(unknown.exitCode()).as(unknown::describe).isEqualTo(1);
      assertThat(unknown.out())
          .contains("error: agent argument consol.port: unknown property flyball.consol.port")
          .contains("not attached to " + idle.pid() + ", where nothing has changed")
          .contains("mend that and attach again")
          .doesNotContain("attached to " + idle.pid() + ";");
      JavaProcess nowhere = command("attach", idle.pid(), "config.file=nofile.yaml");
      assertThat(nowhere.exitCode()).as(nowhere::describe).isEqualTo(1);
      assertThat(nowhere.out()).contains(folder.resolve("nofile.yaml") + ": does not exist");
      assertThat(idle.err()).isEmpty();

      JavaProcess right =
          command("attach", idle.pid(), "config.file=flyball.yaml", "console.port=0");
      assertThat(right.exitCode()).as(right::describe).isZero();
      idle.awaitLine(line -> line.contains("service=night"), 60, SECONDS);
    }
  }

  @Test
  void whatACommandCannotReadIsSaidInASentence() throws IOException {
    JavaProcess missing = command("cost", "missing.jsonl", "--model", "gpt-4o");
    assertThat(missing.exitCode()).as(missing::describe).isEqualTo(2);
    assertThat(missing.err())
        .isEqualToNormalizingNewlines(
            "flyball: " + folder.resolve("missing.jsonl") + " does not exist\n");
    assertThat(command("cost", ".", "--model", "gpt-4o").err()).contains("is a directory");
  }

  @Test
  void everyCommandHasHelp() throws IOException {
    for (String command : new String[] {"check-config", "attach", "cost"}) {
      JavaProcess help = command(command, "--help");
      assertThat(help.exitCode()).as(help::describe).isZero();
      assertThat(help.out()).startsWith("usage: ");
    }
  }

  /** In the folder of the test. */
  private static JavaProcess command(String... arguments) {
    try (JavaProcess process =
        JavaProcess.on(Jdk.running())
            .directory(folder.toFile())
            .jar(exampleAgent, arguments)
            .start()) {
      return process.await(60, SECONDS);
    }
  }
}
