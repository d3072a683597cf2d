package io.flyball.protocol.gemini;

import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What the body of a request says. Google takes every field in lowerCamelCase and in snake_case
 * (Protocol Buffers' JSON mapping), and both are sent.
 */
final class GeminiRequest {
  private static final int MOST_STOP_SEQUENCES = 16;
  private static final JsonShape<GeminiRequest> SHAPE = shape();

  private boolean jsonRpc;
  private JsonKind contents;
  private JsonKind content;
  private JsonKind requests;
  private JsonKind generateContentRequest;

  private Long maxOutputTokens;
  private Double temperature;
  private Double topP;
  private Double topK;
  private Double frequencyPenalty;
  private Double presencePenalty;
  private Long seed;
  private Long candidateCount;
  private final List<String> stopSequences = new ArrayList<>(0);
  private String mimeType;
  private boolean image;
  private boolean speech;
  private boolean tools;
  private String serviceTier;

  private GeminiRequest() {}

  /** Null when the body is no JSON object. */
  static GeminiRequest read(byte[] body) {
    GeminiRequest request = new GeminiRequest();
    return JsonDocument.read(body, SHAPE, request) ? request : null;
  }

  private static JsonShape<GeminiRequest> shape() {
    JsonShape.Builder<GeminiRequest> config = JsonShape.builder();
    value(config, "maxOutputTokens", "max_output_tokens", (r, v) -> r.maxOutputTokens = v.count());
    value(config, "temperature", "temperature", (r, v) -> r.temperature = v.decimal());
    value(config, "topP", "top_p", (r, v) -> r.topP = v.decimal());
    value(config, "topK", "top_k", (r, v) -> r.topK = v.decimal());
    value(
        config,
        "frequencyPenalty",
        "frequency_penalty",
        (r, v) -> r.frequencyPenalty = v.decimal());
    value(config, "presencePenalty", "presence_penalty", (r, v) -> r.presencePenalty = v.decimal());
    value(config, "seed", "seed", (r, v) -> r.seed = v.integer());
    value(config, "candidateCount", "candidate_count", (r, v) -> r.candidateCount = v.count());
    value(config, "stopSequences", "stop_sequences", GeminiRequest::stop);
    value(config, "responseMimeType", "response_mime_type", (r, v) -> r.mimeType = v.text());
    value(config, "responseModalities", "response_modalities", GeminiRequest::modality);
    JsonShape<GeminiRequest> generationConfig = config.build();
    JsonShape.Builder<GeminiRequest> request = JsonShape.builder();
    value(request, "serviceTier", "service_tier", (r, v) -> r.serviceTier = v.text());
    return request
        .kind("jsonrpc", (r, kind) -> r.jsonRpc = true)
        .kind("contents", (r, kind) -> r.contents = kind)
        .kind("content", (r, kind) -> r.content = kind)
        .kind("requests", (r, kind) -> r.requests = kind)
        .kind("generateContentRequest", (r, kind) -> r.generateContentRequest = kind)
        .kind("generate_content_request", (r, kind) -> r.generateContentRequest = kind)
        .inside("generationConfig", generationConfig)
        .inside("generation_config", generationConfig)
        .element("tools", r -> r.tools = true)
        .build();
  }

  private static void value(
      JsonShape.Builder<GeminiRequest> shape,
      String name,
      String snakeCase,
      BiConsumer<GeminiRequest, JsonValue> told) {
    shape.value(name, told).value(snakeCase, told);
  }

  private void stop(JsonValue value) {
    if (value.isString() && stopSequences.size() < MOST_STOP_SEQUENCES) {
      stopSequences.add(value.text());
    }
  }

  private void modality(JsonValue value) {
    image |= value.is("IMAGE");
    speech |= value.is("AUDIO");
  }

  /** Whether the body has the shape of a request to that method. */
  boolean isFor(GeminiMethod method) {
    if (jsonRpc) {
      return false;
    }
    switch (method) {
      case GENERATE:
      case STREAM_GENERATE:
        return isContents(contents);
      case EMBED:
        return content == JsonKind.OBJECT;
      case BATCH_EMBED:
        return requests == JsonKind.ARRAY;
      case COUNT_TOKENS:
        return isContents(contents) || generateContentRequest == JsonKind.OBJECT;
    }
    return false;
  }

  /** A list of contents; a single one is taken for a list of one. */
  private static boolean isContents(JsonKind kind) {
    return kind == JsonKind.ARRAY || kind == JsonKind.OBJECT;
  }

  void tell(RequestFacts.Builder facts) {
    facts
        .maxOutputTokens(maxOutputTokens == null || maxOutputTokens == 0 ? null : maxOutputTokens)
        .temperature(temperature)
        .topP(topP)
        .topK(topK)
        .frequencyPenalty(frequencyPenalty)
        .presencePenalty(presencePenalty)
        .seed(seed)
        .choices(
            candidateCount == null || candidateCount != candidateCount.intValue()
                ? null
                : (Integer) candidateCount.intValue())
        .answers(candidateCount == null ? 1 : candidateCount)
        .stopSequences(stopSequences)
        .outputType(outputType())
        .serviceTier(serviceTier)
        .tools(tools);
  }

  private String outputType() {
    if (speech) {
      return "speech";
    }
    if (image) {
      return "image";
    }
    if (mimeType == null) {
      return null;
    }
    return mimeType.equals("application/json") ? "json" : "text";
  }
}
