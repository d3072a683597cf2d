package io.flyball.protocol.anthropic;

import io.flyball.protocol.AskedModels;
import io.flyball.protocol.AskedThinking;
import io.flyball.protocol.DearestTier;
import io.flyball.protocol.GatewayHeaders;
import io.flyball.protocol.HostedTools;
import io.flyball.protocol.PromptMedia;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.StoredInput;
import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the body of a messages or count_tokens request says. */
final class AnthropicRequest {
  private static final int MOST_STOP_SEQUENCES = 16;

  /** What is said there is said to who may answer instead, or by who hands the request on. */
  private static final JsonShape<AnthropicRequest> ROUTES = routes();

  private static final JsonShape<AnthropicRequest> SHAPE = shape();

  private boolean messages;
  private final AskedModels models = new AskedModels();
  private Long maxTokens;

  /** Of who may answer instead. */
  private Long most;

  private boolean limitInstead;
  private boolean stream;
  private Double temperature;
  private Double topP;
  private Double topK;
  private final List<String> stopSequences = new ArrayList<>(0);
  private String format;
  private String serviceTier;
  private String speed;
  private Boolean reasons;

  /** Null as long as no gateway is told how much. */
  private AskedThinking thinking;

  /** Whether a gateway (LiteLLM, Helicone) keeps the prompt, and the body names it. */
  private boolean keptPrompt;

  /** Whether OpenRouter adds what it keeps under a name: a prompt, and models. */
  private boolean preset;

  private String region;
  private boolean tools;
  private boolean unlimited;
  private int media;

  /** Null as long as there is none. */
  private HostedTools hosted;

  private AnthropicRequest() {}

  /** Null when the body is no JSON object. */
  static AnthropicRequest read(byte[] body) {
    AnthropicRequest request = new AnthropicRequest();
    return JsonDocument.readInAnyCase(body, SHAPE, request) ? request : null;
  }

  private static JsonShape<AnthropicRequest> shape() {
    JsonShape<AnthropicRequest> format =
        JsonShape.<AnthropicRequest>builder()
            .value("type", (request, v) -> request.format = v.text())
            .build();
    JsonShape<AnthropicRequest> outputConfig =
        JsonShape.<AnthropicRequest>builder().inside("format", format).build();
    return withLists(paid(JsonShape.builder()))
        .inside("providerOptions", ROUTES)
        .kind("messages", (request, kind) -> request.messages |= kind == JsonKind.ARRAY)
        .value("stream", (request, v) -> request.stream = v.isTrue())
        .exactly("stream")
        .value("temperature", (request, v) -> request.temperature = v.decimal())
        .value("top_p", (request, v) -> request.topP = v.decimal())
        .value("top_k", (request, v) -> request.topK = v.decimal())
        .kind("stop_sequences", (request, kind) -> request.stopSequences.clear())
        .value("stop_sequences", AnthropicRequest::stop)
        .inside("output_config", outputConfig)
        .inside("output_format", format)
        .build();
  }

  private static JsonShape.Builder<AnthropicRequest> withLists(
      JsonShape.Builder<AnthropicRequest> shape) {
    return AskedModels.lists(shape, request -> request.models, AnthropicRequest::paid);
  }

  /** Also under the names of others. */
  private static JsonShape<AnthropicRequest> routes() {
    JsonShape.Builder<AnthropicRequest> fields =
        withLists(paid(JsonShape.builder()))
            .value("max_completion_tokens", AnthropicRequest::limit)
            .value("max_output_tokens", AnthropicRequest::limit)
            .value("maxTokens", AnthropicRequest::limit)
            .value("budgetTokens", AnthropicRequest::thinkingMost)
            .value("budget_tokens", AnthropicRequest::thinkingMost)
            .value("serviceTier", AnthropicRequest::tier);
    return GatewayHeaders.routes(fields, request -> request.models);
  }

  /**
   * What of a request changes what may be billed for it, whoever it is said to: also to those who
   * answer instead.
   */
  private static JsonShape.Builder<AnthropicRequest> paid(
      JsonShape.Builder<AnthropicRequest> shape) {
    JsonShape<AnthropicRequest> media = PromptMedia.shape(request -> request.media++);
    JsonShape<AnthropicRequest> tool =
        JsonShape.<AnthropicRequest>builder()
            .begin(request -> request.hosted().begin())
            .value("type", (request, v) -> request.hosted().type(v))
            .value("model", (request, v) -> request.hosted().model(v))
            .value("max_uses", (request, v) -> request.hosted().most(v))
            .end(request -> request.hosted().end())
            .build();
    return shape
        .inside("messages", media)
        .inside("system", media)
        .inside("tools", tool)
        .value("model", (request, v) -> request.models.ask(v))
        .value("max_tokens", AnthropicRequest::limit)
        .value("service_tier", AnthropicRequest::tier)
        .inside(
            "thinking",
            JsonShape.<AnthropicRequest>builder()
                .value("type", AnthropicRequest::thinking)
                .value("budget_tokens", AnthropicRequest::thinkingMost)
                .value("budgetTokens", AnthropicRequest::thinkingMost)
                .build())
        .kind("preset", (request, kind) -> request.preset |= kind != JsonKind.NULL)
        .value("preset", (request, v) -> request.models.orElse(AskedModels.preset(v)))
        .kind("prompt_id", (request, kind) -> request.keptPrompt |= kind != JsonKind.NULL)
        .value("speed", AnthropicRequest::speed)
        .value("inference_geo", AnthropicRequest::region)
        .element("tools", request -> request.tools = true);
  }

  /** What headers tell a gateway. */
  void routedBy(RequestHead head) {
    GatewayHeaders.read(head, ROUTES, this, models::orElse);
  }

  private void tier(JsonValue value) {
    if (models.isInstead()) {
      serviceTier = DearestTier.of(serviceTier, value.text());
    } else {
      serviceTier = value.text();
    }
  }

  private HostedTools hosted() {
    hosted = hosted == null ? new HostedTools() : hosted;
    return hosted;
  }

  /** Which of two under one name counts is the server's choice; none is one of both. */
  private void limit(JsonValue value) {
    Long told = value.count();
    unlimited |= told == null || told == 0;
    if (models.isInstead()) {
      limitInstead = true;
      most = told == null || (most != null && most > told) ? most : told;
      return;
    }
    maxTokens = told == null || (maxTokens != null && maxTokens > told) ? maxTokens : told;
  }

  /** Said twice, it may think. */
  private void thinking(JsonValue value) {
    boolean thinks = !value.is("disabled");
    if (thinks || !models.isInstead()) {
      reasons = thinks || Boolean.TRUE.equals(reasons);
    }
  }

  /** Anthropic's own lies within the limit; gateways add what they are told themselves. */
  private void thinkingMost(JsonValue value) {
    if (models.isInstead()) {
      thinking = thinking == null ? new AskedThinking() : thinking;
      thinking.beside(value);
    }
  }

  private void speed(JsonValue value) {
    if (value.is("fast") || !models.isInstead()) {
      speed = "fast".equals(speed) ? speed : value.text();
    }
  }

  /** Everywhere is the cheapest. */
  private void region(JsonValue value) {
    String told = value.text();
    boolean cheapest = region == null || region.equals("global");
    region = cheapest && !(models.isInstead() && value.is("global")) ? told : region;
  }

  private void stop(JsonValue value) {
    if (value.isString() && stopSequences.size() < MOST_STOP_SEQUENCES) {
      stopSequences.add(value.text());
    }
  }

  /** Named twice, one of both counts, and which one is the server's choice. */
  boolean hasMessages() {
    return messages;
  }

  /** Whether it is a whole request but for its prompt, which a gateway keeps. */
  boolean namesKeptPrompt() {
    return keptPrompt && models.model() != null;
  }

  /** Null when the body names none. */
  String model() {
    return models.model();
  }

  /** Null when the body sets no limit. */
  Long maxTokens() {
    return maxTokens;
  }

  AskedModels models() {
    return models;
  }

  void tell(RequestFacts.Builder facts) {
    if (hosted != null) {
      hosted.advisers().forEach(models::orElse);
    }
    Long limit = most == null || (maxTokens != null && maxTokens > most) ? maxTokens : most;
    long thought = thinking == null ? 0 : thinking.beyond(limit, true);
    facts.model(models.model()).otherModels(models.others()).stream(stream)
        .maxOutputTokens(AskedThinking.with(limit, thought))
        .outputUnlimited(unlimited || (maxTokens == null && most != null))
        // A lower limit would hold for the answer alone.
        .limitElsewhere(limitInstead || thought > 0)
        .temperature(temperature)
        .topP(topP)
        .topK(topK)
        .stopSequences(stopSequences)
        .outputType(format != null && format.startsWith("json") ? "json" : null)
        .serviceTier(serviceTier)
        .speed(speed)
        .reasons(reasons)
        .region(region)
        .tools(tools)
        .describedTools(hosted == null ? 0 : hosted.described())
        .toolUses(hosted == null ? null : hosted.uses())
        .advice(hosted == null ? 0 : hosted.advice())
        .media(media)
        .storedInputs(
            keptPrompt || preset
                ? Collections.singletonList(new StoredInput(StoredInput.Kind.PROMPT, null))
                : null);
  }
}
