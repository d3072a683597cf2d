package io.flyball.protocol.anthropic;

import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.Answer;
import io.flyball.protocol.answer.AnswerReader;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;

/**
 * An answer of the messages API. In a stream {@code message_start} brings the input's tokens,
 * {@code message_delta} the stop reason and the final counts, {@code message_stop} ends it; {@code
 * error} may come instead at any time after status 200.
 */
final class MessagesAnswer extends Answer {
  private static final JsonShape<MessagesAnswer> BODY = body();
  private static final JsonShape<MessagesAnswer> EVENT = event();

  private final AnthropicUsage tokens = new AnthropicUsage();
  private boolean stopped;
  private int blocks;
  private long block;

  private MessagesAnswer(int status) {
    super(status);
  }

  static ResponseReader reader(int status) {
    return new AnswerReader<>(new MessagesAnswer(status), BODY, EVENT);
  }

  AnthropicUsage tokens() {
    return tokens;
  }

  private static JsonShape.Builder<MessagesAnswer> block() {
    return JsonShape.<MessagesAnswer>builder()
        .value("type", MessagesAnswer::blockType)
        .value("text", (answer, v) -> answer.output("text", v))
        .value("thinking", (answer, v) -> answer.output("thinking", v));
  }

  private static JsonShape<MessagesAnswer> body() {
    return withErrors(JsonShape.<MessagesAnswer>builder())
        .value("id", MessagesAnswer::id)
        .value("model", MessagesAnswer::model)
        .value("stop_reason", MessagesAnswer::stopReason)
        .kind("content", (answer, kind) -> answer.inKnownForm())
        .value("currency", (answer, v) -> answer.tokens.cost().currencyOfAnswer(v))
        .inside("content", block().end(answer -> answer.outputOf(answer.blocks++)).build())
        .kind("usage", MessagesAnswer::finalUsage)
        .inside("usage", AnthropicUsage.shape())
        .build();
  }

  private static JsonShape<MessagesAnswer> event() {
    JsonShape<MessagesAnswer> message =
        JsonShape.<MessagesAnswer>builder()
            .value("id", MessagesAnswer::id)
            .value("model", MessagesAnswer::model)
            .inside("usage", AnthropicUsage.shape())
            .build();
    JsonShape<MessagesAnswer> delta =
        JsonShape.<MessagesAnswer>builder()
            .value("text", (answer, v) -> answer.output("text", v))
            .value("thinking", (answer, v) -> answer.output("thinking", v))
            .value("partial_json", (answer, v) -> answer.output("partial_json", v))
            .value("stop_reason", MessagesAnswer::stopReason)
            .build();
    return withErrors(JsonShape.<MessagesAnswer>builder())
        .inside("message", message)
        .value("index", MessagesAnswer::blockIndex)
        .inside("content_block", block().build())
        .inside("delta", delta)
        .kind("usage", MessagesAnswer::finalUsage)
        .inside("usage", AnthropicUsage.shape())
        .build();
  }

  /** Tools of the application ({@code tool_use}) and of the provider ({@code server_tool_use}). */
  private void blockType(JsonValue value) {
    String type = value.text();
    if (type != null && type.endsWith("tool_use")) {
      toolCall();
    }
  }

  private void blockIndex(JsonValue value) {
    Long index = value.integer();
    block = index == null ? 0 : index;
  }

  @Override
  protected void endObject() {
    outputOf(block);
  }

  private void stopReason(JsonValue value) {
    if (value.isString()) {
      finished(0, value.text());
    }
  }

  private void finalUsage(JsonKind kind) {
    if (kind == JsonKind.OBJECT) {
      tokens.settle();
    }
  }

  void billedTier(JsonValue value) {
    serviceTier(value);
  }

  void billedSpeed(JsonValue value) {
    speed(value);
  }

  void billedRegion(JsonValue value) {
    region(value);
  }

  @Override
  protected void eventType(String type) {
    stopped |= "message_stop".equals(type);
  }

  @Override
  protected boolean streamComplete(boolean ended) {
    return stopped;
  }

  @Override
  protected Usage usage() {
    return tokens.usage();
  }

  @Override
  protected Usage besidesTokens() {
    return orNothing(tokens.besides());
  }
}
