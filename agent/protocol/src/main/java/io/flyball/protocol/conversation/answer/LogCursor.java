package io.flyball.protocol.conversation.answer;

/**
 * Says a stream to a {@link DeliveredLog}: as long as the log has more, what is said must be what
 * was delivered; from then on it is added. Not thread safe.
 */
final class LogCursor {
  static final int TEXT = 1;
  static final int REFUSAL = 2;
  static final int REASONING = 3;
  static final int OTHER_REASONING = 4;
  static final int ARGUMENTS = 5;
  static final int SIGNATURE = 6;
  static final int CALL = 7;
  static final int BEGIN = 8;
  static final int END = 9;
  static final int FINISH = 10;

  private static final byte MARK = (byte) 0xFF;
  private static final byte WORD_END = (byte) 0xFE;

  private final DeliveredLog log;
  private int position;
  private boolean atEnd;
  private boolean diverged;
  private int kind;
  private int index;

  LogCursor(DeliveredLog log) {
    this.log = log;
    this.atEnd = log.length() == 0;
  }

  /** Whether all that was delivered has been said again. */
  boolean isAtEnd() {
    return atEnd && !diverged;
  }

  boolean isDiverged() {
    return diverged;
  }

  void diverge() {
    diverged = true;
  }

  private void say(byte b) {
    if (diverged) {
      return;
    }
    if (atEnd) {
      log.append(b);
    } else if (log.at(position) != b) {
      diverged = true;
    } else {
      position++;
      atEnd = position == log.length();
    }
  }

  private void mark(int newKind, int newIndex) {
    say(MARK);
    say((byte) newKind);
    for (int shift = 24; shift >= 0; shift -= 8) {
      say((byte) (newIndex >> shift));
    }
    kind = newKind;
    index = newIndex;
  }

  private void turnTo(int newKind, int newIndex) {
    if (kind != newKind || index != newIndex) {
      mark(newKind, newIndex);
    }
  }

  /**
   * Something that is no text happens.
   *
   * @return whether it is new; false when it was delivered already, or is not what was delivered
   */
  boolean point(int pointKind, int pointIndex, String word) {
    boolean isNew = isAtEnd();
    mark(pointKind, pointIndex);
    for (int i = 0; i < word.length() && !diverged; i++) {
      character(word.charAt(i));
    }
    say(WORD_END);
    kind = 0;
    return isNew;
  }

  /**
   * A piece of a text.
   *
   * @return how many of its characters were delivered already
   */
  int text(int textKind, int textIndex, String piece) {
    if (piece.isEmpty()) {
      return 0;
    }
    turnTo(textKind, textIndex);
    int delivered = 0;
    for (int i = 0; i < piece.length() && !diverged; i++) {
      boolean isNew = atEnd;
      character(piece.charAt(i));
      delivered += isNew ? 0 : 1;
    }
    return delivered;
  }

  private void character(char c) {
    if (c < 0x80) {
      say((byte) c);
    } else if (c < 0x800) {
      say((byte) (0xC0 | (c >> 6)));
      say((byte) (0x80 | (c & 0x3F)));
    } else {
      say((byte) (0xE0 | (c >> 12)));
      say((byte) (0x80 | ((c >> 6) & 0x3F)));
      say((byte) (0x80 | (c & 0x3F)));
    }
  }

  /** A piece of a text that is new, as it stands in a document. */
  void append(int textKind, int textIndex, JsonScan json, Span piece) {
    if (!piece.present || piece.isEmpty() || !log.isKept()) {
      return;
    }
    turnTo(textKind, textIndex);
    if (piece.plain) {
      log.append(json.bytes(), piece.start, piece.end - piece.start);
      return;
    }
    String text = json.text(piece);
    for (int i = 0; i < text.length(); i++) {
      character(text.charAt(i));
    }
  }
}
