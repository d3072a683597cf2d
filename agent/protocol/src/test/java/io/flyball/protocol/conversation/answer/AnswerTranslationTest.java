package io.flyball.protocol.conversation.answer;

import static io.flyball.protocol.conversation.answer.Streams.CHAT;
import static io.flyball.protocol.conversation.answer.Streams.GEMINI;
import static io.flyball.protocol.conversation.answer.Streams.MESSAGES;
import static io.flyball.protocol.conversation.answer.Streams.RESPONSES;
import static io.flyball.protocol.conversation.answer.Streams.between;
import static io.flyball.protocol.conversation.answer.Streams.bytes;
import static io.flyball.protocol.conversation.answer.Streams.chat;
import static io.flyball.protocol.conversation.answer.Streams.json;
import static io.flyball.protocol.conversation.answer.Streams.message;
import static io.flyball.protocol.conversation.answer.Streams.read;
import static io.flyball.protocol.conversation.answer.Streams.translate;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.protocol.Usage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers of one protocol and what is made of them for another, row by row. */
class AnswerTranslationTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The data of a stream's events, and their names before them where they have one. */
  private static List<String> events(String stream) {
    List<String> events = new ArrayList<>();
    for (String block : stream.split("\r\n\r\n|\n\n")) {
      events.add(block.replace("event: ", "").replace("\ndata: ", " ").replace("data: ", ""));
    }
    return events;
  }

  @Test
  void aMessageAsAChatStream() throws Exception {
    String id =
        "{\"id\":\"chatcmpl-seed1\",\"object\":\"chat.completion.chunk\",\"created\":1760000000,\"model\":\"claude-x\",";
    String[] deltas = {
      "{\"role\":\"assistant\",\"content\":\"\"}",
      "{\"content\":\"Let me \"}",
      "{\"content\":\"see\\n ü💡\"}",
      "{\"tool_calls\":[{\"index\":0,\"id\":\"toolu_a\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}]}",
      "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}]}",
      "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Bern\\\"}\"}}]}",
      "{\"tool_calls\":[{\"index\":1,\"id\":\"toolu_b\",\"type\":\"function\",\"function\":{\"name\":\"clock\",\"arguments\":\"\"}}]}",
      "{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{}\"}}]}",
    };
    StringBuilder expected = new StringBuilder();
    for (String delta : deltas) {
      expected
          .append("data: ")
          .append(id)
          .append("\"choices\":[{\"index\":0,\"delta\":")
          .append(delta)
          .append(",\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n");
    }
    expected
        .append("data: ")
        .append(id)
        .append(
            "\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"tool_calls\"}],\"usage\":null}\n\n")
        .append("data: ")
        .append(id)
        .append(
            "\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":60,\"cache_write_tokens\":10},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}}\n\ndata: [DONE]\n\n");

    assertThat(translate(MESSAGES, CHAT, Streams.MESSAGES_TOOLS)).isEqualTo(expected.toString());
  }

  @Test
  void usageThatNobodyAskedForIsNotSent() throws Exception {
    AnswerTranslation translation = AnswerTranslation.between(MESSAGES, CHAT, "m", false, "s", 1);

    String stream = translate(translation, bytes(Streams.MESSAGES_TOOLS), Arrays.asList(100));

    assertThat(stream).doesNotContain("usage").endsWith("data: [DONE]\n\n");
  }

  @Test
  void aChatStreamAsAMessage() throws Exception {
    assertThat(events(translate(CHAT, MESSAGES, Streams.CHAT_TOOLS)))
        .containsExactly(
            "message_start {\"type\":\"message_start\",\"message\":{\"id\":\"msg_seed1\",\"type\":\"message\","
                + "\"role\":\"assistant\",\"model\":\"gpt-x\",\"content\":[],\"stop_reason\":null,"
                + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":0,\"output_tokens\":0}}}",
            "content_block_start {\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
            "content_block_delta {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Let me \"}}",
            "content_block_delta {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"see\\n ü💡\"}}",
            "content_block_stop {\"type\":\"content_block_stop\",\"index\":0}",
            "content_block_start {\"type\":\"content_block_start\",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"call_a\",\"name\":\"weather\",\"input\":{}}}",
            "content_block_delta {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\"}}",
            "content_block_delta {\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\\\"Bern\\\"}\"}}",
            "content_block_stop {\"type\":\"content_block_stop\",\"index\":1}",
            "content_block_start {\"type\":\"content_block_start\",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"call_b\",\"name\":\"clock\",\"input\":{}}}",
            "content_block_delta {\"type\":\"content_block_delta\",\"index\":2,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{}\"}}",
            "content_block_stop {\"type\":\"content_block_stop\",\"index\":2}",
            "message_delta {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},"
                + "\"usage\":{\"input_tokens\":30,\"cache_creation_input_tokens\":10,\"cache_read_input_tokens\":60,\"output_tokens\":20}}",
            "message_stop {\"type\":\"message_stop\"}");
  }

  @Test
  void aChatStreamAsGemini() throws Exception {
    List<String> events = events(translate(CHAT, GEMINI, Streams.CHAT_TOOLS));
    String tail = ",\"modelVersion\":\"gpt-x\",\"responseId\":\"seed1\"}";

    assertThat(events)
        .containsExactly(
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Let me \"}],\"role\":\"model\"},\"index\":0}]"
                + tail,
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"see\\n ü💡\"}],\"role\":\"model\"},\"index\":0}]"
                + tail,
            "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"id\":\"call_a\",\"name\":\"weather\",\"args\":{\"city\":\"Bern\"}}}],\"role\":\"model\"},\"index\":0}]"
                + tail,
            "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"id\":\"call_b\",\"name\":\"clock\",\"args\":{}}}],\"role\":\"model\"},\"index\":0}]"
                + tail,
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"\"}],\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],"
                + "\"usageMetadata\":{\"promptTokenCount\":100,\"candidatesTokenCount\":15,\"totalTokenCount\":120,"
                + "\"cachedContentTokenCount\":60,\"thoughtsTokenCount\":5}"
                + tail);
  }

  @Test
  void aMessageAsAResponsesStream() throws Exception {
    List<String> events = events(translate(MESSAGES, RESPONSES, Streams.MESSAGES_TOOLS));
    List<String> types = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      String[] parts = events.get(i).split(" ", 2);
      JsonNode data = MAPPER.readTree(parts[1]);
      assertThat(data.get("type").asText()).isEqualTo(parts[0]);
      assertThat(data.get("sequence_number").asInt()).isEqualTo(i);
      types.add(parts[0]);
    }

    assertThat(types)
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.output_item.added",
            "response.function_call_arguments.delta",
            "response.function_call_arguments.done",
            "response.output_item.done",
            "response.completed");
    JsonNode response = MAPPER.readTree(events.get(18).split(" ", 2)[1]).get("response");
    assertThat(response.get("status").asText()).isEqualTo("completed");
    assertThat(response.at("/output/0/content/0/text").asText()).isEqualTo("Let me see\n ü💡");
    assertThat(response.at("/output/1").toString())
        .isEqualTo(
            "{\"type\":\"function_call\",\"id\":\"fc_seed1_1\",\"call_id\":\"toolu_a\",\"name\":\"weather\","
                + "\"arguments\":\"{\\\"city\\\":\\\"Bern\\\"}\",\"status\":\"completed\"}");
    assertThat(response.get("usage").toString())
        .isEqualTo(
            "{\"input_tokens\":100,\"input_tokens_details\":{\"cached_tokens\":60,\"cache_write_tokens\":10},"
                + "\"output_tokens\":20,\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":120}");
    JsonNode added = MAPPER.readTree(events.get(9).split(" ", 2)[1]);
    JsonNode delta = MAPPER.readTree(events.get(10).split(" ", 2)[1]);
    assertThat(added.at("/item/id")).isEqualTo(delta.get("item_id"));
    assertThat(added.get("output_index").asInt()).isEqualTo(1);
    assertThat(delta.get("output_index").asInt()).isEqualTo(1);
  }

  @Test
  void aWholeResponseIsWhatItsStreamEndsWith() throws Exception {
    JsonNode whole = json(between(MESSAGES, RESPONSES).whole(bytes(Streams.MESSAGES_TOOLS)));
    List<String> events = events(translate(MESSAGES, RESPONSES, Streams.MESSAGES_TOOLS));

    assertThat(whole)
        .isEqualTo(MAPPER.readTree(events.get(events.size() - 1).split(" ", 2)[1]).get("response"));
  }

  @Test
  void geminiCallsGetIdsAndKeepTheirOrder() throws Exception {
    WholeAnswer answer = read(CHAT, bytes(translate(GEMINI, CHAT, Streams.GEMINI_TOOLS)));

    assertThat(answer.text.toString()).isEqualTo("Let me see\n ü💡");
    assertThat(answer.calls)
        .extracting(call -> call.id)
        .containsExactly("call_seed1_1", "call_seed1_2");
    assertThat(answer.calls)
        .extracting(call -> call.name + call.arguments)
        .containsExactly("weather{\"city\":\"Bern\"}", "clock{}");
    assertThat(answer.reason).isEqualTo(StopReason.TOOL_CALLS);
    assertThat(answer.model).isEqualTo("gemini-x");
    assertThat(answer.usage)
        .isEqualTo(
            Usage.builder(Usage.Source.REPORTED)
                .input(100)
                .cacheRead(60)
                .output(20)
                .reasoning(5)
                .build());
  }

  @Test
  void plainBodies() throws Exception {
    byte[] chat =
        bytes(
            "{\"id\":\"c\",\"model\":\"gpt-x\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\","
                + "\"tool_calls\":[{\"id\":\"call_a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":\\n1}\"}}]},"
                + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4}}");

    assertThat(new String(between(CHAT, MESSAGES).whole(chat), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"id\":\"msg_seed1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"gpt-x\",\"content\":["
                + "{\"type\":\"text\",\"text\":\"Hi\"},{\"type\":\"tool_use\",\"id\":\"call_a\",\"name\":\"f\",\"input\":{\"a\": 1}}],"
                + "\"stop_reason\":\"tool_use\",\"stop_sequence\":null,\"usage\":{\"input_tokens\":10,"
                + "\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":4}}");
    byte[] message =
        bytes(
            "{\"id\":\"msg_1\",\"type\":\"message\",\"model\":\"claude-x\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"hm\"},"
                + "{\"type\":\"tool_use\",\"id\":\"toolu_a\",\"name\":\"f\",\"input\":{\"a\":1}}],"
                + "\"stop_reason\":\"tool_use\",\"usage\":{\"input_tokens\":3,\"output_tokens\":4}}");
    assertThat(new String(between(MESSAGES, CHAT).whole(message), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"id\":\"chatcmpl-seed1\",\"object\":\"chat.completion\",\"created\":1760000000,\"model\":\"claude-x\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":null,"
                + "\"tool_calls\":[{\"id\":\"toolu_a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}}]},"
                + "\"logprobs\":null,\"finish_reason\":\"tool_calls\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":4,"
                + "\"total_tokens\":7,\"prompt_tokens_details\":{\"cached_tokens\":0,\"cache_write_tokens\":0},"
                + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}}");
    assertThat(new String(between(MESSAGES, GEMINI).whole(message), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"candidates\":[{\"content\":{\"parts\":[{\"functionCall\":{\"id\":\"toolu_a\",\"name\":\"f\",\"args\":{\"a\":1}}}],"
                + "\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":3,"
                + "\"candidatesTokenCount\":4,\"totalTokenCount\":7},\"modelVersion\":\"claude-x\",\"responseId\":\"seed1\"}");
  }
}
