package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;
import io.flyball.protocol.json.JsonTree;

/** Answers of OpenAI's chat completions and of the servers that speak like it. */
final class ChatSource extends AnswerSource {
  private long callIndex = -1;
  private String callId;

  ChatSource(AnswerSink sink, String targetModel) {
    super(sink, targetModel);
  }

  @Override
  void document(JsonTree document) throws UnusableAnswerException {
    failIfError(document);
    JsonTree choice = firstChoice(document);
    JsonTree message = object(choice, "message");
    if (message == null) {
      throw UnusableAnswerException.malformed("no message");
    }
    head(document);
    message(message, true);
    finish(choice);
    end();
  }

  @Override
  void event(String name, JsonTree data) throws UnusableAnswerException {
    failIfError(data);
    head(data);
    JsonTree choice = firstChoice(data);
    if (choice == null) {
      return;
    }
    JsonTree delta = object(choice, "delta");
    if (delta != null) {
      message(delta, false);
    }
    finish(choice);
  }

  @Override
  void done() throws UnusableAnswerException {
    if (!hasReason() && !hasContent()) {
      throw UnusableAnswerException.incomplete();
    }
    end();
  }

  /** Some servers leave out the final {@code [DONE]}. */
  @Override
  boolean mayEnd() {
    return hasReason();
  }

  private void head(JsonTree data) {
    model(text(data, "model"));
    JsonTree usage = object(data, "usage");
    usage = usage != null ? usage : object(object(data, "x_groq"), "usage");
    if (usage != null && !usage.children().isEmpty()) {
      usage(usage(usage));
    }
  }

  private static Usage usage(JsonTree usage) {
    JsonTree input = object(usage, "prompt_tokens_details");
    long cached = count(input, "cached_tokens");
    return Usage.builder(Usage.Source.REPORTED)
        .input(count(usage, "prompt_tokens"))
        .output(count(usage, "completion_tokens"))
        .cacheRead(cached > 0 ? cached : count(usage, "prompt_cache_hit_tokens"))
        .cacheWrite5m(count(input, "cache_write_tokens"))
        .reasoning(count(object(usage, "completion_tokens_details"), "reasoning_tokens"))
        .build();
  }

  /** The choice with index 0, or without one; requests with n above 1 are not translated. */
  private static JsonTree firstChoice(JsonTree data) {
    JsonTree choices = data.get("choices");
    if (choices == null || !choices.isArray()) {
      return null;
    }
    for (JsonTree choice : choices.children()) {
      if (choice.isObject() && count(choice, "index") == 0) {
        return choice;
      }
    }
    return null;
  }

  private void message(JsonTree message, boolean whole) throws UnusableAnswerException {
    JsonTree content = message.get("content");
    if (content != null && content.isArray()) {
      for (JsonTree part : content.children()) {
        content(part.text() != null ? part.text() : text(part, "text"));
      }
    } else if (content != null) {
      content(content.text());
    }
    refused(text(message, "refusal"));
    JsonTree calls = message.get("tool_calls");
    if (calls != null && calls.isArray()) {
      for (JsonTree call : calls.children()) {
        toolCall(call, whole);
      }
    }
    JsonTree legacy = object(message, "function_call");
    if (legacy != null) {
      String name = text(legacy, "name");
      if (name != null && !name.isEmpty()) {
        call(null, name);
      }
      arguments(text(legacy, "arguments"));
    }
  }

  private void toolCall(JsonTree call, boolean whole) throws UnusableAnswerException {
    JsonTree function = object(call, "function");
    if (function == null) {
      if (call.get("custom") != null) {
        throw UnusableAnswerException.malformed("a tool call that is no function call");
      }
      return;
    }
    String id = text(call, "id");
    String name = text(function, "name");
    if (whole || begins(call, id, name)) {
      call(id, name);
      callId = id;
    }
    JsonTree arguments = function.get("arguments");
    if (arguments != null) {
      arguments(arguments.isObject() ? arguments.json() : arguments.text());
    }
  }

  /**
   * A fragment begins a call when its index is new; some servers send no indexes, others always the
   * same one and tell the calls apart by their ids.
   */
  private boolean begins(JsonTree call, String id, String name) throws UnusableAnswerException {
    JsonTree value = call.get("index");
    Long index = value == null ? null : value.integer();
    boolean named = name != null && !name.isEmpty();
    if (index == null) {
      return named;
    }
    if (index < callIndex) {
      throw UnusableAnswerException.malformed("tool calls whose pieces are mixed");
    }
    boolean otherId = named && id != null && !id.isEmpty() && !id.equals(callId);
    boolean begins = index > callIndex || otherId;
    callIndex = index;
    return begins;
  }

  private void finish(JsonTree choice) throws UnusableAnswerException {
    String reason = text(choice, "finish_reason");
    if (reason == null || reason.isEmpty()) {
      return;
    }
    switch (reason) {
      case "length":
        reason(StopReason.LENGTH);
        break;
      case "tool_calls":
      case "function_call":
        reason(StopReason.TOOL_CALLS);
        break;
      case "content_filter":
        reason(StopReason.CONTENT_FILTER);
        break;
      case "error":
      case "abort":
      case "insufficient_system_resource":
        throw UnusableAnswerException.failed(reason);
      default:
        reason(StopReason.STOP);
        break;
    }
  }
}
