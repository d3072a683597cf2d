package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;
import java.util.List;

/** How OpenAI's responses say things. */
final class ResponsesWords {
  static final String ID = "resp_";
  static final String CALL_ID = "call_";

  private ResponsesWords() {}

  static boolean isComplete(StopReason reason) {
    return reason == null || reason == StopReason.STOP || reason == StopReason.TOOL_CALLS;
  }

  /**
   * The response object, with all fields that openai-java insists on.
   *
   * @param reason null when it is in progress
   * @param items the output items, as JSON
   */
  static String response(
      Identity identity, String model, StopReason reason, List<String> items, Usage usage) {
    boolean complete = isComplete(reason);
    String ended = complete ? "completed" : "incomplete";
    JsonOutput out =
        new JsonOutput()
            .object()
            .field("id", identity.id(ID))
            .field("object", "response")
            .field("created_at", identity.created())
            .field("status", reason == null ? "in_progress" : ended)
            .nullField("error");
    if (complete) {
      out.nullField("incomplete_details");
    } else {
      String why = reason == StopReason.LENGTH ? "max_output_tokens" : "content_filter";
      out.object("incomplete_details").field("reason", why).endObject();
    }
    out.nullField("instructions").nullField("max_output_tokens").field("model", model);
    out.array("output");
    for (String item : items) {
      out.json(item);
    }
    out.endArray()
        .json("parallel_tool_calls", "true")
        .nullField("previous_response_id")
        .json("reasoning", "{\"effort\":null,\"summary\":null}")
        .json("store", "false")
        .nullField("temperature")
        .json("text", "{\"format\":{\"type\":\"text\"}}")
        .field("tool_choice", "auto")
        .json("tools", "[]")
        .nullField("top_p")
        .field("truncation", "disabled");
    if (usage == null) {
      out.nullField("usage");
    } else {
      usage(out, usage);
    }
    return out.nullField("user").json("metadata", "{}").endObject().toString();
  }

  private static void usage(JsonOutput out, Usage usage) {
    out.object("usage")
        .field("input_tokens", usage.input())
        .object("input_tokens_details")
        .field("cached_tokens", usage.cacheRead())
        .field("cache_write_tokens", usage.cacheWrite5m() + usage.cacheWrite1h())
        .endObject()
        .field("output_tokens", usage.output())
        .object("output_tokens_details")
        .field("reasoning_tokens", usage.reasoning())
        .endObject()
        .field("total_tokens", usage.total())
        .endObject();
  }

  static String textPart(String text) {
    return new JsonOutput()
        .object()
        .field("type", "output_text")
        .field("text", text)
        .json("annotations", "[]")
        .json("logprobs", "[]")
        .endObject()
        .toString();
  }

  static String refusalPart(String text) {
    return new JsonOutput()
        .object()
        .field("type", "refusal")
        .field("refusal", text)
        .endObject()
        .toString();
  }

  static String message(String id, String status, List<String> parts) {
    JsonOutput out =
        new JsonOutput()
            .object()
            .field("type", "message")
            .field("id", id)
            .field("status", status)
            .field("role", "assistant")
            .array("content");
    for (String part : parts) {
      out.json(part);
    }
    return out.endArray().endObject().toString();
  }

  static String functionCall(
      String id, String callId, String name, String arguments, String status) {
    return new JsonOutput()
        .object()
        .field("type", "function_call")
        .field("id", id)
        .field("call_id", callId)
        .field("name", name)
        .field("arguments", arguments)
        .field("status", status)
        .endObject()
        .toString();
  }
}
