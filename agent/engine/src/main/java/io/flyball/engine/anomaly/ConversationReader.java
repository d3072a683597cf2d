package io.flyball.engine.anomaly;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.flyball.engine.call.Attribution;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Reads the conversation out of a request in any of the formats there are: messages, inputs or
 * contents, each with a role, texts, tool calls and their results. One pass over the bytes. Thread
 * safe.
 */
final class ConversationReader {
  /** Longer requests are not looked into. */
  static final int MAX_BYTES = 2 << 20;

  private static final int MAX_MESSAGES = 4_096;
  private static final int MAX_DEPTH = 64;

  private static final Set<String> MESSAGES =
      new HashSet<>(Arrays.asList("messages", "input", "contents"));

  /** What may differ in a message that is the same: marks for caches, signatures, states. */
  private static final Set<String> NOT_SAID =
      new HashSet<>(
          Arrays.asList(
              "cache_control",
              "cachePoint",
              "signature",
              "encrypted_content",
              "thoughtSignature",
              "thought_signature",
              "status",
              "id"));

  private static final Set<String> ARGUMENTS =
      new HashSet<>(Arrays.asList("arguments", "input", "args"));

  private static final Set<String> RESULTS =
      new HashSet<>(
          Arrays.asList(
              "tool_call_id",
              "tool_use_id",
              "toolUseId",
              "functionResponse",
              "function_response",
              "toolResult"));

  private static final Set<String> SYSTEM_ROLES =
      new HashSet<>(Arrays.asList("system", "developer"));

  private final JsonFactory json = new JsonFactory();

  /** Made when it is first needed: randomness takes its time, the start has none. */
  private KeyedHash.Key key;

  /**
   * The conversation of a request.
   *
   * @param whose two that begin alike are not one when they are somebody else's
   * @return null when there is none to be found
   */
  Conversation read(byte[] body, Attribution whose) {
    if (body == null || body.length > MAX_BYTES) {
      return null;
    }
    Reading reading = new Reading(whose);
    try (JsonParser parser = json.createParser(body)) {
      reading.readTop(parser);
    } catch (IOException notWhole) {
      return null;
    }
    return reading.conversation();
  }

  private synchronized KeyedHash.Key key() {
    if (key == null) {
      key = KeyedHash.Key.random();
    }
    return key;
  }

  /** One request being read. */
  private final class Reading {
    private final KeyedHash hash = key().hash();
    private final KeyedHash arguments = key().hash();
    private final long[] names = new long[MAX_DEPTH];
    private final long[] argumentHashes = new long[MAX_DEPTH];
    private final Map<Long, int[]> toolCalls = new HashMap<>();
    private long[] beginnings = new long[16];
    private int messages;
    private long soFar;
    private boolean person;

    private String role;
    private boolean typed;
    private boolean result;
    private boolean called;

    Reading(Attribution whose) {
      hash.add(whose.tenant());
      hash.add(whose.feature());
      hash.add(whose.userHash());
      soFar = hash.take();
    }

    void readTop(JsonParser parser) throws IOException {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean theMessages = MESSAGES.contains(parser.currentName());
        JsonToken value = parser.nextToken();
        if (theMessages && value == JsonToken.START_ARRAY) {
          while (parser.nextToken() == JsonToken.START_OBJECT && messages < MAX_MESSAGES) {
            readMessage(parser);
          }
        } else {
          parser.skipChildren();
        }
      }
    }

    private void readMessage(JsonParser parser) throws IOException {
      role = null;
      typed = false;
      result = false;
      called = false;
      readObject(parser, 0);
      long message = hash.take();
      if (SYSTEM_ROLES.contains(role)) {
        return;
      }
      hash.add(soFar);
      hash.add(message);
      soFar = hash.take();
      if (messages == beginnings.length) {
        beginnings = Arrays.copyOf(beginnings, 2 * messages);
      }
      beginnings[messages++] = soFar;
      boolean user = role == null ? !typed && !called : role.equals("user");
      person = user && !result;
      if (person) {
        toolCalls.clear();
      }
    }

    /** The parser stands at the beginning of the object and is left at its end. */
    private void readObject(JsonParser parser, int depth) throws IOException {
      if (depth == MAX_DEPTH) {
        parser.skipChildren();
        return;
      }
      names[depth] = 0;
      argumentHashes[depth] = 0;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (RESULTS.contains(name)) {
          result = true;
        }
        if (NOT_SAID.contains(name)) {
          parser.skipChildren();
        } else if (name.equals("type")) {
          readType(parser, depth);
        } else if (name.equals("name") && value == JsonToken.VALUE_STRING) {
          names[depth] = hashOf(parser);
          hash.add(names[depth]);
        } else if (ARGUMENTS.contains(name)) {
          argumentHashes[depth] = hashOf(parser);
          hash.add(argumentHashes[depth]);
        } else {
          readValue(parser, name, depth);
        }
      }
      if (names[depth] != 0 && argumentHashes[depth] != 0) {
        called(names[depth], argumentHashes[depth]);
      }
    }

    private void readType(JsonParser parser, int depth) throws IOException {
      String type = parser.getText();
      typed |= depth == 0 && !type.equals("message");
      result |= type.endsWith("_output") || type.equals("tool_result");
      parser.skipChildren();
    }

    private void readValue(JsonParser parser, String name, int depth) throws IOException {
      switch (parser.currentToken()) {
        case START_OBJECT:
          readObject(parser, depth + 1);
          break;
        case START_ARRAY:
          while (parser.nextToken() != JsonToken.END_ARRAY && parser.currentToken() != null) {
            readValue(parser, name, depth);
          }
          break;
        case VALUE_STRING:
          if (depth == 0 && name.equals("role")) {
            role = parser.getText();
            result |= role.equals("tool") || role.equals("function");
          }
          addText(hash, parser);
          break;
        default:
          addText(hash, parser);
          break;
      }
    }

    /** Of a value with all that is in it. */
    private long hashOf(JsonParser parser) throws IOException {
      int depth = 0;
      do {
        JsonToken token = parser.currentToken();
        if (token == null) {
          break;
        }
        if (token.isStructStart()) {
          depth++;
          arguments.add(token.ordinal());
        } else if (token.isStructEnd()) {
          depth--;
          arguments.add(token.ordinal());
        } else {
          addText(arguments, parser);
        }
      } while (depth > 0 && parser.nextToken() != null);
      return arguments.take();
    }

    private void addText(KeyedHash to, JsonParser parser) throws IOException {
      to.add(parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    }

    private void called(long name, long with) {
      called = true;
      hash.add(name);
      hash.add(with);
      arguments.add(name);
      arguments.add(with);
      toolCalls.computeIfAbsent(arguments.take(), none -> new int[1])[0]++;
    }

    Conversation conversation() {
      int repeats = 0;
      for (int[] times : toolCalls.values()) {
        repeats = Math.max(repeats, times[0]);
      }
      return messages == 0
          ? null
          : new Conversation(Arrays.copyOf(beginnings, messages), repeats, person);
    }
  }
}
