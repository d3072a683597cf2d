package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.StringText;
import java.nio.charset.StandardCharsets;

/**
 * Finds values in a JSON document by looking at each byte once, with no memory of its own. Looks
 * for what it is asked and is not strict about the rest, nor about quotes, comments and numbers.
 * Not thread safe; never throws for what it reads: once it is broken there is nothing more to find.
 */
final class JsonScan {
  private byte[] bytes;
  private int at;
  private int end;
  private int nameStart;
  private int nameEnd;
  private boolean broken;
  private boolean nullSeen;
  private boolean escaped;

  void over(byte[] document, int offset, int length) {
    bytes = document;
    at = offset;
    end = offset + length;
    broken = false;
  }

  byte[] bytes() {
    return bytes;
  }

  /** Whether the document is cut short, or written in a way that is not looked through. */
  boolean isBroken() {
    return broken;
  }

  private boolean breakOff() {
    broken = true;
    at = end;
    return false;
  }

  private byte next() {
    while (at < end) {
      byte b = bytes[at];
      if (b == '/' || b == '#') {
        skipComment();
      } else if (b < 0 || b > ' ') {
        return b;
      } else {
        at++;
      }
    }
    breakOff();
    return 0;
  }

  private void skipComment() {
    boolean block = bytes[at] == '/' && at + 1 < end && bytes[at + 1] == '*';
    if (block) {
      at += 2;
      while (at + 1 < end && (bytes[at] != '*' || bytes[at + 1] != '/')) {
        at++;
      }
      at = Math.min(end, at + 2);
    } else {
      while (at < end && bytes[at] != '\n' && bytes[at] != '\r') {
        at++;
      }
    }
  }

  /** Steps into the object that is next; anything else is passed over. */
  boolean object() {
    return into('{');
  }

  /** Steps into the array that is next; anything else is passed over. */
  boolean array() {
    return into('[');
  }

  private boolean into(char bracket) {
    if (next() == bracket) {
      at++;
      return true;
    }
    skip();
    return false;
  }

  /** Steps to the next field's value, or out of the object. */
  boolean field() {
    byte b = nextAfterComma();
    if (b == '}') {
      at++;
      return false;
    }
    if (isQuote(b)) {
      nameStart = at + 1;
      skipString();
      nameEnd = at - 1;
    } else {
      nameStart = at;
      escaped = false;
      skipWord();
      nameEnd = at;
    }
    if (broken || escaped || next() != ':') {
      return breakOff();
    }
    at++;
    return true;
  }

  /** Steps to the next element, or out of the array. */
  boolean element() {
    byte b = nextAfterComma();
    if (b == ']') {
      at++;
      return false;
    }
    return !broken;
  }

  private byte nextAfterComma() {
    byte b = next();
    while (b == ',') {
      at++;
      b = next();
    }
    return b;
  }

  /** Whether the field at hand has that name. */
  boolean is(byte[] name) {
    return equals(nameStart, nameEnd, name);
  }

  boolean equals(Span span, byte[] ascii) {
    return span.present && equals(span.start, span.end, ascii);
  }

  private boolean equals(int start, int stop, byte[] ascii) {
    if (stop - start != ascii.length) {
      return false;
    }
    for (int i = 0; i < ascii.length; i++) {
      if (bytes[start + i] != ascii[i]) {
        return false;
      }
    }
    return true;
  }

  /** Takes the string that is next; anything else is passed over. */
  boolean string(Span into) {
    into.clear();
    byte first = next();
    nullSeen = first == 'n';
    if (!isQuote(first)) {
      skip();
      return false;
    }
    into.start = at + 1;
    into.plain = skipString();
    into.end = at - 1;
    into.present = !broken;
    return into.present;
  }

  /** Whether null stood where {@link #string} was to find one. */
  boolean wasNull() {
    return nullSeen;
  }

  /** Takes the value that is next, as it is written. */
  boolean value(Span into) {
    into.clear();
    next();
    into.start = at;
    skip();
    into.end = at;
    into.present = !broken;
    return into.present;
  }

  boolean isNull(Span span) {
    return !span.present || bytes[span.start] == 'n';
  }

  /** The whole number that is next, within an int; -1 when something else is. */
  int integer() {
    byte b = next();
    if (b < '0' || b > '9') {
      skip();
      return -1;
    }
    long number = 0;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      number = Math.min(Integer.MAX_VALUE, number * 10 + bytes[at] - '0');
      at++;
    }
    boolean whole = at == end || (bytes[at] != '.' && bytes[at] != 'e' && bytes[at] != 'E');
    if (!whole) {
      skip();
      return -1;
    }
    return (int) number;
  }

  /** Passes over the value that is next. */
  void skip() {
    int depth = 0;
    do {
      byte b = depth > 0 ? nextAfterPunctuation() : next();
      if (broken) {
        return;
      }
      if (isQuote(b)) {
        skipString();
      } else if (b == '{' || b == '[') {
        depth++;
        at++;
      } else if (b == '}' || b == ']') {
        depth--;
        at++;
      } else {
        skipWord();
      }
    } while (depth > 0 && !broken);
    if (depth < 0) {
      breakOff();
    }
  }

  private byte nextAfterPunctuation() {
    byte b = next();
    while (!broken && (b == ',' || b == ':')) {
      at++;
      b = next();
    }
    return b;
  }

  private void skipWord() {
    int start = at;
    while (at < end && isWord(bytes[at])) {
      at++;
    }
    if (at == start) {
      breakOff();
    }
  }

  private static boolean isWord(byte b) {
    return (b >= '0' && b <= '9')
        || (b >= 'a' && b <= 'z')
        || (b >= 'A' && b <= 'Z')
        || b == '-'
        || b == '+'
        || b == '.'
        || b == '_'
        || b == '$';
  }

  private static boolean isQuote(byte b) {
    return b == '"' || b == '\'';
  }

  /** From an opening quote to behind the closing one; tells whether it is plain. */
  private boolean skipString() {
    escaped = false;
    boolean ascii = true;
    byte quote = bytes[at];
    int i = at + 1;
    while (i < end) {
      byte b = bytes[i];
      if (b == quote) {
        at = i + 1;
        return ascii && !escaped;
      }
      if (b == '\\') {
        escaped = true;
        i++;
      } else if (b < 0) {
        ascii = false;
      }
      i++;
    }
    return breakOff();
  }

  /** A value as it is written. */
  String raw(Span span) {
    return new String(bytes, span.start, span.end - span.start, StandardCharsets.UTF_8);
  }

  /** The text of a string. */
  String text(Span span) {
    if (span.plain) {
      return new String(bytes, span.start, span.end - span.start, StandardCharsets.UTF_8);
    }
    return StringText.decoded(bytes, span.start, span.end, span.end - span.start);
  }
}
