package io.flyball.twin;

import java.util.ArrayList;
import java.util.List;

/** The APIs, and how a whole answer looks in each. */
enum Dialect {
  CHAT("/v1/chat/completions"),
  MESSAGES("/v1/messages"),
  RESPONSES("/v1/responses"),
  GEMINI("/v1beta/models/gemini-2.5-flash"),
  COMPLETIONS("/v1/completions"),
  EMBEDDINGS("/v1/embeddings");

  /** What kind of content the words stand in. */
  enum Content {
    TEXT,
    TOOL_CALL,
    REASONING,
    REFUSAL
  }

  /**
   * One server-sent event.
   *
   * @param name null for none
   */
  record Event(String name, String data, boolean content, boolean terminal) {}

  private final String path;

  Dialect(String path) {
    this.path = path;
  }

  boolean streams() {
    return this != EMBEDDINGS;
  }

  String path(boolean stream) {
    return this != GEMINI
        ? path
        : path + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");
  }

  /**
   * A request; {@code extra} is put behind its first fields and begins with a comma, or is empty.
   */
  String request(boolean stream, String extra) {
    String streaming = stream ? ",\"stream\":true" : "";
    return switch (this) {
      case CHAT ->
          "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Say it.\"}]"
              + streaming
              + extra
              + "}";
      case COMPLETIONS ->
          "{\"model\":\"gpt-3.5-turbo-instruct\",\"prompt\":\"Say it.\"" + streaming + extra + "}";
      case RESPONSES ->
          "{\"model\":\"gpt-4o-mini\",\"input\":\"Say it.\"" + streaming + extra + "}";
      case MESSAGES ->
          "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":256,\"messages\":[{\"role\":\"user\",\"content\":\"Say it.\"}]"
              + streaming
              + extra
              + "}";
      case GEMINI ->
          "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Say it.\"}]}]" + extra + "}";
      case EMBEDDINGS ->
          "{\"model\":\"text-embedding-3-small\",\"input\":\"Say it.\"" + extra + "}";
    };
  }

  /** A plain answer with these words. */
  String whole(String text) {
    return switch (this) {
      case CHAT ->
          "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"gpt-4o-mini\","
              + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\""
              + text
              + "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
              + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21}}";
      case COMPLETIONS ->
          "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1700000000,\"model\":\"gpt-3.5-turbo-instruct\","
              + "\"choices\":[{\"index\":0,\"text\":\""
              + text
              + "\",\"logprobs\":null,\"finish_reason\":\"stop\"}],"
              + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21}}";
      case RESPONSES -> response("completed", text);
      case MESSAGES ->
          "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
              + "\"content\":[{\"type\":\"text\",\"text\":\""
              + text
              + "\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":10,\"output_tokens\":5}}";
      case GEMINI -> generated(text, true);
      case EMBEDDINGS ->
          "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.1,-0.25]}],"
              + "\"model\":\"text-embedding-3-small\",\"usage\":{\"prompt_tokens\":3,\"total_tokens\":3}}";
    };
  }

  /** The events of a stream. */
  List<Event> events(List<String> words, Content content) {
    List<Event> events = new ArrayList<>();
    switch (this) {
      case CHAT -> chat(events, words, content);
      case COMPLETIONS -> {
        for (String word : words) {
          events.add(content(null, completion("\"" + word + "\"", "null")));
        }
        events.add(plain(null, completion("\"\"", "\"stop\"")));
        events.add(terminal(null, "[DONE]"));
      }
      case RESPONSES -> responses(events, words);
      case MESSAGES -> messages(events, words, content);
      case GEMINI -> {
        for (int i = 0; i < words.size(); i++) {
          boolean last = i == words.size() - 1;
          events.add(new Event(null, generated(words.get(i), last), true, last));
        }
      }
      default -> throw new IllegalStateException(this + " does not stream");
    }
    return events;
  }

  private static Event plain(String name, String data) {
    return new Event(name, data, false, false);
  }

  private static Event content(String name, String data) {
    return new Event(name, data, true, false);
  }

  private static Event terminal(String name, String data) {
    return new Event(name, data, false, true);
  }

  private static void chat(List<Event> events, List<String> words, Content content) {
    boolean tool = content == Content.TOOL_CALL;
    events.add(
        plain(
            null,
            delta(
                "{\"role\":\"assistant\",\"content\":" + (tool ? "null" : "\"\"") + "}", "null")));
    if (tool) {
      events.add(
          content(
              null,
              delta(
                  "{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\","
                      + "\"function\":{\"name\":\"look_up\",\"arguments\":\"\"}}]}",
                  "null")));
    }
    for (String word : words) {
      String delta =
          switch (content) {
            case TEXT -> "{\"content\":\"" + word + "\"}";
            case TOOL_CALL ->
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"" + word + "\"}}]}";
            case REASONING -> "{\"reasoning_content\":\"" + word + "\"}";
            case REFUSAL -> "{\"refusal\":\"" + word + "\"}";
          };
      events.add(content(null, delta(delta, "null")));
    }
    events.add(plain(null, delta("{}", tool ? "\"tool_calls\"" : "\"stop\"")));
    events.add(terminal(null, "[DONE]"));
  }

  private static String delta(String delta, String finish) {
    return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
        + "\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finish
        + "}]}";
  }

  private static String completion(String text, String finish) {
    return "{\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1700000000,"
        + "\"model\":\"gpt-3.5-turbo-instruct\",\"choices\":[{\"index\":0,\"text\":"
        + text
        + ",\"finish_reason\":"
        + finish
        + "}]}";
  }

  private static String generated(String text, boolean last) {
    return "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\""
        + text
        + "\"}],\"role\":\"model\"}"
        + (last ? ",\"finishReason\":\"STOP\"" : "")
        + ",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":4,\"candidatesTokenCount\":5,\"totalTokenCount\":9},"
        + "\"modelVersion\":\"gemini-2.5-flash\",\"responseId\":\"r1\"}";
  }

  private static String response(String status, String text) {
    String output =
        text == null
            ? "[]"
            : "[{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":"
                + "[{\"type\":\"output_text\",\"annotations\":[],\"text\":\""
                + text
                + "\"}]}]";
    return "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1700000000,\"status\":\""
        + status
        + "\",\"error\":null,\"incomplete_details\":null,\"model\":\"gpt-4o-mini\",\"output\":"
        + output
        + ",\"parallel_tool_calls\":true,\"usage\":"
        + (text == null ? "null" : "{\"input_tokens\":9,\"output_tokens\":12,\"total_tokens\":21}")
        + "}";
  }

  private static void responses(List<Event> events, List<String> words) {
    String text = String.join("", words);
    events.add(named("response.created", ",\"response\":" + response("in_progress", null), false));
    events.add(
        named("response.in_progress", ",\"response\":" + response("in_progress", null), false));
    String item = ",\"output_index\":0,\"item_id\":\"msg_1\",\"content_index\":0";
    events.add(
        named(
            "response.output_item.added",
            ",\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"in_progress\",\"role\":\"assistant\",\"content\":[]}",
            false));
    events.add(
        named(
            "response.content_part.added",
            item + ",\"part\":{\"type\":\"output_text\",\"annotations\":[],\"text\":\"\"}",
            false));
    for (String word : words) {
      events.add(named("response.output_text.delta", item + ",\"delta\":\"" + word + "\"", true));
    }
    events.add(named("response.output_text.done", item + ",\"text\":\"" + text + "\"", false));
    events.add(
        named(
            "response.content_part.done",
            item
                + ",\"part\":{\"type\":\"output_text\",\"annotations\":[],\"text\":\""
                + text
                + "\"}",
            false));
    events.add(
        named(
            "response.output_item.done",
            ",\"output_index\":0,\"item\":{\"id\":\"msg_1\",\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"annotations\":[],\"text\":\""
                + text
                + "\"}]}",
            false));
    Event last = named("response.completed", ",\"response\":" + response("completed", text), false);
    events.add(new Event(last.name(), last.data(), false, true));
  }

  private static Event named(String type, String fields, boolean content) {
    return new Event(type, "{\"type\":\"" + type + "\"" + fields + "}", content, false);
  }

  private static void messages(List<Event> events, List<String> words, Content content) {
    events.add(
        named(
            "message_start",
            ",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}",
            false));
    String block =
        switch (content) {
          case TOOL_CALL ->
              "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"look_up\",\"input\":{}}";
          case REASONING -> "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}";
          default -> "{\"type\":\"text\",\"text\":\"\"}";
        };
    events.add(named("content_block_start", ",\"index\":0,\"content_block\":" + block, false));
    for (String word : words) {
      String delta =
          switch (content) {
            case TOOL_CALL -> "{\"type\":\"input_json_delta\",\"partial_json\":\"" + word + "\"}";
            case REASONING -> "{\"type\":\"thinking_delta\",\"thinking\":\"" + word + "\"}";
            default -> "{\"type\":\"text_delta\",\"text\":\"" + word + "\"}";
          };
      events.add(named("content_block_delta", ",\"index\":0,\"delta\":" + delta, true));
    }
    events.add(named("content_block_stop", ",\"index\":0", false));
    String stop =
        content == Content.TOOL_CALL
            ? "tool_use"
            : content == Content.REFUSAL ? "refusal" : "end_turn";
    events.add(
        named(
            "message_delta",
            ",\"delta\":{\"stop_reason\":\""
                + stop
                + "\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}",
            false));
    events.add(new Event("message_stop", "{\"type\":\"message_stop\"}", false, true));
  }

  /** An event that says that it went wrong. */
  Event errorEvent(String type) {
    return switch (this) {
      case MESSAGES ->
          plain(
              "error",
              "{\"type\":\"error\",\"error\":{\"type\":\""
                  + type
                  + "\",\"message\":\"Overloaded\"}}");
      case RESPONSES ->
          plain(
              "error",
              "{\"type\":\"error\",\"code\":\""
                  + type
                  + "\",\"message\":\"The server had an error\",\"param\":null,\"sequence_number\":3}");
      case GEMINI ->
          plain(
              null,
              "{\"error\":{\"code\":503,\"message\":\"The model is overloaded.\",\"status\":\"UNAVAILABLE\"}}");
      default ->
          plain(
              null,
              "{\"error\":{\"message\":\"The server had an error\",\"type\":\""
                  + type
                  + "\",\"param\":null,\"code\":null}}");
    };
  }
}
