package io.flyball.protocol.conversation.answer;

import static io.flyball.protocol.conversation.answer.Streams.CHAT;
import static io.flyball.protocol.conversation.answer.Streams.GEMINI;
import static io.flyball.protocol.conversation.answer.Streams.MESSAGES;
import static io.flyball.protocol.conversation.answer.Streams.RESPONSES;
import static io.flyball.protocol.conversation.answer.Streams.between;
import static io.flyball.protocol.conversation.answer.Streams.bytes;
import static io.flyball.protocol.conversation.answer.Streams.chat;
import static io.flyball.protocol.conversation.answer.Streams.gemini;
import static io.flyball.protocol.conversation.answer.Streams.message;
import static io.flyball.protocol.conversation.answer.Streams.read;
import static io.flyball.protocol.conversation.answer.Streams.translate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.protocol.Usage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerTranslationTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final List<String> TARGETS = Arrays.asList(CHAT, MESSAGES, GEMINI);
  private static final List<String> APPLICATIONS = Arrays.asList(CHAT, RESPONSES, MESSAGES, GEMINI);

  private static JsonNode json(byte[] body) throws Exception {
    return MAPPER.readTree(body);
  }

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

  private static void assertUnusable(
      String target, String body, UnusableAnswerException.Kind kind) {
    assertThatThrownBy(() -> translate(target, CHAT, body))
        .isInstanceOfSatisfying(
            UnusableAnswerException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void outputThatTheModelBrokeIsMalformed() {
    for (String reason :
        Arrays.asList("MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "OTHER")) {
      String event = gemini("", ",\"finishReason\":\"" + reason + "\"}]");
      assertUnusable(GEMINI, event, UnusableAnswerException.Kind.MALFORMED);
    }
  }

  @Test
  void errorsInAStreamAreFailures() {
    assertUnusable(
        CHAT,
        chat("\"content\":\"x\"", null)
            + "data: {\"error\":{\"message\":\"m\",\"code\":\"c\"}}\n\n",
        UnusableAnswerException.Kind.FAILED);
    assertUnusable(
        MESSAGES,
        message("error", ",\"error\":{\"type\":\"overloaded_error\",\"message\":\"m\"}"),
        UnusableAnswerException.Kind.FAILED);
    assertUnusable(
        GEMINI,
        gemini("{\"text\":\"x\"}", "}]")
            + "data: {\"error\":{\"code\":503,\"status\":\"UNAVAILABLE\"}}\n\n",
        UnusableAnswerException.Kind.FAILED);
  }

  @Test
  void whatCameBeforeAnErrorIsGivenFirst() throws Exception {
    StreamTranslator translator = between(CHAT, MESSAGES).stream();
    String stream = chat("\"content\":\"x\"", null) + "data: {\"error\":{}}\n\n";

    String before =
        StandardCharsets.UTF_8.decode(translator.feed(ByteBuffer.wrap(bytes(stream)))).toString();

    assertThat(before).contains("\"text\":\"x\"").doesNotContain("message_stop");
    assertThatThrownBy(translator::end).isInstanceOf(UnusableAnswerException.class);
    assertThat(translator.isComplete()).isFalse();
  }

  /** Byte by byte: a stream that ends early never ends normally for the application. */
  @Test
  void aStreamCutAnywhereIsIncomplete() {
    for (String target : TARGETS) {
      String stream = Streams.tools(target);
      String marker =
          target.equals(CHAT)
              ? "\"tool_calls\"}"
              : target.equals(MESSAGES) ? "\"message_stop\"}" : "\"STOP\"";
      int last = stream.lastIndexOf(marker);
      for (int end = 0; end < last; end += 3) {
        String cut = stream.substring(0, end);
        assertThatThrownBy(() -> translate(target, RESPONSES, cut))
            .as(target + " cut")
            .isInstanceOf(UnusableAnswerException.class);
      }
    }
  }

  @Test
  void doneIsNotNeededWhereTheFinishWasSeen() throws Exception {
    assertThat(translate(CHAT, MESSAGES, chat("\"content\":\"x\"", "stop")))
        .endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
  }

  @Test
  void theEndGoesOnWithDoneAndDoesNotWaitForTheBody() throws Exception {
    StreamTranslator translator = between(CHAT, MESSAGES).stream();

    translator.feed(ByteBuffer.wrap(bytes(Streams.CHAT_TOOLS)));

    assertThat(translator.isComplete()).isTrue();
  }

  @Test
  void aDocumentWhereAStreamWasAskedFor() throws Exception {
    String body = "{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"stop\"}]}";
    String array =
        "["
            + gemini("{\"text\":\"a\"}", "}]").substring(6)
            + ","
            + gemini("{\"text\":\"b\"}", ",\"finishReason\":\"STOP\"}]").substring(6)
            + "]";

    assertThat(translate(CHAT, MESSAGES, body)).contains("message_stop").contains("target-model");
    assertThat(read(CHAT, bytes(translate(GEMINI, CHAT, array))).text.toString()).isEqualTo("ab");
  }

  @Test
  void piecesOfCallsThatAreMixedAreNotGuessed() {
    String first =
        "\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{\"}}]";
    String second =
        "\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}]";
    String late = "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"}\"}}]";

    assertUnusable(
        CHAT,
        chat(first, null) + chat(second, null) + chat(late, "tool_calls"),
        UnusableAnswerException.Kind.MALFORMED);
  }

  @Test
  void argumentsThatAreNoObjectCannotGoWhereAnObjectIsNeeded() {
    byte[] body =
        bytes(
            "{\"choices\":[{\"message\":{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"name\":\"f\",\"arguments\":\"{oops\"}}]}}]}");

    assertThatThrownBy(() -> between(CHAT, MESSAGES).whole(body))
        .isInstanceOf(UnusableAnswerException.class)
        .hasMessageNotContaining("oops");
  }

  @Test
  void aMalformedEventIsLeftOutAndCounted() throws Exception {
    StreamTranslator translator = between(CHAT, GEMINI).stream();
    String stream =
        chat("\"content\":\"a\"", null) + "data: {\"choi\n\n" + chat("\"content\":\"b\"", "stop");

    translator.feed(ByteBuffer.wrap(bytes(stream)));
    translator.end();

    assertThat(translator.malformedEvents()).isEqualTo(1);
  }

  @Test
  void halvesOfACharacterSurvive() throws Exception {
    String stream = chat("\"content\":\"\\ud83d\"", null) + chat("\"content\":\"\\udca1\"", "stop");

    for (String application : Arrays.asList(MESSAGES, GEMINI)) {
      String translated = translate(CHAT, application, stream);
      assertThat(read(application, bytes(translated)).text.toString()).isEqualTo("💡");
    }
  }

  @Test
  void unknownProtocolsAreNotTranslated() {
    assertThat(between(RESPONSES, CHAT)).isNull();
    assertThat(between(CHAT, "openai.embeddings")).isNull();
    assertThat(between("ollama.chat", CHAT)).isNull();
  }

  @Property(tries = 300)
  void howTheStreamIsCutMakesNoDifference(
      @ForAll("targets") String target,
      @ForAll("applications") String application,
      @ForAll("cuts") List<Integer> cuts)
      throws Exception {
    byte[] stream = bytes(Streams.tools(target));

    assertThat(translate(between(target, application), stream, cuts))
        .isEqualTo(translate(target, application, Streams.tools(target)));
  }

  /** What is written in one protocol, translated to another and read there, is what was said. */
  @Property(tries = 1000)
  void aRoundTripLosesNothing(
      @ForAll("targets") String target,
      @ForAll("targets") String application,
      @ForAll("answers") List<String> answer,
      @ForAll("reasons") StopReason reason,
      @ForAll boolean streamed)
      throws Exception {
    Usage usage = Usage.builder(Usage.Source.REPORTED).input(50).cacheRead(20).output(9).build();
    EventOutput events = new EventOutput();
    AnswerSink sink = sink(target, events);
    WholeAnswer expected = new WholeAnswer();
    for (AnswerSink each : Arrays.asList(sink, expected)) {
      say(each, answer, reason, usage);
    }
    byte[] body = new byte[events.take().remaining()];
    EventOutput again = new EventOutput();
    say(sink(target, again), answer, reason, usage);
    again.take().get(body);

    AnswerTranslation translation = between(target, application);
    byte[] translated =
        streamed ? bytes(translate(translation, body, Arrays.asList(7))) : translation.whole(body);
    WholeAnswer read = read(application, translated);

    assertThat(read.text.toString()).isEqualTo(expected.text.toString());
    assertThat(read.calls)
        .usingRecursiveFieldByFieldElementComparator()
        .extracting(call -> call.id + call.name + call.arguments)
        .isEqualTo(calls(expected));
    assertThat(read.usage).isEqualTo(usage);
    assertThat(read.model).isEqualTo("served");
    boolean calls = !expected.calls.isEmpty();
    assertThat(read.reason)
        .isEqualTo(reason == StopReason.STOP && calls ? StopReason.TOOL_CALLS : reason);
  }

  private static List<String> calls(WholeAnswer answer) {
    List<String> calls = new ArrayList<>();
    for (Call call : answer.calls) {
      calls.add(call.id + call.name + call.arguments);
    }
    return calls;
  }

  private static void say(AnswerSink sink, List<String> answer, StopReason reason, Usage usage)
      throws UnusableAnswerException {
    sink.start("served", null);
    int call = 0;
    for (String piece : answer) {
      if (piece.startsWith("{")) {
        sink.toolCall("id" + call++, "tool");
        sink.arguments(piece);
      } else if (!piece.isEmpty()) {
        sink.text(piece);
      }
    }
    sink.end(reason, usage);
  }

  private static AnswerSink sink(String protocol, EventOutput events) {
    Identity identity = new Identity("x", 1);
    switch (protocol) {
      case CHAT:
        return new ChatStream(events, identity, true);
      case MESSAGES:
        return new MessagesStream(events, identity);
      default:
        return new GeminiStream(events, identity);
    }
  }

  @Property(tries = 1000)
  void garbageIsUnusableAndNothingElse(
      @ForAll("targets") String target,
      @ForAll("applications") String application,
      @ForAll int at,
      @ForAll("damage") String damage) {
    String stream = Streams.tools(target);
    int place = Math.floorMod(at, stream.length());
    byte[] broken =
        bytes(
            stream.substring(0, place)
                + damage
                + stream.substring(Math.min(stream.length(), place + damage.length())));
    try {
      translate(between(target, application), broken, Arrays.asList(11));
      between(target, application).whole(broken);
    } catch (UnusableAnswerException expected) {
      assertThat(expected.kind()).isNotNull();
    }
  }

  @Provide
  Arbitrary<String> targets() {
    return Arbitraries.of(TARGETS);
  }

  @Provide
  Arbitrary<String> applications() {
    return Arbitraries.of(APPLICATIONS);
  }

  @Provide
  Arbitrary<StopReason> reasons() {
    return Arbitraries.of(StopReason.STOP, StopReason.LENGTH, StopReason.CONTENT_FILTER);
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Arbitraries.integers().between(1, 300).list().ofMinSize(1).ofMaxSize(6);
  }

  @Provide
  Arbitrary<String> damage() {
    return Arbitraries.of(
        "\"", "}", "{", "]", "\n\n", "\\", "null", "[[[[", "\u0000", "\r", "data:", "1e999", ":");
  }

  @Provide
  Arbitrary<List<String>> answers() {
    Arbitrary<String> text =
        Arbitraries.of("Hello", " wor\"ld", "\n\\", "ü💡", "data: [DONE]\n\n", " ");
    Arbitrary<String> call =
        Arbitraries.of("{}", "{\"a\":\"x\\n\"}", "{\"deep\":{\"b\":[1,2.50,null]}}");
    return Combinators.combine(text.list().ofMaxSize(5), call.list().ofMaxSize(3))
        .as(
            (texts, calls) -> {
              List<String> all = new ArrayList<>(texts);
              all.addAll(calls);
              return all;
            });
  }
}
