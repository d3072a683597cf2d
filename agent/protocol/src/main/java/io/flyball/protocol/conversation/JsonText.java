package io.flyball.protocol.conversation;

import io.flyball.protocol.json.JsonTree;
import java.nio.charset.StandardCharsets;

/** JSON that stands inside a string. */
final class JsonText {

  private JsonText() {}

  /** The object that the text is, or null. */
  static JsonTree object(String text) {
    if (!isUnicode(text)) {
      return null;
    }
    JsonTree tree = JsonTree.read(text.getBytes(StandardCharsets.UTF_8));
    return tree != null && tree.isObject() ? tree : null;
  }

  /** Whether surrogates stand in pairs; others cannot be written as UTF-8. */
  static boolean isUnicode(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }

  /** The arguments of a tool call, which some send as nothing when there are none. */
  static String arguments(String text) throws UntranslatableException {
    if (text == null || text.trim().isEmpty()) {
      return "{}";
    }
    JsonTree tree = object(text);
    if (tree == null) {
      throw new UntranslatableException("tool arguments that are no JSON object");
    }
    return tree.json();
  }
}
