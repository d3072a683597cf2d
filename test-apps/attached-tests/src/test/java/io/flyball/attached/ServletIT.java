package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.demo.CallEvents;
import io.flyball.demo.StandInModels;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servlets of an embedded Tomcat 9: every call is charged to the request that it was made for. */
class ServletIT {
  private static final int TENANTS = 5;
  private static final int REQUESTS = 50;

  private final HttpClient browser = HttpClient.newHttpClient();
  @TempDir Path folder;

  static Stream<Jdk> jdks() {
    return Jdk.wanted().stream();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void everyOfManyConcurrentCallsCarriesItsOwnTenantRouteAndCallSite(Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels());
        JavaProcess service =
            JavaProcess.on(jdk)
                .jvm("-javaagent:" + Built.agentJar(), "-Dflyball.events.file=" + events)
                .environment("LLM_BASE_URL", provider.url() + "/v1")
                .environment("LLM_API_KEY", "sk-attached-test")
                .classPath(
                    Built.classPath("support-servlet"), "com.example.support.SupportApplication")
                .start()) {
      String line =
          service.awaitLine(text -> text.startsWith("listening on "), 90, TimeUnit.SECONDS);
      String url = "http://127.0.0.1:" + line.substring("listening on ".length()) + "/desk";
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (int i = 0; i < REQUESTS; i++) {
        answers.add(
            browser.sendAsync(
                request(url, i, "tenant" + i % TENANTS), HttpResponse.BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        HttpResponse<String> response = answer.get(60, TimeUnit.SECONDS);
        assertThat(response.statusCode()).as(response::body).isEqualTo(200);
      }

      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> CallEvents.read(events).all().size() == REQUESTS);
      for (JsonNode call : CallEvents.read(events).all()) {
        assertThat(call.path("call_site").asText()).isEqualTo("com.example.support.Models.ask");
        assertThat(call.path("request_model").asText())
            .as(call::toString)
            .isEqualTo("support-" + call.path("tenant").asText());
      }
      assertThat(CallEvents.read(events).all())
          .extracting(call -> call.path("tenant").asText() + ' ' + call.path("route").asText())
          .containsExactlyInAnyOrderElementsOf(expected());
      assertThat(provider.requests())
          .as("the servlets read their requests as ever")
          .filteredOn(sent -> sent.bodyText().contains("Sum up: number "))
          .hasSize(REQUESTS / 2);
      assertThat(service.err()).doesNotContain(" ERROR ");
    }
  }

  private static HttpRequest request(String url, int number, String tenant) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(url + path(number))).header("X-Tenant-Id", tenant);
    return number % 2 == 0
        ? request.build()
        : request
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "text=number+" + number, StandardCharsets.UTF_8))
            .build();
  }

  private static String path(int number) {
    return number % 2 == 0 ? "/tickets/" + number : "/summary";
  }

  private static List<String> expected() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      all.add("tenant" + i % TENANTS + (i % 2 == 0 ? " /tickets/*" : " /summary"));
    }
    return all;
  }
}
