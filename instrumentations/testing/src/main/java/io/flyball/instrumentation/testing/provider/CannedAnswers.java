package io.flyball.instrumentation.testing.provider;

/** Answers in the providers' own words, with known numbers of tokens. */
public final class CannedAnswers {
  /** OpenAI chat completion: 9 input tokens (4 of them cached), 12 output (2 reasoning). */
  public static final String CHAT =
      "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1700000000,"
          + "\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[{\"index\":0,\"message\":"
          + "{\"role\":\"assistant\",\"content\":\"Hello there.\",\"refusal\":null},"
          + "\"logprobs\":null,\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":12,\"total_tokens\":21,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":4},"
          + "\"completion_tokens_details\":{\"reasoning_tokens\":2}}}";

  /** Anthropic message: 10 input tokens, 5 output. */
  public static final String MESSAGE =
      "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
          + "\"model\":\"claude-sonnet-4-5\",\"content\":[{\"type\":\"text\","
          + "\"text\":\"Hello there.\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
          + "\"usage\":{\"input_tokens\":10,\"output_tokens\":5}}";

  private CannedAnswers() {}

  public static Answer chat() {
    return Answer.json(200, CHAT);
  }

  /** The pieces of a chat stream, with usage (9 in, 2 out) when asked for. */
  public static Answer chatStream(boolean usage) {
    Answer answer =
        Answer.events()
            .event(delta("{\"role\":\"assistant\",\"content\":\"\"}", "null"))
            .event(content("Hello"))
            .event(content(" there."))
            .event(delta("{}", "\"stop\""));
    if (usage) {
      answer =
          answer.event(
              "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\","
                  + "\"created\":1700000000,\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[],"
                  + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":2,"
                  + "\"total_tokens\":11}}");
    }
    return answer.event("[DONE]").end();
  }

  /** One piece of a chat stream; the text must need no escape in JSON. */
  public static String content(String text) {
    return delta("{\"content\":\"" + text + "\"}", "null");
  }

  private static String delta(String delta, String finishReason) {
    return "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
        + "\"model\":\"gpt-4o-mini-2024-07-18\",\"choices\":[{\"index\":0,\"delta\":"
        + delta
        + ",\"finish_reason\":"
        + finishReason
        + "}]}";
  }

  public static Answer message() {
    return Answer.json(200, MESSAGE);
  }

  /** An Anthropic stream: 10 tokens in, 5 out. */
  public static Answer messageStream() {
    return Answer.events()
        .chunk(
            named(
                "message_start",
                "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\","
                    + "\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\",\"content\":[],"
                    + "\"stop_reason\":null,\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}"))
        .chunk(
            named(
                "content_block_start",
                "{\"type\":\"content_block_start\",\"index\":0,"
                    + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}"))
        .chunk(
            named(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":0,"
                    + "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello there.\"}}"))
        .chunk(named("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}"))
        .chunk(
            named(
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
                    + "\"stop_sequence\":null},\"usage\":{\"output_tokens\":5}}"))
        .chunk(named("message_stop", "{\"type\":\"message_stop\"}"))
        .end();
  }

  private static String named(String event, String data) {
    return "event: " + event + "\ndata: " + data + "\n\n";
  }

  /** An error in OpenAI's format. */
  public static Answer openAiError(int status, String code) {
    return Answer.json(
        status,
        "{\"error\":{\"message\":\"scripted\",\"type\":\""
            + code
            + "\",\"param\":null,\"code\":\""
            + code
            + "\"}}");
  }
}
