package io.flyball.engine.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.flyball.engine.call.CallRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Tells requests with the same messages, and with the same tools, without keeping either. What is
 * hashed are the values in their order, so that blanks between them do not matter. Thread safe.
 */
public final class PromptHashes {
  /** Longer requests have no hashes. */
  private static final int MAX_BYTES = 2 << 20;

  private static final int CHARACTERS = 16;

  private static final Set<String> PROMPTS =
      new HashSet<>(
          Arrays.asList(
              "messages",
              "input",
              "contents",
              "content",
              "prompt",
              "system",
              "instructions",
              "systemInstruction",
              "system_instruction"));

  private static final Set<String> TOOLS = new HashSet<>(Arrays.asList("tools", "functions"));

  private final JsonFactory json = new JsonFactory();

  /**
   * The record with its hashes; as it is when it has no request any more, or one that is no JSON.
   */
  public CallRecord apply(CallRecord record) {
    byte[] body = record.requestBody();
    if (body == null || body.length > MAX_BYTES) {
      return record;
    }
    MessageDigest prompt = sha256();
    MessageDigest tools = sha256();
    boolean prompted = false;
    boolean tooled = false;
    try (JsonParser parser = json.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return record;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String field = parser.currentName();
        parser.nextToken();
        if (PROMPTS.contains(field)) {
          prompted = true;
          add(prompt, field);
          addValue(prompt, parser);
        } else if (TOOLS.contains(field)) {
          tooled = true;
          addValue(tools, parser);
        } else {
          parser.skipChildren();
        }
      }
    } catch (IOException notWhole) {
      return record;
    }
    return record.toBuilder()
        .promptHash(prompted ? hex(prompt) : null)
        .toolsHash(tooled ? hex(tools) : null)
        .build();
  }

  private static void addValue(MessageDigest digest, JsonParser parser) throws IOException {
    int depth = 0;
    do {
      JsonToken token = parser.currentToken();
      if (token == null) {
        return;
      }
      digest.update((byte) token.id());
      if (token == JsonToken.FIELD_NAME || token.isScalarValue()) {
        add(digest, parser.getText());
      }
      depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
      if (depth > 0) {
        parser.nextToken();
      }
    } while (depth > 0);
  }

  /** With an end that no text has. */
  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0xff);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(MessageDigest digest) {
    StringBuilder hex = new StringBuilder();
    for (byte each : digest.digest()) {
      hex.append(Character.forDigit((each >> 4) & 0xf, 16))
          .append(Character.forDigit(each & 0xf, 16));
    }
    return hex.substring(0, CHARACTERS);
  }
}
