package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import io.flyball.protocol.Protocols;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * SDKs that retry by themselves and take no header for an answer: where Flyball governs the call,
 * its failure is the last; everything else is retried as it always was.
 */
class SdkRetryIT {

  /** One call of a program: how often it is sent when governed and when not, and its exception. */
  private static final class Case {
    final String name;
    final int governed;
    final int bare;
    final String exception;

    Case(String name, int governed, int bare, String exception) {
      this.name = name;
      this.governed = governed;
      this.bare = bare;
      this.exception = exception;
    }
  }

  private enum Sdk {
    LANGCHAIN4J(
        "LangChain4jCalls",
        new Case("429", 1, 3, "RateLimitException < HttpException"),
        new Case("503", 1, 3, "InternalServerException < HttpException"),
        new Case("reset", 1, 3, "RuntimeException < IOException"),
        new Case("bypass", 3, 3, "InternalServerException < HttpException"),
        new Case("odd", 3, 3, "RuntimeException < JsonMappingException"),
        new Case("moderation", 3, 3, "InternalServerException < HttpException")),
    GOOGLE_GENAI(
        "GoogleGenAiCalls",
        new Case("429", 1, 3, "ClientException"),
        new Case("503", 1, 3, "ServerException"),
        new Case("reset", 1, 3, "GenAiIOException"),
        new Case("async", 1, 3, "ExecutionException < ServerException"),
        new Case("model", 3, 3, "ServerException")),
    SPRING_AI(
        "SpringAiCalls",
        new Case("429", 1, 1, "NonTransientAiException"),
        new Case("503", 1, 4, "TransientAiException"),
        new Case("reset", 1, 4, "ResourceAccessException < IOException"),
        new Case("image", 4, 4, "TransientAiException"),
        new Case("own-loop", 2, 8, "TransientAiException")),
    AZURE(
        "AzureCalls",
        new Case("429", 1, 4, "HttpResponseException"),
        new Case("503", 1, 4, "HttpResponseException"),
        new Case("reset", 1, 4, "UncheckedIOException < SocketException"),
        new Case("async-429", 1, 4, "HttpResponseException"),
        new Case("async-503", 1, 4, "HttpResponseException"),
        new Case("async-reset", 1, 4, "ReactiveException < SocketException"),
        new Case("image", 4, 4, "HttpResponseException")),
    SIMPLE_OPENAI(
        "SimpleOpenAiCalls",
        new Case("429", 1, 3, "CompletionException < CleverClientException"),
        new Case("503", 1, 3, "CompletionException < CleverClientException"),
        new Case("reset", 1, 3, "CompletionException < CleverClientException"),
        new Case("model", 3, 3, "CompletionException < CleverClientException"));

    final String program;
    final List<Case> cases;

    Sdk(String program, Case... cases) {
      this.program = program;
      this.cases = Arrays.asList(cases);
    }

    /** Not where Flyball does not speak what the SDK speaks: nothing is suppressed there. */
    boolean isGoverned() {
      return this != GOOGLE_GENAI
          || new Protocols(Collections.emptyList())
              .mayMatch("POST", "/v1beta/models/gemini-3-flash:generateContent");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anSdkAsksOnceForEveryCallThatFlyballGoverns(Sdk sdk) throws Exception {
    assumeTrue(sdk.isGoverned(), "not a protocol of Flyball's");
    try (FakeProvider provider = FakeProvider.start(0, SdkRetryIT::answer)) {
      JavaProcess program =
          start(sdk, names(sdk), provider, withAgent()).await(1, TimeUnit.MINUTES);

      Map<String, Integer> wanted = new TreeMap<>();
      for (Case one : sdk.cases) {
        wanted.put(one.name, one.governed);
      }
      assertThat(requests(provider)).as(program::describe).isEqualTo(wanted);
      assertItsOwnExceptions(sdk, program);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anSdkRetriesAsEverWhereFlyballOnlyObserves(Sdk sdk) throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, SdkRetryIT::answer)) {
      JavaProcess program =
          start(sdk, names(sdk), provider, withAgent("-Dflyball.mode=observe"))
              .await(1, TimeUnit.MINUTES);

      Map<String, Integer> wanted = new TreeMap<>();
      for (Case one : sdk.cases) {
        wanted.put(one.name, one.bare);
      }
      assertThat(requests(provider)).as(program::describe).isEqualTo(wanted);
      assertItsOwnExceptions(sdk, program);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Dflyball.enabled=false",
        "-Dflyball.retry.suppress-sdk=false",
        "-Dflyball.instrumentation.langchain4j-1.enabled=false",
        "-Dflyball.instrumentation.java-http-client-11.enabled=false"
      })
  void anSdkRetriesAsEverWhereFlyballIsSwitchedOff(String how) throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, SdkRetryIT::answer)) {
      JavaProcess program =
          start(Sdk.LANGCHAIN4J, Collections.singletonList("429"), provider, withAgent(how))
              .await(1, TimeUnit.MINUTES);

      assertThat(requests(provider)).as(program::describe).containsEntry("429", 3);
    }
  }

  /** google-genai sleeps once more after its last attempt: up to half a minute for nothing. */
  @ParameterizedTest
  @EnumSource(value = Sdk.class, names = "GOOGLE_GENAI")
  void nothingIsWaitedForAfterTheLastAttempt(Sdk sdk) throws Exception {
    assumeTrue(sdk.isGoverned(), "not a protocol of Flyball's");
    try (FakeProvider provider = FakeProvider.start(0, SdkRetryIT::answer)) {
      JavaProcess program =
          start(sdk, Arrays.asList("429", "patient"), provider, withAgent())
              .await(1, TimeUnit.MINUTES);

      assertThat(requests(provider)).as(program::describe).containsEntry("patient", 1);
      String[] patient = lines(program).get(1).split(" \\| ");
      assertThat(Long.parseLong(patient[2])).as(program::describe).isLessThan(5000);
    }
  }

  /** Flyball's own retries are off, so that only the SDK's are counted. */
  private static String[] withAgent(String... options) {
    List<String> all = new ArrayList<>();
    all.add("-javaagent:" + Built.agentJar());
    all.add("-Dflyball.retry.max-attempts=1");
    all.addAll(Arrays.asList(options));
    return all.toArray(new String[0]);
  }

  private static JavaProcess start(
      Sdk sdk, List<String> cases, FakeProvider provider, String... jvmArguments) {
    return JavaProcess.on(Jdk.running())
        .shortLived()
        .jvm(jvmArguments)
        .environment("PROVIDER_URL", provider.url())
        .classPath(
            Built.classPath("sdk-retries"),
            "com.example.patience." + sdk.program,
            cases.toArray(new String[0]))
        .start();
  }

  private static List<String> names(Sdk sdk) {
    List<String> names = new ArrayList<>();
    for (Case one : sdk.cases) {
      names.add(one.name);
    }
    return names;
  }

  /** By the case, which is the first part of the path. */
  private static Answer answer(RecordedRequest request) {
    String name = caseOf(request);
    if (name.endsWith("reset")) {
      return Answer.nothing().reset();
    }
    if (name.equals("odd")) {
      return Answer.json(200, "{\"id\":\"c1\",\"choices\":[{\"index\":0,\"message\":{\"role\":");
    }
    int status = name.endsWith("429") || name.equals("patient") ? 429 : 503;
    return Answer.json(
        status, "{\"error\":{\"message\":\"Not now\",\"type\":\"busy\",\"code\":\"busy\"}}");
  }

  /** A good status and half an answer: LangChain4j asks again for what it cannot read. */
  @ParameterizedTest
  @ValueSource(strings = {"LangChain4jCalls", "OpenAiJavaCalls", "AnthropicJavaCalls"})
  void whatFlyballRepeatsIsNotRepeatedByTheSdk(String sdk) throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, SdkRetryIT::answer)) {
      JavaProcess program =
          JavaProcess.on(Jdk.running())
              .jvm("-javaagent:" + Built.agentJar())
              .environment("PROVIDER_URL", provider.url())
              .classPath(Built.classPath("sdk-retries"), "com.example.patience." + sdk, "odd")
              .start()
              .await(1, TimeUnit.MINUTES);
      assertThat(requests(provider)).as(program::describe).containsEntry("odd", 3);
    }
  }

  private static String caseOf(RecordedRequest request) {
    return request.path().split("/")[1];
  }

  private static Map<String, Integer> requests(FakeProvider provider) {
    Map<String, Integer> byCase = new TreeMap<>();
    for (RecordedRequest request : provider.requests()) {
      byCase.merge(caseOf(request), 1, Integer::sum);
    }
    return byCase;
  }

  private static void assertItsOwnExceptions(Sdk sdk, JavaProcess program) {
    List<String> lines = lines(program);
    assertThat(lines).as(program::describe).hasSameSizeAs(sdk.cases);
    for (int i = 0; i < lines.size(); i++) {
      Case one = sdk.cases.get(i);
      assertThat(lines.get(i)).as(program::describe).startsWith(one.name + " | " + one.exception);
    }
  }

  private static List<String> lines(JavaProcess program) {
    List<String> lines = new ArrayList<>();
    for (String line : program.out().split("\\R")) {
      if (line.contains(" | ")) {
        lines.add(line);
      }
    }
    return lines;
  }
}
