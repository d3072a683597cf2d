package io.flyball.protocol.anthropic;

import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.util.ArrayList;
import java.util.List;

/** What the body of a messages or count_tokens request says. */
final class AnthropicRequest {
  private static final int MOST_STOP_SEQUENCES = 16;
  private static final JsonShape<AnthropicRequest> SHAPE = shape();

  private boolean jsonRpc;
  private JsonKind messages;
  private String model;
  private Long maxTokens;
  private boolean stream;
  private Double temperature;
  private Double topP;
  private Double topK;
  private final List<String> stopSequences = new ArrayList<>(0);
  private String format;
  private String serviceTier;
  private String speed;
  private Boolean reasons;
  private String region;
  private boolean tools;

  private AnthropicRequest() {}

  /** Null when the body is no JSON object. */
  static AnthropicRequest read(byte[] body) {
    AnthropicRequest request = new AnthropicRequest();
    return JsonDocument.read(body, SHAPE, request) ? request : null;
  }

  private static JsonShape<AnthropicRequest> shape() {
    JsonShape<AnthropicRequest> format =
        JsonShape.<AnthropicRequest>builder()
            .value("type", (request, v) -> request.format = v.text())
            .build();
    JsonShape<AnthropicRequest> outputConfig =
        JsonShape.<AnthropicRequest>builder().inside("format", format).build();
    return JsonShape.<AnthropicRequest>builder()
        .kind("jsonrpc", (request, kind) -> request.jsonRpc = true)
        .kind("messages", (request, kind) -> request.messages = kind)
        .value("model", (request, v) -> request.model = v.text())
        .value("max_tokens", (request, v) -> request.maxTokens = v.count())
        .value("stream", (request, v) -> request.stream = v.isTrue())
        .value("temperature", (request, v) -> request.temperature = v.decimal())
        .value("top_p", (request, v) -> request.topP = v.decimal())
        .value("top_k", (request, v) -> request.topK = v.decimal())
        .kind("stop_sequences", (request, kind) -> request.stopSequences.clear())
        .value("stop_sequences", AnthropicRequest::stop)
        .inside("output_config", outputConfig)
        .inside("output_format", format)
        .value("service_tier", (request, v) -> request.serviceTier = v.text())
        .inside(
            "thinking",
            JsonShape.<AnthropicRequest>builder()
                .value("type", (request, v) -> request.reasons = !v.is("disabled"))
                .build())
        .value("speed", (request, v) -> request.speed = v.text())
        .value("inference_geo", (request, v) -> request.region = v.text())
        .element("tools", request -> request.tools = true)
        .build();
  }

  private void stop(JsonValue value) {
    if (value.isString() && stopSequences.size() < MOST_STOP_SEQUENCES) {
      stopSequences.add(value.text());
    }
  }

  boolean hasMessages() {
    return !jsonRpc && messages == JsonKind.ARRAY;
  }

  /** Null when the body names none. */
  String model() {
    return model;
  }

  /** Null when the body sets no limit. */
  Long maxTokens() {
    return maxTokens;
  }

  void tell(RequestFacts.Builder facts) {
    facts.model(model).stream(stream)
        .maxOutputTokens(maxTokens)
        .temperature(temperature)
        .topP(topP)
        .topK(topK)
        .stopSequences(stopSequences)
        .outputType(format != null && format.startsWith("json") ? "json" : null)
        .serviceTier(serviceTier)
        .speed(speed)
        .reasons(reasons)
        .region(region)
        .tools(tools);
  }
}
