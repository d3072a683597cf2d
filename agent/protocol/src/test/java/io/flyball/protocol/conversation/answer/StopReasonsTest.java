package io.flyball.protocol.conversation.answer;

import static io.flyball.protocol.conversation.answer.Streams.CHAT;
import static io.flyball.protocol.conversation.answer.Streams.GEMINI;
import static io.flyball.protocol.conversation.answer.Streams.MESSAGES;
import static io.flyball.protocol.conversation.answer.Streams.RESPONSES;
import static io.flyball.protocol.conversation.answer.Streams.between;
import static io.flyball.protocol.conversation.answer.Streams.bytes;
import static io.flyball.protocol.conversation.answer.Streams.chat;
import static io.flyball.protocol.conversation.answer.Streams.gemini;
import static io.flyball.protocol.conversation.answer.Streams.json;
import static io.flyball.protocol.conversation.answer.Streams.translate;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Why an answer ended, in the words of each protocol. */
class StopReasonsTest {
  @ParameterizedTest
  @CsvSource({
    "stop, end_turn, STOP, stop",
    "length, max_tokens, MAX_TOKENS, length",
    "content_filter, refusal, SAFETY, content_filter",
    "eos, end_turn, STOP, stop"
  })
  void stopReasonsOfChat(String reason, String messages, String gemini, String chat)
      throws Exception {
    byte[] body =
        bytes(
            "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\""
                + reason
                + "\"}]}");

    assertThat(json(between(CHAT, MESSAGES).whole(body)).get("stop_reason").asText())
        .isEqualTo(messages);
    assertThat(json(between(CHAT, GEMINI).whole(body)).at("/candidates/0/finishReason").asText())
        .isEqualTo(gemini);
    assertThat(json(between(CHAT, CHAT).whole(body)).at("/choices/0/finish_reason").asText())
        .isEqualTo(chat);
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn, stop",
    "stop_sequence, stop",
    "max_tokens, length",
    "model_context_window_exceeded, length",
    "tool_use, tool_calls",
    "refusal, content_filter"
  })
  void stopReasonsOfMessages(String reason, String chat) throws Exception {
    byte[] body =
        bytes(
            "{\"content\":[{\"type\":\"text\",\"text\":\"x\"}],\"stop_reason\":\""
                + reason
                + "\"}");

    assertThat(json(between(MESSAGES, CHAT).whole(body)).at("/choices/0/finish_reason").asText())
        .isEqualTo(chat);
  }

  @ParameterizedTest
  @CsvSource({
    "STOP, stop",
    "MAX_TOKENS, length",
    "SAFETY, content_filter",
    "RECITATION, content_filter",
    "PROHIBITED_CONTENT, content_filter",
    "BLOCKLIST, content_filter",
    "SPII, content_filter"
  })
  void stopReasonsOfGemini(String reason, String chat) throws Exception {
    byte[] body =
        bytes(
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"x\"}]},\"finishReason\":\""
                + reason
                + "\"}]}");

    assertThat(json(between(GEMINI, CHAT).whole(body)).at("/choices/0/finish_reason").asText())
        .isEqualTo(chat);
  }

  @Test
  void anIncompleteResponseSaysWhy() throws Exception {
    String stream =
        translate(CHAT, RESPONSES, chat("\"content\":\"x\"", "length") + "data: [DONE]\n\n");

    assertThat(stream)
        .contains("event: response.incomplete\n")
        .contains(
            "\"status\":\"incomplete\",\"error\":null,\"incomplete_details\":{\"reason\":\"max_output_tokens\"}");
  }

  @Test
  void aRefusalStaysOne() throws Exception {
    String stream = chat("\"refusal\":\"No.\"", "stop") + "data: [DONE]\n\n";

    assertThat(translate(CHAT, MESSAGES, stream))
        .contains("\"text_delta\",\"text\":\"No.\"")
        .contains("\"stop_reason\":\"refusal\"");
    assertThat(translate(CHAT, GEMINI, stream)).contains("\"finishReason\":\"SAFETY\"");
    assertThat(translate(CHAT, RESPONSES, stream))
        .contains("event: response.refusal.delta\n")
        .contains("{\"type\":\"refusal\",\"refusal\":\"No.\"}");
  }

  @Test
  void aBlockedPromptIsARefusal() throws Exception {
    byte[] body = bytes("{\"promptFeedback\":{\"blockReason\":\"SAFETY\"}}");

    assertThat(json(between(GEMINI, CHAT).whole(body)).at("/choices/0/finish_reason").asText())
        .isEqualTo("content_filter");
  }
}
