package io.flyball.protocol.openai;

import io.flyball.protocol.StoredInput.Kind;
import io.flyball.protocol.StoredInputs;
import io.flyball.protocol.json.JsonValue;

/**
 * The prompt that a request of the responses API names. What stands under a version does not
 * change; without one it is whatever is published by then, and nobody knows how long that is.
 */
final class StoredPrompt {
  private String id;
  private String version;

  /** Whether one of the two stands twice. */
  private boolean ambiguous;

  void begin() {
    id = null;
    version = null;
    ambiguous = false;
  }

  void id(JsonValue value) {
    ambiguous |= id != null;
    id = value.text();
  }

  void version(JsonValue value) {
    ambiguous |= version != null;
    version = value.text();
  }

  void end(StoredInputs stored) {
    if (id != null && isNumber(version) && !ambiguous) {
      stored.named(Kind.PROMPT, id + '@' + version);
    }
  }

  /** Any other word may mean another version from one day to the next. */
  private static boolean isNumber(String version) {
    return version != null
        && !version.isEmpty()
        && version.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
