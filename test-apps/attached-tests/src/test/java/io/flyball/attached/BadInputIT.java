package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.demo.StandInModels;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the user gets wrong: a message that names the place, and the application runs. */
class BadInputIT {
  @TempDir Path folder;

  @Test
  void anUnknownPropertyIsToldWithTheOneThatWasMeant() throws Exception {
    assertRunsAndTells("flyball.modes", "flyball.mode", "-Dflyball.modes=observe");
  }

  @Test
  void aValueThatCannotBeReadIsToldWithWhatWouldBeRight() throws Exception {
    assertRunsAndTells("flyball.mode", "observe", "-Dflyball.mode=obsrve");
  }

  @Test
  void malformedYamlIsToldWithLineAndColumn() throws Exception {
    Path file = file("flyball:\n  mode: observe\n  console: [1, 2\n");
    assertRunsAndTells("flyball.yaml:4:1", "not valid YAML", "-Dflyball.config.file=" + file);
  }

  @Test
  void anUnknownKeyInTheFileIsToldWithItsLine() throws Exception {
    Path file = file("mode: observe\nbudgets: 5\n");
    assertRunsAndTells("flyball.yaml:2", "budgets", "-Dflyball.config.file=" + file);
  }

  @Test
  void aMissingFileIsToldWithItsPath() throws Exception {
    Path file = folder.resolve("not-there.yaml");
    assertRunsAndTells(file.toString(), "", "-Dflyball.config.file=" + file);
  }

  @Test
  void aFolderInsteadOfAFileIsTold() throws Exception {
    assertRunsAndTells(folder.toString(), "", "-Dflyball.config.file=" + folder);
  }

  /** Nobody writes to it: whoever opens it waits for ever. */
  @Test
  void aPipeInsteadOfAFileIsTold() throws Exception {
    Path pipe = folder.resolve("flyball.yaml");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertRunsAndTells(pipe.toString(), "not a regular file", "-Dflyball.config.file=" + pipe);
    assertRunsAndTells(pipe.toString(), "not a regular file", "-Dflyball.prices.file=" + pipe);
    assertRunsAndTells(
        pipe.toString(), "not a regular file", "-Dflyball.console.token=${file:" + pipe + "}");
  }

  @Test
  void aFileThatMergesItselfIsTold() throws Exception {
    Path file = file("mode: observe\na: &a {<<: *a}\n");
    assertRunsAndTells(
        "flyball.yaml:2:12", "an alias of what it is", "-Dflyball.config.file=" + file);
  }

  @Test
  void aFileThatTurnsBadLeavesTheOldConfigurationAndIsToldOnce() throws Exception {
    Path file = file("mode: govern\nlog: {level: info}\n");
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels());
        JavaProcess desk =
            JavaProcess.on(Jdk.running())
                .jvm("-javaagent:" + Built.agentJar(), "-Dflyball.config.file=" + file)
                .environment("OPENAI_BASE_URL", provider.url() + "/v1")
                .environment("OPENAI_API_KEY", "sk-attached-test")
                .classPath(
                    Built.classPath("openai-java"),
                    "com.example.supportdesk.SupportDesk",
                    "forever")
                .start()) {
      desk.awaitLine(line -> line.contains(" attached, mode="), 60, TimeUnit.SECONDS);
      Files.delete(file);
      Files.createSymbolicLink(file, Paths.get("/dev/zero"));
      desk.awaitLine(line -> line.contains("is not a regular file"), 60, TimeUnit.SECONDS);
      Files.delete(file);
      file("a: &a {<<: *a}\n");
      desk.awaitLine(line -> line.contains("an alias of what it is"), 60, TimeUnit.SECONDS);
      Files.delete(file);
      file("mode: observe\n");
      desk.awaitLine(line -> line.contains("changed flyball.mode"), 60, TimeUnit.SECONDS);

      assertThat(desk.err())
          .containsOnlyOnce("is not a regular file")
          .containsOnlyOnce("an alias of what it is")
          .doesNotContain("OutOfMemoryError");
    }
  }

  @Test
  void aMissingSecretIsToldWithItsReferenceAndItsPlace() throws Exception {
    Path file = file("console:\n  port: 0\n  token: ${env:NOT_SET_ANYWHERE}\n");
    assertRunsAndTells("console.token", "NOT_SET_ANYWHERE", "-Dflyball.config.file=" + file);
  }

  @Test
  void aPortInUseIsToldAndTheCallsAreStillSeen() throws Exception {
    Path events = folder.resolve("events.jsonl");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assertRunsAndTells(
          String.valueOf(taken.getLocalPort()),
          "use",
          "-Dflyball.console.port=" + taken.getLocalPort(),
          "-Dflyball.events.file=" + events);
    }
    assertThat(Files.readAllLines(events)).isNotEmpty();
  }

  @Test
  void anEventFileThatCannotBeWrittenIsTold() throws Exception {
    Path blocked = Files.write(folder.resolve("a-file"), new byte[1]).resolve("events.jsonl");
    assertRunsAndTells(blocked.toString(), "", "-Dflyball.events.file=" + blocked);
  }

  @Test
  void aFullDiskUnderTheEventFileIsTold() throws Exception {
    assertRunsAndTells("/dev/full", "", "-Dflyball.events.file=/dev/full");
  }

  @Test
  void aLogFileThatCannotBeWrittenFallsBackToStandardError() throws Exception {
    Path blocked = Files.write(folder.resolve("a-file"), new byte[1]).resolve("flyball.log");
    assertRunsAndTells(blocked.toString(), "", "-Dflyball.log.file=" + blocked);
  }

  @Test
  void aDataFolderThatCannotBeMadeDisturbsNothing() throws Exception {
    Path blocked = Files.write(folder.resolve("a-file"), new byte[1]).resolve("data");
    assertRuns("-Dflyball.data.dir=" + blocked);
  }

  @Test
  void aPriceFileWithAWrongRowIsToldWithItsLine() throws Exception {
    Path prices = folder.resolve("prices.yaml");
    Files.write(prices, "providers: 7\n".getBytes(StandardCharsets.UTF_8));
    assertRunsAndTells(
        "prices.yaml, line 1: version is missing",
        "off because of its configuration",
        "-Dflyball.prices.file=" + prices);
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      JavaProcess process =
          run(provider, "-Dflyball.prices.file=" + prices, "-Dflyball.config.on-error=exit");
      assertThat(process.exitCode()).as(process::describe).isEqualTo(78);
      assertThat(process.out()).isEmpty();
    }
  }

  @Test
  void aCollectorThatIsNotThereDisturbsNothing() throws Exception {
    assertRuns("-Dotel.exporter.otlp.endpoint=http://127.0.0.1:9");
  }

  /** Its timeout is long over when the JVM must have ended. */
  @Test
  void aCollectorThatNeverEndsItsAnswerDoesNotKeepTheJvm() throws Exception {
    for (String more : new String[] {"", "X-More: x\r\n"}) {
      try (ServerSocket collector = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
        Thread answering = new Thread(() -> answerWithoutEnd(collector, more));
        answering.setDaemon(true);
        answering.start();
        JavaProcess process =
            assertRuns(
                "-Dotel.exporter.otlp.endpoint=http://127.0.0.1:" + collector.getLocalPort(),
                "-Dotel.exporter.otlp.timeout=1000000");
        assertThat(process.err()).doesNotContain("could not start");
      }
    }
  }

  /** To everyone who asks, a line of the head now and then. */
  private static void answerWithoutEnd(ServerSocket collector, String more) {
    List<Socket> asking = new ArrayList<>();
    try {
      collector.setSoTimeout(100);
      while (true) {
        try {
          Socket socket = collector.accept();
          asking.add(socket);
          socket.getOutputStream().write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
        } catch (SocketTimeoutException nobody) {
          // Then who has asked before hears more.
        }
        for (Socket socket : asking) {
          socket.getOutputStream().write(more.getBytes(StandardCharsets.US_ASCII));
        }
      }
    } catch (IOException over) {
      // The JVM or the test has ended.
    }
  }

  @Test
  void aQueueOfSpansThatIsTooLongIsToldAndFlyballStarts() throws Exception {
    assertRunsAndTells(
        "otel.bsp.max.queue.size",
        " attached, mode=",
        "-Dotel.exporter.otlp.endpoint=http://127.0.0.1:9",
        "-Dotel.bsp.max.queue.size=200000000");
  }

  @Test
  void onRequestABadConfigurationEndsTheJvmBeforeTheApplication() throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      JavaProcess process =
          run(provider, "-Dflyball.mode=obsrve", "-Dflyball.config.on-error=exit");
      assertThat(process.exitCode()).as(process::describe).isEqualTo(78);
      assertThat(process.out()).isEmpty();
      assertThat(process.err()).contains("flyball.mode");
    }
  }

  private Path file(String yaml) throws IOException {
    return Files.write(folder.resolve("flyball.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static void assertRunsAndTells(String place, String hint, String... settings)
      throws Exception {
    JavaProcess process = assertRuns(settings);
    assertThat(process.err()).contains(place).contains(hint);
  }

  private static JavaProcess assertRuns(String... settings) throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      JavaProcess process = run(provider, settings);
      assertThat(process.exitCode()).as(process::describe).isZero();
      assertThat(process.out())
          .as(process::describe)
          .contains("report: ")
          .doesNotContain("unknown");
      assertThat(process.err().lines())
          .as(process::describe)
          .allMatch(line -> line.contains(" flyball ") || line.startsWith("flyball"));
      return process;
    }
  }

  private static JavaProcess run(FakeProvider provider, String... settings) {
    String[] jvm = new String[settings.length + 1];
    jvm[0] = "-javaagent:" + Built.agentJar();
    System.arraycopy(settings, 0, jvm, 1, settings.length);
    return AttachedApplication.STATEMENT_BATCH
        .start(Jdk.running(), provider.url(), jvm)
        .await(2, TimeUnit.MINUTES);
  }
}
