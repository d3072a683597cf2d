package io.flyball.protocol.sdk;

import java.util.Locale;
import java.util.function.Function;
import java.util.function.IntPredicate;

/**
 * The libraries that call providers, and what each does by itself when a call fails. What is said
 * here holds for their default settings; one that is not known is taken to do nothing by itself.
 */
public enum Sdk {
  /** com.openai:openai-java */
  OPENAI_JAVA(
      Habits.of(Habits.STAINLESS).obeyingShouldRetry().retryingConnections().waitingAtMost(8),
      "com.openai."),
  /** com.anthropic:anthropic-java, also as a client of Bedrock or Vertex. */
  ANTHROPIC_JAVA(
      Habits.of(Habits.STAINLESS).obeyingShouldRetry().retryingConnections().waitingAtWill(),
      "com.anthropic."),
  /** Spring AI 2, on the cores of openai-java and anthropic-java. */
  SPRING_AI_2(
      Habits.of(Habits.STAINLESS).obeyingShouldRetry().retryingConnections().waitingAtWill()),
  /** Another SDK of the generator that those come from. */
  STAINLESS(Habits.of(Habits.STAINLESS).obeyingShouldRetry().retryingConnections().waitingAtWill()),
  /** com.google.genai:google-genai */
  GOOGLE_GENAI(Habits.of(Habits.GENAI).retryingConnections(), "com.google.genai."),
  /** What stands on azure-core: azure-ai-openai, azure-ai-inference, Semantic Kernel. */
  AZURE(Habits.of(Habits.AZURE).retryingConnections().waitingAtWill(), "com.azure."),
  /** software.amazon.awssdk */
  AWS(Habits.of(Habits.AWS).retryingConnections().waitingAtWill(), "software.amazon.awssdk."),
  /** LangChain4j with any provider. */
  LANGCHAIN4J(
      Habits.of(Habits.COMMON).retryingConnections(),
      "dev.langchain4j.",
      "io.quarkiverse.langchain4j."),
  /** Spring AI 1, whose blocking calls go on asking for minutes. */
  SPRING_AI_1(Habits.of(Habits.SERVER_ERRORS).retryingConnections(), "org.springframework.ai."),
  /** com.theokanning.openai-gpt3-java, and what looks like it: Retrofit with Jackson. */
  THEOKANNING(Habits.of(Habits.NEVER), "com.theokanning.openai."),
  /** io.github.sashirestela:simple-openai; its headers do not tell. */
  SIMPLE_OPENAI(Habits.of(Habits.STAINLESS).retryingConnections(), "io.github.sashirestela."),
  /** io.github.ollama4j:ollama4j; its headers do not tell. */
  OLLAMA4J(Habits.of(Habits.NEVER), "io.github.ollama4j."),
  /** com.cohere:cohere-java */
  COHERE(Habits.of(Habits.COMMON).waitingAtMost(60), "com.cohere.api."),
  /** com.alibaba:dashscope-sdk-java */
  DASHSCOPE(Habits.of(Habits.NEVER), "com.alibaba.dashscope."),
  /** com.google.cloud:google-cloud-vertexai over REST. */
  VERTEX_AI(Habits.of(Habits.NEVER), "com.google.cloud.vertexai."),
  /** A plain HTTP client, or an SDK that does not say who it is. */
  UNKNOWN(Habits.of(Habits.NEVER).waitingAtWill());

  private final Habits habits;
  private final String[] packages;

  Sdk(Habits habits, String... packages) {
    this.habits = habits;
    this.packages = packages;
  }

  /**
   * Who sent a request, as far as its headers tell. Headers that an HTTP client adds by itself are
   * not needed, because they may not be there yet.
   *
   * @param requestHeader gives the first value of a header by its name in any case, or null
   */
  public static Sdk of(Function<String, String> requestHeader) {
    String agent = lower(requestHeader.apply("user-agent"));
    if (requestHeader.apply("x-stainless-lang") != null) {
      return ofStainless(agent, requestHeader.apply("anthropic-version") != null);
    }
    String google = lower(requestHeader.apply("x-goog-api-client"));
    if (google.contains("google-genai-sdk") || agent.contains("google-genai-sdk")) {
      return GOOGLE_GENAI;
    }
    if (google.contains("gapic/")) {
      return VERTEX_AI;
    }
    if (agent.contains("azsdk-java-")) {
      return AZURE;
    }
    if (agent.contains("aws-sdk-java/") || requestHeader.apply("amz-sdk-invocation-id") != null) {
      return AWS;
    }
    if (agent.contains("cohere-java")
        || lower(requestHeader.apply("x-fern-sdk-name")).contains("cohere")) {
      return COHERE;
    }
    if (agent.startsWith("dashscope/")) {
      return DASHSCOPE;
    }
    if (agent.startsWith("langchain4j")) {
      return LANGCHAIN4J;
    }
    if (agent.startsWith("spring-ai") || isSpringAnthropic(requestHeader.apply("anthropic-beta"))) {
      return SPRING_AI_1;
    }
    boolean retrofit =
        "application/json; charset=UTF-8".equals(requestHeader.apply("content-type"))
            && (agent.isEmpty() || agent.startsWith("okhttp/3."));
    return retrofit ? THEOKANNING : UNKNOWN;
  }

  private static Sdk ofStainless(String agent, boolean anthropicVersion) {
    if (agent.startsWith("spring-ai")) {
      return SPRING_AI_2;
    }
    if (agent.startsWith("openai")) {
      return OPENAI_JAVA;
    }
    return agent.startsWith("anthropic") || anthropicVersion ? ANTHROPIC_JAVA : STAINLESS;
  }

  /** The betas that Spring AI 1 asks for by default. */
  private static boolean isSpringAnthropic(String betas) {
    return betas != null && betas.startsWith("tools-2024-04-04,pdfs-2024-09-25");
  }

  /**
   * Whose code a class is: for requests whose headers do not tell, asked of the frames of the
   * calling thread from the innermost outward until one is not {@link #UNKNOWN}.
   */
  public static Sdk ofClass(String className) {
    for (Sdk sdk : values()) {
      for (String name : sdk.packages) {
        if (className.startsWith(name)) {
          return sdk;
        }
      }
    }
    return UNKNOWN;
  }

  /** Whether {@code x-should-retry: false} keeps it from asking again, whatever the status. */
  public boolean obeysShouldRetry() {
    return habits.obeysShouldRetry;
  }

  /** Whether it asks again by itself after an answer with that status. */
  public boolean retries(int status) {
    return habits.retried.test(status);
  }

  /** Whether it asks again by itself when there was no answer. */
  public boolean retriesConnectionFailures() {
    return habits.retriesConnections;
  }

  /** Whether it asks again by itself after a good status whose answer it cannot read. */
  public boolean retriesUnreadableAnswers() {
    return this == LANGCHAIN4J;
  }

  /**
   * How often it asks again by itself when nobody has told it how often.
   *
   * @param stream whether a stream is asked for
   */
  public int usualRetries(boolean stream) {
    switch (this) {
      case OPENAI_JAVA:
      case ANTHROPIC_JAVA:
      case STAINLESS:
      case SIMPLE_OPENAI:
      case COHERE:
        return 2;
      case SPRING_AI_2:
      case AZURE:
      case AWS:
        return 3;
      case GOOGLE_GENAI:
        return 4;
      case LANGCHAIN4J:
        return stream ? 0 : 2;
      case SPRING_AI_1:
        return stream ? 0 : 9;
      default:
        return 0;
    }
  }

  /**
   * The longest time that a Retry-After makes it sleep, in nanoseconds: 0 when it does not look at
   * it, {@link Long#MAX_VALUE} when it has no limit or is not known.
   */
  public long longestRetryAfterNanos() {
    return habits.longestRetryAfterNanos;
  }

  /**
   * Whether it turns the protocol's error event inside a stream into an exception. Where it does
   * not, the application would take what came before for the whole answer.
   */
  public boolean noticesErrorEvents(String protocolId) {
    ErrorFormat format = ErrorFormat.of(protocolId);
    switch (this) {
      case OPENAI_JAVA:
        return format == ErrorFormat.OPENAI;
      case ANTHROPIC_JAVA:
        return format == ErrorFormat.ANTHROPIC;
      case SPRING_AI_2:
      case STAINLESS:
        return format == ErrorFormat.OPENAI || format == ErrorFormat.ANTHROPIC;
      case GOOGLE_GENAI:
        return format == ErrorFormat.GEMINI && !protocolId.endsWith("interactions");
      case LANGCHAIN4J:
        return format == ErrorFormat.ANTHROPIC || format == ErrorFormat.OLLAMA;
      case AWS:
        return format == ErrorFormat.BEDROCK;
      default:
        return false;
    }
  }

  /**
   * Whether it asks again by itself when a request for a stream fails. Where it does not, the
   * status of a refusal need not keep it from it.
   */
  public boolean retriesStreams() {
    return this != LANGCHAIN4J;
  }

  /**
   * The status that it makes its own exception for timeouts of; -1 when no status does, but only
   * the HTTP client's exception.
   */
  public int timeoutStatus() {
    return this == LANGCHAIN4J ? 408 : -1;
  }

  /**
   * The SDK of that {@link #id()}.
   *
   * @return {@link #UNKNOWN} for any other word
   */
  public static Sdk ofId(String id) {
    for (Sdk sdk : values()) {
      if (sdk.id().equals(id)) {
        return sdk;
      }
    }
    return UNKNOWN;
  }

  /** A word for it: {@code langchain4j}, {@code spring-ai-1}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether its exception for that status hides the reason or names a wrong one. */
  boolean mistakes(int status) {
    switch (this) {
      case LANGCHAIN4J:
        return status == 403; // a wrong key
      case OPENAI_JAVA:
      case SPRING_AI_2:
      case STAINLESS:
      case AWS:
        return status == 413; // unexpected
      default:
        return false;
    }
  }

  private static String lower(String value) {
    return value == null ? "" : value.toLowerCase(Locale.ROOT);
  }

  /** What an SDK does without being asked. */
  private static final class Habits {
    static final IntPredicate NEVER = status -> false;
    static final IntPredicate SERVER_ERRORS = status -> status >= 500;
    static final IntPredicate COMMON = status -> status == 408 || status == 429 || status >= 500;
    static final IntPredicate STAINLESS = COMMON.or(status -> status == 409);
    static final IntPredicate AZURE = COMMON.and(status -> status != 501 && status != 505);
    static final IntPredicate AWS =
        status -> status == 429 || status == 500 || (status >= 502 && status <= 504);
    static final IntPredicate GENAI = AWS.or(status -> status == 408);

    final IntPredicate retried;
    final boolean obeysShouldRetry;
    final boolean retriesConnections;
    final long longestRetryAfterNanos;

    private Habits(
        IntPredicate retried,
        boolean obeysShouldRetry,
        boolean retriesConnections,
        long longestRetryAfterNanos) {
      this.retried = retried;
      this.obeysShouldRetry = obeysShouldRetry;
      this.retriesConnections = retriesConnections;
      this.longestRetryAfterNanos = longestRetryAfterNanos;
    }

    static Habits of(IntPredicate retried) {
      return new Habits(retried, false, false, 0);
    }

    Habits obeyingShouldRetry() {
      return new Habits(retried, true, retriesConnections, longestRetryAfterNanos);
    }

    Habits retryingConnections() {
      return new Habits(retried, obeysShouldRetry, true, longestRetryAfterNanos);
    }

    Habits waitingAtMost(long seconds) {
      return new Habits(retried, obeysShouldRetry, retriesConnections, seconds * 1_000_000_000L);
    }

    Habits waitingAtWill() {
      return new Habits(retried, obeysShouldRetry, retriesConnections, Long.MAX_VALUE);
    }
  }
}
