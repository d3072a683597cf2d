package io.flyball.protocol.conversation.answer;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * What the application was given, in order, in a form in which two ways to write the same thing are
 * the same bytes: text as UTF-8, but with each half of a surrogate pair by itself (three bytes, as
 * in CESU-8), so that a text may be cut between any two characters; between texts the marks of what
 * they belong to, which begin with a byte that no text has. Given up beyond a limit, and where
 * there is no room for it.
 */
final class DeliveredLog {
  /** Bytes. */
  static final int LIMIT = 4 << 20;

  private static final int FIRST_SIZE = 256;

  private byte[] bytes = new byte[0];
  private int length;
  private boolean kept = true;
  private IntPredicate mayGrow = more -> true;

  /**
   * @param mayGrow asked for room for so many bytes more; where there is none the log is given up
   */
  void within(IntPredicate mayGrow) {
    this.mayGrow = mayGrow;
  }

  /** Whether all of it is here. */
  boolean isKept() {
    return kept;
  }

  /** Something was given that cannot be compared. */
  void giveUp() {
    kept = false;
    bytes = new byte[0];
    length = 0;
  }

  int length() {
    return length;
  }

  byte at(int index) {
    return bytes[index];
  }

  void cutTo(int earlierLength) {
    length = Math.min(length, earlierLength);
  }

  void append(byte b) {
    if (room(1)) {
      bytes[length++] = b;
    }
  }

  void append(byte[] from, int offset, int count) {
    if (room(count)) {
      System.arraycopy(from, offset, bytes, length, count);
      length += count;
    }
  }

  private boolean room(int count) {
    if (!kept) {
      return false;
    }
    int needed = length + count;
    if (needed > LIMIT) {
      giveUp();
      return false;
    }
    if (needed > bytes.length) {
      int larger = Math.min(LIMIT, Math.max(FIRST_SIZE, Math.max(bytes.length * 2, needed)));
      if (!mayGrow.test(larger - bytes.length)) {
        giveUp();
        return false;
      }
      bytes = Arrays.copyOf(bytes, larger);
    }
    return true;
  }
}
