package io.flyball.protocol.conversation.answer;

import static io.flyball.protocol.conversation.answer.Streams.CHAT;
import static io.flyball.protocol.conversation.answer.Streams.GEMINI;
import static io.flyball.protocol.conversation.answer.Streams.MESSAGES;
import static io.flyball.protocol.conversation.answer.Streams.RESPONSES;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.protocol.Usage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One answer in the streams of every protocol, and what is the same in all of them. */
final class AnswerStreams {
  static final List<String> PROTOCOLS = Arrays.asList(CHAT, MESSAGES, RESPONSES, GEMINI);

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Usage USAGE =
      Usage.builder(Usage.Source.REPORTED).input(7).output(5).build();

  private AnswerStreams() {}

  /** As our own writers of that protocol give it. */
  static byte[] write(String protocol, String seed, List<String> pieces, StopReason reason) {
    EventOutput events = new EventOutput();
    Identity identity = new Identity(seed, seed.hashCode());
    AnswerSink sink;
    switch (protocol) {
      case CHAT:
        sink = new ChatStream(events, identity, true);
        break;
      case RESPONSES:
        sink = new ResponsesStream(events, identity);
        break;
      case MESSAGES:
        sink = new MessagesStream(events, identity);
        break;
      default:
        sink = new GeminiStream(events, identity);
        break;
    }
    try {
      sink.start("model-" + seed, null);
      for (String piece : pieces) {
        if (piece.startsWith("tool:")) {
          sink.toolCall(null, piece.substring(5));
        } else if (piece.startsWith("args:")) {
          sink.arguments(piece.substring(5));
        } else {
          sink.text(piece);
        }
      }
      sink.end(reason, USAGE);
    } catch (UnusableAnswerException e) {
      throw new AssertionError(e);
    }
    byte[] stream = new byte[events.isEmpty() ? 0 : 1 << 16];
    ByteBuffer taken = events.take();
    stream = Arrays.copyOf(stream, taken.remaining());
    taken.get(stream);
    return stream;
  }

  static final List<String> ANSWER =
      Arrays.asList(
          "Hello",
          ", wor",
          "ld \"ü💡\"\n",
          "tool:weather",
          "args:{\"city\":",
          "args:\"Bern\"}",
          "tool:clock",
          "args:{}");

  /** The same answer in other pieces. */
  static final List<String> OTHER_PIECES =
      Arrays.asList(
          "H",
          "ello, world \"ü",
          "💡\"\n",
          "tool:weather",
          "args:{\"ci",
          "args:ty\":\"B",
          "args:ern\"}",
          "tool:clock",
          "args:{",
          "args:}");

  static final List<String> IN_ONE =
      Arrays.asList(
          "Hello, world \"ü💡\"\n",
          "tool:weather",
          "args:{\"city\":\"Bern\"}",
          "tool:clock",
          "args:{}");

  /** The first stream's ids, one beginning and one end. */
  static boolean oneStream(String protocol, String stream) throws IOException {
    switch (protocol) {
      case CHAT:
        boolean oneId =
            count(stream, "\"role\":\"assistant\"") == 1 && count(stream, "[DONE]") == 1;
        boolean ids = count(stream, "\"id\":\"chatcmpl-") == count(stream, "data: {");
        boolean mixed =
            stream.contains("\"id\":\"chatcmpl-first\"")
                && stream.contains("\"id\":\"chatcmpl-second\"");
        return oneId && ids && !mixed && count(stream, "\"id\":\"call_") == 2;
      case MESSAGES:
        return count(stream, "event: message_start\n") == 1
            && count(stream, "event: message_stop\n") == 1
            && count(stream, "event: message_delta\n") == 1
            && count(stream, "event: content_block_start\n") == 3
            && count(stream, "event: content_block_stop\n") == 3;
      case RESPONSES:
        return sequenceHolds(stream);
      default:
        boolean both =
            stream.contains("\"responseId\":\"first\"")
                && stream.contains("\"responseId\":\"second\"");
        return !both && count(stream, "finishReason") == 1;
    }
  }

  private static boolean sequenceHolds(String stream) throws IOException {
    int expected = 0;
    Map<Integer, String> ids = new HashMap<>();
    for (JsonNode event : events(stream)) {
      if (event.get("sequence_number").asInt() != expected++) {
        return false;
      }
      if (!event.has("output_index")) {
        continue;
      }
      JsonNode id = event.has("item_id") ? event.get("item_id") : event.at("/item/id");
      String known = ids.putIfAbsent(event.get("output_index").asInt(), id.asText());
      if (known != null && !known.equals(id.asText())) {
        return false;
      }
    }
    return count(stream, "event: response.created") == 1
        && count(stream, "event: response.in_progress") == 1
        && count(stream, "event: response.completed") == 1
        && count(stream, "event: response.output_item.added") == 3;
  }

  static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }

  private static List<JsonNode> events(String stream) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    for (String line : stream.split("\r?\n")) {
      if (line.startsWith("data: {")) {
        events.add(MAPPER.readTree(line.substring(6)));
      }
    }
    return events;
  }

  /** Everything that was said, without ids and without how it was cut in pieces. */
  static String normal(String protocol, byte[] stream) throws Exception {
    if (!protocol.equals(RESPONSES)) {
      WholeAnswer answer = Streams.read(protocol, stream);
      StringBuilder out = new StringBuilder(answer.text);
      for (Call call : answer.calls) {
        out.append('|').append(call.name).append(call.arguments);
      }
      return out.append('|').append(answer.reason).append(answer.usage).toString();
    }
    StringBuilder deltas = new StringBuilder();
    StringBuilder last = new StringBuilder();
    Map<String, String> callIds = new HashMap<>();
    for (JsonNode event : events(new String(stream, StandardCharsets.UTF_8))) {
      String type = event.get("type").asText();
      if (type.endsWith(".delta")) {
        deltas.append(event.get("delta").asText());
      } else if (type.equals("response.output_item.added")) {
        deltas.append('|').append(event.at("/item/name").asText());
        callIds.put(event.get("output_index").asText(), event.at("/item/call_id").asText());
      } else if (type.equals("response.completed")) {
        int index = 0;
        for (JsonNode item : event.at("/response/output")) {
          last.append('|')
              .append(item.at("/name").asText())
              .append(item.at("/content/0/text").asText())
              .append(item.at("/arguments").asText());
          assertThat(item.at("/call_id").asText()).isEqualTo(callIds.get("" + index++));
        }
        last.append(event.at("/response/usage"));
      }
    }
    assertThat(last.toString()).startsWith(deltas.toString());
    return last.toString();
  }
}
