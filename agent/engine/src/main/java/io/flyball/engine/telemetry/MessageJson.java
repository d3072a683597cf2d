package io.flyball.engine.telemetry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flyball.engine.call.CallRecord;
import java.util.Arrays;
import java.util.List;

/**
 * Captured content in the form that {@code gen_ai.input.messages} and {@code
 * gen_ai.output.messages} have: a JSON array of messages with a role and text parts.
 */
final class MessageJson {
  private static final List<String> SINGLE_INPUTS =
      Arrays.asList("system", "instructions", "prompt", "input");

  private final ObjectMapper mapper = new ObjectMapper();

  /** The request's messages; a body that was cut or is of another shape becomes one message. */
  String input(CallRecord record) {
    ArrayNode messages = mapper.createArrayNode();
    JsonNode body = parse(record.capturedRequest());
    for (String field : SINGLE_INPUTS) {
      JsonNode value = body.path(field);
      String role = field.equals("prompt") || field.equals("input") ? "user" : "system";
      if (value.isTextual()) {
        addMessage(messages, role, value.asText());
      } else {
        addAll(messages, value, role);
      }
    }
    addInstruction(messages, body.path("systemInstruction"));
    addInstruction(messages, body.path("system_instruction"));
    addAll(messages, body.path("messages"), "user");
    addAll(messages, body.path("contents"), "user");
    if (messages.isEmpty()) {
      addMessage(messages, "user", record.capturedRequest());
    }
    return messages.toString();
  }

  /** The answer as one message of the assistant. */
  String output(CallRecord record) {
    ArrayNode messages = mapper.createArrayNode();
    ObjectNode message = addMessage(messages, "assistant", record.capturedResponse());
    List<String> reasons = record.response().finishReasons();
    if (!reasons.isEmpty()) {
      message.put("finish_reason", reasons.get(0));
    }
    return messages.toString();
  }

  private JsonNode parse(String text) {
    try {
      JsonNode node = mapper.readTree(text);
      return node == null ? mapper.missingNode() : node;
    } catch (JsonProcessingException e) {
      // Cut at the capture limit: shown as it is.
      return mapper.missingNode();
    }
  }

  private void addAll(ArrayNode messages, JsonNode list, String otherwise) {
    if (!list.isArray()) {
      return;
    }
    for (JsonNode each : list) {
      String role = each.path("role").asText(otherwise);
      JsonNode content = each.has("content") ? each.path("content") : each.path("text");
      if (content.isTextual()) {
        addMessage(messages, role, content.asText());
      } else if (content.isArray()) {
        addParts(messages, role, content);
      } else if (each.has("parts")) {
        addParts(messages, role.equals("model") ? "assistant" : role, each.path("parts"));
      } else if (each.isTextual()) {
        addMessage(messages, role, each.asText());
      }
    }
  }

  /** An instruction is no turn: a role that stands on it says nothing. */
  private static void addInstruction(ArrayNode messages, JsonNode instruction) {
    if (instruction.has("parts")) {
      addParts(messages, "system", instruction.path("parts"));
    }
  }

  /**
   * @param content an array of parts, or one part
   */
  private static void addParts(ArrayNode messages, String role, JsonNode content) {
    ArrayNode parts = messages.addObject().put("role", role).putArray("parts");
    if (!content.isArray()) {
      addPart(parts, content);
      return;
    }
    for (JsonNode part : content) {
      addPart(parts, part);
    }
  }

  private static void addPart(ArrayNode parts, JsonNode part) {
    JsonNode text = part.has("text") ? part.path("text") : part.path("content");
    if (text.isTextual()) {
      parts.addObject().put("type", "text").put("content", text.asText());
    } else {
      parts.addObject().put("type", part.path("type").asText("unknown"));
    }
  }

  private static ObjectNode addMessage(ArrayNode messages, String role, String text) {
    ObjectNode message = messages.addObject().put("role", role);
    message.putArray("parts").addObject().put("type", "text").put("content", text);
    return message;
  }
}
