package io.flyball.protocol;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import java.util.Locale;

/** Whether a body may carry a prompt, in whatever format. */
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

  private static final String[] WRITTEN = {"json", "text/", "form-urlencoded"};

  private static final JsonShape<PromptSigns> SHAPE = shape();

  private boolean named;

  private PromptSigns() {}

  private static JsonShape<PromptSigns> shape() {
    // Perplexity's requests that are answered later are within one.
    return names().inside("request", names().build()).build();
  }

  private static JsonShape.Builder<PromptSigns> names() {
    JsonShape.Builder<PromptSigns> shape = JsonShape.builder();
    for (String name : NAMES) {
      shape.kind(name, (signs, kind) -> signs.named |= kind != JsonKind.NULL);
    }
    return shape;
  }

  /**
   * Whether what is posted may be a prompt: JSON that names one, or other text. Files, forms with
   * files, and JSON without one are not.
   *
   * @param body null for one that cannot be read
   */
  static boolean areIn(RequestHead head, byte[] body) {
    if (!isWritten(head.header("Content-Type"))) {
      return false;
    }
    if (body == null) {
      return true;
    }
    if (isBlank(body)) {
      return false;
    }
    PromptSigns signs = new PromptSigns();
    // A list of messages alone, or of texts, is a prompt as well as text is.
    return !JsonDocument.readInAnyCase(body, SHAPE, signs) || isList(body) || signs.named;
  }

  private static boolean isWritten(String contentType) {
    if (contentType == null) {
      return true;
    }
    String type = contentType.toLowerCase(Locale.ROOT);
    for (String written : WRITTEN) {
      if (type.contains(written)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBlank(byte[] body) {
    return first(body) < 0;
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
