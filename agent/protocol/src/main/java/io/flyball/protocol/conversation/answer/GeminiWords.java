package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;

/** How Gemini's generateContent says things. */
final class GeminiWords {
  private GeminiWords() {}

  /** A tool call ends with STOP there. */
  static String finishReason(StopReason reason) {
    switch (reason) {
      case LENGTH:
        return "MAX_TOKENS";
      case CONTENT_FILTER:
        return "SAFETY";
      default:
        return "STOP";
    }
  }

  static void usage(JsonOutput out, Usage usage) {
    out.object("usageMetadata")
        .field("promptTokenCount", usage.input())
        .field("candidatesTokenCount", usage.output() - usage.reasoning())
        .field("totalTokenCount", usage.total());
    if (usage.cacheRead() > 0) {
      out.field("cachedContentTokenCount", usage.cacheRead());
    }
    if (usage.reasoning() > 0) {
      out.field("thoughtsTokenCount", usage.reasoning());
    }
    out.endObject();
  }

  static void text(JsonOutput parts, String text) {
    parts.object().field("text", text).endObject();
  }

  /** The id leads a later result back to the call, for those who know ids there. */
  static void call(JsonOutput parts, Call call) throws UnusableAnswerException {
    parts.object().object("functionCall");
    if (call.id != null) {
      parts.field("id", call.id);
    }
    parts
        .field("name", call.name)
        .json("args", JsonOutput.argumentsObject(call.arguments.toString()))
        .endObject()
        .endObject();
  }

  /** A response up to its parts; an array is open. */
  static JsonOutput open() {
    return new JsonOutput().object().array("candidates").object().object("content").array("parts");
  }

  /**
   * @param reason null when the answer goes on
   */
  static JsonOutput close(
      JsonOutput parts, StopReason reason, Usage usage, String model, Identity identity) {
    parts.endArray().field("role", "model").endObject();
    if (reason != null) {
      parts.field("finishReason", finishReason(reason));
    }
    parts.field("index", 0).endObject().endArray();
    if (usage != null) {
      usage(parts, usage);
    }
    return parts.field("modelVersion", model).field("responseId", identity.id("")).endObject();
  }

  static byte[] body(WholeAnswer answer, Identity identity) throws UnusableAnswerException {
    JsonOutput parts = open();
    String text = answer.text.toString() + answer.refusal;
    if (!text.isEmpty() || answer.calls.isEmpty()) {
      text(parts, text);
    }
    for (Call call : answer.calls) {
      call(parts, call);
    }
    boolean refused = answer.refusal.length() > 0;
    StopReason reason = refused ? StopReason.CONTENT_FILTER : answer.reason;
    return close(parts, reason, answer.usage, answer.model, identity).bytes();
  }
}
