package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Gate;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes past Flyball is told, once; and of what is not there nothing is told. */
class UngovernedIT {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "apache-5, Apache HttpClient 5, 5.5.2, Apache HttpClient 5",
    "apache-5-async, Apache HttpClient 5, 5.5.2, Apache HttpClient 5",
    "apache-4, Apache HttpClient 4, 4.5.14, Apache HttpClient 4",
    "reactor-netty, Reactor Netty, 1.2.9, Netty",
    "web-client, Reactor Netty, 1.2.9, Netty"
  })
  void aClientThatIsNotGovernedIsToldOfWithTheModelHostsItConnectsTo(
      String client, String name, String version, String connector) throws Exception {
    try (FakeProvider provider = provider()) {
      JavaProcess program =
          run(client, provider, "/v1/chat/completions", endpoint(provider))
              .await(1, TimeUnit.MINUTES);

      assertAnswered(client, program);
      // Spring's WebClient looks for Jetty's client, which loads it.
      assertThat(lines(program, "is there; calls through it are not governed"))
          .as(program::describe)
          .filteredOn(line -> !client.equals("web-client") || !line.contains("Jetty"))
          .hasSize(1)
          .first()
          .asString()
          .contains("INFO " + name + ' ' + version);
      assertThat(lines(program, "ERROR")).as(program::describe).isEmpty();
      assertThat(lines(program, "WARN"))
          .as(program::describe)
          .hasSize(1)
          .first()
          .asString()
          .contains(
              "a connection to "
                  + address(provider)
                  + " through "
                  + connector
                  + ": calls through it are not governed");
    }
  }

  /** By the name of the host, which the endpoint is configured by and the client resolves. */
  @ParameterizedTest
  @CsvSource({
    "jetty, Jetty HttpClient 12.0.16, Jetty HttpClient, 200",
    "vertx, Vert.x 4.5.11, Netty, 200",
    "grpc-netty, gRPC (shaded Netty) 1.68.1, Netty, no answer",
    "grpc-okhttp, gRPC (OkHttp) 1.68.1, gRPC (OkHttp), no answer",
    "ktor, Ktor CIO 2.3.13, Ktor CIO, 200",
    "async-http-client, AsyncHttpClient 3.0.1, Netty, 200",
    "netty, , Netty, 200"
  })
  void aRarerClientIsToldOfToo(String client, String library, String connector, String answer)
      throws Exception {
    try (FakeProvider provider = provider()) {
      String url = provider.url().replace("127.0.0.1", "localhost");
      JavaProcess program =
          run(client, url, "/v1/chat/completions", "-Dflyball.endpoint.own.url=" + url + "/v1")
              .await(1, TimeUnit.MINUTES);

      assertThat(program.out().lines())
          .as(program::describe)
          .containsExactlyElementsOf(Collections.nCopies(3, client + " | " + answer));
      assertThat(lines(program, "is there; calls through it are not governed"))
          .as(program::describe)
          .hasSize(library == null ? 0 : 1)
          .allMatch(line -> line.contains("INFO " + library));
      assertThat(lines(program, "flyball ERROR")).as(program::describe).isEmpty();
      assertThat(lines(program, "flyball WARN"))
          .as(program::describe)
          .hasSize(1)
          .first()
          .asString()
          .contains("a connection to " + url.substring(7) + " through " + connector + ": calls");
      if (client.equals("netty")) {
        // Others set up TLS, for which the JDK loads its handler of http URLs, which is hooked.
        assertThat(lines(program, "attached, ")).as("the engine has not been started").isEmpty();
      }
    }
  }

  @Test
  void theEngineStartsForAGovernedClientThatComesLater() throws Exception {
    Path events = folder.resolve("events");
    try (FakeProvider provider = provider()) {
      JavaProcess program =
          run(
                  "apache-5+okhttp+apache-5",
                  provider,
                  "/v1/chat/completions",
                  endpoint(provider),
                  "-Dflyball.events.file=" + events)
              .await(1, TimeUnit.MINUTES);

      assertThat(program.out().lines()).as(program::describe).hasSize(9);
      assertThat(lines(program, "not governed")).as(program::describe).hasSize(2);
      assertThat(lines(program, "attached, mode=govern")).as(program::describe).hasSize(1);
      assertThat(CallEvents.read(events).all()).as(program::describe).hasSize(3);
    }
  }

  @Test
  void theConsoleAndTheMetricsTellOfIt() throws Exception {
    Gate gate = new Gate();
    try (FakeProvider provider =
            FakeProvider.start(
                0, request -> Answer.nothing().gate(gate).andThen(Answer.json(200, "{}")));
        JavaProcess program =
            run(
                "apache-5",
                provider,
                "/v1/chat/completions",
                endpoint(provider),
                "-Dflyball.console.port=0",
                "-Dflyball.console.token=watch-0123456789")) {
      Matcher console =
          Pattern.compile("console at (http://127\\.0\\.0\\.1:\\d+)")
              .matcher(
                  program.awaitLine(line -> line.contains("console at"), 60, TimeUnit.SECONDS));
      assertThat(console.find()).isTrue();
      program.awaitLine(line -> line.contains("WARN"), 60, TimeUnit.SECONDS);

      assertThat(get(console.group(1) + "/api/clients"))
          .contains("Apache HttpClient 5", "5.5.2", address(provider));
      assertThat(get(console.group(1) + "/metrics"))
          .contains("flyball_clients_ungoverned", "Apache HttpClient 5");
      gate.open();
      program.await(1, TimeUnit.MINUTES);
      assertAnswered("apache-5", program);
    }
  }

  private static String get(String url) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer watch-0123456789")
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  @Test
  void itsOtherConnectionsAreNobodysBusiness() throws Exception {
    try (FakeProvider provider = provider()) {
      JavaProcess program =
          run("apache-5", provider, "/v1/chat/completions").await(1, TimeUnit.MINUTES);

      assertAnswered("apache-5", program);
      assertThat(lines(program, "WARN")).as(program::describe).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"okhttp", "java-http-client"})
  void aGovernedClientIsNotReported(String client) throws Exception {
    try (FakeProvider provider = provider()) {
      JavaProcess program =
          run(client, provider, "/v1/chat/completions", endpoint(provider))
              .await(1, TimeUnit.MINUTES);

      assertAnswered(client, program);
      assertThat(lines(program, "not governed")).as(program::describe).isEmpty();
      assertThat(lines(program, "WARN")).as(program::describe).isEmpty();
    }
  }

  /** Spring's WebClient and Spring Retry are no sign of Spring AI. */
  @Test
  void aLibraryThatIsNotThereIsNotWarnedOf() throws Exception {
    try (FakeProvider provider = provider()) {
      JavaProcess program =
          run("web-client", provider, "/v1/chat/completions").await(1, TimeUnit.MINUTES);

      assertAnswered("web-client", program);
      assertThat(program.err()).as(program::describe).doesNotContain("spring-ai");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "java-http-client, /api/chat, Ollama",
    "okhttp, /api/generate?stream=false, Ollama",
    "okhttp, /v2/chat, Cohere",
    "java-http-client, /model/anthropic.claude-v2/converse, Bedrock"
  })
  void aModelCallInAFormatThatIsNotKnownIsTold(String client, String path, String format)
      throws Exception {
    try (FakeProvider provider = provider()) {
      JavaProcess program =
          run(client, provider, path, endpoint(provider)).await(1, TimeUnit.MINUTES);

      assertAnswered(client, program);
      assertThat(lines(program, "WARN"))
          .as(program::describe)
          .hasSize(1)
          .first()
          .asString()
          .contains(
              "POST "
                  + address(provider)
                  + path.split("\\?")[0].replace("/anthropic.claude-v2/", "/.../")
                  + " looks like a model call in a format that Flyball does not know ("
                  + format
                  + "): not governed");
    }
  }

  private static FakeProvider provider() throws Exception {
    return FakeProvider.start(0, request -> Answer.json(200, "{\"choices\":[]}"));
  }

  private static String endpoint(FakeProvider provider) {
    return "-Dflyball.endpoint.own.url=" + provider.url() + "/v1";
  }

  private static String address(FakeProvider provider) {
    return provider.url().substring("http://".length());
  }

  private static JavaProcess run(
      String client, FakeProvider provider, String path, String... options) {
    return run(client, provider.url(), path, options);
  }

  private static JavaProcess run(String client, String url, String path, String... options) {
    List<String> jvm = new ArrayList<>();
    jvm.add("-javaagent:" + Built.agentJar());
    for (String option : options) {
      jvm.add(option);
    }
    return JavaProcess.on(Jdk.running())
        .shortLived()
        .jvm(jvm.toArray(new String[0]))
        .classPath(
            Built.classPath("ungoverned-clients"),
            "com.example.outside.OutsideCalls",
            client,
            url + path)
        .start();
  }

  private static void assertAnswered(String client, JavaProcess program) {
    String one = client + " | 200\n";
    assertThat(program.out()).as(program::describe).isEqualToNormalizingNewlines(one + one + one);
  }

  private static List<String> lines(JavaProcess program, String part) {
    List<String> lines = new ArrayList<>();
    for (String line : program.err().split("\\R")) {
      if (line.contains(part)) {
        lines.add(line);
      }
    }
    return lines;
  }
}
