package io.flyball.protocol.answer;

import io.flyball.protocol.sse.MalformedEvents;
import java.nio.charset.StandardCharsets;

/**
 * The events of one stream whose data is no object of JSON. Plain text is the application's, and
 * somebody has written it: it counts by its bytes. Not thread safe.
 */
final class UnreadEvents {
  private static final String ERROR = "error";

  /** Bytes of an error's words that are looked at. */
  private static final int MOST_WORDS = 4096;

  private static final String NULL = "null";

  private final MalformedEvents order = MalformedEvents.ofStream();
  private int events;
  private int removable;
  private long texts;
  private long bytes;
  private boolean ending;
  private boolean half;

  /** An event that could be read. */
  void read(boolean failed) {
    if (failed) {
      order.other();
    } else {
      order.good();
    }
  }

  /** Something else than data, or the end of the stream's own. */
  void interrupted() {
    order.interrupted();
  }

  /** What comes now, if anything, no blank line has ended. */
  void ending() {
    ending = true;
  }

  /**
   * An event that could not be read.
   *
   * @param line whether it is a line of a block, which has no name of its own
   * @param failed whether the answer has an error
   * @return the words of an error; null where it is none
   */
  String unread(String name, byte[] data, int offset, int length, boolean line, boolean failed) {
    events++;
    int start = offset;
    int end = offset + length;
    while (start < end && data[start] >= 0 && data[start] <= ' ') {
      start++;
    }
    boolean malformed = MalformedEvents.isMalformed(name, data, offset, length);
    if (malformed && !line && !failed && !ending && order.malformed()) {
      removable++;
      return null;
    }
    order.other();
    if (ERROR.equals(name)) {
      // Of JSON that breaks off the beginning says less than the name.
      return start < end && data[start] == '{'
          ? ERROR
          : new String(data, start, Math.min(end - start, MOST_WORDS), StandardCharsets.UTF_8);
    }
    if (start == end || isNull(data, start, end)) {
      return null;
    }
    if (ending && texts == 0 && (data[start] == '{' || data[start] == '[')) {
      half = true;
      return null;
    }
    if (!malformed) {
      texts++;
      bytes += length;
    }
    return null;
  }

  private static boolean isNull(byte[] data, int start, int end) {
    return end - start <= 2 * NULL.length()
        && new String(data, start, end - start, StandardCharsets.US_ASCII).trim().equals(NULL);
  }

  /**
   * One that was too long to be kept.
   *
   * @param cut whether it ended within JSON
   * @param unread bytes of it that nobody could read
   * @return the words of an error; null where it is none
   */
  String unreadLong(String name, boolean cut, long unread) {
    events++;
    order.other();
    if (ERROR.equals(name)) {
      return ERROR;
    }
    if (ending && texts == 0 && cut) {
      half = true;
      return null;
    }
    texts += cut ? 0 : 1;
    bytes += unread;
    return null;
  }

  /** How many there were. */
  int count() {
    return events;
  }

  /** See {@link io.flyball.protocol.ResponseReader#removableEvents}. */
  int removable() {
    return removable;
  }

  /** Pieces of plain text. */
  long texts() {
    return texts;
  }

  /** Of what somebody has written there; no less than its characters. */
  long bytes() {
    return bytes;
  }

  /** Whether the stream has ended within one. */
  boolean isHalf() {
    return half;
  }
}
