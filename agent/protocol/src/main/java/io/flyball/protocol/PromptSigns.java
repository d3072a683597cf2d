package io.flyball.protocol;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Whether what is posted to a model server may carry a prompt, in whatever format. It may unless it
 * is known to be none: prompts have been seen under any name and in any wrapper.
 */
final class PromptSigns {
  /** What one is called in the formats of servers and of gateways. */
  private static final String[] NAMES = {
    "messages",
    "message",
    "chat_history",
    "prompt",
    "prompts",
    "input",
    "inputs",
    "contents",
    "instances",
    "question",
    "query",
    "text",
    "texts"
  };

  /** Of files, and of forms with files. */
  private static final String[] FILES = {
    "multipart/form-data", "application/octet-stream", "image/", "audio/", "video/"
  };

  /** What collectors are sent. */
  private static final String[] MEASUREMENTS = {"application/x-protobuf"};

  /** What methods of MCP begin with, where all that begin so are its own. */
  private static final String[] MCP_FAMILIES = {
    "notifications/", "tools/", "resources/", "prompts/", "completion/", "logging/"
  };

  /** Its other methods; A2A has tasks, too. */
  private static final String[] MCP_METHODS = {
    "initialize", "ping", "tasks/get", "tasks/list", "tasks/cancel", "tasks/result"
  };

  /** What a model is loaded with, and thrown out: by a name, which has no blanks in it. */
  private static final String[] SILENT = {"model", "name", "id"};

  private static final String KEPT = "id";

  /** Of paths to models, too. */
  private static final int LONGEST_NAME = 200;

  private static final JsonShape<PromptSigns> SHAPE = shape();

  private boolean named;
  private boolean other;
  private boolean rpc;
  private boolean mcp;

  /** Whether something is asked for by its id, and whether more is said than names. */
  private boolean kept;

  private boolean more;

  private PromptSigns() {}

  private static JsonShape<PromptSigns> shape() {
    JsonShape.Builder<PromptSigns> shape = names();
    for (String name : SILENT) {
      shape
          .kind(name, (signs, kind) -> signs.other |= isStructure(kind))
          .value(name, PromptSigns::called);
    }
    shape.kind(
        KEPT,
        (signs, kind) -> {
          signs.other |= isStructure(kind);
          signs.kept |= kind == JsonKind.STRING;
        });
    // Perplexity's requests that are answered later are within one.
    return shape
        .inside("request", names().build())
        .kind("jsonrpc", (signs, kind) -> signs.rpc |= kind == JsonKind.STRING)
        .value("method", PromptSigns::method)
        .kind("result", PromptSigns::answer)
        .kind("error", PromptSigns::answer)
        .inside("params", params())
        .kind("params", PromptSigns::other)
        .known("keep_alive")
        .others(PromptSigns::other)
        .build();
  }

  /** A message is one, whatever method brings it; a text may be of anything. */
  private static JsonShape<PromptSigns> params() {
    return JsonShape.<PromptSigns>builder()
        .kind("message", (signs, kind) -> signs.named |= isStructure(kind))
        .kind("messages", (signs, kind) -> signs.named |= isStructure(kind))
        .build();
  }

  private static boolean isStructure(JsonKind kind) {
    return kind == JsonKind.OBJECT || kind == JsonKind.ARRAY;
  }

  private static JsonShape.Builder<PromptSigns> names() {
    JsonShape.Builder<PromptSigns> shape = JsonShape.builder();
    for (String name : NAMES) {
      shape.kind(name, (signs, kind) -> signs.named |= kind != JsonKind.NULL);
    }
    return shape;
  }

  /** Numbers and switches are no prompt. */
  private void other(JsonKind kind) {
    more = true;
    other |= kind == JsonKind.STRING || isStructure(kind);
  }

  /** What has blanks in it is no name, and may be a prompt. */
  private void called(JsonValue name) {
    String text = name.isString() ? name.text() : "";
    other |= text == null || text.length() > LONGEST_NAME || text.trim().indexOf(' ') >= 0;
  }

  /** What a client of MCP says when the server has asked. */
  private void answer(JsonKind kind) {
    other(kind);
    mcp |= kind == JsonKind.OBJECT;
  }

  private void method(JsonValue value) {
    for (String each : MCP_FAMILIES) {
      mcp |= value.begins(each);
    }
    for (String each : MCP_METHODS) {
      mcp |= value.is(each);
    }
  }

  /**
   * Whether what is posted may be a prompt: whatever says more than the name of a model, but files,
   * what MCP sends, and JSON without the name of a prompt where the path is one of administration.
   *
   * @param body null for one that cannot be read
   * @param administers whether the path says that a server is administered
   */
  static boolean areIn(RequestHead head, byte[] body, boolean administers) {
    String type = head.header("Content-Type");
    if (isFile(type) || (administers && isOneOf(MEASUREMENTS, type))) {
      return false;
    }
    if (body == null) {
      return true;
    }
    if (first(body) < 0) {
      return false;
    }
    PromptSigns signs = new PromptSigns();
    // A list of messages alone, or of texts, is a prompt as well as text is.
    if (!JsonDocument.readInAnyCase(body, SHAPE, signs) || isList(body) || signs.named) {
      return true;
    }
    // What is kept at the server may be a prompt, where more is said to it than its id.
    boolean says = signs.other || areSeveral(body) || (signs.kept && signs.more);
    return says && !(signs.rpc && signs.mcp) && (!administers || areMessages(body));
  }

  private static boolean isFile(String contentType) {
    return isOneOf(FILES, contentType);
  }

  private static boolean isOneOf(String[] types, String contentType) {
    String type = contentType == null ? "" : contentType.trim().toLowerCase(Locale.ROOT);
    for (String each : types) {
      if (type.startsWith(each)) {
        return true;
      }
    }
    return false;
  }

  /** Whether there are messages anywhere in it, as no administration has them. */
  private static boolean areMessages(byte[] body) {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    return text.contains("\"role\"")
        && (text.contains("\"content\"") || text.contains("\"parts\""));
  }

  /** Whether behind an object in which there is none another one may begin. */
  private static boolean areSeveral(byte[] body) {
    int begun = 0;
    for (byte each : body) {
      begun += each == '{' || each == '[' ? 1 : 0;
    }
    return begun > 1;
  }

  private static boolean isList(byte[] body) {
    return first(body) == '[';
  }

  /** The first character that is no space; -1 when there is none. */
  private static int first(byte[] body) {
    for (byte each : body) {
      if (each > ' ' || each < 0) {
        return each & 0xff;
      }
    }
    return -1;
  }
}
