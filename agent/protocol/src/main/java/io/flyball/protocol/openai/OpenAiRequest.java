package io.flyball.protocol.openai;

import io.flyball.protocol.AskedModels;
import io.flyball.protocol.AskedThinking;
import io.flyball.protocol.DearestTier;
import io.flyball.protocol.GatewayHeaders;
import io.flyball.protocol.HostedTools;
import io.flyball.protocol.PromptMedia;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.StoredInput;
import io.flyball.protocol.StoredInput.Kind;
import io.flyball.protocol.StoredInputs;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import io.flyball.protocol.provider.Providers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/** What the body of a request to an OpenAI path says, whichever of the APIs it is for. */
final class OpenAiRequest {
  private static final int MOST_STOP_SEQUENCES = 16;
  private static final String WEB_SEARCH = "web_search";

  private static final String LIVE_SEARCH = "live_search";

  /** Sources that a search takes unless told otherwise. */
  private static final long USUAL_SOURCES = 20;

  private static final String ONLINE = ":online";
  private static final int MOST_VARIABLES = 32;
  private static final String OCR_PAGE = "ocr_page";

  /** Longer files are refused. */
  private static final long MOST_PAGES = 1_000;

  /** Of gateways: fields that are handed on as if they stood at the top. */
  static final String EXTRA_BODY = "extra_body";

  /** What is answered later (Perplexity) is a request within one. */
  static final String DEFERRED = "request";

  /** Where gateways (Vercel, LiteLLM, TensorZero) are told so in the body. */
  private static final String[] ROUTES_AT_TOP = {
    "providerOptions", "router_settings_override", "user_config", "model_list", "tensorzero::params"
  };

  private static final String[] PROMPTS = {
    "prompt", "input", "instructions", "system", "messages", "contents"
  };

  private static final JsonShape<OpenAiRequest> MEDIA =
      PromptMedia.shape(request -> request.media++);

  private static final JsonShape<OpenAiRequest> CONTAINER =
      JsonShape.<OpenAiRequest>builder()
          .value("type", (request, v) -> request.hosted().environment(v))
          .value("memory_limit", (request, v) -> request.hosted().memory(v))
          .build();

  private static final JsonShape<OpenAiRequest> TOOL =
      JsonShape.<OpenAiRequest>builder()
          .begin(request -> request.hosted().begin())
          .value("type", (request, v) -> request.hosted().type(v))
          .value("model", (request, v) -> request.hosted().model(v))
          .value("max_uses", (request, v) -> request.hosted().mostIfMore(v))
          .inside("container", CONTAINER)
          .inside("environment", CONTAINER)
          .kind("input_image_mask", (request, kind) -> request.media++)
          .kind("google_search", OpenAiRequest::googles)
          .kind("googleSearch", OpenAiRequest::googles)
          .end(request -> request.hosted().end())
          .build();

  private static final JsonShape<OpenAiRequest> PLUGIN =
      AskedModels.lists(
              JsonShape.<OpenAiRequest>builder(),
              request -> request.models,
              UnaryOperator.identity())
          .begin(OpenAiRequest::beginPlugin)
          .value("id", OpenAiRequest::plugin)
          .value("max_results", (request, v) -> request.hosted().most(v))
          .inside(
              "pdf",
              JsonShape.<OpenAiRequest>builder().value("engine", OpenAiRequest::engine).build())
          .end(OpenAiRequest::endPlugin)
          .build();

  private static final JsonShape<OpenAiRequest> REASONING =
      JsonShape.<OpenAiRequest>builder()
          .value("effort", OpenAiRequest::effort)
          .value("enabled", OpenAiRequest::reasoning)
          .value("max_tokens", OpenAiRequest::reasoningMost)
          .value("exclude", (request, v) -> request.hidesReasoning |= v.isTrue())
          .build();

  private static final JsonShape<OpenAiRequest> THINKING =
      JsonShape.<OpenAiRequest>builder()
          .value("type", (request, v) -> request.reasons(!v.is("disabled")))
          .value("budget_tokens", OpenAiRequest::thinkingMost)
          .value("budgetTokens", OpenAiRequest::thinkingMost)
          .build();

  private static final JsonShape<OpenAiRequest> SEARCH =
      JsonShape.<OpenAiRequest>builder()
          .begin(request -> request.searchOff = false)
          .value("mode", (request, v) -> request.searchOff |= v.is("off"))
          .value("max_search_results", OpenAiRequest::sources)
          .end(request -> request.liveSearch |= !request.searchOff)
          .build();

  /** What is said there is said to who may answer instead, or by who hands the request on. */
  private static final JsonShape<OpenAiRequest> ROUTES = routes();

  private static final JsonShape<OpenAiRequest> SHAPE =
      shape()
          .kind(EXTRA_BODY, (request, kind) -> request.extraBody())
          .inside(
              EXTRA_BODY,
              shape()
                  .begin(OpenAiRequest::beginExtra)
                  .end(OpenAiRequest::endExtra)
                  // Who writes it by hand and for an SDK that does so, too.
                  .inside(
                      EXTRA_BODY,
                      JsonShape.<OpenAiRequest>builder().inside("google", google()).build())
                  .build())
          .build();

  private static final JsonShape<OpenAiRequest> DEFERRED_SHAPE =
      shape().inside(EXTRA_BODY, shape().build()).inside(DEFERRED, SHAPE).build();

  private JsonKind messages;
  private JsonKind prompt;
  private JsonKind input;
  private boolean continued;

  /** Whether a gateway (LiteLLM, Portkey) puts a prompt that it keeps before what is here. */
  private boolean keptPrompt;

  /** Whether Google puts content that it keeps before what is here. */
  private boolean keptContent;

  /** Whether OpenRouter adds what it keeps under a name: a prompt, and models. */
  private boolean preset;

  private boolean variables;
  private boolean agent;
  private final StoredInputs stored = new StoredInputs();
  private final InputItem item = new InputItem();
  private final StoredPrompt storedPrompt = new StoredPrompt();
  private boolean instructed;
  private boolean embedded;
  private long embeddedPrompts;

  /** xAI's search, which is charged for by the source. */
  private boolean liveSearch;

  private boolean searchOff;
  private Long mostSources;

  private final AskedModels models = new AskedModels();
  private String speed;
  private String region;
  private boolean stream;
  private final AskedLimit limit = new AskedLimit();
  private final AskedLimit responsesLimit = new AskedLimit();
  private Double temperature;
  private Double topP;
  private Double topK;
  private Double frequencyPenalty;
  private Double presencePenalty;
  private Long seed;
  private Long choices;

  /** Of who may answer instead. */
  private Long choicesInstead;

  private boolean inHeader;
  private Long bestOf;
  private long textPrompts;
  private long mostTextPrompts;
  private final List<String> stopSequences = new ArrayList<>(0);
  private String format;
  private boolean speech;
  private boolean image;

  /** Whether it is told to think; null where it says nothing of it. */
  private Boolean reasons;

  /** Whether what it thinks is not to be told. */
  private boolean hidesReasoning;

  /** Null as long as nothing is said of how much. */
  private AskedThinking thinking;

  /** Whether a gateway is asked that may add what is thought to the limit of the answer. */
  private boolean translated;

  private String serviceTier;
  private boolean tools;
  private int media;
  private boolean predicted;

  /** Null as long as there is none. */
  private HostedTools hosted;

  /** Of the plugin at hand. */
  private boolean searchPlugin;

  private boolean filePlugin;
  private boolean freeEngine;

  private boolean readsPages;
  private boolean searches;

  /** DashScope's search. */
  private boolean enablesSearch;

  private boolean googles;
  private Long mostToolCalls;
  private Long mostToolCallsInstead;

  private OpenAiRequest() {}

  /** Null when the body is no JSON object. */
  static OpenAiRequest read(byte[] body) {
    return read(body, SHAPE);
  }

  /** The same of what may be a request that is answered later. */
  static OpenAiRequest readDeferred(byte[] body) {
    return read(body, DEFERRED_SHAPE);
  }

  private static OpenAiRequest read(byte[] body, JsonShape<OpenAiRequest> shape) {
    OpenAiRequest request = new OpenAiRequest();
    return JsonDocument.readInAnyCase(body, shape, request) ? request : null;
  }

  /** A request, with what gateways take from other places of it. */
  private static JsonShape.Builder<OpenAiRequest> shape() {
    JsonShape<OpenAiRequest> format =
        JsonShape.<OpenAiRequest>builder()
            .value("type", (request, v) -> request.format = v.text())
            .build();
    JsonShape<OpenAiRequest> text =
        JsonShape.<OpenAiRequest>builder().inside("format", format).build();
    JsonShape<OpenAiRequest> storedPrompt =
        JsonShape.<OpenAiRequest>builder()
            .begin(request -> request.storedPrompt.begin())
            .value("id", (request, v) -> request.storedPrompt.id(v))
            .value("version", (request, v) -> request.storedPrompt.version(v))
            .kind("variables", OpenAiRequest::variables)
            .end(request -> request.storedPrompt.end(request.stored))
            .build();
    JsonShape.Builder<OpenAiRequest> shape = withLists(paid(JsonShape.builder()));
    for (String place : ROUTES_AT_TOP) {
      shape.inside(place, ROUTES);
    }
    return shape
        .inside("google", google())
        .kind("cached_content", (request, kind) -> request.keptContent |= given(kind))
        .value("additional_drop_params", OpenAiRequest::dropped)
        .inside("input", items())
        .kind("messages", (request, kind) -> request.messages = told(request.messages, kind))
        .kind("prompt", OpenAiRequest::prompt)
        .element("prompt", request -> request.textPrompts++)
        .value("prompt", OpenAiRequest::tokenOfPrompt)
        .kind("input", (request, kind) -> request.input = told(request.input, kind))
        .kind("instructions", (request, kind) -> request.instructed |= kind == JsonKind.STRING)
        .kind("prompt_embeds", (request, kind) -> request.embedded |= given(kind))
        .element("prompt_embeds", request -> request.embeddedPrompts++)
        .kind("prompt_id", (request, kind) -> request.keptPrompt |= given(kind))
        .kind("variables", (request, kind) -> request.variables |= kind == JsonKind.OBJECT)
        .kind("previous_response_id", (request, kind) -> request.goesOn(Kind.RESPONSE, kind))
        .value("previous_response_id", (request, v) -> request.stored.named(Kind.RESPONSE, v))
        .kind("agent_reference", (request, kind) -> request.agent |= kind == JsonKind.OBJECT)
        .kind("conversation", (request, kind) -> request.goesOn(Kind.CONVERSATION, kind))
        .inside("prompt", storedPrompt)
        .value("stream", (request, v) -> request.stream = v.isTrue())
        // What is added to a stream would be refused in what is none.
        .exactly("stream")
        .value("temperature", (request, v) -> request.temperature = v.decimal())
        .value("top_p", (request, v) -> request.topP = v.decimal())
        .value("top_k", (request, v) -> request.topK = v.decimal())
        .value("frequency_penalty", (request, v) -> request.frequencyPenalty = v.decimal())
        .value("presence_penalty", (request, v) -> request.presencePenalty = v.decimal())
        .value("seed", (request, v) -> request.seed = v.integer())
        .kind("stop", (request, kind) -> request.stopSequences.clear())
        .value("stop", OpenAiRequest::stop)
        .inside("response_format", format)
        .inside("text", text);
  }

  /** What Google's endpoint for OpenAI's format takes besides, in either spelling. */
  private static JsonShape<OpenAiRequest> google() {
    JsonShape<OpenAiRequest> thinking =
        JsonShape.<OpenAiRequest>builder()
            .value("thinking_budget", OpenAiRequest::reasoningTokens)
            .value("thinkingBudget", OpenAiRequest::reasoningTokens)
            .build();
    return JsonShape.<OpenAiRequest>builder()
        .kind("cached_content", (request, kind) -> request.keptContent |= given(kind))
        .kind("cachedContent", (request, kind) -> request.keptContent |= given(kind))
        .inside("thinking_config", thinking)
        .inside("thinkingConfig", thinking)
        .build();
  }

  private static JsonShape.Builder<OpenAiRequest> withLists(
      JsonShape.Builder<OpenAiRequest> shape) {
    return AskedModels.lists(shape, request -> request.models, OpenAiRequest::paid);
  }

  /** Also as who writes JavaScript names them. */
  private static JsonShape<OpenAiRequest> routes() {
    JsonShape.Builder<OpenAiRequest> fields =
        withLists(paid(JsonShape.builder()))
            .value("maxTokens", OpenAiRequest::limit)
            .value("maxCompletionTokens", OpenAiRequest::limit)
            .value("maxOutputTokens", OpenAiRequest::responsesLimit)
            .value("serviceTier", OpenAiRequest::tier)
            .value("budgetTokens", OpenAiRequest::thinkingMost)
            .value("budget_tokens", OpenAiRequest::thinkingMost)
            .kind("prompt_id", (request, kind) -> request.keptPrompt |= given(kind));
    for (String prompt : PROMPTS) {
      fields.kind(prompt, (request, kind) -> request.keptPrompt |= request.inHeader && given(kind));
    }
    return GatewayHeaders.routes(fields, request -> request.models);
  }

  /**
   * What of a request changes what may be billed for it, whoever it is said to: also to those who
   * answer instead.
   */
  private static JsonShape.Builder<OpenAiRequest> paid(JsonShape.Builder<OpenAiRequest> shape) {
    return shape
        .inside("messages", MEDIA)
        .value("model", (request, v) -> request.models.ask(v))
        .kind("preset", (request, kind) -> request.preset |= given(kind))
        .value("preset", (request, v) -> request.models.orElse(AskedModels.preset(v)))
        .value("speed", OpenAiRequest::speed)
        .value("inference_geo", OpenAiRequest::region)
        .value("max_tokens", OpenAiRequest::limit)
        .value("max_completion_tokens", OpenAiRequest::limit)
        .value("max_output_tokens", OpenAiRequest::responsesLimit)
        .value("n", OpenAiRequest::choices)
        .value("best_of", (request, v) -> request.bestOf = larger(request.bestOf, v.countAtMost()))
        .kind("prediction", OpenAiRequest::foretold)
        .value("modalities", OpenAiRequest::modality)
        .value("reasoning_effort", OpenAiRequest::effort)
        .inside("reasoning", REASONING)
        .inside("thinking", THINKING)
        .value("enable_thinking", OpenAiRequest::reasoning)
        .value("include_reasoning", (request, v) -> request.hidesReasoning |= v.isFalse())
        .value("reasoning_format", (request, v) -> request.hidesReasoning |= v.is("hidden"))
        .value("service_tier", OpenAiRequest::tier)
        .element("tools", request -> request.tools = true)
        .inside("tools", TOOL)
        .value("max_tool_calls", (request, v) -> request.mostToolCalls(v))
        .inside("plugins", PLUGIN)
        .kind("vector_store_ids", OpenAiRequest::searchesStores)
        .kind("web_search_options", OpenAiRequest::searches)
        .value("enable_search", (request, v) -> request.enablesSearch |= v.isTrue())
        .inside("search_parameters", SEARCH)
        .element("functions", request -> request.tools = true);
  }

  /** Of an input: in themselves they are read as messages are. */
  private static JsonShape<OpenAiRequest> items() {
    return PromptMedia.<OpenAiRequest>builder(request -> request.media++)
        .begin(request -> request.item.begin())
        .kind("id", (request, kind) -> request.item.id(kind))
        .kind("type", (request, kind) -> request.item.type(kind))
        .value("type", OpenAiRequest::itemType)
        .kind("content", (request, kind) -> request.item.content(kind))
        .end(OpenAiRequest::endItem)
        .build();
  }

  private void itemType(JsonValue type) {
    PromptMedia.made(type, () -> media++);
    item.type(type);
  }

  private void endItem() {
    if (item.isKept()) {
      stored.given(Kind.ITEM, JsonKind.OBJECT);
    }
  }

  /** One under a name that the API does not have may hold beside its own, but not alone. */
  private AskedLimit limit(OpenAiApi api) {
    AskedLimit own = api == OpenAiApi.RESPONSES ? responsesLimit : limit;
    AskedLimit other = api == OpenAiApi.RESPONSES ? limit : responsesLimit;
    return own.isSaid() ? own.or(other) : own;
  }

  private void limit(JsonValue value) {
    if (models.isInstead()) {
      // Who answers may have an API of its own.
      limit.orElse(value);
      responsesLimit.orElse(value);
    } else {
      limit.tell(value);
    }
  }

  private void responsesLimit(JsonValue value) {
    if (models.isInstead()) {
      limit(value);
    } else {
      responsesLimit.tell(value);
    }
  }

  private void choices(JsonValue value) {
    Long told = value.countAtMost();
    if (models.isInstead()) {
      choicesInstead = larger(choicesInstead, told);
    } else {
      choices = larger(choices, told);
    }
  }

  /** Nobody looks into headers for how long it is. */
  private void foretold(JsonKind kind) {
    predicted |= given(kind);
    if (inHeader && given(kind)) {
      limit.orNone();
      responsesLimit.orNone();
    }
  }

  /** LiteLLM hands those fields not on. */
  private void dropped(JsonValue name) {
    if (name.isString() && name.text().endsWith("_tokens")) {
      limit.orNone();
      responsesLimit.orNone();
    }
  }

  /** What headers tell a gateway. */
  void routedBy(RequestHead head) {
    translated = thinking != null && !Providers.serves(head.host(), head.port());
    inHeader = true;
    GatewayHeaders.read(head, ROUTES, this, models::orElse);
    inHeader = false;
  }

  private void extraBody() {
    limit.extraBody();
    responsesLimit.extraBody();
  }

  private void beginExtra() {
    limit.beginExtra();
    responsesLimit.beginExtra();
  }

  private void endExtra() {
    limit.endExtra();
    responsesLimit.endExtra();
  }

  private void prompt(JsonKind kind) {
    prompt = told(prompt, kind);
    if (kind == JsonKind.OBJECT) {
      stored.given(Kind.PROMPT, kind);
    }
    // Said twice, the one with more of them.
    mostTextPrompts = Math.max(mostTextPrompts, textPrompts);
    textPrompts = 0;
  }

  /** Of a field that stands twice the server may read either; one that is a prompt is kept. */
  private static JsonKind told(JsonKind known, JsonKind kind) {
    return isPrompt(kind) || !isPrompt(known) ? kind : known;
  }

  private static boolean isPrompt(JsonKind kind) {
    return isTextOrList(kind) || kind == JsonKind.OBJECT;
  }

  /** A prompt of tokens is a list of numbers, and no list of prompts. */
  private void tokenOfPrompt(JsonValue value) {
    if (!value.isString()) {
      textPrompts = 0;
    }
  }

  private static boolean given(JsonKind kind) {
    return kind != null && kind != JsonKind.NULL;
  }

  private void goesOn(Kind where, JsonKind value) {
    continued |= given(value);
    stored.given(where, value);
  }

  private void stop(JsonValue value) {
    if (value.isString() && stopSequences.size() < MOST_STOP_SEQUENCES) {
      stopSequences.add(value.text());
    }
  }

  /** Whether the body is a request of that API, for a model that it names or does not. */
  boolean isFor(OpenAiApi api) {
    switch (api) {
      case CHAT:
        // OpenRouter takes a prompt in their place, and the account's own model where none is
        // named.
        return messages == JsonKind.ARRAY || isTextOrList(prompt) || namesKeptPrompt();
      case COMPLETIONS:
        return isTextOrList(prompt) || embedded;
      case RESPONSES:
        return isTextOrList(input) || prompt == JsonKind.OBJECT || continued || namesKeptPrompt();
      case EMBEDDINGS:
        // vLLM takes messages as well.
        return isTextOrList(input) || messages == JsonKind.ARRAY;
    }
    return false;
  }

  /** A gateway has the whole prompt, and the body names whom it is put to. */
  private boolean namesKeptPrompt() {
    return keptPrompt && models.model() != null;
  }

  /**
   * Whether something is asked, in whatever shape. Only where the address leaves no doubt that it
   * is that API's: what it makes of another shape, and of what is missing, is its own affair.
   */
  boolean asks(OpenAiApi api) {
    // What chats are made of may be kept elsewhere, under a name that nobody here knows.
    boolean chats = api == OpenAiApi.CHAT && (models.model() != null || messages != null);
    boolean asked = given(messages) || given(input) || chats;
    return api == OpenAiApi.EMBEDDINGS
        ? asked
        : asked || given(prompt) || embedded || continued || agent || instructed;
  }

  /**
   * Whether it is one in which nothing is asked, and that is answered all the same: from the
   * beginning of a text, or from instructions alone. Only where the path leaves no doubt.
   *
   * @param deployed whether the path names the model
   */
  boolean isForWithoutPrompt(OpenAiApi api, boolean deployed) {
    if ((models.model() == null && !deployed) || messages != null) {
      return false;
    }
    return (api == OpenAiApi.COMPLETIONS && (prompt == null || prompt == JsonKind.NULL))
        || (api == OpenAiApi.RESPONSES && instructed);
  }

  /**
   * The API that the body alone is a request of; null when it is of none. What may be of several is
   * of the dearest of them.
   *
   * @param path that of no API, but it may name what it is for
   */
  OpenAiApi likelyApi(String path) {
    if (messages == JsonKind.ARRAY) {
      return OpenAiApi.CHAT;
    }
    if (models.model() == null) {
      return null;
    }
    if (isTextOrList(input)) {
      return embeds(path) || embeds(models.model()) ? OpenAiApi.EMBEDDINGS : OpenAiApi.RESPONSES;
    }
    if (isFor(OpenAiApi.COMPLETIONS)) {
      return OpenAiApi.COMPLETIONS;
    }
    if (namesKeptPrompt() && !continued && !usesStoredPrompt()) {
      return OpenAiApi.CHAT;
    }
    return isFor(OpenAiApi.RESPONSES) ? OpenAiApi.RESPONSES : null;
  }

  private static boolean embeds(String name) {
    return name.toLowerCase(Locale.ROOT).contains("embed");
  }

  private static boolean isTextOrList(JsonKind kind) {
    return kind == JsonKind.STRING || kind == JsonKind.ARRAY;
  }

  /** A stored prompt of the responses API names its model itself. */
  boolean usesStoredPrompt() {
    return prompt == JsonKind.OBJECT;
  }

  /** An agent that the provider keeps has its model there. */
  boolean namesAgent() {
    return agent;
  }

  /** Whether it is all that is said to a prompt that is named elsewhere; that is in it from now. */
  boolean fillsPromptIn() {
    boolean fills = variables || !isFor(OpenAiApi.COMPLETIONS);
    keptPrompt |= fills;
    return fills;
  }

  /** Null when the body names none. */
  String model() {
    return models.model();
  }

  AskedModels models() {
    return models;
  }

  void tell(RequestFacts.Builder facts, OpenAiApi api) {
    if (hosted != null) {
      hosted.advisers().forEach(models::orElse);
    }
    AskedLimit counting = limit(api);
    long thought = thinking == null ? 0 : thinking.beyond(counting.most(), translated);
    facts.stream(stream)
        .maxOutputTokens(AskedThinking.with(counting.most(), thought))
        .outputUnlimited(counting.isUnlimited())
        // A lower limit would hold for the answer alone.
        .limitElsewhere(limit.isElsewhere() || responsesLimit.isElsewhere() || thought > 0)
        .temperature(temperature)
        .topP(topP)
        .topK(topK)
        .frequencyPenalty(frequencyPenalty)
        .presencePenalty(presencePenalty)
        .seed(seed)
        .choices(choices == null || choices != choices.intValue() ? null : choices.intValue())
        .answers(
            Counts.times(
                Math.max(
                    Math.max(choices == null ? 1 : choices, bestOf == null ? 0 : bestOf),
                    choicesInstead == null ? 0 : choicesInstead),
                Math.max(1, Counts.plus(Math.max(mostTextPrompts, textPrompts), embeddedPrompts))))
        .stopSequences(stopSequences)
        .outputType(outputType())
        .serviceTier(serviceTier)
        .reasons(reasons == null && hidesReasoning ? Boolean.TRUE : reasons)
        .tools(tools)
        .describedTools(hosted == null ? 0 : hosted.described())
        .toolUses(toolUses(api))
        .advice(hosted == null ? 0 : hosted.advice())
        .media(media)
        .predicted(predicted)
        .speed(speed)
        .region(region())
        .otherModels(models.others())
        .storedInputs(storedInputs(api));
  }

  /** Null when there is none. */
  private List<StoredInput> storedInputs(OpenAiApi api) {
    boolean kept = keptPrompt || preset;
    if (kept) {
      stored.given(Kind.PROMPT, JsonKind.OBJECT);
    }
    if (keptContent) {
      stored.given(Kind.CACHE, JsonKind.OBJECT);
    }
    if (api == OpenAiApi.RESPONSES) {
      return stored.all();
    }
    // Chat completions know none of the others.
    Kind kind = kept ? Kind.PROMPT : keptContent ? Kind.CACHE : null;
    return kind == null ? null : Collections.singletonList(new StoredInput(kind, null));
  }

  private HostedTools hosted() {
    hosted = hosted == null ? new HostedTools() : hosted;
    return hosted;
  }

  private void beginPlugin() {
    hosted().begin();
    searchPlugin = false;
    filePlugin = false;
    freeEngine = false;
  }

  /** OpenRouter's. */
  private void plugin(JsonValue value) {
    searchPlugin |= value.is("web");
    filePlugin |= value.is("file-parser");
  }

  /** Which one reads files; nobody knows whether the usual one is free. */
  private void engine(JsonValue value) {
    freeEngine = value.is("pdf-text") || value.is("native") || value.is("cloudflare-ai");
  }

  private void endPlugin() {
    if (searchPlugin) {
      hosted().endSearchPlugin();
    }
    readsPages |= filePlugin && !freeEngine;
  }

  private void mostToolCalls(JsonValue value) {
    Long told = value.countAtMost();
    if (models.isInstead()) {
      mostToolCallsInstead = larger(mostToolCallsInstead, told);
    } else {
      mostToolCalls = larger(mostToolCalls, told);
    }
  }

  /** Who is asked in the first place may take as many as usual. */
  private void sources(JsonValue value) {
    Long told = value.countAtMost();
    mostSources =
        larger(models.isInstead() ? larger(mostSources, USUAL_SOURCES) : mostSources, told);
  }

  private void searches(JsonKind kind) {
    searches |= given(kind);
  }

  /** LiteLLM's: without a tool, it looks up once what is asked. */
  private void searchesStores(JsonKind kind) {
    if (given(kind)) {
      hosted().offer("file_search", 1);
    }
  }

  /** Google's own tool, which its endpoint for OpenAI's format takes as well. */
  private void googles(JsonKind kind) {
    if (given(kind)) {
      hosted().offer("google_search");
      googles = true;
    }
  }

  /** Null when nothing is offered. */
  private Map<String, Long> toolUses(OpenAiApi api) {
    if (searches && isSearchModel()) {
      hosted().offer(WEB_SEARCH, 1);
    } else if (searches) {
      // Behind a gateway it becomes a tool that is used as often as the model likes.
      hosted().offerSearch(false);
    }
    if (enablesSearch) {
      hosted().offerSearch(false);
    }
    if (liveSearch) {
      hosted().offer(LIVE_SEARCH, mostSources == null ? USUAL_SOURCES : mostSources);
    }
    if (googles) {
      hosted().offer("grounded_prompt", 1);
    }
    if (isOnline()) {
      hosted().offerSearch(true);
    }
    if (readsPages && media > 0) {
      hosted().offer(OCR_PAGE, Counts.times(media, MOST_PAGES));
    }
    if (hosted != null && mostToolCalls != null && api == OpenAiApi.RESPONSES) {
      hosted.mostOfAll(larger(mostToolCalls, mostToolCallsInstead));
    }
    return hosted == null ? null : hosted.uses();
  }

  /** One that searches by itself does so once. */
  private boolean isSearchModel() {
    String model = models.model();
    return model != null && (model.contains("search") || model.contains("sonar"));
  }

  private boolean isOnline() {
    boolean online = models.model() != null && models.model().endsWith(ONLINE);
    if (models.others() != null) {
      for (String other : models.others()) {
        online |= other.endsWith(ONLINE);
      }
    }
    return online;
  }

  /** Which of two under one name counts is the server's choice. */
  private static Long larger(Long known, Long told) {
    return told == null || (known != null && known > told) ? known : told;
  }

  /** Anthropic's, which gateways hand on. */
  private void speed(JsonValue value) {
    speed = value.is("fast") ? value.text() : speed;
  }

  private void region(JsonValue value) {
    region = value.is("us") ? value.text() : region;
  }

  /** Of others it may be a word that says less than the host they are at. */
  private String region() {
    boolean claude = models.model() != null && models.model().contains("claude");
    if (models.others() != null) {
      for (String other : models.others()) {
        claude |= other.contains("claude");
      }
    }
    return claude ? region : null;
  }

  /** Their names are the application's own, and each may stand for a file. */
  private void variables(JsonKind kind) {
    media += given(kind) ? MOST_VARIABLES : 0;
  }

  private void tier(JsonValue value) {
    serviceTier = DearestTier.of(serviceTier, value.text());
  }

  private void effort(JsonValue value) {
    if (value.isString()) {
      reasons(!value.is("none"));
    }
  }

  private void reasoning(JsonValue value) {
    if (value.isTrue() || value.isFalse()) {
      reasons(value.isTrue());
    }
  }

  private void reasoningTokens(JsonValue value) {
    Long most = value.count();
    if (most != null) {
      reasons(most > 0);
    }
  }

  /** Gateways with an API of their own (OpenRouter) take it to be within the limit. */
  private void reasoningMost(JsonValue value) {
    reasoningTokens(value);
    if (models.isInstead()) {
      thinking().beside(value);
    } else {
      thinking().within(value);
    }
  }

  /** As Anthropic has it, and those who hand it on as it is. */
  private void thinkingMost(JsonValue value) {
    if (models.isInstead()) {
      thinking().beside(value);
    } else {
      thinking().floor(value);
    }
  }

  private AskedThinking thinking() {
    thinking = thinking == null ? new AskedThinking() : thinking;
    return thinking;
  }

  /** Said twice, it may think. */
  private void reasons(boolean told) {
    if (told || !models.isInstead()) {
      reasons = told || Boolean.TRUE.equals(reasons);
    }
  }

  private void modality(JsonValue value) {
    speech |= value.is("audio");
    image |= value.is("image");
  }

  private String outputType() {
    if (speech) {
      return "speech";
    }
    if (image) {
      return "image";
    }
    if (format == null) {
      return null;
    }
    return format.startsWith("json") ? "json" : format;
  }
}
