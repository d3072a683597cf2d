package io.flyball.protocol.conversation;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.regex.Pattern;

/**
 * Ids of tool calls as a target takes them. An id that it would refuse becomes another one, each
 * time the same, so that nothing needs to be remembered from one request to the next.
 */
final class ToolIds {
  private static final Pattern PLAIN = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final int OPENAI_LONGEST = 40;
  private static final int HASH_BYTES = 16;

  private ToolIds() {}

  static String forOpenAi(String id) {
    return !id.isEmpty() && id.length() <= OPENAI_LONGEST ? id : "call_" + hash(id);
  }

  static String forAnthropic(String id) {
    return PLAIN.matcher(id).matches() ? id : "toolu_" + hash(id);
  }

  private static String hash(String id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      StringBuilder hex = new StringBuilder();
      for (int i = 0; i < HASH_BYTES; i++) {
        hex.append(Character.forDigit(digest[i] >> 4 & 15, 16));
        hex.append(Character.forDigit(digest[i] & 15, 16));
      }
      return hex.toString();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
