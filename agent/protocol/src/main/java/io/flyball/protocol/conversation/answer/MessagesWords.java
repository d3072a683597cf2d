package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.Usage;

/** How Anthropic's messages say things. */
final class MessagesWords {
  static final String ID = "msg_";
  static final String CALL_ID = "toolu_";

  private MessagesWords() {}

  static String stopReason(StopReason reason) {
    switch (reason) {
      case LENGTH:
        return "max_tokens";
      case TOOL_CALLS:
        return "tool_use";
      case CONTENT_FILTER:
        return "refusal";
      default:
        return "end_turn";
    }
  }

  /**
   * The input leaves out what was read from and written to the cache.
   *
   * @param usage null when there is none to tell; the SDKs insist on numbers
   */
  static void usage(JsonOutput out, Usage usage) {
    out.object("usage");
    if (usage == null) {
      out.field("input_tokens", 0).field("output_tokens", 0);
    } else {
      long written = usage.cacheWrite5m() + usage.cacheWrite1h();
      out.field("input_tokens", usage.input() - usage.cacheRead() - written)
          .field("cache_creation_input_tokens", written)
          .field("cache_read_input_tokens", usage.cacheRead())
          .field("output_tokens", usage.output());
    }
    out.endObject();
  }

  /** A message up to its content; an array is open. */
  static void head(JsonOutput out, Identity identity, String model) {
    out.field("id", identity.id(ID))
        .field("type", "message")
        .field("role", "assistant")
        .field("model", model)
        .array("content");
  }

  static byte[] body(WholeAnswer answer, Identity identity) throws UnusableAnswerException {
    JsonOutput out = new JsonOutput().object();
    head(out, identity, answer.model);
    String text = answer.text.toString() + answer.refusal;
    if (!text.isEmpty()) {
      out.object().field("type", "text").field("text", text).endObject();
    }
    for (Call call : answer.calls) {
      out.object()
          .field("type", "tool_use")
          .field("id", identity.callId(call.id, CALL_ID))
          .field("name", call.name)
          .json("input", JsonOutput.argumentsObject(call.arguments.toString()))
          .endObject();
    }
    boolean refused = answer.refusal.length() > 0;
    out.endArray()
        .field("stop_reason", stopReason(refused ? StopReason.CONTENT_FILTER : answer.reason))
        .nullField("stop_sequence");
    usage(out, answer.usage);
    return out.endObject().bytes();
  }
}
