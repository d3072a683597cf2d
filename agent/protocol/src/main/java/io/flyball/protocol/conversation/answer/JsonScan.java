package io.flyball.protocol.conversation.answer;

import java.nio.charset.StandardCharsets;

/**
 * Finds values in a JSON document by looking at each byte once, with no memory of its own. Looks
 * for what it is asked and is not strict about the rest. Not thread safe; never throws for what it
 * reads: once it is broken there is nothing more to find.
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
      if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
        return b;
      }
      at++;
    }
    breakOff();
    return 0;
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
    if (b != '"') {
      return breakOff();
    }
    nameStart = at + 1;
    skipString();
    nameEnd = at - 1;
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
    if (b == ',') {
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
    if (first != '"') {
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
      if (b == '"') {
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
        || b == '-'
        || b == '+'
        || b == '.'
        || b == 'E';
  }

  /** From an opening quote to behind the closing one; tells whether it is plain. */
  private boolean skipString() {
    escaped = false;
    boolean ascii = true;
    int i = at + 1;
    while (i < end) {
      byte b = bytes[i];
      if (b == '"') {
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
    StringBuilder out = new StringBuilder(span.end - span.start);
    int run = span.start;
    for (int i = span.start; i < span.end; i++) {
      if (bytes[i] == '\\') {
        out.append(new String(bytes, run, i - run, StandardCharsets.UTF_8));
        i++;
        out.append(unescaped(i));
        i += bytes[i] == 'u' ? 4 : 0;
        run = i + 1;
      }
    }
    if (run < span.end) {
      out.append(new String(bytes, run, span.end - run, StandardCharsets.UTF_8));
    }
    return out.toString();
  }

  /** The character that the escape stands for whose letter is there. */
  private char unescaped(int letter) {
    switch (bytes[letter]) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case 'b':
        return '\b';
      case 'f':
        return '\f';
      case 'u':
        int code = 0;
        for (int i = letter + 1; i <= letter + 4 && i < end; i++) {
          code = (code << 4) | Math.max(0, Character.digit(bytes[i], 16));
        }
        return (char) code;
      default:
        return (char) bytes[letter];
    }
  }
}
