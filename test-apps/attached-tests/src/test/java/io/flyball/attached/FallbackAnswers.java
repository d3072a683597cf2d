package io.flyball.attached;

import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.RecordedRequest;

/** What a healthy provider of OpenAI's form says: always {@link #TEXT}. */
final class FallbackAnswers {
  static final String TEXT = "The fallback says this.";

  private FallbackAnswers() {}

  static Answer to(RecordedRequest request) {
    boolean stream = request.bodyText().contains("\"stream\":true");
    return request.path().endsWith("/responses")
        ? (stream ? responseStream(TEXT) : Answer.json(200, response(TEXT)))
        : (stream ? chatStream(TEXT) : Answer.json(200, chat(TEXT)));
  }

  static String chat(String text) {
    return "{\"id\":\"chatcmpl-f\",\"object\":\"chat.completion\",\"created\":1700000000,"
        + "\"model\":\"fallback-model\",\"choices\":[{\"index\":0,\"message\":"
        + "{\"role\":\"assistant\",\"content\":\""
        + text
        + "\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,"
        + "\"completion_tokens\":5,\"total_tokens\":14}}";
  }

  static Answer chatStream(String text) {
    return Answer.events()
        .event(chunk("{\"role\":\"assistant\",\"content\":\"\"}", "null"))
        .event(chunk("{\"content\":\"" + text + "\"}", "null"))
        .event(chunk("{}", "\"stop\""))
        .event("[DONE]")
        .end();
  }

  private static String chunk(String delta, String finishReason) {
    return "{\"id\":\"chatcmpl-f\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
        + "\"model\":\"fallback-model\",\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finishReason
        + "}]}";
  }

  /** A response of the Responses API. */
  static String response(String text) {
    return "{\"id\":\"resp_f\",\"object\":\"response\",\"created_at\":1700000000,"
        + "\"status\":\"completed\",\"error\":null,\"model\":\"fallback-model\",\"output\":["
        + item(text)
        + "],\"usage\":{\"input_tokens\":9,\"output_tokens\":5,\"total_tokens\":14}}";
  }

  private static String item(String text) {
    return "{\"type\":\"message\",\"id\":\"msg_f\",\"status\":\"completed\",\"role\":\"assistant\","
        + "\"content\":[{\"type\":\"output_text\",\"text\":\""
        + text
        + "\",\"annotations\":[]}]}";
  }

  static Answer responseStream(String text) {
    return Answer.events()
        .chunk(typed("response.created", "\"response\":" + begun()))
        .chunk(
            typed(
                "response.output_text.delta",
                "\"item_id\":\"msg_f\",\"output_index\":0,\"content_index\":0,\"delta\":\""
                    + text
                    + "\""))
        .chunk(typed("response.completed", "\"response\":" + response(text)))
        .end();
  }

  static String begun() {
    return "{\"id\":\"resp_f\",\"object\":\"response\",\"created_at\":1700000000,"
        + "\"status\":\"in_progress\",\"error\":null,\"model\":\"a-model\",\"output\":[]}";
  }

  /** One event of a stream whose events have names. */
  static String typed(String type, String fields) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"," + fields + "}\n\n";
  }
}
