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
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Spring Boot fat jar: nested jars, a web server, two HTTP clients in one program. */
class SpringBootIT {
  private static final String TENANT = "acme";
  private static final String TUNED = "ft:gpt-4.1-mini:";
  private static final Pattern STARTED = Pattern.compile("Tomcat started on port (\\d+)");

  private final HttpClient browser = HttpClient.newHttpClient();
  @TempDir Path folder;

  static Stream<Jdk> jdks() {
    return Jdk.wanted().stream().filter(jdk -> jdk.version() >= 17);
  }

  /** It is the one that likes to be attached to least. */
  static Stream<Jdk> newestJdk() {
    return Jdk.enough(jdk -> jdk.version() >= 17, 25).stream();
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void bothClientsOfAFatJarAreGoverned(Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels());
        JavaProcess service =
            start(
                jdk,
                provider,
                "-javaagent:" + Built.agentJar(),
                "-Dflyball.events.file=" + events)) {
      String url = url(service);
      assertThat(get(url + "/orders/17/explanation")).isNotEmpty();
      assertThat(get(url + "/orders/17/note")).isNotEmpty();

      await().atMost(Duration.ofSeconds(20)).until(() -> calls(events).size() == 2);
      assertThat(calls(events).stream().map(call -> call.path("call_site").asText()))
          .containsExactlyInAnyOrder(
              "com.example.orders.OrderController.explain",
              "com.example.orders.OrderController.note");
      assertThat(calls(events))
          .extracting(call -> call.path("tenant").asText())
          .containsOnly(TENANT);
      assertThat(calls(events))
          .extracting(call -> call.path("route").asText())
          .containsExactlyInAnyOrder("/orders/{id}/explanation", "/orders/{id}/note");
      assertThat(service.err()).doesNotContain("WARNING");
      assertThatCallsElsewhereAreChargedToTheirRequests(url, events);
    }
  }

  /** The jakarta API: Tomcat 10, Spring's own asynchronous requests, and who is logged in. */
  private void assertThatCallsElsewhereAreChargedToTheirRequests(String url, Path events)
      throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    Set<String> expected = new TreeSet<>();
    for (int i = 0; i < 24; i++) {
      String way = Arrays.asList("pool", "future", "callable", "async").get(i % 4);
      int user = i % 3;
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url + "/elsewhere/" + i + "-user" + user + '/' + way))
              .header("X-Tenant-Id", "tenant" + i % 5)
              .header("X-User", "user" + user)
              .build();
      answers.add(browser.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
      expected.add(i + "-user" + user + " for tenant" + i % 5 + " by /elsewhere/{id}/" + way);
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.get(60, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> elsewhere(events).size() == 24);
    Set<String> charged = new TreeSet<>();
    Map<String, Set<String>> hashes = new TreeMap<>();
    for (JsonNode call : elsewhere(events)) {
      String id = call.path("request_model").asText().substring(TUNED.length());
      charged.add(
          id + " for " + call.path("tenant").asText() + " by " + call.path("route").asText());
      hashes
          .computeIfAbsent(id.substring(id.indexOf('-') + 1), user -> new TreeSet<>())
          .add(call.path("user_hash").asText());
    }
    assertThat(charged).isEqualTo(expected);
    assertThat(hashes).containsOnlyKeys("user0", "user1", "user2");
    assertThat(hashes.values()).allSatisfy(found -> assertThat(found).hasSize(1));
    assertThat(hashes.values()).doesNotHaveDuplicates().doesNotContain(Set.of(""));
  }

  private static List<JsonNode> elsewhere(Path events) throws IOException {
    return calls(events).stream()
        .filter(call -> call.path("request_model").asText().startsWith(TUNED))
        .collect(Collectors.toList());
  }

  @ParameterizedTest
  @MethodSource("newestJdk")
  void aRunningServiceWithWarmClientsIsSeenOnceAttached(Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels());
        JavaProcess service = start(jdk, provider, "-XX:+EnableDynamicAgentLoading")) {
      String url = url(service);
      get(url + "/orders/1/explanation");
      get(url + "/orders/1/note");
      attach(jdk, service.pid(), "events.file=" + events);
      get(url + "/orders/2/explanation");
      get(url + "/orders/2/note");

      await().atMost(Duration.ofSeconds(20)).until(() -> calls(events).size() == 2);
    }
  }

  private void attach(Jdk jdk, String pid, String... settings) {
    String[] arguments =
        Stream.concat(Stream.of("attach", pid), Stream.of(settings)).toArray(String[]::new);
    JavaProcess attaching =
        JavaProcess.on(jdk).jar(Built.agentJar(), arguments).start().await(1, TimeUnit.MINUTES);
    assertThat(attaching.exitCode()).as(attaching::describe).isZero();
  }

  private static JavaProcess start(Jdk jdk, FakeProvider provider, String... jvmArguments) {
    return JavaProcess.on(jdk)
        .jvm(jvmArguments)
        .environment("OPENAI_BASE_URL", provider.url() + "/v1")
        .environment("OPENAI_API_KEY", "sk-attached-test")
        .jar(Built.application("spring-boot"))
        .start();
  }

  private static String url(JavaProcess service) {
    String line = service.awaitLine(text -> STARTED.matcher(text).find(), 90, TimeUnit.SECONDS);
    Matcher port = STARTED.matcher(line);
    assertThat(port.find()).isTrue();
    return "http://127.0.0.1:" + port.group(1);
  }

  private String get(String url) throws Exception {
    HttpResponse<String> response =
        browser.send(
            HttpRequest.newBuilder(URI.create(url)).header("X-Tenant", TENANT).build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(response.statusCode()).as(response::body).isEqualTo(200);
    return response.body();
  }

  private static List<JsonNode> calls(Path events) throws IOException {
    return CallEvents.read(events).all().stream().collect(Collectors.toList());
  }
}
