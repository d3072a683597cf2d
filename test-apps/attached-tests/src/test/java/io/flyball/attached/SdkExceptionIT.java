package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The exception of a failed call is the one that the SDK throws without an agent, whatever failed;
 * and for Flyball's own no the one that it has for such a no.
 */
class SdkExceptionIT {
  private static final int[] STATUSES = {400, 401, 402, 403, 404, 408, 413, 429, 500, 503, 529};

  /** The last one meets an open circuit breaker. */
  private static final int REFUSED_CALLS = 11;

  private enum Sdk {
    OPENAI_JAVA("OpenAiJavaCalls", "silent", "async-e401", "async-e503", "async-silent"),
    ANTHROPIC_JAVA("AnthropicJavaCalls", "silent", "async-e401", "async-e503", "async-silent"),
    LANGCHAIN4J("LangChain4jCalls", "silent", "stream-e429", "stream-e503"),
    GOOGLE_GENAI("GoogleGenAiCalls"),
    SPRING_AI("SpringAiCalls"),
    AZURE("AzureCalls", "async-e401", "async-e503"),
    SIMPLE_OPENAI("SimpleOpenAiCalls");

    final String program;
    final List<String> others;

    Sdk(String program, String... others) {
      this.program = program;
      this.others = Arrays.asList(others);
    }

    /** Every failure that a provider can make of a call. */
    List<String> failures() {
      List<String> cases = new ArrayList<>();
      for (int status : STATUSES) {
        cases.add("e" + status);
      }
      cases.add("reset");
      cases.add("refused");
      cases.addAll(others);
      return cases;
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyFailureIsTheExceptionThatItWouldBeWithoutAnAgent(Sdk sdk) throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, SdkExceptionIT::answer)) {
      List<String> cases = sdk.failures();
      JavaProcess bare = start(sdk, cases, provider);
      JavaProcess attached = start(sdk, cases, provider, agent());

      List<String> wanted = ends(bare.await(3, TimeUnit.MINUTES));
      List<String> got = ends(attached.await(3, TimeUnit.MINUTES));

      assertThat(wanted).as(bare::describe).hasSameSizeAs(cases);
      assertThat(got).as(attached::describe).isEqualTo(wanted);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noNumberOfRefusedConnectionsChangesTheException(Sdk sdk) throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, SdkExceptionIT::answer)) {
      JavaProcess bare = start(sdk, Collections.singletonList("refused"), provider);
      JavaProcess attached =
          start(sdk, Collections.nCopies(REFUSED_CALLS, "refused"), provider, agent());

      List<String> wanted = ends(bare.await(1, TimeUnit.MINUTES));
      List<String> got = ends(attached.await(3, TimeUnit.MINUTES));

      assertThat(got)
          .as(attached::describe)
          .isEqualTo(Collections.nCopies(REFUSED_CALLS, wanted.get(0)));
    }
  }

  /** What Flyball itself says no to, and the exception that the SDK has for it. */
  private enum No {
    LANGCHAIN4J_TIMEOUT(
        Sdk.LANGCHAIN4J, "slow", "TimeoutException", "-Dflyball.timeout.response=200ms"),
    LANGCHAIN4J_STREAM_TIMEOUT(
        Sdk.LANGCHAIN4J,
        "stream-slow",
        "ExecutionException < TimeoutException",
        "-Dflyball.timeout.first-token=200ms"),
    LANGCHAIN4J_LIMIT(
        Sdk.LANGCHAIN4J,
        "fine",
        "RateLimitException",
        "-Dflyball.limit.rpm=1",
        "-Dflyball.limit.max-wait=0s"),
    LANGCHAIN4J_STREAM_LIMIT(
        Sdk.LANGCHAIN4J,
        "stream-fine",
        "ExecutionException < RateLimitException",
        "-Dflyball.limit.rpm=1",
        "-Dflyball.limit.max-wait=0s"),
    LANGCHAIN4J_BUDGET(
        Sdk.LANGCHAIN4J,
        "fine",
        "RateLimitException",
        "-Dflyball.budget.all.limit=1 tokens",
        "-Dflyball.limit.max-wait=0s"),
    OPENAI_TIMEOUT(
        Sdk.OPENAI_JAVA, "slow", "OpenAIIoException", "-Dflyball.timeout.response=200ms"),
    ANTHROPIC_TIMEOUT(
        Sdk.ANTHROPIC_JAVA, "slow", "AnthropicIoException", "-Dflyball.timeout.response=200ms"),
    GOOGLE_TIMEOUT(
        Sdk.GOOGLE_GENAI, "slow", "GenAiIOException", "-Dflyball.timeout.response=200ms"),
    SPRING_TIMEOUT(
        Sdk.SPRING_AI, "slow", "ResourceAccessException", "-Dflyball.timeout.response=200ms");

    final Sdk sdk;
    final String name;
    final String exception;
    final String[] options;

    No(Sdk sdk, String name, String exception, String... options) {
      this.sdk = sdk;
      this.name = name;
      this.exception = exception;
      this.options = options;
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNoOfFlyballsIsTheExceptionThatTheSdkHasForIt(No no) throws Exception {
    try (FakeProvider provider = FakeProvider.start(0, SdkExceptionIT::answer)) {
      JavaProcess program =
          start(no.sdk, Collections.nCopies(2, no.name), provider, agent(no.options))
              .await(1, TimeUnit.MINUTES);

      assertThat(ends(program)).as(program::describe).hasSize(2);
      assertThat(ends(program).get(1))
          .as(program::describe)
          .startsWith(no.name + " | " + no.exception);
      assertThat(program.out()).as(program::describe).contains("Flyball: ");
      assertThat(provider.requests().size()).as(program::describe).isLessThanOrEqualTo(2);
    }
  }

  /** Flyball's own retries are off, which changes nothing about the end but when it comes. */
  private static String[] agent(String... options) {
    List<String> all = new ArrayList<>();
    all.add("-javaagent:" + Built.agentJar());
    all.add("-Dflyball.retry.max-attempts=1");
    all.addAll(Arrays.asList(options));
    return all.toArray(new String[0]);
  }

  private static JavaProcess start(
      Sdk sdk, List<String> cases, FakeProvider provider, String... jvmArguments)
      throws IOException {
    return JavaProcess.on(Jdk.running())
        .shortLived()
        .jvm(jvmArguments)
        .environment("PROVIDER_URL", provider.url())
        .environment("CLOSED_URL", closedUrl())
        .classPath(
            Built.classPath("sdk-retries"),
            "com.example.patience." + sdk.program,
            cases.toArray(new String[0]))
        .start();
  }

  /** Of a port that was free a moment ago. */
  private static String closedUrl() throws IOException {
    try (ServerSocket once = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return "http://127.0.0.1:" + once.getLocalPort();
    }
  }

  /** By the case, which is the first part of the path. */
  private static Answer answer(RecordedRequest request) {
    String name = request.path().split("/")[1];
    if (name.endsWith("reset")) {
      return Answer.nothing().reset();
    }
    if (name.endsWith("silent") || name.endsWith("slow")) {
      return Answer.nothing().stall();
    }
    if (name.endsWith("fine")) {
      return Answer.json(200, "{}");
    }
    int status = Integer.parseInt(name.substring(name.length() - 3));
    return Answer.json(
        status, "{\"error\":{\"message\":\"Not now\",\"type\":\"busy\",\"code\":\"busy\"}}");
  }

  /** How each call ended, without what an exception says and how long it took. */
  private static List<String> ends(JavaProcess program) {
    List<String> ends = new ArrayList<>();
    for (String line : program.out().split("\\R")) {
      if (line.contains(" | ")) {
        String[] parts = line.split(" \\| ");
        // One that is wrapped in another of its kind is of that kind.
        String chain = parts[1].split(": ")[0].replaceAll("(\\w+)( < \\1)+(?= |$)", "$1");
        // Two timeouts of one length race in OkHttp; what either of them breaks shows below it.
        chain = chain.replaceAll("(InterruptedIO|SocketTimeout)Exception.*", "timed out");
        ends.add(parts[0] + " | " + chain);
      }
    }
    return ends;
  }
}
