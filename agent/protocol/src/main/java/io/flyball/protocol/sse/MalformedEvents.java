package io.flyball.protocol.sse;

import io.flyball.protocol.json.JsonDocument;

/**
 * Which events of a stream may be left out because SDKs die of them: an object of JSON that breaks
 * off or has a mistake in it, directly between two good events of a stream that had nothing but
 * such before. Text that is no JSON is never one: where it stands in a stream, whoever reads that
 * may want it, and whatever else is no JSON, too.
 *
 * <p>Told of the events one after the other. Not thread safe.
 */
public final class MalformedEvents {
  private static final String ERROR = "error";
  private static final String DONE = "[DONE]";
  private static final int LONGEST_LINE_END = 2;

  private enum Before {
    NOTHING,
    GOOD,
    MALFORMED,
    /** This stream is not what we take it for: nothing is left out of it any more. */
    OTHER
  }

  private Before before = Before.NOTHING;

  private MalformedEvents() {}

  /** For a stream from its beginning on. */
  public static MalformedEvents ofStream() {
    return new MalformedEvents();
  }

  /** For a stream of which all events so far were good. */
  public static MalformedEvents afterGood() {
    MalformedEvents events = new MalformedEvents();
    events.good();
    return events;
  }

  /**
   * Whether the data, which could not be read, begins as an object of JSON does, with the name of a
   * field; an event that calls itself an error is one, whatever its data is.
   */
  public static boolean isMalformed(String name, byte[] data, int offset, int length) {
    if (ERROR.equals(name)) {
      return false;
    }
    int end = offset + length;
    int brace = afterBlanks(data, offset, end);
    if (brace == end || data[brace] != '{') {
      return false;
    }
    int quote = afterBlanks(data, brace + 1, end);
    return quote < end && data[quote] == '"';
  }

  /** The same of an event of which it is not known whether it can be read. */
  public static boolean isMalformed(SseEvent event) {
    return event.dataLength() > 0
        && isMalformed(event.name(), event.dataArray(), event.dataOffset(), event.dataLength())
        && !isReadable(event);
  }

  /** Whether the data is an object of JSON, or at least begins with one. */
  public static boolean isGood(SseEvent event) {
    if (event.dataLength() == 0 || event.dataIs(DONE)) {
      return false;
    }
    int end = event.dataOffset() + event.dataLength();
    int first = afterBlanks(event.dataArray(), event.dataOffset(), end);
    return first < end && event.dataArray()[first] == '{' && isReadable(event);
  }

  private static boolean isReadable(SseEvent event) {
    return JsonDocument.isReadable(event.dataArray(), event.dataOffset(), event.dataLength());
  }

  /** Whether it is nothing but the end of a line, which says nothing to anybody. */
  public static boolean isBlankLine(SseEvent event) {
    return !event.hasData() && event.rawLength() <= LONGEST_LINE_END;
  }

  private static int afterBlanks(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end && bytes[i] >= 0 && bytes[i] <= ' ') {
      i++;
    }
    return i;
  }

  /**
   * A good event: an object of the protocol, and no error.
   *
   * @return whether the one before it may be left out
   */
  public boolean good() {
    boolean between = before == Before.MALFORMED;
    if (before != Before.OTHER) {
      before = Before.GOOD;
    }
    return between;
  }

  /**
   * An event {@link #isMalformed}.
   *
   * @return whether it may be left out if a {@link #good} one comes next
   */
  public boolean malformed() {
    boolean behindGood = before == Before.GOOD;
    before = behindGood ? Before.MALFORMED : Before.OTHER;
    return behindGood;
  }

  /** Text, an error, or what nobody has looked at. */
  public void other() {
    before = Before.OTHER;
  }

  /** What may stand between good events, but has none that waits: a comment, the end. */
  public void interrupted() {
    if (before == Before.MALFORMED) {
      before = Before.OTHER;
    }
  }
}
