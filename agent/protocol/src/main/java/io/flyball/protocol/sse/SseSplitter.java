package io.flyball.protocol.sse;

import io.flyball.protocol.ByteRuns;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Cuts a byte stream into server-sent events as the WHATWG HTML standard (section 9.2.6, parsing an
 * event stream) defines them: lines end with LF, CR or CR LF, a blank line ends an event, several
 * data lines are joined by LF. How the stream is cut into buffers makes no difference.
 *
 * <p>Looks at every byte once and keeps one event at most, within a limit. Not thread safe; never
 * throws for what it is fed.
 */
public final class SseSplitter {
  /** Enough for the events of every provider but those that carry whole images: 1 MiB. */
  public static final int DEFAULT_LIMIT = 1 << 20;

  private static final int FIRST_SIZE = 1024;
  private static final int KEPT_SIZE = 1 << 16;
  private static final byte[] DATA = {'d', 'a', 't', 'a'};
  private static final byte[] EVENT = {'e', 'v', 'e', 'n', 't'};

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
   * @param limit bytes of an event, line ends aside, above which it is passed over
   */
  public SseSplitter(SseSink sink, int limit) {
    this.sink = sink;
    this.limit = limit;
  }

  /** How many events were larger than the limit. */
  public long eventsPassedOver() {
    return eventsPassedOver;
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

  /** The stream is over: an event that no blank line ended counts as one. */
  public void end() {
    if (!lineEmpty) {
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
      tooLarge = true;
      sink.passedOver(block, 0, length);
      length = 0;
    }
    if (tooLarge) {
      sink.passedOver(bytes, offset, count);
    } else {
      append(bytes, offset, count);
    }
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
    if (firstLine) {
      firstLine = false;
      skipByteOrderMark(lineEnd);
    }
    if (lineEmpty) {
      endEvent();
      return;
    }
    if (!tooLarge) {
      field(lineStart, lineEnd);
    }
    lineStart = length;
    lineEmpty = true;
  }

  private void skipByteOrderMark(int lineEnd) {
    boolean marked =
        !tooLarge
            && lineEnd >= 3
            && block[0] == (byte) 0xEF
            && block[1] == (byte) 0xBB
            && block[2] == (byte) 0xBF;
    if (marked) {
      lineStart = 3;
      lineEmpty = lineEnd == 3;
    }
  }

  private void field(int start, int end) {
    if (isField(DATA, start, end)) {
      dataLine(valueStart(start + DATA.length, end), end);
    } else if (isField(EVENT, start, end)) {
      nameStart = valueStart(start + EVENT.length, end);
      nameEnd = end;
    }
  }

  private boolean isField(byte[] name, int start, int end) {
    int after = start + name.length;
    if (after > end || (after < end && block[after] != ':')) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (block[start + i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  private int valueStart(int colon, int end) {
    int start = Math.min(colon + 1, end);
    return start < end && block[start] == ' ' ? start + 1 : start;
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
    } else {
      event.raw(block, length);
      event.name(nameStart, nameEnd - nameStart);
      if (joinedLength >= 0) {
        event.data(joined, 0, joinedLength);
      } else if (dataStart >= 0) {
        event.data(block, dataStart, dataEnd - dataStart);
      } else {
        event.data(null, 0, 0);
      }
      sink.event(event);
    }
    forget();
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
