package io.flyball.engine.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * What of a request's JSON a model reads: the text of messages, instructions, inputs and tool
 * definitions, without images, files, ids and settings. Broken JSON yields what came before the
 * break.
 */
final class RequestText {
  /** The fields at the top of a request that hold what the model reads. */
  private static final Set<String> READ =
      set(
          "messages",
          "system",
          "input",
          "instructions",
          "prompt",
          "tools",
          "functions",
          "text",
          "contents",
          "systemInstruction",
          "system_instruction",
          "content",
          "requests",
          "generateContentRequest",
          "generate_content_request");

  /** Fields below them that hold data which is not counted as text, or settings. */
  private static final Set<String> NOT_TEXT =
      set(
          "type",
          "role",
          "id",
          "call_id",
          "tool_call_id",
          "tool_use_id",
          "cache_control",
          "data",
          "media_type",
          "image_url",
          "url",
          "detail",
          "file_data",
          "file_id",
          "file_url",
          "status",
          "format",
          "signature",
          "encrypted_content",
          "input_audio",
          "b64_json",
          "model",
          "mimeType",
          "mime_type",
          "fileUri",
          "file_uri",
          "thoughtSignature",
          "thought_signature",
          "taskType",
          "task_type",
          "outputDimensionality",
          "output_dimensionality",
          "generationConfig",
          "generation_config");

  /** Those that stand for an image, a sound or a file. */
  private static final Set<String> MEDIA =
      set("image_url", "input_audio", "file_data", "file_id", "source", "inlineData", "fileData");

  private static final Set<String> DEFINITIONS = set("tools", "functions");

  private final StringBuilder text = new StringBuilder();
  private int messages;
  private long tokenIds;
  private int media;

  private RequestText() {}

  private static Set<String> set(String... names) {
    return new HashSet<>(Arrays.asList(names));
  }

  static RequestText of(JsonFactory json, byte[] body) {
    RequestText result = new RequestText();
    try (JsonParser parser = json.createParser(body)) {
      result.readTop(parser);
    } catch (IOException e) {
      // A body that is not whole: what was read before counts.
      return result;
    }
    return result;
  }

  /** All text the model reads, parts separated by a line break. */
  String text() {
    return text.toString();
  }

  /** Objects that have a role: each costs some tokens of its own. */
  int messages() {
    return messages;
  }

  /** Numbers given in place of text: tokens already (embeddings and completions take those). */
  long tokenIds() {
    return tokenIds;
  }

  /** Images, sounds and files. */
  int media() {
    return media;
  }

  private void readTop(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      if (READ.contains(field)) {
        readValue(parser, DEFINITIONS.contains(field));
      } else {
        parser.skipChildren();
      }
    }
  }

  private void readValue(JsonParser parser, boolean definition) throws IOException {
    int depth = 0;
    JsonToken token = parser.currentToken();
    while (token != null) {
      switch (token) {
        case START_OBJECT:
        case START_ARRAY:
          depth++;
          break;
        case END_OBJECT:
        case END_ARRAY:
          depth--;
          break;
        case FIELD_NAME:
          readField(parser, definition);
          break;
        case VALUE_STRING:
          append(parser.getText());
          break;
        case VALUE_NUMBER_INT:
          if (!definition) {
            tokenIds++;
          }
          break;
        default:
          break;
      }
      if (depth == 0) {
        return;
      }
      token = parser.nextToken();
    }
  }

  /** Looks at a field below a counted one; leaves the parser before the value unless skipped. */
  private void readField(JsonParser parser, boolean definition) throws IOException {
    String name = parser.currentName();
    if (definition) {
      append(name);
      return;
    }
    if (name.equals("role")) {
      messages++;
    }
    if (MEDIA.contains(name)) {
      media++;
    }
    if (NOT_TEXT.contains(name)) {
      parser.nextToken();
      parser.skipChildren();
    }
  }

  private void append(String value) {
    if (value.startsWith("data:")) {
      return;
    }
    if (text.length() > 0) {
      text.append('\n');
    }
    text.append(value);
  }
}
