package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes past Flyball is told, once; and of what is not there nothing is told. */
class UngovernedIT {

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
      assertThat(lines(program, "is there; calls through it are not governed"))
          .as(program::describe)
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
                  + path.split("\\?")[0]
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
    List<String> jvm = new ArrayList<>();
    jvm.add("-javaagent:" + Built.agentJar());
    for (String option : options) {
      jvm.add(option);
    }
    return JavaProcess.on(Jdk.running())
        .jvm(jvm.toArray(new String[0]))
        .classPath(
            Built.classPath("ungoverned-clients"),
            "com.example.outside.OutsideCalls",
            client,
            provider.url() + path)
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
