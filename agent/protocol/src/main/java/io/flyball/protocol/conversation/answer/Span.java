package io.flyball.protocol.conversation.answer;

/** Where a value is in the bytes that are scanned: the inside of a string, or any other value. */
final class Span {
  int start;
  int end;
  boolean present;

  /** A string of ASCII without escapes: its bytes are its text. */
  boolean plain;

  void clear() {
    present = false;
    start = 0;
    end = 0;
  }

  boolean isEmpty() {
    return start == end;
  }
}
