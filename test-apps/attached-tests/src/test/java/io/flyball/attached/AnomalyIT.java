package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Gate;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An agent that never ends, under the packed agent: found, told of, and stopped where wanted. */
class AnomalyIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int CALLS = 150;
  private static final Pattern CONSOLE =
      Pattern.compile("console at (http://127\\.0\\.0\\.1:\\d+)");

  private final HttpClient browser = HttpClient.newHttpClient();
  private final Gate end = new Gate();

  @TempDir Path folder;

  static Stream<Jdk> jdks() {
    return Jdk.enough(17).stream();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aLoopIsFoundAndToldOnce(Jdk jdk) throws Exception {
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider = FakeProvider.start(0, this::answer);
        FakeProvider hook = FakeProvider.start(0, request -> Answer.of(204, ""));
        JavaProcess program =
            agent(jdk, provider, events)
                .jvm(
                    "-Dflyball.anomaly.webhook.url=" + hook.url() + "/hook",
                    "-Dflyball.anomaly.webhook.headers.Authorization=Bearer t0ken")
                .start()) {
      String console = consoleOf(program);
      program.awaitLine(line -> line.startsWith("status"), 90, TimeUnit.SECONDS);
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(hook.requests()).as(program::describe).hasSize(1));
      RecordedRequest posted = hook.requests().get(0);
      JsonNode alert = JSON.readTree(posted.bodyText());
      assertThat(alert.path("kind").asText()).isEqualTo("tool-loop");
      assertThat(alert.path("tenant").asText()).isEqualTo("acme");
      assertThat(alert.path("repeats").asInt()).isEqualTo(20);
      assertThat(posted.bodyText()).doesNotContain("parcel").doesNotContain("track");
      assertThat(posted.headerLines())
          .anyMatch(line -> line.equalsIgnoreCase("authorization: Bearer t0ken"));
      assertThat(posted.headerLines()).noneMatch(line -> line.startsWith("x-flyball"));

      String metrics = get(console, "/metrics");
      assertThat(metrics).contains("flyball_anomalies_total{kind=\"tool-loop\"} 1.0");
      JsonNode shown = JSON.readTree(get(console, "/api/anomalies"));
      assertThat(shown.path("lasting")).hasSize(1);

      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(() -> assertThat(read(events)).hasSize(CALLS + 1));
      List<JsonNode> alerts = read(events);
      alerts.removeIf(event -> !event.has("event"));
      assertThat(alerts).hasSize(1);
      assertThat(alerts.get(0).path("id")).isEqualTo(alert.path("id"));
      assertThat(program.out()).contains("answered = " + CALLS).contains("status = 200");
      assertThat(program.err().split("anomaly: conversation", -1)).as("log lines").hasSize(2);
      end.open();
      program.await(1, TimeUnit.MINUTES);
    }
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void aLoopIsStoppedWhereThatIsWanted(Jdk jdk) throws Exception {
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider = FakeProvider.start(0, this::answer);
        JavaProcess program =
            agent(jdk, provider, events).jvm("-Dflyball.anomaly.action=throttle").start()) {
      program.awaitLine(line -> line.startsWith("status"), 90, TimeUnit.SECONDS);
      Matcher answered = Pattern.compile("answered = (\\d+)").matcher(program.out());
      assertThat(answered.find()).as(program::describe).isTrue();
      assertThat(Integer.parseInt(answered.group(1))).isBetween(21, CALLS - 1);
      assertThat(program.out()).contains("status = 403");
      long sent = provider.requests().stream().filter(request -> !isEnd(request)).count();
      assertThat(sent).isEqualTo(Integer.parseInt(answered.group(1)));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  read(events).stream()
                      .anyMatch(
                          event -> event.path("error_type").asText().equals("flyball_blocked")));
      end.open();
      program.await(1, TimeUnit.MINUTES);
    }
  }

  private JavaProcess.Builder agent(Jdk jdk, FakeProvider provider, Path events) {
    return JavaProcess.on(jdk)
        .classPath(
            Built.classPath("traffic"),
            "com.example.traffic.EndlessAgent",
            provider.url(),
            String.valueOf(CALLS))
        .jvm(TrafficClient.agent("govern", events))
        .jvm("-Dflyball.console.port=0", "-Dflyball.console.token=watch-0123456789");
  }

  private static boolean isEnd(RecordedRequest request) {
    return request.path().startsWith("/end");
  }

  private Answer answer(RecordedRequest request) {
    return isEnd(request)
        ? Answer.nothing().gate(end).andThen(Answer.of(200, "bye"))
        : Answer.nothing().pause(5, TimeUnit.MILLISECONDS).andThen(CannedAnswers.chat());
  }

  private static List<JsonNode> read(Path events) {
    List<JsonNode> all = new ArrayList<>();
    if (!Files.exists(events)) {
      return all;
    }
    try {
      for (String line : Files.readAllLines(events)) {
        if (line.endsWith("}")) {
          all.add(JSON.readTree(line));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  private static String consoleOf(JavaProcess program) {
    Matcher printed =
        CONSOLE.matcher(
            program.awaitLine(line -> CONSOLE.matcher(line).find(), 60, TimeUnit.SECONDS));
    assertThat(printed.find()).isTrue();
    return printed.group(1);
  }

  private String get(String console, String path) throws Exception {
    HttpResponse<String> answer =
        browser.send(
            HttpRequest.newBuilder(URI.create(console + path))
                .header("Authorization", "Bearer watch-0123456789")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }
}
