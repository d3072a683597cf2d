package io.flyball.protocol.json;

import java.util.Arrays;

/** Whether bytes are JSON (RFC 8259), by looking at each once; what they say is not read. */
public final class JsonSyntax {
  private static final int DEEPEST_NESTING = 1000;

  private final byte[] bytes;
  private final int end;
  private int at;

  /** Whether the containers we are in are objects. */
  private boolean[] objects = new boolean[16];

  private int depth;

  private JsonSyntax(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.at = offset;
    this.end = offset + length;
  }

  /**
   * Whether the bytes are exactly one JSON value, white space around it allowed, nested no deeper
   * than 1000. That strings are valid UTF-8 is not asked.
   */
  public static boolean isOneValue(byte[] bytes, int offset, int length) {
    return new JsonSyntax(bytes, offset, length).isOneValue();
  }

  private boolean isOneValue() {
    if (!value()) {
      return false;
    }
    while (depth > 0) {
      if (!step()) {
        return false;
      }
    }
    return next() < 0;
  }

  /** The next byte that is no white space, without taking it; -1 at the end. */
  private int next() {
    while (at < end) {
      byte b = bytes[at];
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b & 0xFF;
      }
      at++;
    }
    return -1;
  }

  /** After a value inside a container: the next one, or the container's end. */
  private boolean step() {
    boolean object = objects[depth - 1];
    int b = next();
    if (b == (object ? '}' : ']')) {
      at++;
      depth--;
      return true;
    }
    if (b != ',') {
      return false;
    }
    at++;
    return object ? member() : value();
  }

  private boolean member() {
    if (next() != '"' || !string() || next() != ':') {
      return false;
    }
    at++;
    return value();
  }

  /** A scalar, or a container up to behind its first value. */
  private boolean value() {
    while (true) {
      int b = next();
      if (b == '"') {
        return string();
      }
      if (b != '{' && b != '[') {
        return b == '-' || (b >= '0' && b <= '9') ? number() : word(b);
      }
      at++;
      if (!push(b == '{')) {
        return false;
      }
      int first = next();
      if (first == (b == '{' ? '}' : ']')) {
        at++;
        depth--;
        return true;
      }
      if (b == '{') {
        if (first != '"' || !string() || next() != ':') {
          return false;
        }
        at++;
      }
    }
  }

  private boolean push(boolean object) {
    if (depth == DEEPEST_NESTING) {
      return false;
    }
    if (depth == objects.length) {
      objects = Arrays.copyOf(objects, depth * 2);
    }
    objects[depth++] = object;
    return true;
  }

  private boolean string() {
    int i = at + 1;
    while (i < end) {
      byte b = bytes[i++];
      if (b == '"') {
        at = i;
        return true;
      }
      if (b >= 0 && b < ' ') {
        return false;
      }
      if (b == '\\') {
        i = afterEscape(i);
        if (i < 0) {
          return false;
        }
      }
    }
    return false;
  }

  private int afterEscape(int letter) {
    if (letter >= end) {
      return -1;
    }
    switch (bytes[letter]) {
      case '"':
      case '\\':
      case '/':
      case 'b':
      case 'f':
      case 'n':
      case 'r':
      case 't':
        return letter + 1;
      case 'u':
        for (int i = letter + 1; i <= letter + 4; i++) {
          if (i >= end || Character.digit(bytes[i], 16) < 0) {
            return -1;
          }
        }
        return letter + 5;
      default:
        return -1;
    }
  }

  private boolean number() {
    if (bytes[at] == '-') {
      at++;
    }
    int first = at;
    if (!digits() || (bytes[first] == '0' && at > first + 1)) {
      return false;
    }
    if (at < end && bytes[at] == '.') {
      at++;
      if (!digits()) {
        return false;
      }
    }
    if (at < end && (bytes[at] == 'e' || bytes[at] == 'E')) {
      at++;
      if (at < end && (bytes[at] == '+' || bytes[at] == '-')) {
        at++;
      }
      return digits();
    }
    return true;
  }

  private boolean digits() {
    int start = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      at++;
    }
    return at > start;
  }

  private boolean word(int first) {
    switch (first) {
      case 't':
        return word("true");
      case 'f':
        return word("false");
      case 'n':
        return word("null");
      default:
        return false;
    }
  }

  private boolean word(String expected) {
    if (end - at < expected.length()) {
      return false;
    }
    for (int i = 0; i < expected.length(); i++) {
      if (bytes[at + i] != expected.charAt(i)) {
        return false;
      }
    }
    at += expected.length();
    return true;
  }
}
