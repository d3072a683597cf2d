package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;
import io.flyball.protocol.json.JsonTree;

/** Answers of Anthropic's messages. Thinking and what the provider's own tools did are left out. */
final class MessagesSource extends AnswerSource {
  private boolean callOpen;
  private boolean argumentsSeen;
  private String givenInput;

  private boolean usageSeen;
  private long input;
  private long cacheRead;
  private long cacheWrite;
  private long cacheWrite1h;
  private long output;
  private long thinking;

  MessagesSource(AnswerSink sink, String targetModel) {
    super(sink, targetModel);
  }

  @Override
  void document(JsonTree document) throws UnusableAnswerException {
    failIfError(document);
    JsonTree content = document.get("content");
    if (content == null || !content.isArray()) {
      throw UnusableAnswerException.malformed("no content");
    }
    model(text(document, "model"));
    tokens(object(document, "usage"));
    for (JsonTree block : content.children()) {
      blockStart(block);
      blockStop();
    }
    stopReason(text(document, "stop_reason"));
    end();
  }

  @Override
  void event(String name, JsonTree data) throws UnusableAnswerException {
    String type = text(data, "type");
    type = type != null ? type : name;
    if ("error".equals(type)) {
      failIfError(data);
      throw UnusableAnswerException.failed(null);
    }
    failIfError(data);
    if (type == null) {
      return;
    }
    switch (type) {
      case "message_start":
        messageStart(object(data, "message"));
        break;
      case "content_block_start":
        blockStart(object(data, "content_block"));
        break;
      case "content_block_delta":
        delta(object(data, "delta"));
        break;
      case "content_block_stop":
        blockStop();
        break;
      case "message_delta":
        tokens(object(data, "usage"));
        JsonTree delta = object(data, "delta");
        stopReason(delta == null ? null : text(delta, "stop_reason"));
        break;
      case "message_stop":
        blockStop();
        end();
        break;
      default:
        break;
    }
  }

  @Override
  boolean mayEnd() {
    return false;
  }

  private void messageStart(JsonTree message) {
    if (message != null) {
      model(text(message, "model"));
      tokens(object(message, "usage"));
      start();
    }
  }

  private void blockStart(JsonTree block) throws UnusableAnswerException {
    blockStop();
    String type = block == null ? null : text(block, "type");
    if ("text".equals(type)) {
      content(text(block, "text"));
    } else if ("tool_use".equals(type)) {
      call(text(block, "id"), text(block, "name"));
      JsonTree given = object(block, "input");
      callOpen = true;
      argumentsSeen = false;
      givenInput = given == null ? "{}" : given.json();
    }
  }

  private void delta(JsonTree delta) throws UnusableAnswerException {
    String type = delta == null ? null : text(delta, "type");
    if ("text_delta".equals(type)) {
      content(text(delta, "text"));
    } else if ("input_json_delta".equals(type) && callOpen) {
      String piece = text(delta, "partial_json");
      argumentsSeen |= piece != null && !piece.isEmpty();
      arguments(piece);
    }
  }

  /** Arguments that came in no pieces came with the start of the block, or there are none. */
  private void blockStop() throws UnusableAnswerException {
    if (callOpen && !argumentsSeen) {
      arguments(givenInput);
    }
    callOpen = false;
  }

  private void tokens(JsonTree usage) {
    if (usage == null) {
      return;
    }
    usageSeen |= usage.get("input_tokens") != null || usage.get("output_tokens") != null;
    input = later(input, usage, "input_tokens");
    cacheRead = later(cacheRead, usage, "cache_read_input_tokens");
    cacheWrite = later(cacheWrite, usage, "cache_creation_input_tokens");
    output = later(output, usage, "output_tokens");
    JsonTree creation = object(usage, "cache_creation");
    cacheWrite1h = later(cacheWrite1h, creation, "ephemeral_1h_input_tokens");
    thinking = later(thinking, object(usage, "output_tokens_details"), "thinking_tokens");
    if (usageSeen) {
      long written1h = Math.min(cacheWrite1h, cacheWrite);
      usage(
          Usage.builder(Usage.Source.REPORTED)
              .input(input + cacheRead + cacheWrite)
              .cacheRead(cacheRead)
              .cacheWrite5m(cacheWrite - written1h)
              .cacheWrite1h(written1h)
              .output(output)
              .reasoning(thinking)
              .build());
    }
  }

  private static long later(long known, JsonTree usage, String field) {
    JsonTree told = usage == null ? null : usage.get(field);
    return told == null || told.integer() == null ? known : Math.max(0, told.integer());
  }

  private void stopReason(String reason) throws UnusableAnswerException {
    if (reason == null) {
      return;
    }
    switch (reason) {
      case "max_tokens":
      case "model_context_window_exceeded":
        reason(StopReason.LENGTH);
        break;
      case "tool_use":
        reason(StopReason.TOOL_CALLS);
        break;
      case "refusal":
        reason(StopReason.CONTENT_FILTER);
        break;
      case "pause_turn":
        throw UnusableAnswerException.malformed("a turn that is only paused");
      default:
        reason(StopReason.STOP);
        break;
    }
  }
}
