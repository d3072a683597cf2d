package io.flyball.protocol.conversation.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.ResponseReader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Bytes in pieces, and streams as they really come. */
final class Streams {
  static final String CHAT = "openai.chat";
  static final String RESPONSES = "openai.responses";
  static final String MESSAGES = "anthropic.messages";
  static final String GEMINI = "gemini.generate";

  private static final Map<String, RequestFacts> FACTS = new ConcurrentHashMap<>();

  private Streams() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(ByteArrayOutputStream out) {
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  static List<ByteBuffer> cut(byte[] bytes, List<Integer> lengths) {
    List<ByteBuffer> pieces = new ArrayList<>();
    for (int i = 0, offset = 0; offset < bytes.length; i++) {
      int length = Math.min(lengths.get(i % lengths.size()), bytes.length - offset);
      byte[] piece = Arrays.copyOfRange(bytes, offset, offset + length);
      pieces.add(ByteBuffer.wrap(piece).asReadOnlyBuffer());
      offset += length;
    }
    return pieces;
  }

  static void write(ByteBuffer bytes, ByteArrayOutputStream out) {
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    out.write(copy, 0, copy.length);
  }

  static AnswerTranslation between(String target, String application) {
    return AnswerTranslation.between(
        target, application, "target-model", true, "seed1", 1_760_000_000L);
  }

  static String translate(String target, String application, String stream)
      throws UnusableAnswerException {
    return translate(between(target, application), bytes(stream), Arrays.asList(1 << 20));
  }

  static String translate(AnswerTranslation translation, byte[] stream, List<Integer> lengths)
      throws UnusableAnswerException {
    StreamTranslator translator = translation.stream();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ByteBuffer piece : cut(stream, lengths)) {
      write(translator.feed(piece), out);
    }
    write(translator.end(), out);
    return text(out);
  }

  /** Of a stream with one choice; null when such streams cannot be joined. */
  static StreamContinuation continuation(String protocol) {
    return continuation(protocol, 1);
  }

  static StreamContinuation continuation(String protocol, int choices) {
    return StreamContinuation.of(protocol, choices, () -> reader(protocol));
  }

  /** As the meter of such a stream has one. */
  static ResponseReader reader(String protocol) {
    String path =
        protocol.equals(CHAT)
            ? "/v1/chat/completions"
            : protocol.equals(MESSAGES)
                ? "/v1/messages"
                : protocol.equals(RESPONSES)
                    ? "/v1/responses"
                    : "/v1beta/models/m:streamGenerateContent";
    RequestFacts facts = FACTS.computeIfAbsent(path, Streams::facts);
    return facts.protocol().reader(facts, 200, "text/event-stream");
  }

  private static RequestFacts facts(String path) {
    String body =
        "{\"model\":\"m\",\"stream\":true,\"max_tokens\":9,\"input\":\"x\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
            + "\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"x\"}]}]}";
    String host =
        path.contains("messages")
            ? "api.anthropic.com"
            : path.contains("models") ? "generativelanguage.googleapis.com" : "api.openai.com";
    RequestHead head = new RequestHead("POST", "https", host, 443, path, "alt=sse", name -> null);
    return new Protocols(Collections.<Endpoint>emptyList()).recognise(head, bytes(body));
  }

  /** What a protocol's own reader here makes of a body, plain or streamed. */
  static WholeAnswer read(String protocol, byte[] body) throws UnusableAnswerException {
    WholeAnswer answer = new WholeAnswer();
    Body reading = new Body(AnswerSource.of(protocol, answer, "unnamed"));
    reading.feed(ByteBuffer.wrap(body));
    reading.end();
    if (reading.failure() != null) {
      throw reading.failure();
    }
    return answer;
  }

  static String chat(String delta, String finishReason) {
    return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-x\",\"choices\":"
        + "[{\"index\":0,\"delta\":{"
        + delta
        + "},\"finish_reason\":"
        + (finishReason == null ? "null" : "\"" + finishReason + "\"")
        + "}]}\n\n";
  }

  static String message(String type, String fields) {
    return "event: " + type + "\ndata: {\"type\":\"" + type + "\"" + fields + "}\n\n";
  }

  static String gemini(String parts, String rest) {
    return "data: {\"candidates\":[{\"content\":{\"parts\":["
        + parts
        + "],\"role\":\"model\"},\"index\":0"
        + rest
        + ",\"modelVersion\":\"gemini-x\",\"responseId\":\"r1\"}\r\n\r\n";
  }

  /** Text, then two tool calls. */
  static final String CHAT_TOOLS =
      chat("\"role\":\"assistant\",\"content\":\"\"", null)
          + chat("\"content\":\"Let me \"", null)
          + chat("\"content\":\"see\\n \\u00fc\\ud83d\\udca1\"", null)
          + chat(
              "\"tool_calls\":[{\"index\":0,\"id\":\"call_a\",\"type\":\"function\",\"function\":"
                  + "{\"name\":\"weather\",\"arguments\":\"\"}}]",
              null)
          + chat(
              "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}]",
              null)
          + chat(
              "\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\\"Bern\\\"}\"}}]", null)
          + chat(
              "\"tool_calls\":[{\"index\":1,\"id\":\"call_b\",\"type\":\"function\",\"function\":"
                  + "{\"name\":\"clock\",\"arguments\":\"{}\"}}]",
              null)
          + chat("", "tool_calls")
          + "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"gpt-x\",\"choices\":[],"
          + "\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":20,\"total_tokens\":120,"
          + "\"prompt_tokens_details\":{\"cached_tokens\":60,\"cache_write_tokens\":10},"
          + "\"completion_tokens_details\":{\"reasoning_tokens\":5}}}\n\n"
          + "data: [DONE]\n\n";

  static final String MESSAGES_TOOLS =
      message(
              "message_start",
              ",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-x\","
                  + "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":30,"
                  + "\"cache_creation_input_tokens\":10,\"cache_read_input_tokens\":60,\"output_tokens\":1}}")
          + message(
              "content_block_start",
              ",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}")
          + message("ping", "")
          + message(
              "content_block_delta",
              ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Let me \"}")
          + message(
              "content_block_delta",
              ",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"see\\n ü💡\"}")
          + message("content_block_stop", ",\"index\":0")
          + message(
              "content_block_start",
              ",\"index\":1,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_a\",\"name\":\"weather\",\"input\":{}}")
          + message(
              "content_block_delta",
              ",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\"}")
          + message(
              "content_block_delta",
              ",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\\\":\"}")
          + message(
              "content_block_delta",
              ",\"index\":1,\"delta\":{\"type\":\"input_json_delta\",\"partial_json\":\"\\\"Bern\\\"}\"}")
          + message("content_block_stop", ",\"index\":1")
          + message(
              "content_block_start",
              ",\"index\":2,\"content_block\":{\"type\":\"tool_use\",\"id\":\"toolu_b\",\"name\":\"clock\",\"input\":{}}")
          + message("content_block_stop", ",\"index\":2")
          + message(
              "message_delta",
              ",\"delta\":{\"stop_reason\":\"tool_use\",\"stop_sequence\":null},\"usage\":{\"output_tokens\":20}")
          + message("message_stop", "");

  static final String GEMINI_TOOLS =
      gemini("{\"text\":\"thinking\",\"thought\":true}", "}]")
          + gemini("{\"text\":\"Let me \"}", "}]")
          + gemini("{\"text\":\"see\\n ü💡\"}", "}]")
          + gemini(
              "{\"functionCall\":{\"name\":\"weather\",\"args\":{\"city\":\"Bern\"}},\"thoughtSignature\":\"AA==\"},"
                  + "{\"functionCall\":{\"name\":\"clock\",\"args\":{}}}",
              ",\"finishReason\":\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":100,"
                  + "\"candidatesTokenCount\":15,\"thoughtsTokenCount\":5,\"cachedContentTokenCount\":60,"
                  + "\"totalTokenCount\":120}");

  static String tools(String protocol) {
    switch (protocol) {
      case CHAT:
        return CHAT_TOOLS;
      case MESSAGES:
        return MESSAGES_TOOLS;
      case GEMINI:
        return GEMINI_TOOLS;
      default:
        throw new IllegalArgumentException(protocol);
    }
  }

  static JsonNode json(byte[] body) throws Exception {
    return new ObjectMapper().readTree(body);
  }
}
