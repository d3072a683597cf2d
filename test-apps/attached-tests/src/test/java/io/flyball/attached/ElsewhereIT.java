package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.demo.CallEvents;
import io.flyball.demo.StandInModels;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servlets that hand their work to other threads: calls made there are charged to the request that
 * the work came from, and those that the program makes on the same threads in between to nobody.
 */
class ElsewhereIT {
  private static final int TENANTS = 6;
  private static final int CLERKS = 5;
  private static final int ROUNDS = 4;

  private static final List<String> WAYS =
      Arrays.asList(
          "pool",
          "execute",
          "execute-lambda",
          "invoke-all",
          "scheduled",
          "fork-join",
          "fork",
          "common-pool",
          "parallel-stream",
          "supply",
          "supply-on-pool",
          "chain",
          "exceptionally",
          "completed-elsewhere",
          "okhttp-callback",
          "async-start",
          "virtual",
          "virtual-execute",
          "reactor-subscribe-on",
          "reactor-publish-on",
          "reactor-delay",
          "reactor-foreign",
          "reactor-many");

  private final HttpClient browser =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  @TempDir Path folder;

  static Stream<Jdk> jdks() {
    return Jdk.wanted().stream();
  }

  static Stream<Jdk> oneJdk() {
    return Jdk.enough(17).stream();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void everyCallIsChargedToTheRequestThatItsWorkCameFrom(Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels());
        JavaProcess service = service(jdk, provider, "housekeeping")) {
      String url = url(service);
      List<String> expected = new ArrayList<>();
      List<HttpRequest> requests = new ArrayList<>();
      for (int i = 0; i < TENANTS * ROUNDS; i++) {
        String tenant = "tenant" + i % TENANTS;
        String clerk = "clerk" + i % CLERKS;
        for (String way : WAYS) {
          requests.add(as(clerk, request(url + "/elsewhere/" + way, tenant)).build());
          expected.add(tenant + '.' + way + '.' + clerk + " for " + tenant + " by /elsewhere/*");
        }
        requests.add(as(clerk, later(url, tenant)).build());
        expected.add(tenant + ".later." + clerk + " for " + tenant + " by /elsewhere/*");
      }
      Collections.shuffle(requests, new Random(4));
      List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
      for (HttpRequest request : requests) {
        answers.add(browser.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
      }
      for (CompletableFuture<HttpResponse<String>> answer : answers) {
        HttpResponse<String> response = answer.get(60, TimeUnit.SECONDS);
        assertThat(response.statusCode()).as(response::body).isBetween(200, 202);
      }

      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> charged("tenant").size() >= expected.size() && charged("nobody").size() > 50);
      List<String> wrong = charged("tenant");
      wrong.removeAll(expected);
      assertThat(wrong).isEmpty();
      assertThat(charged("tenant")).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(charged("nobody")).containsOnly("nobody for  by ");
      assertThatEveryCallIsOfTheClerkWhoseWorkItIs();
      assertThat(events())
          .extracting(call -> call.path("call_site").asText())
          .containsOnly("com.example.support.Models.ask");
      assertThat(service.err()).doesNotContain(" ERROR ").doesNotContain(" WARN ");
    }
  }

  /** Of each clerk the same hash, of no two the same, and of nobody none. */
  private void assertThatEveryCallIsOfTheClerkWhoseWorkItIs() {
    Map<String, Set<String>> hashes = new TreeMap<>();
    for (JsonNode call : events()) {
      String model = call.path("request_model").asText();
      hashes
          .computeIfAbsent(model.substring(model.lastIndexOf('.') + 1), clerk -> new TreeSet<>())
          .add(call.path("user_hash").asText());
    }
    assertThat(hashes.remove("support-nobody")).containsExactly("");
    assertThat(hashes).hasSize(CLERKS);
    assertThat(hashes.values()).allSatisfy(found -> assertThat(found).hasSize(1));
    assertThat(hashes.values()).doesNotHaveDuplicates().doesNotContain(Set.of(""));
  }

  @ParameterizedTest
  @MethodSource("oneJdk")
  void whatElseTheRequestSaysHoldsElsewhereToo(Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels());
        JavaProcess service = service(jdk, provider)) {
      String url = url(service);
      HttpRequest patient =
          request(url + "/elsewhere/chain", "tenant1")
              .header("Baggage", "x=1, feature=summary")
              .header("X-Request-Timeout", "60s")
              .build();
      HttpRequest impatient = later(url, "tenant2").header("X-Request-Timeout", "100ms").build();
      for (HttpRequest request : Arrays.asList(impatient, patient)) {
        assertThat(browser.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
            .isBetween(200, 202);
      }

      await().atMost(Duration.ofSeconds(30)).until(() -> events().size() == 2);
      assertThat(events())
          .extracting(
              call -> call.path("tenant").asText(),
              call -> call.path("feature").asText(),
              call -> call.path("outcome").asText())
          .containsExactlyInAnyOrder(
              tuple("tenant1", "summary", "success"),
              tuple("tenant2", "com.example.support.Models.ask", "timeout"));
      assertThat(provider.requests()).as("nobody waits for the other").hasSize(1);
    }
  }

  @ParameterizedTest
  @MethodSource("oneJdk")
  void librariesMayHaveBeenInUseBeforeThereIsAServlet(Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels());
        JavaProcess service = service(jdk, provider, "warm")) {
      HttpRequest request = request(url(service) + "/elsewhere/reactor-foreign", "acme").build();
      // Their hooks are set while the servlets begin to serve.
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                browser.send(request, HttpResponse.BodyHandlers.ofString());
                return charged("acme").contains("acme.reactor-foreign for acme by /elsewhere/*");
              });
    }
  }

  /** It too has its hands on the executors. */
  @ParameterizedTest
  @MethodSource("oneJdk")
  void insideTheOpenTelemetryAgentItIsTheSame(Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    String[] agent = {
      "-javaagent:" + Built.file("agent/javaagent/target/opentelemetry-javaagent.jar"),
      "-Dotel.javaagent.extensions=" + Built.agentJar(),
      "-Dotel.traces.exporter=none",
      "-Dotel.metrics.exporter=none",
      "-Dotel.logs.exporter=none"
    };
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels());
        JavaProcess service = service(jdk, agent, provider)) {
      String url = url(service);
      List<String> expected = new ArrayList<>();
      for (String way : WAYS) {
        browser.send(
            request(url + "/elsewhere/" + way, "acme").build(),
            HttpResponse.BodyHandlers.ofString());
        expected.add("acme." + way + " for acme by /elsewhere/*");
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> events().size() == WAYS.size());
      assertThat(charged("acme")).containsExactlyInAnyOrderElementsOf(expected);
      assertThat(service.err()).doesNotContain("flyball ERROR").doesNotContain("flyball WARN");
    }
  }

  private JavaProcess service(Jdk jdk, FakeProvider provider, String... arguments) {
    return service(jdk, new String[] {"-javaagent:" + Built.agentJar()}, provider, arguments);
  }

  private JavaProcess service(Jdk jdk, String[] agent, FakeProvider provider, String... arguments) {
    return JavaProcess.on(jdk)
        .jvm(agent)
        .jvm("-Dflyball.events.file=" + folder.resolve("events"))
        .environment("LLM_BASE_URL", provider.url() + "/v1")
        .environment("LLM_API_KEY", "sk-attached-test")
        .classPath(
            Built.classPath("support-servlet"), "com.example.support.SupportApplication", arguments)
        .start();
  }

  private static String url(JavaProcess service) {
    String line = service.awaitLine(text -> text.startsWith("listening on "), 90, TimeUnit.SECONDS);
    return "http://127.0.0.1:" + line.substring("listening on ".length()) + "/desk";
  }

  private static HttpRequest.Builder request(String url, String tenant) {
    return HttpRequest.newBuilder(URI.create(url)).header("X-Tenant-Id", tenant);
  }

  private static HttpRequest.Builder as(String clerk, HttpRequest.Builder request) {
    String named = clerk + ':' + clerk;
    return request.header(
        "Authorization",
        "Basic " + Base64.getEncoder().encodeToString(named.getBytes(StandardCharsets.UTF_8)));
  }

  private static HttpRequest.Builder later(String url, String tenant) {
    return request(url + "/elsewhere/later", tenant).POST(HttpRequest.BodyPublishers.noBody());
  }

  /** For each call of those who ask for that: whose it is, to whom it is charged and its route. */
  private List<String> charged(String company) {
    return events().stream()
        .filter(call -> call.path("request_model").asText().startsWith("support-" + company))
        .map(
            call ->
                call.path("request_model").asText().substring("support-".length())
                    + " for "
                    + call.path("tenant").asText()
                    + " by "
                    + call.path("route").asText())
        .collect(Collectors.toList());
  }

  private List<JsonNode> events() {
    try {
      return CallEvents.read(folder.resolve("events")).all();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
