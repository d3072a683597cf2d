package io.flyball.javaagent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever of the JDK a program is amid when the agent starts, the start needs none of it: neither
 * what it exports to, nor what it shares with, nor what it posts to makes the program wait for it.
 */
class FirstActIT {
  /** Far below what a thread waits for a start that waits for it. */
  private static final long MOST_MILLIS = 20_000;

  private static final String[] ACTS = {
    "url", "connection", "client", "cipher", "tls", "logging", "provider"
  };

  private static final String EXPORT = "otel.exporter.otlp.endpoint=https://127.0.0.1:1";
  private static final String WEBHOOK = "flyball.anomaly.webhook.url=https://127.0.0.1:1/";
  private static final String REDIS = "flyball.redis.url=rediss://127.0.0.1:1";

  @TempDir static Path folder;

  private static String programs;

  @BeforeAll
  static void prepare() throws IOException {
    programs = Programs.in(folder);
    Files.write(folder.resolve("logging"), bytes("handlers=example.FirstActProgram$LogHandler"));
    // The first of the JDK's own is numbered otherwise on each.
    Files.write(
        folder.resolve("security"),
        bytes(
            "security.provider.1=example.FirstActProgram$FirstProvider\n"
                + "security.provider.2=SUN\nsecurity.provider.3=sun.security.provider.Sun\n"));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static Stream<Arguments> firstActs() {
    List<Arguments> all = new ArrayList<>();
    for (Jdk jdk : Jdk.enough(8, 17, 25)) {
      for (String act : ACTS) {
        if (!act.equals("client") || jdk.version() >= 11) {
          all.add(Arguments.of(jdk, act, Arrays.asList(EXPORT, WEBHOOK, REDIS)));
        }
      }
    }
    for (String one : new String[] {EXPORT, WEBHOOK, REDIS}) {
      all.add(Arguments.of(Jdk.running(), "url", Arrays.asList(one)));
      all.add(Arguments.of(Jdk.running(), "cipher", Arrays.asList(one)));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{1} on {0} with {2}")
  @MethodSource("firstActs")
  void whateverAProgramBeginsWithDoesNotWaitForAStartThatWaitsForIt(
      Jdk jdk, String act, List<String> settings) {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    JavaProcess.Builder builder =
        JavaProcess.on(jdk)
            .shortLived()
            .jvm("-javaagent:" + ExampleAgentJar.built().getPath())
            .jvm("-Dflyball.budget.a.limit=1tokens", "-Dflyball.data.dir=none");
    settings.forEach(setting -> builder.jvm("-D" + setting));
    if (act.equals("logging")) {
      builder.jvm("-Djava.util.logging.config.file=" + folder.resolve("logging"));
    }
    if (act.equals("provider")) {
      builder.jvm("-Djava.security.properties=" + folder.resolve("security"));
    }
    try (JavaProcess program =
        builder.classPath(programs, "example.FirstActProgram", act).start()) {
      program.await(120, SECONDS);

      String[] lines = program.out().split("\\R");
      assertThat(lines).as(program::describe).hasSize(2);
      assertThat(lines[0]).startsWith("took ");
      assertThat(Long.parseLong(lines[0].substring("took ".length())))
          .as(program::describe)
          .isLessThan(MOST_MILLIS);
      assertThat(lines[1]).as(program::describe).startsWith("status ").isNotEqualTo("status 200");
      assertThat(program.err()).doesNotContain("goes on without it");
    }
  }
}
