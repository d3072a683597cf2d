package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;

/** How OpenAI's chat completions say things. */
final class ChatWords {
  static final String ID = "chatcmpl-";
  static final String CALL_ID = "call_";

  private ChatWords() {}

  static String finishReason(StopReason reason) {
    switch (reason) {
      case LENGTH:
        return "length";
      case TOOL_CALLS:
        return "tool_calls";
      case CONTENT_FILTER:
        return "content_filter";
      default:
        return "stop";
    }
  }

  static void usage(JsonOutput out, Usage usage) {
    out.object("usage")
        .field("prompt_tokens", usage.input())
        .field("completion_tokens", usage.output())
        .field("total_tokens", usage.total())
        .object("prompt_tokens_details")
        .field("cached_tokens", usage.cacheRead())
        .field("cache_write_tokens", usage.cacheWrite5m() + usage.cacheWrite1h())
        .endObject()
        .object("completion_tokens_details")
        .field("reasoning_tokens", usage.reasoning())
        .endObject()
        .endObject();
  }

  static byte[] body(WholeAnswer answer, Identity identity) {
    JsonOutput out =
        new JsonOutput()
            .object()
            .field("id", identity.id(ID))
            .field("object", "chat.completion")
            .field("created", identity.created())
            .field("model", answer.model)
            .array("choices")
            .object()
            .field("index", 0)
            .object("message")
            .field("role", "assistant")
            .field("content", textOrNull(answer))
            .field("refusal", answer.refusal.length() > 0 ? answer.refusal.toString() : null);
    if (!answer.calls.isEmpty()) {
      out.array("tool_calls");
      for (Call call : answer.calls) {
        out.object()
            .field("id", identity.callId(call.id, CALL_ID))
            .field("type", "function")
            .object("function")
            .field("name", call.name)
            .field("arguments", call.arguments.toString())
            .endObject()
            .endObject();
      }
      out.endArray();
    }
    out.endObject()
        .nullField("logprobs")
        .field("finish_reason", finishReason(answer.reason))
        .endObject()
        .endArray();
    if (answer.usage != null) {
      usage(out, answer.usage);
    }
    return out.endObject().bytes();
  }

  /** Content is null beside tool calls and refusals only. */
  private static String textOrNull(WholeAnswer answer) {
    boolean other = !answer.calls.isEmpty() || answer.refusal.length() > 0;
    return answer.text.length() == 0 && other ? null : answer.text.toString();
  }
}
