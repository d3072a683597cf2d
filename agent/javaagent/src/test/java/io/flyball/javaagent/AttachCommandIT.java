package io.flyball.javaagent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code attach} and {@code list} say is so, and they do no harm. */
class AttachCommandIT {
  @TempDir static Path folder;

  private static File agent;

  private static String programs;

  @BeforeAll
  static void prepare() throws IOException {
    agent = ExampleAgentJar.in(folder);
    programs = Programs.in(folder);
  }

  private static JavaProcess command(Jdk jdk, String... arguments) {
    try (JavaProcess process = JavaProcess.on(jdk).jar(agent, arguments).start()) {
      return process.await(60, SECONDS);
    }
  }

  private static JavaProcess command(String... arguments) {
    return command(Jdk.running(), arguments);
  }

  private static JavaProcess idle(Jdk jdk, String[] arguments, String... jvm) {
    JavaProcess idle =
        JavaProcess.on(jdk).jvm(jvm).classPath(programs, "example.IdleProgram", arguments).start();
    idle.awaitLine(line -> line.equals("idle"), 60, SECONDS);
    return idle;
  }

  private static JavaProcess idle(String... jvm) {
    return idle(Jdk.running(), new String[0], jvm);
  }

  /** The second one would be ended by a signal that it catches, as many programs are. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo ready; exec sleep 120",
        "trap 'exit 3' QUIT; echo ready; while true; do sleep 1; done"
      })
  void whatIsNoJvmLivesOn(String script) throws Exception {
    assumeTrue(new File("/bin/bash").canExecute(), "there is no bash");
    Process other = new ProcessBuilder("/bin/bash", "-c", script).start();
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(other.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("ready");
      String pid = String.valueOf(Process.class.getMethod("pid").invoke(other));

      JavaProcess attach = command("attach", pid);

      assertThat(attach.exitCode()).as(attach::describe).isEqualTo(2);
      assertThat(attach.err()).contains(pid + " is no JVM");
      assertThat(other.waitFor(1, SECONDS)).as("the process has ended").isFalse();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void aJvmThatDoesNotListenLivesOn() throws Exception {
    assumeTrue(Files.exists(Paths.get("/proc/self/status")), "nothing tells who listens");
    try (JavaProcess idle = idle("-Xrs")) {
      JavaProcess attach = command("attach", idle.pid());

      assertThat(attach.exitCode()).as(attach::describe).isEqualTo(2);
      assertThat(attach.err()).contains("does not listen for an attachment");
      assertThat(idle.isAlive()).isTrue();
    }
  }

  @Test
  void aProcessThatIsNotThereIsToldSo() {
    JavaProcess attach = command("attach", "999999999");

    assertThat(attach.exitCode()).as(attach::describe).isEqualTo(2);
    assertThat(attach.err()).contains("999999999");
  }

  static List<Arguments> pairs() {
    List<Arguments> pairs = new ArrayList<>();
    for (Jdk from : Jdk.wanted()) {
      for (Jdk to : Jdk.wanted()) {
        pairs.add(Arguments.of(from, to));
      }
    }
    return pairs;
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void fromOneJavaToAnotherWhatIsSaidIsSo(Jdk from, Jdk to) {
    assumeTrue(from.isPresent(), from::missingMessage);
    assumeTrue(to.isPresent(), to::missingMessage);
    try (JavaProcess idle = idle(to, new String[0])) {
      JavaProcess attach = command(from, "attach", idle.pid(), "service=night");
      assertThat(attach.exitCode()).as(attach::describe).isZero();
      assertThat(attach.out()).contains("attached to " + idle.pid());

      JavaProcess again = command(from, "attach", idle.pid());
      assertThat(again.exitCode()).as(again::describe).isEqualTo(1);
      assertThat(again.out()).contains(idle.pid() + " has Flyball already");
    }
  }

  @Test
  void aVariableThatIsNotThereIsToldAndNothingIsAttached() {
    assumeTrue(Files.exists(Paths.get("/proc/self/environ")), "nothing tells its variables");
    try (JavaProcess idle = idle()) {
      JavaProcess attach =
          command(
              "attach",
              idle.pid(),
              "target.b.url=http://localhost/v1",
              "target.b.api-key=${env:NOBODY_HAS_SET_THIS}");

      assertThat(attach.exitCode()).as(attach::describe).isEqualTo(1);
      assertThat(attach.out()).contains("NOBODY_HAS_SET_THIS").contains("not attached");
      assertThat(idle.err()).isEmpty();
    }
  }

  @Test
  void whatOnlyTheProgramCanSeeIsToldAfterwardsAndMayBeTriedAgain() throws IOException {
    Path secret = folder.resolve("secret-of-the-program");
    try (JavaProcess waiting =
        JavaProcess.on(Jdk.running()).classPath(programs, "example.WaitingProgram").start()) {
      waiting.awaitLine(line -> line.equals("before network:q"), 60, SECONDS);
      String[] attach = {
        "attach",
        waiting.pid(),
        "target.b.url=http://localhost/v1",
        "target.b.api-key=${file:" + secret + "}"
      };
      for (int i = 0; i < 2; i++) {
        JavaProcess off = command(attach);
        assertThat(off.exitCode()).as(off::describe).isEqualTo(1);
        assertThat(off.out())
            .contains("secret-of-the-program")
            .contains("Flyball is off in " + waiting.pid())
            .doesNotContain("attached to");
      }

      Files.write(secret, "k3y".getBytes(StandardCharsets.UTF_8));
      JavaProcess on = command(attach);
      assertThat(on.exitCode()).as(on::describe).isZero();
      waiting.awaitLine(line -> line.equals("after governed:q"), 60, SECONDS);
      assertThat(command(attach).out()).contains("has Flyball already");
    }
  }

  @Test
  void oneThatIsOffSinceItsStartMayBeTriedAgain() {
    try (JavaProcess idle = idle("-javaagent:" + agent, "-Dflyball.mode=obzerve")) {
      idle.awaitLine(line -> line.contains("off because of its configuration"), 60, SECONDS);

      JavaProcess attach = command("attach", idle.pid(), "mode=observe");
      assertThat(attach.exitCode()).as(attach::describe).isZero();
    }
  }

  @Test
  void switchedOffIsNotAttached() {
    try (JavaProcess idle = idle()) {
      JavaProcess attach = command("attach", idle.pid(), "enabled=false");

      assertThat(attach.exitCode()).as(attach::describe).isEqualTo(1);
      assertThat(attach.out()).contains("flyball.enabled=false").doesNotContain("attached to");
    }
  }

  @Test
  void theListShowsWhoHasFlyballAndNobodysArguments() {
    String[] secret = {"--password", "s3cret"};
    try (JavaProcess without = idle(Jdk.running(), secret);
        JavaProcess with = idle("-javaagent:" + agent)) {
      JavaProcess list = command("list");

      assertThat(list.exitCode()).as(list::describe).isZero();
      assertThat(list.out().split("\\R"))
          .contains(without.pid() + " example.IdleProgram")
          .noneMatch(line -> line.contains("flyball-agent"));
      assertThat(list.out()).doesNotContain("s3cret");
      if (Files.exists(Paths.get("/proc/self/fd"))) {
        assertThat(list.out()).contains(with.pid() + " example.IdleProgram (has Flyball)");
      }
    }
  }

  /** A line that names it, and no stack trace. */
  @Test
  void anImageThatLacksAModuleIsToldWhich() throws Exception {
    Path jlink = Paths.get(System.getProperty("java.home"), "bin", "jlink");
    assumeTrue(Files.isExecutable(jlink), "this Java makes no images");
    Path image = folder.resolve("image");
    output(
        jlink.toString(),
        "--add-modules",
        "java.base,java.instrument",
        "--output",
        image.toString());
    String java = image.resolve("bin").resolve("java").toString();
    assumeTrue(Files.exists(Paths.get(java)), "this Java makes no images");

    for (String[] command : new String[][] {{"list"}, {"attach", "1"}}) {
      List<String> line = new ArrayList<>(Arrays.asList(java, "-jar", agent.getPath()));
      line.addAll(Arrays.asList(command));
      assertThat(output(line.toArray(new String[0])))
          .startsWith("flyball: this Java (")
          .contains("jdk.attach")
          .doesNotContain("\tat ");
    }
    assertThat(
            output(
                java,
                "-javaagent:" + agent,
                "-Dotel.exporter.otlp.endpoint=http://127.0.0.1:9",
                "-cp",
                programs,
                "example.CallingProgram",
                "q"))
        .contains("governed:q", "nothing is exported by OTLP", "has no module java.logging");
  }

  /** Both of its streams. */
  private static String output(String... command) throws Exception {
    Path out = Files.createTempFile(folder, "command", ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .directory(folder.toFile())
            .start();
    try {
      assertThat(process.waitFor(120, SECONDS)).as("%s has ended", command[0]).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
  }

  @Test
  void anOptionThatDoesNotExistIsCalledSo() {
    JavaProcess check = command("check-config", "--ofline", "f.yaml");

    assertThat(check.exitCode()).as(check::describe).isEqualTo(2);
    assertThat(check.err()).contains("does not know '--ofline'");
  }
}
