package io.flyball.protocol.gemini;

import io.flyball.protocol.AskedModels;
import io.flyball.protocol.DearestTier;
import io.flyball.protocol.GatewayHeaders;
import io.flyball.protocol.HostedTools;
import io.flyball.protocol.PromptMedia;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.StoredInput.Kind;
import io.flyball.protocol.StoredInputs;
import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What the body of a request says. Google takes every field in lowerCamelCase and in snake_case
 * (Protocol Buffers' JSON mapping), and both are sent.
 */
final class GeminiRequest {
  private static final int MOST_STOP_SEQUENCES = 16;

  /** What is said there is said to who may answer instead, or by who hands the request on. */
  private static final JsonShape<GeminiRequest> ROUTES = routes();

  private static final JsonShape<GeminiRequest> SHAPE = shape();

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

  /** Of who may answer instead, as the next ones. */
  private Long candidatesInstead;

  private Long mostInstead;
  private boolean limitInstead;
  private final List<String> stopSequences = new ArrayList<>(0);
  private String mimeType;
  private boolean image;
  private boolean speech;
  private boolean tools;
  private int media;

  /** Null as long as there is none. */
  private HostedTools hosted;

  private boolean grounded;
  private boolean unlimited;

  /** How often its configuration stands in the request, and how many of those set a limit. */
  private int configs;

  private int limitedConfigs;

  /** Those of the configuration at hand. */
  private int limits;

  private String serviceTier;
  private final StoredInputs stored = new StoredInputs();
  private final AskedModels models = new AskedModels();

  private GeminiRequest() {}

  /** Null when the body is no JSON object. */
  static GeminiRequest read(byte[] body) {
    GeminiRequest request = new GeminiRequest();
    return JsonDocument.readInAnyCase(body, SHAPE, request) ? request : null;
  }

  private static JsonShape<GeminiRequest> shape() {
    JsonShape.Builder<GeminiRequest> config = paidConfig(JsonShape.builder());
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
    value(config, "stopSequences", "stop_sequences", GeminiRequest::stop);
    value(config, "responseMimeType", "response_mime_type", (r, v) -> r.mimeType = v.text());
    JsonShape<GeminiRequest> generationConfig =
        config.begin(r -> r.limits = 0).end(GeminiRequest::endConfig).build();
    JsonShape<GeminiRequest> media = PromptMedia.shape(r -> r.media++);
    JsonShape<GeminiRequest> inner =
        JsonShape.<GeminiRequest>builder()
            .inside("content", media)
            .value("model", GeminiRequest::model)
            .build();
    return paid(JsonShape.builder())
        .inside("content", media)
        .inside("requests", inner)
        .kind("contents", (r, kind) -> r.contents = told(r.contents, kind))
        .kind("content", (r, kind) -> r.content = told(r.content, kind))
        .kind("requests", (r, kind) -> r.requests = told(r.requests, kind))
        .kind(
            "generateContentRequest",
            (r, kind) -> r.generateContentRequest = told(r.generateContentRequest, kind))
        .kind(
            "generate_content_request",
            (r, kind) -> r.generateContentRequest = told(r.generateContentRequest, kind))
        .kind("generationConfig", (r, kind) -> r.configs++)
        .kind("generation_config", (r, kind) -> r.configs++)
        .inside("generationConfig", generationConfig)
        .inside("generation_config", generationConfig)
        .build();
  }

  /** Also under the names of others. */
  private static JsonShape<GeminiRequest> routes() {
    JsonShape.Builder<GeminiRequest> fields =
        AskedModels.lists(
                paid(paidConfig(JsonShape.builder())),
                (GeminiRequest r) -> r.models,
                shape -> paid(paidConfig(shape)))
            .value("max_tokens", GeminiRequest::limit)
            .value("max_completion_tokens", GeminiRequest::limit)
            .value("n", GeminiRequest::candidates)
            .value("model", (r, v) -> r.models.orElse(v));
    return GatewayHeaders.routes(fields, r -> r.models);
  }

  /** What of a configuration changes what may be billed. */
  private static JsonShape.Builder<GeminiRequest> paidConfig(
      JsonShape.Builder<GeminiRequest> config) {
    value(config, "maxOutputTokens", "max_output_tokens", GeminiRequest::limit);
    value(config, "candidateCount", "candidate_count", GeminiRequest::candidates);
    value(config, "responseModalities", "response_modalities", GeminiRequest::modality);
    return config;
  }

  /**
   * What else of a request changes what may be billed for it, whoever it is said to: also to those
   * who answer instead.
   */
  private static JsonShape.Builder<GeminiRequest> paid(JsonShape.Builder<GeminiRequest> request) {
    value(
        request,
        "serviceTier",
        "service_tier",
        (r, v) -> r.serviceTier = DearestTier.of(r.serviceTier, tier(v)));
    JsonShape<GeminiRequest> media = PromptMedia.shape(r -> r.media++);
    JsonShape<GeminiRequest> tool =
        JsonShape.<GeminiRequest>builder()
            .kind("googleSearch", GeminiRequest::searches)
            .kind("google_search", GeminiRequest::searches)
            .kind("googleSearchRetrieval", GeminiRequest::searches)
            .kind("google_search_retrieval", GeminiRequest::searches)
            .kind("enterpriseWebSearch", GeminiRequest::searches)
            .kind("enterprise_web_search", GeminiRequest::searches)
            .kind("retrieval", GeminiRequest::retrieves)
            .kind("googleMaps", GeminiRequest::searches)
            .kind("google_maps", GeminiRequest::searches)
            .build();
    return request
        .value("model", GeminiRequest::model)
        .inside("contents", media)
        .inside("systemInstruction", media)
        .inside("system_instruction", media)
        .inside("tools", tool)
        .kind("cachedContent", (r, kind) -> r.stored.given(Kind.CACHE, kind))
        .value("cachedContent", (r, v) -> r.stored.named(Kind.CACHE, v))
        .kind("cached_content", (r, kind) -> r.stored.given(Kind.CACHE, kind))
        .value("cached_content", (r, v) -> r.stored.named(Kind.CACHE, v))
        .element("tools", r -> r.tools = true);
  }

  /** What headers tell a gateway. */
  void routedBy(RequestHead head) {
    GatewayHeaders.read(head, ROUTES, this, models::orElse);
  }

  private static void value(
      JsonShape.Builder<GeminiRequest> shape,
      String name,
      String snakeCase,
      BiConsumer<GeminiRequest, JsonValue> told) {
    shape.value(name, told).value(snakeCase, told);
  }

  /** Google charges for a query, or for an answer with one or more, as the model is. */
  private void searches(JsonKind kind) {
    if (kind != JsonKind.NULL) {
      hosted = hosted == null ? new HostedTools() : hosted;
      hosted.offer("google_search");
      grounded = true;
    }
  }

  /** Protocol Buffers take the number of a name as well; which one is the dearest may change. */
  private static String tier(JsonValue value) {
    return value.count() == null ? value.text() : "priority";
  }

  /** Google charges for what is looked up in stores of one's own as well. */
  private void retrieves(JsonKind kind) {
    if (kind != JsonKind.NULL) {
      hosted = hosted == null ? new HostedTools() : hosted;
      hosted.offer("retrieval");
    }
  }

  private Map<String, Long> toolUses() {
    if (hosted == null) {
      return null;
    }
    if (grounded) {
      hosted.offer("grounded_prompt", 1);
      grounded = false;
    }
    return hosted.uses();
  }

  /** Google goes by the path; the body has the name of a resource, as the path has before it. */
  private void model(JsonValue value) {
    String name = value.text();
    models.orElse(name == null ? null : name.substring(name.lastIndexOf('/') + 1));
  }

  AskedModels models() {
    return models;
  }

  /** Which of two under one name counts is the server's choice; none is one of both. */
  private void limit(JsonValue value) {
    Long told = value.count();
    unlimited |= told == null || told == 0;
    if (models.isInstead()) {
      limitInstead = true;
      mostInstead = larger(mostInstead, told);
      return;
    }
    limits++;
    maxOutputTokens = larger(maxOutputTokens, told);
  }

  private void candidates(JsonValue value) {
    Long told = value.countAtMost();
    if (models.isInstead()) {
      candidatesInstead = larger(candidatesInstead, told);
    } else {
      candidateCount = larger(candidateCount, told);
    }
  }

  private void endConfig() {
    limitedConfigs += limits > 0 ? 1 : 0;
  }

  /** Of a configuration that stands twice, the one that counts may be the one without a limit. */
  private boolean isUnlimited() {
    boolean instead = maxOutputTokens == null && mostInstead != null;
    return unlimited || instead || (limitedConfigs > 0 && configs > limitedConfigs);
  }

  /** A field that stands twice, and once is null, is there for one server or another. */
  private static JsonKind told(JsonKind known, JsonKind kind) {
    return isContents(kind) || !isContents(known) ? kind : known;
  }

  private static Long larger(Long known, Long told) {
    return told == null || (known != null && known > told) ? known : told;
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

  /** Whether all that is asked is content that the provider keeps, where the path says so. */
  boolean asksOfKept(GeminiMethod method) {
    return (method == GeminiMethod.GENERATE || method == GeminiMethod.STREAM_GENERATE)
        && !stored.all().isEmpty();
  }

  /** A list of contents; a single one is taken for a list of one. */
  private static boolean isContents(JsonKind kind) {
    return kind == JsonKind.ARRAY || kind == JsonKind.OBJECT;
  }

  /**
   * @param tier what a header says of the tier of service, or null
   */
  void tell(RequestFacts.Builder facts, String tier) {
    Long most = larger(maxOutputTokens, mostInstead);
    Long answers = larger(candidateCount, candidatesInstead);
    facts
        .maxOutputTokens(most == null || most == 0 ? null : most)
        .outputUnlimited(isUnlimited())
        .limitElsewhere(limitInstead)
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
        .answers(answers == null ? 1 : answers)
        .stopSequences(stopSequences)
        .outputType(outputType())
        .serviceTier(DearestTier.of(serviceTier, tier))
        .tools(tools)
        .toolUses(toolUses())
        .media(media)
        .otherModels(models.others())
        .storedInputs(stored.all());
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
