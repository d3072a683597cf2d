package io.flyball.javaagent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
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
      }

      waiting.await(60, SECONDS);
      assertThat(waiting.out()).as(waiting::describe).contains("after governed:q");
      assertThat(waiting.err()).contains("mode=observe, service=night");
    }
  }
}
