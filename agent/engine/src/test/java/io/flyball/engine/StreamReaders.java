package io.flyball.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.engine.WireStreams.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What readers make of a stream: a strict one, and one that takes every line for an event. */
final class StreamReaders {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StreamReaders() {}

  /** The data of whole events, as the standard has it: what no blank line ended is dropped. */
  static List<JsonNode> strictEvents(byte[] stream) throws IOException {
    return events(stream, true);
  }

  private static List<JsonNode> events(byte[] stream, boolean strict) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    String text = new String(stream, StandardCharsets.UTF_8);
    StringBuilder data = new StringBuilder();
    int start = 0;
    while (start <= text.length()) {
      int end = start;
      while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
        end++;
      }
      String line = text.substring(start, end);
      boolean ended = end < text.length();
      if (!ended && strict) {
        return events;
      }
      start = end + (text.startsWith("\r\n", end) ? 2 : 1);
      if (line.startsWith("data:")) {
        data.append(line.substring(line.startsWith("data: ") ? 6 : 5));
      } else if (!line.isEmpty()
          && !line.startsWith(":")
          && !line.startsWith("event: ")
          && strict) {
        throw new IOException("no line of an event: " + line);
      }
      if ((line.isEmpty() || !strict) && data.length() > 0) {
        add(events, data.toString(), strict);
        data.setLength(0);
      }
    }
    return events;
  }

  private static void add(List<JsonNode> events, String data, boolean strict) throws IOException {
    if (data.equals("[DONE]")) {
      return;
    }
    try {
      events.add(MAPPER.readTree(data));
    } catch (IOException torn) {
      if (strict) {
        throw torn;
      }
    }
  }

  /** What a reader was told, by where it belongs: texts, tool names, arguments, finish reasons. */
  static Map<String, String> said(Wire wire, byte[] stream) throws IOException {
    return said(wire, events(stream, true));
  }

  /** The same by a reader that takes each line for an event, if only half of it is there. */
  static Map<String, String> saidByLines(Wire wire, byte[] stream) throws IOException {
    return said(wire, events(stream, false));
  }

  private static Map<String, String> said(Wire wire, List<JsonNode> events) {
    Map<String, String> said = new TreeMap<>();
    for (JsonNode event : events) {
      switch (wire) {
        case CHAT:
          chat(event, said);
          break;
        case MESSAGES:
          messages(event, said);
          break;
        case RESPONSES:
          responses(event, said);
          break;
        default:
          gemini(event, said);
          break;
      }
    }
    return said;
  }

  private static void say(Map<String, String> said, String where, JsonNode text) {
    if (text.isTextual() && !text.asText().isEmpty()) {
      said.merge(where, text.asText(), String::concat);
    }
  }

  private static void chat(JsonNode event, Map<String, String> said) {
    for (JsonNode choice : event.path("choices")) {
      String at = choice.path("index").asText() + '/';
      JsonNode delta = choice.path("delta");
      say(said, at + "role", delta.path("role"));
      say(said, at + "text", delta.path("content"));
      say(said, at + "thought", delta.path("reasoning_content"));
      for (JsonNode call : delta.path("tool_calls")) {
        String place = at + "call" + call.path("index").asText();
        say(said, place + "name", call.at("/function/name"));
        say(said, place + "args", call.at("/function/arguments"));
      }
      say(said, at + "finish", choice.path("finish_reason"));
    }
  }

  private static void messages(JsonNode event, Map<String, String> said) {
    String at = event.path("index").asText() + '/';
    JsonNode delta = event.path("delta");
    say(said, "role", event.at("/message/role"));
    say(said, at + "begin", event.at("/content_block/type"));
    say(said, at + "name", event.at("/content_block/name"));
    say(said, at + "text", delta.path("text"));
    say(said, at + "thought", delta.path("thinking"));
    say(said, at + "args", delta.path("partial_json"));
    say(said, "finish", delta.path("stop_reason"));
    String type = event.path("type").asText();
    if (type.endsWith("_stop")) {
      said.merge(at + type, "x", String::concat);
    }
  }

  private static void responses(JsonNode event, Map<String, String> said) {
    String at = event.path("output_index").asText() + '/';
    String type = event.path("type").asText();
    say(said, at + type, event.path("delta"));
    say(said, at + type + "name", event.at("/item/name"));
    say(said, at + type + "said", event.at("/item/said"));
    if (type.equals("response.completed")) {
      for (JsonNode item : event.at("/response/output")) {
        said.merge("all", item.path("said").asText() + '|', String::concat);
      }
    }
  }

  private static void gemini(JsonNode event, Map<String, String> said) {
    for (JsonNode candidate : event.path("candidates")) {
      for (JsonNode part : candidate.at("/content/parts")) {
        String kind = part.path("thought").asBoolean() ? "thought" : "text";
        say(said, kind, part.path("text"));
        say(said, "calls", part.at("/functionCall/name"));
        say(said, "calls", part.at("/functionCall/args/a"));
      }
      say(said, "finish", candidate.path("finishReason"));
    }
  }

  /** Whether nothing was said that is not, or not yet, said there. */
  static boolean isPrefix(Map<String, String> part, Map<String, String> whole) {
    for (Map.Entry<String, String> one : part.entrySet()) {
      if (!whole.getOrDefault(one.getKey(), "").startsWith(one.getValue())) {
        return false;
      }
    }
    return true;
  }
}
