package io.flyball.protocol;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
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

  /** What MCP's methods begin with. */
  private static final String[] MCP_METHODS = {
    "initialize",
    "ping",
    "notifications/",
    "tools/",
    "resources/",
    "prompts/",
    "completion/",
    "logging/",
    "tasks/"
  };

  /** What a model is loaded with, and thrown out. */
  private static final String[] SILENT = {"model", "name", "id", "keep_alive"};

  private static final JsonShape<PromptSigns> SHAPE = shape();

  private boolean named;
  private boolean other;
  private boolean rpc;
  private boolean mcp;

  private PromptSigns() {}

  private static JsonShape<PromptSigns> shape() {
    JsonShape.Builder<PromptSigns> shape = names();
    // Perplexity's requests that are answered later are within one.
    return shape
        .inside("request", names().build())
        .kind("jsonrpc", (signs, kind) -> signs.rpc |= kind == JsonKind.STRING)
        .value("method", PromptSigns::method)
        .kind("result", PromptSigns::answer)
        .kind("error", PromptSigns::answer)
        .known(SILENT)
        .others(PromptSigns::other)
        .build();
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
    other |= kind == JsonKind.STRING || kind == JsonKind.OBJECT || kind == JsonKind.ARRAY;
  }

  /** What a client of MCP says when the server has asked. */
  private void answer(JsonKind kind) {
    other(kind);
    mcp |= kind == JsonKind.OBJECT;
  }

  private void method(JsonValue value) {
    for (String each : MCP_METHODS) {
      mcp |= value.begins(each);
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
    return (signs.other || areSeveral(body)) && !administers && !(signs.rpc && signs.mcp);
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
