package io.flyball.protocol.trim;

import io.flyball.protocol.json.JsonTree;
import io.flyball.protocol.trim.Entry.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** How a protocol says who says what. */
enum DialogueReader {
  CHAT("openai.chat", "messages") {
    @Override
    Entry entry(JsonTree message) {
      List<String> ids = new ArrayList<>();
      switch (role(message)) {
        case "system":
        case "developer":
          return of(message, Kind.KEPT);
        case "user":
          return user(message);
        case "assistant":
          for (JsonTree call : list(message.get("tool_calls"))) {
            ids.add(text(call, "id"));
          }
          if (isGiven(message, "function_call")) {
            ids.add(NAMELESS);
          }
          return model(message, ids);
        case "tool":
          ids.add(text(message, "tool_call_id"));
          return results(message, ids, false);
        case "function":
          ids.add(NAMELESS);
          return results(message, ids, false);
        default:
          return of(message, Kind.FIXED);
      }
    }

    @Override
    void texts(JsonTree message, List<JsonTree> found) {
      textOrParts(message.get("content"), found);
    }
  },

  RESPONSES("openai.responses", "input") {
    @Override
    Entry entry(JsonTree item) {
      String type = item.get("type") == null ? "message" : text(item, "type");
      switch (type) {
        case "message":
          return message(item);
        case "reasoning":
          return model(item, Collections.<String>emptyList());
        case "compaction":
        case "mcp_list_tools":
          return of(item, Kind.KEPT);
        case "mcp_approval_request":
          return model(item, ids(item, "id"));
        case "mcp_approval_response":
          return results(item, ids(item, "approval_request_id"), false);
        default:
          if (type.endsWith("_call")) {
            return model(item, ids(item, "call_id"));
          }
          return type.endsWith("_output")
              ? results(item, ids(item, "call_id"), false)
              : of(item, Kind.FIXED);
      }
    }

    private List<String> ids(JsonTree item, String field) {
      return isGiven(item, field)
          ? Collections.singletonList(text(item, field))
          : Collections.<String>emptyList();
    }

    private Entry message(JsonTree item) {
      switch (role(item)) {
        case "system":
        case "developer":
          return of(item, Kind.KEPT);
        case "user":
          return user(item);
        case "assistant":
          return model(item, Collections.<String>emptyList());
        default:
          return of(item, Kind.FIXED);
      }
    }

    @Override
    void texts(JsonTree item, List<JsonTree> found) {
      textOrParts(item.get("content"), found);
      if (text(item, "type").endsWith("_output")) {
        textOrParts(item.get("output"), found);
      }
    }
  },

  MESSAGES("anthropic.messages", "messages") {
    @Override
    Entry entry(JsonTree message) {
      List<String> calls = new ArrayList<>();
      List<String> results = new ArrayList<>();
      boolean more = message.get("content") != null && message.get("content").text() != null;
      for (JsonTree block : list(message.get("content"))) {
        switch (text(block, "type")) {
          case "tool_use":
            calls.add(text(block, "id"));
            break;
          case "tool_result":
            results.add(text(block, "tool_use_id"));
            break;
          default:
            more = true;
        }
      }
      switch (role(message)) {
        case "system":
          return of(message, Kind.KEPT);
        case "user":
          return results.isEmpty() ? user(message) : results(message, results, more);
        case "assistant":
          return model(message, calls);
        default:
          return of(message, Kind.FIXED);
      }
    }

    @Override
    void texts(JsonTree message, List<JsonTree> found) {
      JsonTree content = message.get("content");
      textOrParts(content, found);
      for (JsonTree block : list(content)) {
        switch (text(block, "type")) {
          case "tool_result":
            textOrParts(block.get("content"), found);
            break;
          case "document":
            JsonTree source = block.get("source");
            if (source != null && text(source, "type").equals("text")) {
              string(source.get("data"), found);
            }
            break;
          default:
            break;
        }
      }
    }
  },

  GENERATE("gemini.generate", "contents") {
    @Override
    Entry entry(JsonTree content) {
      boolean calls = false;
      boolean results = false;
      boolean more = false;
      for (JsonTree part : list(content.get("parts"))) {
        boolean call = isGiven(part, "functionCall") || isGiven(part, "function_call");
        boolean result = isGiven(part, "functionResponse") || isGiven(part, "function_response");
        calls |= call;
        results |= result;
        more |= !call && !result;
      }
      // Responses follow their calls at once, and may have no names.
      List<String> nameless = Collections.singletonList(NAMELESS);
      switch (role(content)) {
        case "model":
          return model(content, calls ? nameless : Collections.<String>emptyList());
        case "":
        case "user":
        case "function":
          return results ? results(content, nameless, more) : user(content);
        default:
          return of(content, Kind.FIXED);
      }
    }

    @Override
    void texts(JsonTree content, List<JsonTree> found) {
      for (JsonTree part : list(content.get("parts"))) {
        boolean thought =
            isGiven(part, "thought")
                || isGiven(part, "thoughtSignature")
                || isGiven(part, "thought_signature");
        if (!thought) {
          string(part.get("text"), found);
        }
        response(part.get("functionResponse"), found);
        response(part.get("function_response"), found);
      }
    }

    private void response(JsonTree response, List<JsonTree> found) {
      JsonTree object = response == null ? null : response.get("response");
      if (object != null && object.isObject()) {
        for (JsonTree value : object.children()) {
          string(value, found);
        }
      }
    }
  };

  /** The name of a call where calls have none. */
  private static final String NAMELESS = "";

  /** Where the entries stand. */
  final String field;

  private final String protocolId;

  DialogueReader(String protocolId, String field) {
    this.protocolId = protocolId;
    this.field = field;
  }

  /** Null for protocols that have no conversations. */
  static DialogueReader of(String protocolId) {
    for (DialogueReader reader : values()) {
      if (reader.protocolId.equals(protocolId)) {
        return reader;
      }
    }
    return null;
  }

  abstract Entry entry(JsonTree element);

  /** Adds the texts of an entry. */
  abstract void texts(JsonTree element, List<JsonTree> found);

  static Entry of(JsonTree value, Kind kind) {
    List<String> none = Collections.emptyList();
    return new Entry(value, kind, none, none, false);
  }

  static Entry user(JsonTree value) {
    List<String> none = Collections.emptyList();
    return new Entry(value, Kind.USER, none, none, true);
  }

  static Entry model(JsonTree value, List<String> calls) {
    return new Entry(value, Kind.MODEL, calls, Collections.<String>emptyList(), false);
  }

  static Entry results(JsonTree value, List<String> results, boolean userSpeaks) {
    return new Entry(value, Kind.RESULT, Collections.<String>emptyList(), results, userSpeaks);
  }

  static String role(JsonTree entry) {
    return text(entry, "role");
  }

  /** The string of that field; empty when there is none. */
  static String text(JsonTree object, String name) {
    JsonTree value = object.get(name);
    return value == null || value.text() == null ? "" : value.text();
  }

  static boolean isGiven(JsonTree object, String name) {
    JsonTree value = object.get(name);
    return value != null && !value.isNull();
  }

  static List<JsonTree> list(JsonTree value) {
    return value != null && value.isArray() ? value.children() : Collections.<JsonTree>emptyList();
  }

  static void string(JsonTree value, List<JsonTree> found) {
    if (value != null && value.text() != null) {
      found.add(value);
    }
  }

  /** Content that is a string, or parts of which some have a text. */
  static void textOrParts(JsonTree content, List<JsonTree> found) {
    string(content, found);
    for (JsonTree part : list(content)) {
      string(part.get("text"), found);
    }
  }
}
