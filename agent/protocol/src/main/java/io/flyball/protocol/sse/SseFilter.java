package io.flyball.protocol.sse;

import io.flyball.protocol.ByteRuns;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Takes certain events out of a stream. The bytes of all others leave exactly as they came, each
 * event as soon as its last byte is there. A body that turns out to be a JSON document goes on at
 * once, as it comes. Not thread safe; never throws for what it is fed.
 */
public final class SseFilter {

  /** What becomes of an event. */
  public enum Fate {
    GOES_ON,
    TAKEN_OUT,
    /** The next ones tell; what was held goes on before the next that does. */
    HELD,
    /** It goes on, and what was held is taken out. */
    GOES_ON_ALONE
  }

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private final Function<SseEvent, Fate> fates;

  /** Null where each event waits for its blank line. */
  private final Predicate<SseEvent> leavesEarly;

  private final SseSplitter splitter;

  /** What is being fed, as long as everything of it goes on as it stands; else null. */
  private ByteBuffer input;

  /** How many bytes of {@link #input} go on. */
  private int passed;

  /** Otherwise a copy of what goes on. */
  private byte[] out = new byte[0];

  private int length;
  private int fed;
  private Fate last = Fate.GOES_ON;

  /** Null where nothing is held. */
  private ByteArrayOutputStream held;

  private int removed;
  private boolean begun;
  private boolean document;
  private boolean passedOver;

  /**
   * @param unwanted tells which events to take out; is also asked for events without data
   */
  public SseFilter(Predicate<SseEvent> unwanted) {
    this(unwanted, SseSplitter.DEFAULT_LIMIT);
  }

  /**
   * @param limit bytes of an event above which it goes on unseen, as it comes
   */
  public SseFilter(Predicate<SseEvent> unwanted, int limit) {
    this(unwanted, null, limit);
  }

  /**
   * @param leavesEarly tells whether an event that lacks its blank line, and of which no more bytes
   *     are here, is to be taken for whole: who reads by the line does not wait for it either
   * @param limit bytes of an event above which it goes on unseen, as it comes
   */
  public SseFilter(Predicate<SseEvent> unwanted, Predicate<SseEvent> leavesEarly, int limit) {
    this(leavesEarly, limit, event -> unwanted.test(event) ? Fate.TAKEN_OUT : Fate.GOES_ON);
  }

  /**
   * @param leavesEarly as above; is to have no effect
   * @param limit bytes of an event above which it goes on unseen, as it comes
   * @param fates what becomes of each event; is also asked for events without data
   */
  public SseFilter(Predicate<SseEvent> leavesEarly, int limit, Function<SseEvent, Fate> fates) {
    this.fates = fates;
    this.leavesEarly = leavesEarly;
    this.splitter = new SseSplitter(new Output(), limit);
  }

  /** Whether something went on unseen: a document, or an event larger than the limit. */
  public boolean passedUnseen() {
    return document || passedOver;
  }

  /** How many events were taken out. */
  public int removed() {
    return removed;
  }

  /**
   * Whether these, as the next bytes, are whole events, which leave in the buffer they come in when
   * all are wanted. Sees only how they end: also false where nobody can tell without reading them.
   */
  public boolean areWholeEvents(ByteBuffer next) {
    if (!begun) {
      begin(next);
    }
    return !document
        && length == 0
        && held == null
        && splitter.isAtEventStart()
        && endsWithBlankLine(next);
  }

  private static boolean endsWithBlankLine(ByteBuffer bytes) {
    int last = bytes.limit() - 1;
    int before = last - 1;
    if (before < bytes.position() || bytes.get(last) != '\n') {
      return false;
    }
    if (bytes.get(before) == '\r') {
      before--;
    }
    return before >= bytes.position() && bytes.get(before) == '\n';
  }

  /**
   * As {@link #feed}, where all events that end in these bytes are wanted: only the first and the
   * last of them may be looked at.
   */
  public ByteBuffer passBy(ByteBuffer bytes) {
    if (areWholeEvents(bytes)) {
      splitter.passedBy();
      return bytes;
    }
    if (document || held != null || !bytes.hasArray()) {
      return feed(bytes);
    }
    byte[] array = bytes.array();
    int start = bytes.arrayOffset() + bytes.position();
    int end = start + bytes.remaining();
    int first = splitter.isAtEventStart() ? start : afterFirstBlankLine(array, start, end);
    int last = afterLastBlankLine(array, start, end);
    if (last <= first) {
      return feed(bytes);
    }
    begin(bytes, end - start);
    splitter.feed(array, start, first - start);
    splitter.passedBy();
    keep(array, first, last - first);
    splitter.feed(array, last, end - last);
    return goingOn(bytes);
  }

  /** Where an event has surely ended; the end where none does. */
  private static int afterFirstBlankLine(byte[] bytes, int start, int end) {
    for (int i = start + 1; i < end; i++) {
      if (isBlankLine(bytes, start, i)) {
        return i + 1;
      }
    }
    return end;
  }

  private static int afterLastBlankLine(byte[] bytes, int start, int end) {
    for (int i = end - 1; i > start; i--) {
      if (isBlankLine(bytes, start, i)) {
        return i + 1;
      }
    }
    return start;
  }

  private static boolean isBlankLine(byte[] bytes, int start, int last) {
    if (bytes[last] != '\n') {
      return false;
    }
    int before = bytes[last - 1] == '\r' ? last - 2 : last - 1;
    return before >= start && bytes[before] == '\n';
  }

  /**
   * Takes the next bytes of the stream, leaving the buffer's position, and gives those that can go
   * on: the very buffer when it holds whole events to keep and nothing else, else another one. That
   * is empty while an event is incomplete, and may hold more than was fed.
   */
  public ByteBuffer feed(ByteBuffer bytes) {
    if (!begun) {
      begin(bytes);
    }
    begin(bytes, bytes.remaining());
    if (document) {
      ByteRuns.each(bytes, this::keep);
    } else {
      splitter.feed(bytes);
    }
    return goingOn(bytes);
  }

  private void begin(ByteBuffer bytes, int count) {
    input = length == 0 && held == null && splitter.isBetweenEvents() ? bytes : null;
    passed = 0;
    fed = count;
  }

  private ByteBuffer goingOn(ByteBuffer bytes) {
    if (leavesEarly != null && !document) {
      splitter.endIfWhole(leavesEarly);
    }
    if (input == null) {
      return takeOut();
    }
    input = null;
    if (passed == bytes.remaining()) {
      return bytes;
    }
    ByteBuffer whole = bytes.duplicate();
    whole.limit(whole.position() + passed);
    return whole;
  }

  /** No line of an event stream begins with a bracket; lines before the first may be empty. */
  private void begin(ByteBuffer bytes) {
    for (int i = bytes.position(); i < bytes.limit() && !begun; i++) {
      byte b = bytes.get(i);
      begun = b != '\r' && b != '\n';
      document = b == '{' || b == '[';
    }
    if (document) {
      splitter.end();
    }
  }

  /** Gives what is held back of an event; what follows of it goes on unseen, as it comes. */
  public ByteBuffer release() {
    splitter.passOver();
    return takeOut();
  }

  /** The stream is over: gives what was still held back. */
  public ByteBuffer end() {
    splitter.end();
    letGo();
    return takeOut();
  }

  private ByteBuffer takeOut() {
    if (length == 0) {
      return NOTHING.duplicate();
    }
    ByteBuffer result = ByteBuffer.wrap(out, 0, length);
    out = new byte[0];
    length = 0;
    return result;
  }

  private void keep(byte[] bytes, int offset, int count) {
    if (input != null) {
      passed += count;
    } else {
      copy(bytes, offset, count);
    }
  }

  /** What comes now does not go on: what goes on no longer stands together in the input. */
  private void leaveOut() {
    if (input != null) {
      byte[] before = new byte[passed];
      input.duplicate().get(before);
      input = null;
      copy(before, 0, passed);
    }
  }

  private void hold(byte[] bytes, int offset, int count) {
    leaveOut();
    if (held == null) {
      held = new ByteArrayOutputStream();
    }
    held.write(bytes, offset, count);
  }

  /** What was held goes on. */
  private void letGo() {
    if (held != null) {
      byte[] bytes = held.toByteArray();
      held = null;
      copy(bytes, 0, bytes.length);
    }
  }

  private void copy(byte[] bytes, int offset, int count) {
    int needed = length + count;
    if (needed > out.length) {
      // With the first that goes on there is room for all that was fed.
      int room = length == 0 ? count + fed : out.length * 2;
      out = Arrays.copyOf(out, Math.max(room, needed));
    }
    System.arraycopy(bytes, offset, out, length, count);
    length = needed;
  }

  private final class Output implements SseSink {
    @Override
    public void event(SseEvent event) {
      last = fates.apply(event);
      switch (last) {
        case TAKEN_OUT:
          removed++;
          leaveOut();
          return;
        case HELD:
          hold(event.rawArray(), event.rawOffset(), event.rawLength());
          return;
        case GOES_ON_ALONE:
          removed++;
          held = null;
          break;
        default:
          letGo();
          break;
      }
      keep(event.rawArray(), event.rawOffset(), event.rawLength());
    }

    @Override
    public void passedOver(byte[] bytes, int offset, int count) {
      last = Fate.GOES_ON;
      passedOver = true;
      letGo();
      keep(bytes, offset, count);
    }

    @Override
    public void lateLineFeed() {
      byte[] lineFeed = {'\n'};
      if (last == Fate.TAKEN_OUT) {
        leaveOut();
      } else if (last == Fate.HELD) {
        hold(lineFeed, 0, 1);
      } else {
        keep(lineFeed, 0, 1);
      }
    }
  }
}
