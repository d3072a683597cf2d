package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flyball.demo.StandInModels;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The console of the packed agent: everything it serves is really in the jar. */
class ConsoleIT {
  private static final Pattern PRINTED =
      Pattern.compile("(http://127\\.0\\.0\\.1:\\d+)/\\?token=(\\S+)");

  private final HttpClient browser = HttpClient.newHttpClient();

  @Test
  void everyPageIsServedToWhoHasTheTokenAndToNobodyElse() throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels());
        JavaProcess desk =
            JavaProcess.on(Jdk.running())
                .jvm("-javaagent:" + Built.agentJar(), "-Dflyball.console.port=0")
                .environment("OPENAI_BASE_URL", provider.url() + "/v1")
                .environment("OPENAI_API_KEY", "sk-attached-test")
                .classPath(
                    Built.classPath("openai-java"),
                    "com.example.supportdesk.SupportDesk",
                    "forever")
                .start()) {
      String line = desk.awaitLine(text -> PRINTED.matcher(text).find(), 60, TimeUnit.SECONDS);
      Matcher printed = PRINTED.matcher(line);
      assertThat(printed.find()).isTrue();
      String url = printed.group(1);
      String token = printed.group(2);

      assertThat(get(url + "/", token).body()).contains("<title>Flyball</title>");
      assertThat(get(url + "/console.js", token).statusCode()).isEqualTo(200);
      assertThat(get(url + "/console.css", token).statusCode()).isEqualTo(200);
      assertThat(get(url + "/health", token).statusCode()).isEqualTo(200);
      assertThat(get(url + "/api/config", token).body()).contains("flyball.mode = govern");
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> get(url + "/metrics", token).body().contains("Triage.urgencyOf"));
      assertThat(get(url + "/api/summary", token).body())
          .contains("com.example.supportdesk.Triage.urgencyOf");
      assertThat(get(url + "/api/calls", token).body()).contains("gpt-4o-mini");
      for (String page : new String[] {"/", "/metrics", "/api/summary", "/api/calls"}) {
        assertThat(get(url + page, "wrong").statusCode()).as(page).isEqualTo(401);
      }
      assertThat(desk.err()).doesNotContain("ERROR");
    }
  }

  private HttpResponse<String> get(String url, String token) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create(url)).header("Authorization", "Bearer " + token).build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
