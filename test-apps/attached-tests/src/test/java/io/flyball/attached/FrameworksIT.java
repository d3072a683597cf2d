package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.demo.CallEvents;
import io.flyball.demo.StandInModels;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What frameworks know of who calls: every call is charged to it, whatever thread sends it. */
class FrameworksIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final StandInModels MODELS = new StandInModels();

  @TempDir Path folder;

  static Stream<Jdk> jdks() {
    return Jdk.wanted().stream().filter(jdk -> jdk.version() >= 17);
  }

  static Stream<Arguments> jdksAndLibraries() {
    return Stream.concat(
        jdks().map(jdk -> Arguments.of(jdk, "lib")),
        oneJdk().map(jdk -> Arguments.of(jdk, "lib-1.0")));
  }

  static Stream<Jdk> oneJdk() {
    return Jdk.enough(jdk -> jdk.version() >= 17, 25).stream();
  }

  @ParameterizedTest(name = "{1} on {0}")
  @MethodSource("jdksAndLibraries")
  void langChain4jCallsAreMadeForTheAiServicesMethod(Jdk jdk, String libraries) throws Exception {
    List<JsonNode> calls =
        callsOf(
            jdk, Built.classPath("langchain4j", libraries), "com.example.travel.Concierge", "/v1");

    assertThat(features(calls))
        .containsExactly(
            "Desk.advise",
            "Critic.review",
            "Desk.advise",
            "Desk.advise",
            "Desk.chat",
            "Critic.review",
            "Desk.chat",
            "Desk.chat");
    assertThat(callSites(calls))
        .containsExactly(
            "com.example.travel.Concierge.main",
            "com.example.travel.Concierge$Restaurants.restaurant",
            "com.example.travel.Concierge$Restaurants.restaurant",
            "com.example.travel.Concierge.main",
            "com.example.travel.Concierge.whole",
            "com.example.travel.Concierge$Restaurants.restaurant",
            "com.example.travel.Concierge.whole",
            "com.example.travel.Concierge.whole");
  }

  @ParameterizedTest
  @MethodSource("oneJdk")
  void springAiCallsAreMadeForWhoAskedTheChatClient(Jdk jdk) throws Exception {
    List<JsonNode> calls =
        callsOf(jdk, Built.classPath("sdk-retries"), "com.example.garden.GardenAdvice", "");

    String garden = "com.example.garden.GardenAdvice";
    assertThat(features(calls))
        .containsExactly(garden + ".ask", garden + ".ask", garden + ".tell", garden + ".tell");
    assertThat(callSites(calls))
        .containsExactly(
            garden + "$Diary.adviseCall",
            garden + "$Diary.adviseCall",
            garden + ".tell",
            garden + ".tell");
  }

  private List<JsonNode> callsOf(Jdk jdk, String classPath, String program, String path)
      throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider = FakeProvider.start(0, FrameworksIT::answer)) {
      JavaProcess process =
          JavaProcess.on(jdk)
              .jvm("-javaagent:" + Built.agentJar(), "-Dflyball.events.file=" + events)
              .environment("OPENAI_BASE_URL", provider.url() + path)
              .environment("OPENAI_API_KEY", "sk-attached-test")
              .classPath(classPath, program)
              .start()
              .await(2, TimeUnit.MINUTES);

      assertThat(process.exitCode()).as(process::describe).isZero();
      assertThat(process.err()).doesNotContain(" ERROR ").doesNotContain(" WARN ");
      return CallEvents.read(events).all();
    }
  }

  private static List<String> features(List<JsonNode> calls) {
    return calls.stream().map(call -> call.path("feature").asText()).collect(Collectors.toList());
  }

  private static List<String> callSites(List<JsonNode> calls) {
    return calls.stream().map(call -> call.path("call_site").asText()).collect(Collectors.toList());
  }

  /** The stand-in's streams never want a tool; these do, once. */
  private static Answer answer(RecordedRequest request) {
    JsonNode body;
    try {
      body = JSON.readTree(request.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JsonNode tool = body.path("tools").path(0).path("function");
    JsonNode messages = body.path("messages");
    boolean asked = messages.path(messages.size() - 1).path("role").asText().equals("tool");
    if (!body.path("stream").asBoolean() || tool.isMissingNode() || asked) {
      return MODELS.apply(request);
    }
    String parameter = tool.path("parameters").path("properties").fieldNames().next();
    return Answer.events()
        .event(
            chunk(
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"index\":0,\"id\":\"call_1\","
                    + "\"type\":\"function\",\"function\":{\"name\":\""
                    + tool.path("name").asText()
                    + "\",\"arguments\":\"{\\\""
                    + parameter
                    + "\\\":\\\"Ulm\\\"}\"}}]}",
                "null"))
        .event(chunk("{}", "\"tool_calls\""))
        .event("[DONE]")
        .end();
  }

  private static String chunk(String delta, String finishReason) {
    return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1795000000,"
        + "\"model\":\"gpt-4o\",\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finishReason
        + "}]}";
  }
}
