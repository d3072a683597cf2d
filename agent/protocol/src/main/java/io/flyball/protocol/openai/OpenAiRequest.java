package io.flyball.protocol.openai;

import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** What the body of a request to an OpenAI path says, whichever of the APIs it is for. */
final class OpenAiRequest {
  private static final int MOST_STOP_SEQUENCES = 16;
  private static final JsonShape<OpenAiRequest> SHAPE = shape();

  private boolean jsonRpc;
  private JsonKind messages;
  private JsonKind prompt;
  private JsonKind input;
  private boolean continued;

  private String model;
  private boolean stream;
  private final Limit limit = new Limit();
  private final Limit responsesLimit = new Limit();
  private Double temperature;
  private Double topP;
  private Double topK;
  private Double frequencyPenalty;
  private Double presencePenalty;
  private Long seed;
  private Long choices;
  private long bestOf;
  private long textPrompts;
  private final List<String> stopSequences = new ArrayList<>(0);
  private String format;
  private boolean speech;
  private boolean image;
  private Boolean reasons;
  private String serviceTier;
  private boolean tools;

  private OpenAiRequest() {}

  /** Null when the body is no JSON object. */
  static OpenAiRequest read(byte[] body) {
    OpenAiRequest request = new OpenAiRequest();
    return JsonDocument.read(body, SHAPE, request) ? request : null;
  }

  private static JsonShape<OpenAiRequest> shape() {
    JsonShape<OpenAiRequest> format =
        JsonShape.<OpenAiRequest>builder()
            .value("type", (request, v) -> request.format = v.text())
            .build();
    JsonShape<OpenAiRequest> text =
        JsonShape.<OpenAiRequest>builder().inside("format", format).build();
    return JsonShape.<OpenAiRequest>builder()
        .kind("jsonrpc", (request, kind) -> request.jsonRpc = true)
        .kind("messages", (request, kind) -> request.messages = kind)
        .kind("prompt", OpenAiRequest::prompt)
        .element("prompt", request -> request.textPrompts++)
        .value("prompt", OpenAiRequest::tokenOfPrompt)
        .kind("input", (request, kind) -> request.input = kind)
        .kind("previous_response_id", (request, kind) -> request.continued |= given(kind))
        .kind("conversation", (request, kind) -> request.continued |= given(kind))
        .value("model", (request, v) -> request.model = v.text())
        .value("stream", (request, v) -> request.stream = v.isTrue())
        .value("max_tokens", (request, v) -> request.limit.tell(v))
        .value("max_completion_tokens", (request, v) -> request.limit.tell(v))
        .value("max_output_tokens", (request, v) -> request.responsesLimit.tell(v))
        .value("temperature", (request, v) -> request.temperature = v.decimal())
        .value("top_p", (request, v) -> request.topP = v.decimal())
        .value("top_k", (request, v) -> request.topK = v.decimal())
        .value("frequency_penalty", (request, v) -> request.frequencyPenalty = v.decimal())
        .value("presence_penalty", (request, v) -> request.presencePenalty = v.decimal())
        .value("seed", (request, v) -> request.seed = v.integer())
        .value("n", (request, v) -> request.choices = v.count())
        .value("best_of", (request, v) -> request.bestOf = v.count() == null ? 0 : v.count())
        .kind("stop", (request, kind) -> request.stopSequences.clear())
        .value("stop", OpenAiRequest::stop)
        .inside("response_format", format)
        .inside("text", text)
        .value("modalities", OpenAiRequest::modality)
        .value("reasoning_effort", OpenAiRequest::effort)
        .inside(
            "reasoning",
            JsonShape.<OpenAiRequest>builder().value("effort", OpenAiRequest::effort).build())
        .value("service_tier", (request, v) -> request.serviceTier = v.text())
        .element("tools", request -> request.tools = true)
        .element("functions", request -> request.tools = true)
        .build();
  }

  /**
   * A limit of tokens, of which a request may name several: which one counts is the server's
   * choice, so the largest is taken. Some servers take -1 or 0 for no limit.
   */
  private static final class Limit {
    Long most;
    boolean unlimited;

    void tell(JsonValue value) {
      Long tokens = value.count();
      if (tokens == null || tokens == 0) {
        unlimited = true;
      } else {
        most = most == null ? tokens : (Long) Math.max(most, tokens);
      }
    }
  }

  private void prompt(JsonKind kind) {
    prompt = kind;
    textPrompts = 0;
  }

  /** A prompt of tokens is a list of numbers, and no list of prompts. */
  private void tokenOfPrompt(JsonValue value) {
    if (!value.isString()) {
      textPrompts = 0;
    }
  }

  private static boolean given(JsonKind kind) {
    return kind != JsonKind.NULL;
  }

  private void stop(JsonValue value) {
    if (value.isString() && stopSequences.size() < MOST_STOP_SEQUENCES) {
      stopSequences.add(value.text());
    }
  }

  /** Whether the body is a request of that API, for a model that it names or does not. */
  boolean isFor(OpenAiApi api) {
    if (jsonRpc) {
      return false;
    }
    switch (api) {
      case CHAT:
        return messages == JsonKind.ARRAY;
      case COMPLETIONS:
        return isTextOrList(prompt) && messages == null;
      case RESPONSES:
        return isTextOrList(input) || prompt == JsonKind.OBJECT || continued;
      case EMBEDDINGS:
        return isTextOrList(input);
    }
    return false;
  }

  private static boolean isTextOrList(JsonKind kind) {
    return kind == JsonKind.STRING || kind == JsonKind.ARRAY;
  }

  /** A stored prompt of the responses API names its model itself. */
  boolean usesStoredPrompt() {
    return prompt == JsonKind.OBJECT;
  }

  /** Null when the body names none. */
  String model() {
    return model;
  }

  void tell(RequestFacts.Builder facts, OpenAiApi api) {
    Limit counting = api == OpenAiApi.RESPONSES ? responsesLimit : limit;
    facts.stream(stream)
        .maxOutputTokens(counting.most)
        .outputUnlimited(counting.unlimited)
        .temperature(temperature)
        .topP(topP)
        .topK(topK)
        .frequencyPenalty(frequencyPenalty)
        .presencePenalty(presencePenalty)
        .seed(seed)
        .choices(choices == null || choices != choices.intValue() ? null : choices.intValue())
        .answers(
            Counts.times(Math.max(choices == null ? 1 : choices, bestOf), Math.max(1, textPrompts)))
        .stopSequences(stopSequences)
        .outputType(outputType())
        .serviceTier(serviceTier)
        .reasons(reasons)
        .tools(tools);
  }

  private void effort(JsonValue value) {
    reasons = value.isString() ? (Boolean) !value.is("none") : null;
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
