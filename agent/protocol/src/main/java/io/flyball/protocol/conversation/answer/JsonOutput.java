package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonTree;
import java.nio.charset.StandardCharsets;

/**
 * JSON being written. Halves of surrogate pairs, which a stream may cut apart, are written as
 * escapes and so survive. Not thread safe; not checked for being a document.
 */
final class JsonOutput {
  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private final StringBuilder out = new StringBuilder(256);
  private boolean first = true;

  JsonOutput object() {
    separate();
    out.append('{');
    first = true;
    return this;
  }

  JsonOutput object(String name) {
    return name(name).object();
  }

  JsonOutput array(String name) {
    name(name);
    separate();
    out.append('[');
    first = true;
    return this;
  }

  JsonOutput endObject() {
    out.append('}');
    first = false;
    return this;
  }

  JsonOutput endArray() {
    out.append(']');
    first = false;
    return this;
  }

  private JsonOutput name(String name) {
    separate();
    quote(out, name);
    out.append(':');
    first = true;
    return this;
  }

  private void separate() {
    if (!first) {
      out.append(',');
    }
    first = false;
  }

  /** A value that is JSON already, as an element or as the whole document. */
  JsonOutput json(String value) {
    separate();
    out.append(value);
    return this;
  }

  JsonOutput json(String name, String value) {
    return name(name).json(value);
  }

  /**
   * @param value null is written as null
   */
  JsonOutput field(String name, String value) {
    name(name);
    separate();
    if (value == null) {
      out.append("null");
    } else {
      quote(out, value);
    }
    return this;
  }

  JsonOutput field(String name, long value) {
    return json(name, Long.toString(value));
  }

  JsonOutput nullField(String name) {
    return json(name, "null");
  }

  byte[] bytes() {
    return toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return out.toString();
  }

  static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2);
    quote(out, text);
    return out.toString();
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else if (c < 0x20 || c == 0x7f) {
        escape(out, c);
      } else if (!Character.isSurrogate(c)) {
        out.append(c);
      } else if (isPair(text, i)) {
        out.append(c).append(text.charAt(++i));
      } else {
        escape(out, c);
      }
    }
    out.append('"');
  }

  private static boolean isPair(String text, int i) {
    return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
  }

  private static void escape(StringBuilder out, char c) {
    out.append("\\u")
        .append(HEX[c >> 12])
        .append(HEX[(c >> 8) & 15])
        .append(HEX[(c >> 4) & 15])
        .append(HEX[c & 15]);
  }

  /** The JSON object that a tool call's arguments are; nothing at all means no arguments. */
  static String argumentsObject(String arguments) throws UnusableAnswerException {
    if (arguments.trim().isEmpty()) {
      return "{}";
    }
    JsonTree tree = JsonTree.read(arguments.getBytes(StandardCharsets.UTF_8));
    if (tree == null || !tree.isObject()) {
      throw UnusableAnswerException.malformed("tool arguments that are no JSON object");
    }
    return oneLine(tree.json());
  }

  /** JSON without line ends, which can only stand between its values. */
  static String oneLine(String json) {
    return json.replace('\n', ' ').replace('\r', ' ');
  }
}
