package io.flyball.engine.telemetry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The names of OpenTelemetry's conventions for generative AI, version 1.41.1 of the semantic
 * conventions (all {@code gen_ai.*} is still in development there), and Flyball's own names for
 * what has no convention.
 */
public final class GenAiConventions {
  public static final String SCHEMA_URL = "https://opentelemetry.io/schemas/1.41.1";

  /** The instrumentation scope of all that Flyball emits. */
  public static final String SCOPE = "io.flyball";

  static final String OPERATION_NAME = "gen_ai.operation.name";
  static final String PROVIDER_NAME = "gen_ai.provider.name";
  static final String OUTPUT_TYPE = "gen_ai.output.type";
  static final String REQUEST_MODEL = "gen_ai.request.model";
  static final String REQUEST_CHOICE_COUNT = "gen_ai.request.choice.count";
  static final String REQUEST_SEED = "gen_ai.request.seed";
  static final String REQUEST_STREAM = "gen_ai.request.stream";
  static final String REQUEST_MAX_TOKENS = "gen_ai.request.max_tokens";
  static final String REQUEST_TEMPERATURE = "gen_ai.request.temperature";
  static final String REQUEST_TOP_P = "gen_ai.request.top_p";
  static final String REQUEST_TOP_K = "gen_ai.request.top_k";
  static final String REQUEST_FREQUENCY_PENALTY = "gen_ai.request.frequency_penalty";
  static final String REQUEST_PRESENCE_PENALTY = "gen_ai.request.presence_penalty";
  static final String REQUEST_STOP_SEQUENCES = "gen_ai.request.stop_sequences";
  static final String RESPONSE_ID = "gen_ai.response.id";
  static final String RESPONSE_MODEL = "gen_ai.response.model";
  static final String RESPONSE_FINISH_REASONS = "gen_ai.response.finish_reasons";
  static final String RESPONSE_TIME_TO_FIRST_CHUNK = "gen_ai.response.time_to_first_chunk";
  static final String USAGE_INPUT_TOKENS = "gen_ai.usage.input_tokens";
  static final String USAGE_OUTPUT_TOKENS = "gen_ai.usage.output_tokens";
  static final String USAGE_CACHE_READ = "gen_ai.usage.cache_read.input_tokens";
  static final String USAGE_CACHE_CREATION = "gen_ai.usage.cache_creation.input_tokens";
  static final String USAGE_REASONING = "gen_ai.usage.reasoning.output_tokens";
  static final String INPUT_MESSAGES = "gen_ai.input.messages";
  static final String OUTPUT_MESSAGES = "gen_ai.output.messages";
  static final String TOKEN_TYPE = "gen_ai.token.type";

  // These stand behind the namespace of the provider's API.
  static final String API_TYPE = ".api.type";
  static final String REQUEST_SERVICE_TIER = ".request.service_tier";
  static final String RESPONSE_SERVICE_TIER = ".response.service_tier";
  static final String RESPONSE_FINGERPRINT = ".response.system_fingerprint";

  static final String SERVER_ADDRESS = "server.address";
  static final String SERVER_PORT = "server.port";
  static final String HTTP_STATUS = "http.response.status_code";
  static final String ERROR_TYPE = "error.type";

  static final String CALL_ID = "flyball.call.id";
  static final String CALL_SITE = "flyball.call_site";
  static final String ROUTE = "flyball.route";
  static final String FEATURE = "flyball.feature";
  static final String TENANT = "flyball.tenant";
  static final String USER_HASH = "flyball.user_hash";
  static final String PROMPT_VERSION = "flyball.prompt_version";
  static final String COST = "flyball.cost.usd";
  static final String COST_WASTED = "flyball.cost.wasted.usd";
  static final String USAGE_ESTIMATED = "flyball.usage.estimated";
  static final String USAGE_SOURCE = "flyball.usage.source";
  static final String ATTEMPTS = "flyball.attempts";
  static final String ATTEMPT = "flyball.attempt";
  static final String ATTEMPT_PROVIDER = "flyball.attempt.provider";
  static final String ATTEMPT_REQUEST_MODEL = "flyball.attempt.request_model";
  static final String ATTEMPT_RESPONSE_MODEL = "flyball.attempt.response_model";
  static final String ATTEMPT_INPUT_TOKENS = "flyball.attempt.input_tokens";
  static final String ATTEMPT_OUTPUT_TOKENS = "flyball.attempt.output_tokens";
  static final String ATTEMPT_USD = "flyball.attempt.usd";
  static final String TARGET = "flyball.target";
  static final String OUTCOME = "flyball.outcome";

  static final String TOKEN_USAGE_METRIC = "gen_ai.client.token.usage";
  static final String OPERATION_DURATION_METRIC = "gen_ai.client.operation.duration";
  static final String TIME_TO_FIRST_CHUNK_METRIC = "gen_ai.client.operation.time_to_first_chunk";
  static final String TIME_PER_OUTPUT_CHUNK_METRIC =
      "gen_ai.client.operation.time_per_output_chunk";

  /** 1, 4, 16 ... 4^13 tokens. */
  static final List<Double> TOKEN_BUCKETS = powers(1, 4, 14);

  /** 32, 64, 128 ... 2^20 tokens: who doubles goes to the next. */
  static final List<Double> PROMPT_BUCKETS = powers(32, 2, 16);

  /** 0.01, 0.02, 0.04 ... 81.92 seconds. */
  static final List<Double> SECOND_BUCKETS = powers(0.01, 2, 14);

  private GenAiConventions() {}

  private static List<Double> powers(double first, int factor, int count) {
    List<Double> boundaries = new ArrayList<>(count);
    long multiple = 1;
    for (int i = 0; i < count; i++) {
      boundaries.add(first * multiple);
      multiple *= factor;
    }
    return Collections.unmodifiableList(boundaries);
  }
}
