package io.flyball.protocol.sse;

import io.flyball.protocol.ByteRuns;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Predicate;

/**
 * Cuts a byte stream into server-sent events as the WHATWG HTML standard (section 9.2.6, parsing an
 * event stream) defines them: lines end with LF, CR or CR LF, a blank line ends an event, several
 * data lines are joined by LF. How the stream is cut into buffers makes no difference.
 *
 * <p>Looks at every byte once (twice at those of an event that comes in pieces) and keeps one event
 * at most, within a limit; what is larger is shown piece by piece. Not thread safe; never throws
 * for what it is fed.
 */
public final class SseSplitter {
  /** Enough for the events of every provider but those that carry whole images: 1 MiB. */
  public static final int DEFAULT_LIMIT = 1 << 20;

  private static final int FIRST_SIZE = 1024;
  private static final int KEPT_SIZE = 1 << 16;
  private static final int LONGEST_LINE_END = 2;
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

  /** Bytes of a line that tell its field, and where its value begins: {@code data: }. */
  private static final int LONGEST_HEAD = 6;

  private static final byte[] LINE_FEED = {'\n'};
  private static final byte[][] FIELDS = {DATA, EVENT, {'i', 'd'}, {'r', 'e', 't', 'r', 'y'}};

  private final SseSink sink;
  private final int limit;
  private final ByteRuns.Taker taker = this::feed;
  private final SseEvent event = new SseEvent();

  private byte[] block = new byte[FIRST_SIZE];
  private int length;
  private int lineStart;
  private boolean lineEmpty = true;
  private boolean afterCarriageReturn;
  private boolean firstLine = true;
  private boolean tooLarge;
  private long eventsPassedOver;

  /** Of a line of an event that is too large: how it begins, as far as that is asked. */
  private final byte[] head = new byte[LONGEST_HEAD];

  private int headLength;

  /** Whether that line has data, once its head is read. */
  private boolean inData;

  /** Whether there was a line with data in the event that is too large. */
  private boolean dataShown;

  /**
   * Whether there was a line as only event streams have them. Behind the first line that is one
   * with data or a name: the few bytes of a comment or an {@code id} stand in many binary bodies.
   */
  private boolean fields;

  private boolean cutInField;

  private int dataStart = -1;
  private int dataEnd;
  private byte[] joined = new byte[0];
  private int joinedLength = -1;
  private int nameStart;
  private int nameEnd;

  public SseSplitter(SseSink sink) {
    this(sink, DEFAULT_LIMIT);
  }

  /**
   * @param limit bytes of an event, line ends aside, above which it is not kept: {@link
   *     SseSink#longEvent}
   */
  public SseSplitter(SseSink sink, int limit) {
    this.sink = sink;
    this.limit = limit;
  }

  /** How many events were larger than the limit. */
  public long eventsPassedOver() {
    return eventsPassedOver;
  }

  /**
   * Whether there was a field with data or a name so far, or any field or a comment as the first
   * line: what has none is no event stream.
   */
  public boolean hasFields() {
    return fields;
  }

  /** Whether it has ended within the name of a field. */
  public boolean isCutInField() {
    return cutInField;
  }

  /** Whether the sink was told of every byte so far. */
  boolean isBetweenEvents() {
    return length == 0;
  }

  /** Whether what comes next begins an event: no byte of one, or of its line end, is awaited. */
  boolean isAtEventStart() {
    return length == 0 && !tooLarge && !afterCarriageReturn;
  }

  /** Whole events went by that it was not fed. */
  void passedBy() {
    firstLine = false;
  }

  /** The next bytes; the buffer's position does not move. */
  public void feed(ByteBuffer bytes) {
    ByteRuns.each(bytes, taker);
  }

  /** The next bytes. */
  public void feed(byte[] bytes, int offset, int count) {
    int end = offset + count;
    int i = offset;
    while (i < end) {
      if (afterCarriageReturn) {
        afterCarriageReturn = false;
        if (bytes[i] == '\n') {
          lateLineFeed();
          i++;
          continue;
        }
      }
      int next = length == 0 && fields && !tooLarge ? wholeEvent(bytes, i, end) : i;
      if (next > i) {
        i = next;
        continue;
      }
      int stop = i;
      while (stop < end && bytes[stop] != '\n' && bytes[stop] != '\r') {
        stop++;
      }
      if (stop > i) {
        content(bytes, i, stop - i);
      }
      if (stop == end) {
        return;
      }
      int lineEnd = length;
      i = stop + 1;
      if (bytes[stop] == '\r') {
        if (i == end) {
          afterCarriageReturn = true;
        } else if (bytes[i] == '\n') {
          i++;
        }
      }
      terminator(bytes, stop, i - stop);
      endLine(lineEnd);
    }
  }

  /**
   * Shows the event that begins there where it stands, which is most of them.
   *
   * @return where the next one begins; the same place where not all of the event is here, or it is
   *     written in a way that takes more than a look
   */
  private int wholeEvent(byte[] bytes, int start, int end) {
    int data = -1;
    int dataLength = 0;
    int name = start;
    int nameLength = 0;
    int line = start;
    while (true) {
      int stop = line;
      while (stop < end && bytes[stop] != '\n' && bytes[stop] != '\r') {
        stop++;
      }
      int next = stop + 1;
      if (next < end && bytes[stop] == '\r' && bytes[next] == '\n') {
        next++;
      } else if (stop == end || bytes[stop] == '\r') {
        return start;
      }
      if (next - start > limit) {
        return start;
      }
      if (stop == line) {
        event.raw(bytes, start, next - start);
        event.name(name, nameLength);
        event.data(data < 0 ? null : bytes, data, dataLength);
        sink.event(event);
        return next;
      }
      if (isField(bytes, DATA, line, stop)) {
        if (data >= 0) {
          return start;
        }
        data = valueStart(bytes, line + DATA.length, stop);
        dataLength = stop - data;
      } else if (isField(bytes, EVENT, line, stop)) {
        name = valueStart(bytes, line + EVENT.length, stop);
        nameLength = stop - name;
      }
      line = next;
    }
  }

  /**
   * Ends the event at hand at the end of its last line, where all of that is here: its blank line
   * may come much later, or never. What ends it then is an event without data.
   *
   * @param whole tells whether nothing but that line is missing
   */
  public void endIfWhole(Predicate<SseEvent> whole) {
    if (length == 0 || !lineEmpty || tooLarge || block[length - 1] != '\n') {
      return;
    }
    // One line of data, and just now: what comes line by line is not looked at again each time.
    if (dataStart < 0 || joinedLength >= 0 || length - dataEnd > LONGEST_LINE_END) {
      return;
    }
    show();
    if (whole.test(event)) {
      sink.event(event);
      forget();
    }
  }

  /** What is kept of an event is shown now, and the rest of it as if it were too large. */
  void passOver() {
    if (length > 0 && !tooLarge) {
      beginLong();
    }
  }

  /** The stream is over: an event that no blank line ended counts as one. */
  public void end() {
    if (!lineEmpty) {
      cutInField =
          tooLarge
              ? headLength < LONGEST_HEAD && isCutField(head, 0, headLength)
              : isCutField(block, lineStart, length);
      endLine(length);
    }
    if (length > 0 || tooLarge) {
      endEvent();
    }
  }

  private void lateLineFeed() {
    if (length == 0 && !tooLarge) {
      sink.lateLineFeed();
    } else {
      terminator(new byte[] {'\n'}, 0, 1);
      lineStart = length;
    }
  }

  private void content(byte[] bytes, int offset, int count) {
    lineEmpty = false;
    if (!tooLarge && count > limit - length) {
      beginLong();
    }
    if (tooLarge) {
      sink.passedOver(bytes, offset, count);
      longLine(bytes, offset, count);
    } else {
      append(bytes, offset, count);
    }
  }

  private void beginLong() {
    tooLarge = true;
    show();
    sink.longEvent(event);
    dataShown = dataStart >= 0;
    sink.passedOver(block, 0, length);
    longLine(block, lineStart, length - lineStart);
    length = 0;
  }

  /** The next bytes of a line of an event that is too large. */
  private void longLine(byte[] bytes, int offset, int count) {
    int at = offset;
    int end = offset + count;
    while (headLength < LONGEST_HEAD && at < end) {
      head[headLength++] = bytes[at++];
      if (firstLine && headLength == 3 && isByteOrderMark(head)) {
        headLength = 0;
      } else if (headLength == LONGEST_HEAD) {
        readHead();
      }
    }
    if (inData && at < end) {
      sink.moreData(bytes, at, end - at);
    }
  }

  private void readHead() {
    if (firstLine) {
      fields = isOfEvents(head, 0, headLength);
    }
    inData = isField(head, DATA, 0, headLength);
    if (inData) {
      fields = true;
      if (dataShown) {
        sink.moreData(LINE_FEED, 0, 1);
      }
      dataShown = true;
      int value = valueStart(head, DATA.length, headLength);
      if (value < headLength) {
        sink.moreData(head, value, headLength - value);
      }
    } else {
      fields |= isField(head, EVENT, 0, headLength);
    }
  }

  private void endLongLine() {
    if (headLength < LONGEST_HEAD) {
      readHead();
    }
    headLength = 0;
    inData = false;
  }

  private void terminator(byte[] bytes, int offset, int count) {
    if (tooLarge) {
      sink.passedOver(bytes, offset, count);
    } else {
      append(bytes, offset, count);
    }
  }

  private void append(byte[] bytes, int offset, int count) {
    if (count > block.length - length) {
      block = Arrays.copyOf(block, Math.max(block.length * 2, length + count));
    }
    System.arraycopy(bytes, offset, block, length, count);
    length += count;
  }

  private void endLine(int lineEnd) {
    boolean first = firstLine;
    if (first && !tooLarge) {
      skipByteOrderMark(lineEnd);
    }
    if (lineEmpty) {
      firstLine = false;
      endEvent();
      return;
    }
    if (tooLarge) {
      endLongLine();
    } else {
      field(lineStart, lineEnd, first);
    }
    firstLine = false;
    lineStart = length;
    lineEmpty = true;
  }

  private void skipByteOrderMark(int lineEnd) {
    if (lineEnd >= 3 && isByteOrderMark(block)) {
      lineStart = 3;
      lineEmpty = lineEnd == 3;
    }
  }

  private static boolean isByteOrderMark(byte[] bytes) {
    return bytes[0] == (byte) 0xEF && bytes[1] == (byte) 0xBB && bytes[2] == (byte) 0xBF;
  }

  private static boolean isCutField(byte[] bytes, int start, int end) {
    for (byte[] name : FIELDS) {
      if (end - start < name.length && isAt(bytes, start, name, end - start)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(byte[] bytes, int start, byte[] name, int count) {
    for (int i = 0; i < count; i++) {
      if (bytes[start + i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  private void field(int start, int end, boolean first) {
    if (first) {
      fields = isOfEvents(block, start, end);
    }
    if (isField(block, DATA, start, end)) {
      fields = true;
      dataLine(valueStart(block, start + DATA.length, end), end);
    } else if (isField(block, EVENT, start, end)) {
      fields = true;
      nameStart = valueStart(block, start + EVENT.length, end);
      nameEnd = end;
    }
  }

  /** Whether it is a comment or a field. */
  private static boolean isOfEvents(byte[] bytes, int start, int end) {
    boolean is = bytes[start] == ':';
    for (int i = 0; i < FIELDS.length && !is; i++) {
      is = isField(bytes, FIELDS[i], start, end);
    }
    return is;
  }

  private static boolean isField(byte[] bytes, byte[] name, int start, int end) {
    int after = start + name.length;
    return after <= end
        && (after == end || bytes[after] == ':')
        && isAt(bytes, start, name, name.length);
  }

  private static int valueStart(byte[] bytes, int colon, int end) {
    int start = Math.min(colon + 1, end);
    return start < end && bytes[start] == ' ' ? start + 1 : start;
  }

  private void dataLine(int start, int end) {
    if (dataStart < 0) {
      dataStart = start;
      dataEnd = end;
      return;
    }
    if (joinedLength < 0) {
      joinedLength = 0;
      join(dataStart, dataEnd);
    }
    join(start, end);
  }

  private void join(int start, int end) {
    int count = end - start;
    int needed = joinedLength + 1 + count;
    if (needed > joined.length) {
      joined = Arrays.copyOf(joined, Math.max(joined.length * 2, needed));
    }
    if (joinedLength > 0 || start != dataStart) {
      joined[joinedLength++] = '\n';
    }
    System.arraycopy(block, start, joined, joinedLength, count);
    joinedLength += count;
  }

  private void endEvent() {
    if (tooLarge) {
      eventsPassedOver++;
      sink.longEventEnded();
    } else {
      show();
      sink.event(event);
    }
    forget();
  }

  private void show() {
    event.raw(block, 0, length);
    event.name(nameStart, nameEnd - nameStart);
    if (joinedLength >= 0) {
      event.data(joined, 0, joinedLength);
    } else if (dataStart >= 0) {
      event.data(block, dataStart, dataEnd - dataStart);
    } else {
      event.data(null, 0, 0);
    }
  }

  private void forget() {
    length = 0;
    lineStart = 0;
    lineEmpty = true;
    tooLarge = false;
    dataStart = -1;
    joinedLength = -1;
    nameStart = 0;
    nameEnd = 0;
    if (block.length > KEPT_SIZE) {
      block = new byte[FIRST_SIZE];
    }
    if (joined.length > KEPT_SIZE) {
      joined = new byte[0];
    }
  }
}
