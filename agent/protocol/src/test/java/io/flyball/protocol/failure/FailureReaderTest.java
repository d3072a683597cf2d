package io.flyball.protocol.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the words of the providers mean. */
class FailureReaderTest {
  private static final Function<String, String> NO_HEADERS = name -> null;

  @ParameterizedTest
  @CsvSource({
    "302, INVALID_REQUEST",
    "307, INVALID_REQUEST",
    "400, INVALID_REQUEST",
    "401, AUTHENTICATION",
    "402, QUOTA",
    "403, AUTHENTICATION",
    "404, NOT_FOUND",
    "405, INVALID_REQUEST",
    "408, TIMEOUT",
    "409, OVERLOADED",
    "413, INVALID_REQUEST",
    "415, INVALID_REQUEST",
    "418, INVALID_REQUEST",
    "422, INVALID_REQUEST",
    "424, INVALID_REQUEST",
    "425, OVERLOADED",
    "429, RATE_LIMIT",
    "498, OVERLOADED",
    "500, SERVER_ERROR",
    "502, SERVER_ERROR",
    "503, OVERLOADED",
    "504, TIMEOUT",
    "520, SERVER_ERROR",
    "529, OVERLOADED",
    "599, SERVER_ERROR",
    "600, UNKNOWN",
    "999, UNKNOWN"
  })
  void theStatusAloneSaysThat(int status, FailureKind kind) {
    for (String body :
        Arrays.asList("", "<html>sorry</html>", "{\"error\":null}", "{\"error\":{\"mess")) {
      ProviderFailure failure = ofStatus(status, body);

      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure.retryAfterNanos()).isEqualTo(-1);
      assertThat(failure.type()).isNull();
      assertThat(failure.message()).isNull();
    }
    assertThat(FailureReader.ofStatus(status, NO_HEADERS, null, 0).kind()).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "RATE_LIMIT, true, true, false",
    "OVERLOADED, true, true, false",
    "SERVER_ERROR, true, true, false",
    "CONNECTION, true, true, false",
    "TIMEOUT, true, true, false",
    "MALFORMED, true, true, false",
    "QUOTA, false, true, false",
    "AUTHENTICATION, false, true, false",
    "NOT_FOUND, false, true, false",
    "CONTEXT_WINDOW, false, false, true",
    "CONTENT_FILTER, false, false, true",
    "INVALID_REQUEST, false, false, true"
  })
  void theKindSaysWhatHelps(
      FailureKind kind, boolean retryable, boolean fallBack, boolean callerFault) {
    assertThat(kind.isRetryable()).isEqualTo(retryable);
    assertThat(kind.mayFallBack()).isEqualTo(fallBack);
    assertThat(kind.isCallerFault()).isEqualTo(callerFault);
    assertThat(kind.needsLargerWindow()).isEqualTo(kind == FailureKind.CONTEXT_WINDOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // OpenAI and what is compatible with it
        "This model's maximum context length is 8192 tokens. However, your messages resulted in"
            + " 9001 tokens.",
        "Your input exceeds the context window of this model. Please adjust your input.",
        "This endpoint's maximum context length is 128000 tokens. However, you requested about"
            + " 130041 tokens",
        "Please reduce the length of the messages or completion.",
        // vLLM, sglang
        "This model's maximum context length is 4096 tokens, however you requested 5000",
        "The decoder prompt (length 5000) is longer than the maximum model length of 4096.",
        "The prompt (total length 5000) is too long to fit into the model (context length 4096).",
        "The input (20345 tokens) is longer than the model's context length (16384 tokens).",
        "Requested token count exceeds the model's maximum context length of 8192 tokens.",
        // Anthropic
        "prompt is too long: 209303 tokens > 200000 maximum",
        "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, decrease"
            + " input length or `max_tokens` and try again",
        // Gemini, Vertex
        "The input token count (1113812) exceeds the maximum number of tokens allowed (1048576).",
        "The input token count exceeds the maximum number of tokens allowed 1048576.",
        "Unable to submit request because the input token count is 1113812 but model only supports"
            + " up to 1048576. Reduce the input token count and try again.",
        "input token count (1113812) exceeds",
        // Bedrock
        "Input is too long for requested model.",
        "The model returned the following errors: {\"type\":\"error\",\"error\":{\"type\":"
            + "\"invalid_request_error\",\"message\":\"prompt is too long: 209303 tokens > 200000"
            + " maximum\"}}",
        "Too many input tokens. Max input tokens: 8192, request input token count: 9000",
        "Input Tokens Exceeded: Number of input tokens exceeds maximum length. Please update the"
            + " input to try again.",
        "This model's maximum prompt length is 131072 but the request contains 537812 tokens.",
        // Ollama, llama.cpp, LM Studio
        "the input length exceeds the context length",
        "prompt too long; exceeded max context length by 4 tokens",
        "the request exceeds the available context size, try increasing it",
        "The number of tokens to keep from the initial prompt is greater than the context length.",
        // Mistral, Cohere, Text Generation Inference, Fireworks
        "Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum"
            + " context length",
        "too many tokens: total number of tokens in the prompt cannot exceed 4081 - received 5000.",
        "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. Given: 4000",
        "Input validation error: `inputs` must have less than 1024 tokens. Given: 2000",
        "The prompt is too long: 140000, model maximum context length: 131071",
        // DashScope, Z.ai, Moonshot, MiniMax, GitHub
        "Range of input length should be [1, 30720]",
        "Prompt exceeds max length",
        "Invalid request: Your request exceeded model token limit: 8192",
        "invalid params, context window exceeds limit (2013)",
        "prompt token count of 70000 exceeds the limit of 64000",
        // Groq, OpenAI: more than a minute allows
        "Request too large for model `llama-3.1-8b` in organization `org` on tokens per minute"
            + " (TPM): Limit 6000, Requested 9000",
        // Told by a gateway
        "litellm.BadRequestError: AnthropicException - b'{\"type\":\"error\",\"error\":{\"type\":"
            + "\"invalid_request_error\",\"message\":\"prompt is too long: 2 tokens > 1"
            + " maximum\"}}'. Received Model Group=x",
        "Error code: 400 - {'error': {'message': \"This model's maximum context length is 8192"
            + " tokens\", 'type': 'invalid_request_error'}}"
      })
  void promptsThatDoNotFitAreToldFromOtherWrongs(String message) {
    for (int status : new int[] {400, 413, 422}) {
      assertThat(ofStatus(status, error(message, "invalid_request_error")).kind())
          .isEqualTo(FailureKind.CONTEXT_WINDOW);
      assertThat(ofStatus(status, "{\"message\":" + quoted(message) + "}").kind())
          .isEqualTo(FailureKind.CONTEXT_WINDOW);
      assertThat(ofStatus(status, "{\"error\":" + quoted(message) + "}").kind())
          .isEqualTo(FailureKind.CONTEXT_WINDOW);
    }
    for (String type : new String[] {null, "server_error", "validationException", "400", "500"}) {
      assertThat(FailureReader.ofEvent(type, message).kind()).isEqualTo(FailureKind.CONTEXT_WINDOW);
    }
    for (int status : new int[] {401, 403, 404, 500, 503}) {
      assertThat(ofStatus(status, error(message, "t")).kind())
          .isNotEqualTo(FailureKind.CONTEXT_WINDOW);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Invalid value: 'prompt is too long'. Supported values are: 'low', 'medium' and 'high'.",
        "Invalid value: \"input is too long\" is not a tool.",
        "1 validation error for Request: input_value='maximum context length', input_type=str",
        "[{'type': 'missing', 'loc': ('body', 'x'), 'msg': 'Field required', 'input': {'messages':"
            + " [{'role': 'user', 'content': 'it says prompt is too long: 5 tokens'}]}}]",
        "Unexpected role 'maximum context length is 8192",
        "max_tokens is too large: 100000. This model supports at most 16384 completion tokens",
        "Too many tokens, please wait before trying again.",
        "Invalid 'messages[0].content': string too long. Expected a string with maximum length"
            + " 10485760, but got a string with length 11000000 instead."
      })
  void whatTheUserWroteIsNotTheError(String message) {
    assertThat(ofStatus(400, error(message, "invalid_request_error")).kind())
        .isEqualTo(FailureKind.INVALID_REQUEST);
    assertThat(FailureReader.ofEvent("invalid_request_error", message).kind())
        .isEqualTo(FailureKind.INVALID_REQUEST);
  }

  @Test
  void onlyTheErrorsOwnFieldsAreLookedAt() {
    String body =
        "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\",\"param\":"
            + "\"prompt is too long\",\"failed_generation\":\"maximum context length is\"},"
            + "\"input\":\"insufficient_quota\",\"prompt\":{\"code\":\"content_filter\"}}";

    assertThat(ofStatus(400, body).kind()).isEqualTo(FailureKind.INVALID_REQUEST);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "400 | {'error':{'message':'m','code':'context_length_exceeded'}} | CONTEXT_WINDOW",
        "413 | {'error':{'message':'Request body too large for gpt-4o model. Max size: 8000 tokens.',"
            + "'code':'tokens_limit_reached'}} | CONTEXT_WINDOW",
        "429 | {'error':{'message':'Request too large for gpt-4o in organization org-1 on tokens"
            + " per min (TPM): Limit 30000, Requested 40000.','type':'tokens','code':"
            + "'rate_limit_exceeded'}} | CONTEXT_WINDOW",
        "400 | {'error':{'message':'Provider returned error','code':400,'metadata':{'raw':"
            + "'{\\\"error\\\":{\\\"message\\\":\\\"prompt is too long: 2 tokens > 1 maximum\\\"}}',"
            + "'provider_name':'Anthropic'}}} | CONTEXT_WINDOW",
        "400 | {'object':'error','message':'This model\\u0027s maximum context length is 4096',"
            + "'type':'BadRequestError','code':400} | CONTEXT_WINDOW",
        "422 | {'detail':[{'loc':['body'],'msg':'prompt is too long','input':'x'}]} | CONTEXT_WINDOW",
        "400 | {'error':{'code':400,'message':'m','type':'exceed_context_size_error'}} |"
            + " CONTEXT_WINDOW",
        "400 | {'error':{'message':'m','code':'content_filter','innererror':{'code':"
            + "'ResponsibleAIPolicyViolation'}}} | CONTENT_FILTER",
        "400 | {'error':{'message':'m','code':'x','innererror':{'code':"
            + "'ResponsibleAIPolicyViolation'}}} | CONTENT_FILTER",
        "400 | {'error':{'message':'m','code':'content_policy_violation'}} | CONTENT_FILTER",
        "400 | {'error':{'message':'Your request was rejected as a result of our safety system.'}}"
            + " | CONTENT_FILTER",
        "400 | {'type':'error','error':{'type':'invalid_request_error','message':'Output blocked by"
            + " content filtering policy'}} | CONTENT_FILTER",
        "400 | {'code':'DataInspectionFailed','message':'m','request_id':'1'} | CONTENT_FILTER",
        "403 | {'error':{'code':403,'message':'x requires moderation on y. Your input was flagged',"
            + "'metadata':{'reasons':['violence'],'flagged_input':'z'}}} | CONTENT_FILTER",
        "429 | {'error':{'message':'You exceeded your current quota, please check your plan and"
            + " billing details.','type':'insufficient_quota','code':'insufficient_quota'}} | QUOTA",
        "429 | {'error':{'message':'m','type':'insufficient_quota','code':"
            + "'project_spend_limit_exceeded'}} | QUOTA",
        "429 | {'error':{'message':'m','code':'organization_spend_limit_exceeded'}} | QUOTA",
        "429 | {'error':{'message':'m','code':'organization_usage_limit_exceeded'}} | QUOTA",
        "429 | {'error':{'message':'m','code':'credit_balance_exhausted'}} | QUOTA",
        "429 | {'type':'error','error':{'type':'rate_limit_error','message':'m','details':"
            + "{'error_code':'enforced_spend_limit_reached'}}} | QUOTA",
        "400 | {'type':'error','error':{'type':'invalid_request_error','message':'You have reached"
            + " your specified API usage limits. You will regain access on 2026-12-01'}} | QUOTA",
        "400 | {'type':'error','error':{'type':'invalid_request_error','message':'Your credit"
            + " balance is too low to access the Anthropic API.'}} | QUOTA",
        "402 | {'error':{'message':'Insufficient Balance','type':'unknown_error'}} | QUOTA",
        "429 | {'error':{'code':'1113','message':'Insufficient balance or no resource package.'}} |"
            + " QUOTA",
        "400 | {'code':'Arrearage','message':'Access denied, please make sure your account is in good"
            + " standing.','request_id':'1'} | QUOTA",
        "401 | {'error':{'message':'m','type':'insufficient_quota','code':401}} | QUOTA",
        "403 | {'error':{'message':'Key limit exceeded (total limit).','code':403}} | QUOTA",
        "403 | {'error':{'code':403,'message':'This API method requires billing to be enabled.',"
            + "'status':'PERMISSION_DENIED','details':[{'reason':'BILLING_DISABLED'}]}} | QUOTA",
        "429 | {'error':{'code':429,'message':'You exceeded your current quota, please check your"
            + " plan and billing details.','status':'RESOURCE_EXHAUSTED'}} | RATE_LIMIT",
        "429 | {'error':{'code':'429','message':'m'}} | RATE_LIMIT",
        "429 | {'error':{'message':'m','code':'slow_down'}} | OVERLOADED",
        "429 | {'message':'m','__type':'com.amazon.coral#ModelNotReadyException'} | OVERLOADED",
        "400 | {'error':{'code':400,'message':'API key not valid. Please pass a valid API key.',"
            + "'status':'INVALID_ARGUMENT','details':[{'reason':'API_KEY_INVALID'}]}} |"
            + " AUTHENTICATION",
        "400 | {'error':{'message':'m','code':'model_decommissioned'}} | NOT_FOUND",
        "400 | {'message':'m','__type':'com.amazon.coral.service#ThrottlingException'} | RATE_LIMIT",
        "424 | {'message':'m','__type':'ModelErrorException'} | SERVER_ERROR",
        "424 | {'error':{'message':'Error retrieving tool list from MCP server'}} |"
            + " INVALID_REQUEST",
        "400 | [{'error':{'code':400,'message':'The input token count (5) exceeds the maximum',"
            + "'status':'INVALID_ARGUMENT'}}] | CONTEXT_WINDOW",
        "400 | data: {'error':{'message':'m','code':'content_filter'}} | CONTENT_FILTER"
      })
  void everyProvidersWordIsKnown(int status, String body, FailureKind kind) {
    assertThat(ofStatus(status, body.replace('\'', '"')).kind()).isEqualTo(kind);
  }

  @Test
  void theErrorOfAnEventStreamIsReadWhateverItsStatus() {
    String body =
        "id:1\nevent:error\n:HTTP_STATUS/400\ndata:{\"code\":\"Arrearage\",\"message\":\"m\"}\n\n";

    ProviderFailure failure = ofStatus(400, body);

    assertThat(failure.kind()).isEqualTo(FailureKind.QUOTA);
    assertThat(failure.type()).isEqualTo("Arrearage");
    assertThat(failure.message()).isEqualTo("m");
  }

  @Test
  void amazonsHeaderNamesTheError() {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("X-Amzn-ErrorType", "ServiceQuotaExceededException:http://internal/coral/");

    ProviderFailure failure =
        FailureReader.ofStatus(400, headers::get, bytes("{\"message\":\"m\"}"), 0);

    assertThat(failure.kind()).isEqualTo(FailureKind.QUOTA);
    assertThat(failure.type()).isEqualTo("ServiceQuotaExceededException");
  }

  @Test
  void aBodyCutShortSaysWhatStandsBeforeTheCut() {
    ProviderFailure failure =
        ofStatus(429, "{\"error\":{\"message\":\"m\",\"code\":\"insufficient_quota\",\"par");

    assertThat(failure.kind()).isEqualTo(FailureKind.QUOTA);
    assertThat(failure.type()).isEqualTo("insufficient_quota");
    assertThat(failure.message()).isEqualTo("m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "rate_limit_error | m | RATE_LIMIT",
        "rate_limit_exceeded | m | RATE_LIMIT",
        "RESOURCE_EXHAUSTED | m | RATE_LIMIT",
        "throttlingException | Too many tokens, please wait before trying again. | RATE_LIMIT",
        "429 | m | RATE_LIMIT",
        "overloaded_error | Overloaded | OVERLOADED",
        "server_is_overloaded | m | OVERLOADED",
        "UNAVAILABLE | m | OVERLOADED",
        "503 | m | OVERLOADED",
        "DEADLINE_EXCEEDED | m | TIMEOUT",
        "timeout_error | m | TIMEOUT",
        "504 | m | TIMEOUT",
        "api_error | m | SERVER_ERROR",
        "server_error | m | SERVER_ERROR",
        "failed | - | SERVER_ERROR",
        "500 | - | SERVER_ERROR",
        "502 | - | SERVER_ERROR",
        "- | - | SERVER_ERROR",
        "modelStreamErrorException | m | SERVER_ERROR",
        "insufficient_quota | m | QUOTA",
        "billing_error | m | QUOTA",
        "enforced_spend_limit_reached | m | QUOTA",
        "402 | m | QUOTA",
        "rate_limit_exceeded | You exceeded your current quota | QUOTA",
        "authentication_error | m | AUTHENTICATION",
        "401 | m | AUTHENTICATION",
        "permission_error | m | AUTHENTICATION",
        "not_found_error | m | NOT_FOUND",
        "context_length_exceeded | m | CONTEXT_WINDOW",
        "content_filter | m | CONTENT_FILTER",
        "invalid_prompt | Your prompt was flagged as potentially violating our usage policy. |"
            + " CONTENT_FILTER",
        "invalid_request_error | m | INVALID_REQUEST",
        "invalid_image_url | m | INVALID_REQUEST",
        "INVALID_ARGUMENT | m | INVALID_REQUEST",
        "validationException | m | INVALID_REQUEST",
        "400 | m | INVALID_REQUEST",
        "something_new | m | SERVER_ERROR"
      })
  void errorsInsideAnAnswerAreUnderstood(String type, String message, FailureKind kind) {
    ProviderFailure failure = FailureReader.ofEvent(type, message);

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure.type()).isEqualTo(type);
    assertThat(failure.message()).isEqualTo(message);
    assertThat(failure.retryAfterNanos()).isEqualTo(-1);
  }

  @Test
  void theProvidersWordsStayOutOfTheLog() {
    ProviderFailure failure = ofStatus(400, error("secret words", "invalid_request_error"));

    assertThat(failure.message()).isEqualTo("secret words");
    assertThat(failure.toString()).doesNotContain("secret");
  }

  private static ProviderFailure ofStatus(int status, String body) {
    return FailureReader.ofStatus(status, NO_HEADERS, bytes(body), 0);
  }

  private static String error(String message, String type) {
    return "{\"error\":{\"message\":" + quoted(message) + ",\"type\":\"" + type + "\"}}";
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void anAnswerThatFailedByANameNobodyKnowsIsNotTakenToPass() {
    assertThat(FailureReader.ofAnswer("some_new_thing", "m").kind()).isEqualTo(FailureKind.UNKNOWN);
    assertThat(FailureKind.UNKNOWN.isRetryable()).isFalse();
    assertThat(FailureKind.UNKNOWN.mayFallBack()).isTrue();
    assertThat(FailureReader.ofAnswer("server_error", "m").kind())
        .isEqualTo(FailureKind.SERVER_ERROR);
    for (String policy : new String[] {"bio_policy", "cyber_policy", "new_policy_violation"}) {
      assertThat(FailureReader.ofAnswer(policy, "m").kind()).isEqualTo(FailureKind.CONTENT_FILTER);
      assertThat(FailureReader.ofEvent(policy, "m").kind()).isEqualTo(FailureKind.CONTENT_FILTER);
    }
    assertThat(FailureReader.ofAnswer("minimax_1008", "m").kind()).isEqualTo(FailureKind.QUOTA);
    assertThat(FailureReader.ofAnswer("1302", "m").kind()).isEqualTo(FailureKind.RATE_LIMIT);
    assertThat(FailureReader.ofAnswer(null, "Insufficient balance").kind())
        .isEqualTo(FailureKind.QUOTA);
  }
}
