package io.flyball.engine.tokens;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * What of a request's JSON a model reads. All of it counts but what is known to be something else
 * ({@link PromptFields}) and what is counted as media. The application's own objects (arguments,
 * results, schemas) count as the JSON that they are written in, and so does what nobody knows.
 * Behind a mistake in the JSON all counts as text.
 */
final class RequestText {
  private static final int DEEPEST_NESTING = 100_000;

  /** Deeper, nothing is told apart. */
  private static final int DEEPEST_PART = 100;

  /** What is said to be a setting and is longer, is more than that. */
  private static final int LONGEST_SETTING = 512;

  private final byte[] body;
  private final MediaTokens media;
  private final StringBuilder text = new StringBuilder();
  private JsonParser parser;
  private int messages;
  private long parts;
  private long tokenIds;
  private long sealed;

  private RequestText(byte[] body, MediaTokens media) {
    this.body = body;
    this.media = media;
  }

  /**
   * @param media what is counted for itself, and left out here
   */
  static RequestText of(JsonFactory json, byte[] body, MediaTokens media) {
    RequestText result = new RequestText(body, media);
    try (JsonParser parser = json.createParser(body)) {
      result.parser = parser;
      try {
        result.readAll();
      } catch (IOException mistake) {
        result.appendFrom(parser.currentTokenLocation().getByteOffset());
      }
    } catch (IOException e) {
      result.appendFrom(0);
    }
    return result;
  }

  /** What nobody can read may be text as well as not: it counts. */
  private void appendFrom(long offset) {
    int start = (int) Math.max(0, Math.min(offset, body.length));
    append(written(start, body.length));
  }

  /** Reads what some parser may take, as the server's may be one. */
  static JsonFactory factory() {
    return new JsonFactoryBuilder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .enable(JsonReadFeature.ALLOW_JAVA_COMMENTS)
        .enable(JsonReadFeature.ALLOW_YAML_COMMENTS)
        .enable(JsonReadFeature.ALLOW_SINGLE_QUOTES)
        .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES)
        .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
        .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
        .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
        .enable(JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS)
        .enable(JsonReadFeature.ALLOW_LEADING_PLUS_SIGN_FOR_NUMBERS)
        .enable(JsonReadFeature.ALLOW_LEADING_DECIMAL_POINT_FOR_NUMBERS)
        .enable(JsonReadFeature.ALLOW_TRAILING_DECIMAL_POINT_FOR_NUMBERS)
        .enable(JsonReadFeature.ALLOW_MISSING_VALUES)
        .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
        .streamReadConstraints(
            StreamReadConstraints.builder()
                .maxNestingDepth(DEEPEST_NESTING)
                .maxNumberLength(Integer.MAX_VALUE)
                .maxNameLength(Integer.MAX_VALUE)
                .maxStringLength(Integer.MAX_VALUE)
                .build())
        .build();
  }

  /** All text the model reads, parts separated by a line break. */
  String text() {
    return text.toString();
  }

  /** Objects that have a role: each costs some tokens of its own. */
  int messages() {
    return messages;
  }

  /** Objects that messages are made of, and these themselves. */
  long parts() {
    return parts;
  }

  /** Numbers given in place of text: tokens already (embeddings and completions take those). */
  long tokenIds() {
    return tokenIds;
  }

  /** Bytes of what only the provider can read. */
  long sealed() {
    return sealed;
  }

  private void readAll() throws IOException {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_OBJECT) {
      readRequest();
    } else if (first != null) {
      append(writtenValue());
    }
  }

  /** Reads an object whose first brace has been read. */
  private void readRequest() throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      boolean object = parser.nextToken() == JsonToken.START_OBJECT;
      if (object && PromptFields.REQUESTS.contains(field)) {
        readRequest();
      } else if (object && PromptFields.CONFIGS.contains(field)) {
        readSettings();
      } else if (PromptFields.PROMPTS.contains(field)) {
        readPrompt(0);
      } else {
        readSetting(field);
      }
    }
  }

  private void readSettings() throws IOException {
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      parser.nextToken();
      readSetting(field);
    }
  }

  private void readSetting(String field) throws IOException {
    JsonToken value = parser.currentToken();
    if (PromptFields.INSTEAD.contains(field)) {
      readInstead();
    } else if (PromptFields.SETTINGS.contains(field)) {
      pass();
    } else if (value.isStructStart() || value == JsonToken.VALUE_STRING) {
      appendField(field);
    }
  }

  /** Who answers instead may be sent a prompt of its own. */
  private void readInstead() throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      readRequest();
    } else if (parser.currentToken() == JsonToken.START_ARRAY) {
      while (parser.nextToken() != null && parser.currentToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          readRequest();
        } else {
          pass();
        }
      }
    } else {
      pass();
    }
  }

  /** Reads a value that holds messages, their parts or text. */
  private void readPrompt(int depth) throws IOException {
    switch (parser.currentToken()) {
      case VALUE_STRING:
        if (!media.isMedium(start())) {
          append(parser.getText());
        }
        break;
      case START_OBJECT:
        if (depth > DEEPEST_PART) {
          append(writtenValue());
        } else {
          readPart(depth);
        }
        break;
      case START_ARRAY:
        readList(depth);
        break;
      case VALUE_NUMBER_INT:
      case VALUE_NUMBER_FLOAT:
        append(parser.getText());
        break;
      default:
        break;
    }
  }

  private void readList(int depth) throws IOException {
    if (depth > DEEPEST_PART) {
      append(writtenValue());
      return;
    }
    for (JsonToken token = parser.nextToken();
        token != null && token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      if (token == JsonToken.VALUE_NUMBER_INT) {
        tokenIds++;
      } else {
        readPrompt(depth + 1);
      }
    }
  }

  private void readPart(int depth) throws IOException {
    parts++;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String field = parser.currentName();
      JsonToken value = parser.nextToken();
      if (field.equals("role")) {
        messages++;
      }
      boolean object = value == JsonToken.START_OBJECT;
      if (PromptFields.MARKS.contains(field)) {
        pass();
      } else if (value == JsonToken.VALUE_STRING && PromptFields.SEALED.contains(field)) {
        sealed += bytes(parser.getText());
      } else if (PromptFields.NESTED.contains(field)
          && !(object && PromptFields.OWN.contains(field))) {
        readPrompt(depth + 1);
      } else if (object && PromptFields.CONFIGS.contains(field)) {
        readSettings();
      } else if (value != JsonToken.VALUE_NULL) {
        appendField(field);
      }
    }
  }

  private static long bytes(String value) {
    long bytes = value.length();
    for (int i = 0; i < value.length(); i++) {
      bytes += value.charAt(i) < 128 ? 0 : 2;
    }
    return bytes;
  }

  /** Passes over a value that is a setting, unless it is too long for one. */
  private void pass() throws IOException {
    int depth = 0;
    for (JsonToken token = parser.currentToken(); token != null; token = parser.nextToken()) {
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_STRING && parser.getTextLength() > LONGEST_SETTING) {
        append(parser.getText());
      } else if (token == JsonToken.FIELD_NAME && parser.currentName().length() > LONGEST_SETTING) {
        append(parser.currentName());
      }
      if (depth == 0) {
        return;
      }
    }
  }

  /** A field with all that is in it, as it is written. */
  private void appendField(String name) throws IOException {
    JsonToken value = parser.currentToken();
    boolean whole = value.isStructStart();
    String written = writtenValue();
    // An empty list says nothing.
    if (!whole || written.length() > 2) {
      append('"' + name + "\":" + written);
    }
  }

  /** The value at hand, without the media in it; behind it, the parser is at its end. */
  private String writtenValue() throws IOException {
    int start = start();
    parser.skipChildren();
    parser.finishToken();
    return written(start, position(parser.currentLocation().getByteOffset()));
  }

  private String written(int start, int end) {
    StringBuilder written = new StringBuilder();
    int from = start;
    for (int medium = media.next(from); medium < end; medium = media.next(from)) {
      int behind = media.end(medium);
      written.append(new String(body, from, medium - from, StandardCharsets.UTF_8));
      from = Math.min(end, behind);
    }
    return written.append(new String(body, from, end - from, StandardCharsets.UTF_8)).toString();
  }

  private int start() throws IOException {
    return position(parser.currentTokenLocation().getByteOffset());
  }

  /** Other encodings than UTF-8 have no positions. */
  private int position(long offset) throws IOException {
    if (offset < 0 || offset > body.length) {
      throw new IOException("no position");
    }
    return (int) offset;
  }

  private void append(String value) {
    if (text.length() > 0) {
      text.append('\n');
    }
    text.append(value);
  }
}
