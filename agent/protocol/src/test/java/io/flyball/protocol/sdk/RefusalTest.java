package io.flyball.protocol.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.failure.FailureReader;
import io.flyball.protocol.failure.ProviderFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every SDK hears no in its own words, and once. */
class RefusalTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String MESSAGE = "Budget of team \"search\" is spent: $5.00 a day \u20ac";

  private static final String[] PROTOCOLS = {
    "openai.chat",
    "openai.responses",
    "openai.embeddings",
    "azure.chat",
    "anthropic.messages",
    "vertex.anthropic",
    "gemini.generate",
    "vertex.gemini",
    "bedrock.converse",
    "bedrock.openai",
    "ollama.chat",
    "cohere.v2",
    "dashscope.generation"
  };

  /** The recommendations that came out of trying every SDK. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openai.chat | OPENAI_JAVA | 429 | /error/code=flyball_budget_exceeded"
            + " /error/type=insufficient_quota",
        "openai.chat | SPRING_AI_2 | 429 | /error/code=flyball_budget_exceeded",
        "openai.responses | STAINLESS | 429 | /error/code=flyball_budget_exceeded",
        "anthropic.messages | ANTHROPIC_JAVA | 429 | /type=error /error/type=rate_limit_error"
            + " /error/details/error_code=enforced_spend_limit_reached /request_id=call-1",
        "gemini.generate | GOOGLE_GENAI | 402 | /error/code=402"
            + " /error/status=FAILED_PRECONDITION",
        "openai.chat | LANGCHAIN4J | 402 | /error/code=flyball_budget_exceeded",
        "anthropic.messages | LANGCHAIN4J | 402 | /error/type=billing_error",
        "gemini.generate | LANGCHAIN4J | 402 | /error/status=FAILED_PRECONDITION",
        "ollama.chat | LANGCHAIN4J | 400 | ''",
        "openai.chat | SPRING_AI_1 | 429 | /error/code=flyball_budget_exceeded",
        "bedrock.converse | AWS | 402 | ''",
        "openai.chat | AZURE | 402 | /error/code=flyball_budget_exceeded",
        "ollama.chat | OLLAMA4J | 400 | ''",
        "ollama.chat | UNKNOWN | 400 | ''",
        "dashscope.generation | DASHSCOPE | 429 | /code=Throttling.BudgetExceeded"
            + " /request_id=call-1",
        "openai.chat | THEOKANNING | 429 | /error/code=flyball_budget_exceeded",
        "openai.chat | SIMPLE_OPENAI | 402 | /error/code=flyball_budget_exceeded",
        "cohere.v2 | COHERE | 402 | /id=call-1",
        "vertex.gemini | VERTEX_AI | 429 | /error/status=RESOURCE_EXHAUSTED",
        "openai.chat | UNKNOWN | 429 | /error/code=flyball_budget_exceeded",
        "anthropic.messages | UNKNOWN | 429 | /error/type=rate_limit_error"
      })
  void aSpentBudgetIsSaidAsTheSdkUnderstandsIt(
      String protocol, Sdk sdk, int status, String fields) {
    Refusal refusal = Refusal.of(protocol, sdk, RefusalKind.BUDGET_EXCEEDED, MESSAGE, "call-1");

    assertThat(refusal.status()).isEqualTo(status);
    JsonNode body = json(refusal);
    assertThat(message(body)).isEqualTo(MESSAGE);
    for (String field : fields.split(" ")) {
      if (!field.isEmpty()) {
        String[] parts = field.split("=", 2);
        assertThat(body.at(parts[0]).asText()).as(parts[0]).isEqualTo(parts[1]);
      }
    }
    assertThat(headers(refusal))
        .containsEntry("content-type", "application/json")
        .containsEntry("x-should-retry", "false")
        .containsEntry("x-flyball-refusal", "flyball_budget_exceeded");
  }

  @ParameterizedTest
  @CsvSource({
    "BUDGET_EXCEEDED, 429, flyball_budget_exceeded, insufficient_quota",
    "RATE_LIMITED, 429, flyball_rate_limited, rate_limit_exceeded",
    "CIRCUIT_OPEN, 503, flyball_circuit_open, server_error",
    "TIMEOUT, 504, flyball_timeout, server_error",
    "BLOCKED, 403, flyball_blocked, invalid_request_error",
    "PROMPT_TOO_LARGE, 413, flyball_prompt_too_large, invalid_request_error",
    "UPSTREAM_FAILED, 503, flyball_upstream_failed, server_error"
  })
  void strangersHearTheNaturalStatus(RefusalKind kind, int status, String code, String type) {
    Refusal refusal = Refusal.of("openai.chat", Sdk.UNKNOWN, kind, MESSAGE, "call-1");

    assertThat(refusal.status()).isEqualTo(status);
    assertThat(kind.code()).isEqualTo(code);
    assertThat(json(refusal).at("/error/code").asText()).isEqualTo(code);
    assertThat(json(refusal).at("/error/type").asText()).isEqualTo(type);
    assertThat(json(refusal).at("/error/param").isNull()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "anthropic.messages, ANTHROPIC_JAVA, CIRCUIT_OPEN, 503, overloaded_error",
    "anthropic.messages, ANTHROPIC_JAVA, UPSTREAM_FAILED, 503, api_error",
    "anthropic.messages, ANTHROPIC_JAVA, TIMEOUT, 504, timeout_error",
    "anthropic.messages, ANTHROPIC_JAVA, BLOCKED, 403, permission_error",
    "anthropic.messages, ANTHROPIC_JAVA, PROMPT_TOO_LARGE, 413, request_too_large",
    "anthropic.messages, ANTHROPIC_JAVA, RATE_LIMITED, 429, rate_limit_error",
    "anthropic.messages, LANGCHAIN4J, RATE_LIMITED, 400, invalid_request_error",
    "anthropic.messages, LANGCHAIN4J, UPSTREAM_FAILED, 424, api_error",
    "openai.chat, OPENAI_JAVA, PROMPT_TOO_LARGE, 400, invalid_request_error",
    "openai.chat, OPENAI_JAVA, UPSTREAM_FAILED, 503, server_error",
    "openai.chat, LANGCHAIN4J, BLOCKED, 400, invalid_request_error",
    "openai.chat, LANGCHAIN4J, CIRCUIT_OPEN, 424, server_error",
    "openai.chat, AZURE, RATE_LIMITED, 400, rate_limit_exceeded",
    "openai.chat, SPRING_AI_1, TIMEOUT, 424, server_error",
    "openai.chat, SPRING_AI_1, RATE_LIMITED, 429, rate_limit_exceeded"
  })
  void theOtherReasonsAreSaidLikewise(
      String protocol, Sdk sdk, RefusalKind kind, int status, String type) {
    Refusal refusal = Refusal.of(protocol, sdk, kind, MESSAGE, null);

    assertThat(refusal.status()).isEqualTo(status);
    assertThat(json(refusal).at("/error/type").asText()).isEqualTo(type);
  }

  @ParameterizedTest
  @CsvSource({
    "BUDGET_EXCEEDED, 402, FAILED_PRECONDITION",
    "RATE_LIMITED, 400, RESOURCE_EXHAUSTED",
    "CIRCUIT_OPEN, 424, UNAVAILABLE",
    "TIMEOUT, 424, DEADLINE_EXCEEDED",
    "BLOCKED, 403, PERMISSION_DENIED",
    "PROMPT_TOO_LARGE, 413, INVALID_ARGUMENT",
    "UPSTREAM_FAILED, 424, UNAVAILABLE"
  })
  void geminiKeepsItsStatusWords(RefusalKind kind, int status, String word) {
    Refusal refusal = Refusal.of("gemini.stream", Sdk.GOOGLE_GENAI, kind, MESSAGE, "call-1");

    assertThat(refusal.status()).isEqualTo(status);
    assertThat(json(refusal).at("/error/code").asInt()).isEqualTo(status);
    assertThat(json(refusal).at("/error/status").asText()).isEqualTo(word);
  }

  @ParameterizedTest
  @CsvSource({
    "AWS, BUDGET_EXCEEDED, 402, ServiceQuotaExceededException",
    "AWS, RATE_LIMITED, 400, ServiceQuotaExceededException",
    "AWS, CIRCUIT_OPEN, 424, ModelErrorException",
    "AWS, TIMEOUT, 424, ModelErrorException",
    "AWS, BLOCKED, 403, AccessDeniedException",
    "AWS, PROMPT_TOO_LARGE, 400, ValidationException",
    "UNKNOWN, RATE_LIMITED, 429, ThrottlingException",
    "UNKNOWN, CIRCUIT_OPEN, 503, ServiceUnavailableException",
    "UNKNOWN, TIMEOUT, 504, ModelTimeoutException"
  })
  void amazonsErrorsAreNamedInAHeader(Sdk sdk, RefusalKind kind, int status, String type) {
    Refusal refusal = Refusal.of("bedrock.converse", sdk, kind, MESSAGE, "call-1");

    assertThat(refusal.status()).isEqualTo(status);
    assertThat(headers(refusal))
        .containsEntry("x-amzn-errortype", type)
        .containsEntry("x-amzn-requestid", "call-1");
  }

  @Test
  void nobodyAsksAgain() {
    for (String protocol : PROTOCOLS) {
      for (Sdk sdk : Sdk.values()) {
        for (RefusalKind kind : RefusalKind.values()) {
          Refusal refusal = Refusal.of(protocol, sdk, kind, MESSAGE, "call-1");

          assertThat(refusal.status()).isBetween(400, 599);
          assertThat(sdk.retries(refusal.status()) && !sdk.obeysShouldRetry())
              .as(protocol + " " + sdk + " " + kind)
              .isFalse();
          assertThat(headers(refusal)).containsEntry("x-should-retry", "false");
          assertThat(message(json(refusal))).isEqualTo(MESSAGE);
          assertThat(headers(refusal).containsKey("x-amzn-errortype"))
              .isEqualTo(protocol.equals("bedrock.converse"));
        }
      }
    }
  }

  /** The status that says it best, but for one that an SDK would take for something else. */
  @Test
  void whoWillNotAskAgainHearsTheTrueStatus() {
    for (String protocol : PROTOCOLS) {
      for (Sdk sdk : Sdk.values()) {
        for (RefusalKind kind : RefusalKind.values()) {
          int status = Refusal.of(protocol, sdk, true, kind, MESSAGE, "call-1").status();

          int wanted = kind == RefusalKind.TIMEOUT && sdk == Sdk.LANGCHAIN4J ? 408 : kind.status();
          assertThat(status)
              .as(protocol + " " + sdk + " " + kind)
              .isEqualTo(sdk.mistakes(wanted) ? kind.finalStatus() : wanted);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "BUDGET_EXCEEDED, 429",
    "RATE_LIMITED, 429",
    "CIRCUIT_OPEN, 503",
    "TIMEOUT, 408",
    "BLOCKED, 400",
    "PROMPT_TOO_LARGE, 413",
    "UPSTREAM_FAILED, 503"
  })
  void langChain4jHearsWhatItHasAnExceptionFor(RefusalKind kind, int status) {
    assertThat(Refusal.of("openai.chat", Sdk.LANGCHAIN4J, true, kind, MESSAGE, "call-1").status())
        .isEqualTo(status);
  }

  @Test
  void aServiceBehindAnotherUnderstandsWhyItWasRefused() {
    assertThat(read(RefusalKind.BUDGET_EXCEEDED)).isEqualTo(FailureKind.QUOTA);
    assertThat(read(RefusalKind.RATE_LIMITED)).isEqualTo(FailureKind.RATE_LIMIT);
    assertThat(read(RefusalKind.CIRCUIT_OPEN)).isEqualTo(FailureKind.OVERLOADED);
    assertThat(read(RefusalKind.TIMEOUT)).isEqualTo(FailureKind.TIMEOUT);
    assertThat(read(RefusalKind.BLOCKED)).isEqualTo(FailureKind.CONTENT_FILTER);
    assertThat(read(RefusalKind.PROMPT_TOO_LARGE)).isEqualTo(FailureKind.CONTEXT_WINDOW);
  }

  private static FailureKind read(RefusalKind kind) {
    Refusal refusal = Refusal.of("openai.chat", Sdk.OPENAI_JAVA, kind, MESSAGE, "call-1");
    Map<String, String> headers = headers(refusal);
    ProviderFailure failure =
        FailureReader.ofStatus(refusal.status(), headers::get, refusal.body(), 0);
    assertThat(failure.type()).isEqualTo(kind.code());
    assertThat(failure.message()).isEqualTo(MESSAGE);
    return failure.kind();
  }

  @Property
  void anyMessageIsValidJson(@ForAll String message) {
    for (String protocol : PROTOCOLS) {
      Refusal refusal = Refusal.of(protocol, Sdk.UNKNOWN, RefusalKind.BLOCKED, message, "call-1");

      assertThat(message(json(refusal))).isEqualTo(message);
    }
  }

  private static String message(JsonNode body) {
    if (body.path("error").isTextual()) {
      return body.path("error").asText();
    }
    return body.has("error") ? body.at("/error/message").asText() : body.path("message").asText();
  }

  private static JsonNode json(Refusal refusal) {
    try {
      return MAPPER.readTree(refusal.body());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Map<String, String> headers(Refusal refusal) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    List<String> list = refusal.headers();
    for (int i = 0; i < list.size(); i += 2) {
      headers.put(list.get(i), list.get(i + 1));
    }
    return headers;
  }
}
