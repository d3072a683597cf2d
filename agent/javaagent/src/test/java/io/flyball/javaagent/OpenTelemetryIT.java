package io.flyball.javaagent;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside and inside the OpenTelemetry Java agent, the real one. */
class OpenTelemetryIT {
  private static final Pattern SPAN =
      Pattern.compile(
          "\"spanId\":\"([0-9a-f]+)\"(?:,\"parentSpanId\":\"([0-9a-f]+)\")?[^}]*?\"name\":\"([^\"]+)\"");

  @TempDir static Path folder;

  private static String programs;

  @BeforeAll
  static void prepare() throws IOException {
    programs = Programs.in(folder);
  }

  private static JavaProcess.Builder assistant(FakeProvider provider, String... jvm) {
    return JavaProcess.on(Jdk.running())
        .jvm(jvm)
        .jvm(
            "-Dotel.metrics.exporter=none",
            "-Dotel.logs.exporter=none",
            "-Dotel.bsp.schedule.delay=50")
        .classPath(programs, "example.AssistantProgram", provider.url());
  }

  private static String agent(String property) {
    return "-javaagent:" + System.getProperty(property);
  }

  private static List<String[]> spans(String output) {
    List<String[]> spans = new ArrayList<>();
    Matcher matcher = SPAN.matcher(output);
    while (matcher.find()) {
      spans.add(new String[] {matcher.group(1), matcher.group(2), matcher.group(3)});
    }
    return spans;
  }

  private static List<String[]> named(List<String[]> spans, String name) {
    List<String[]> found = new ArrayList<>();
    for (String[] span : spans) {
      if (span[2].equals(name)) {
        found.add(span);
      }
    }
    return found;
  }

  @Test
  void asAnExtensionACallIsOneSpanUnderTheSpanOfTheRequestThatMadeIt() throws IOException {
    Path events = folder.resolve("events-extension.json");
    try (FakeProvider provider = FakeProvider.start();
        JavaProcess process =
            assistant(
                    provider,
                    agent("opentelemetry.agent.jar"),
                    "-Dotel.javaagent.extensions=" + System.getProperty("flyball.agent.jar"),
                    "-Dflyball.events.file=" + events,
                    "-Dotel.traces.exporter=logging-otlp")
                .start()) {
      process.awaitLine(line -> line.equals("answered true"), 90, SECONDS);
      process.awaitLine(line -> line.contains("chat gpt-4o-mini"), 30, SECONDS);
      process.awaitLine(line -> line.contains("\"GET /ask\""), 30, SECONDS);

      List<String[]> spans = spans(process.err());
      assertThat(named(spans, "chat gpt-4o-mini")).as(process::describe).hasSize(1);
      assertThat(named(spans, "GET /ask")).as(process::describe).hasSize(1);
      assertThat(named(spans, "chat gpt-4o-mini").get(0)[1])
          .isEqualTo(named(spans, "GET /ask").get(0)[0]);
      Awaitility.await()
          .alias("the baggage of the request that was served, on another thread")
          .atMost(30, SECONDS)
          .untilAsserted(() -> assertThat(events).content().contains("\"tenant\":\"acme\""));
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @Test
  void besideTheOtherAgentInEitherOrderBothDoTheirWork() throws IOException {
    String[][] orders = {
      {agent("opentelemetry.agent.jar"), agent("flyball.agent.jar")},
      {agent("flyball.agent.jar"), agent("opentelemetry.agent.jar")}
    };
    for (int order = 0; order < orders.length; order++) {
      Path events = folder.resolve("events-" + order + ".json");
      try (FakeProvider provider = FakeProvider.start();
          JavaProcess process =
              assistant(
                      provider,
                      orders[order][0],
                      orders[order][1],
                      "-Dflyball.events.file=" + events,
                      "-Dotel.traces.exporter=logging-otlp")
                  .start()) {
        process.awaitLine(line -> line.equals("answered true"), 90, SECONDS);
        process.awaitLine(line -> line.contains("\"GET /ask\""), 30, SECONDS);
        Awaitility.await()
            .alias(process.describe())
            .atMost(30, SECONDS)
            .untilAsserted(
                () -> assertThat(events).content().contains("\"request_model\":\"gpt-4o-mini\""));

        assertThat(Files.readAllLines(events)).hasSize(1);
        assertThat(provider.requests()).hasSize(1);
        assertThat(process.err()).doesNotContain(" ERROR ");
      }
    }
  }
}
