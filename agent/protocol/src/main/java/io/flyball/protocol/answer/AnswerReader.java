package io.flyball.protocol.answer;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.flyball.protocol.ByteRuns;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonFeed;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.UnicodeText;
import io.flyball.protocol.sse.MalformedEvents;
import io.flyball.protocol.sse.SseEvent;
import io.flyball.protocol.sse.SseSink;
import io.flyball.protocol.sse.SseSplitter;
import io.flyball.protocol.sse.WholeEvents;
import java.nio.ByteBuffer;

/**
 * Reads a plain JSON answer or a stream of server-sent events into an {@link Answer}.
 *
 * <p>Which of the two it is, the first byte tells: JSON begins with a bracket, an event stream
 * never does. Servers mislabel both (JSON errors sent as {@code text/event-stream}, streams sent as
 * {@code application/json}), so the Content-Type is not asked. Where a protocol streams JSON
 * arrays, an array is a stream.
 *
 * @param <A> the protocol's answer
 */
public final class AnswerReader<A extends Answer> implements ResponseReader {
  /** Bytes of an event that is kept until it is whole; a longer one is read as it comes. */
  private static final int LARGEST_KEPT_EVENT = 1 << 20;

  private static final String DONE = "[DONE]";

  /** With blanks around it. */
  private static final int LONGEST_DONE = 32;

  private static final byte[] LINE_FEED = {'\n'};

  /** What the body has turned out to be. */
  private enum Form {
    UNKNOWN,
    JSON,
    EVENTS,
    /** One JSON array whose elements are what the events of a stream would be. */
    ELEMENTS,
    /** A web page, plain text (which is known at the end): nothing we could understand. */
    OTHER
  }

  private final A answer;
  private final JsonShape<A> body;
  private final JsonShape<A> event;
  private final boolean arrayIsStream;
  private final ByteRuns.Taker taker = this::take;
  private Form form = Form.UNKNOWN;

  /** The first bytes, until it is told which encoding they are in; then null. */
  private byte[] first = new byte[UnicodeText.TELLING];

  private int firstLength;

  /** Null where the body is in UTF-8. */
  private UnicodeText wide;

  /** Reads the body, or the data of its events; null as long as there is no need for it. */
  private JsonFeed<A> json;

  /** Null unless the body is a stream. */
  private SseSplitter splitter;

  private boolean page;
  private boolean ended;
  private boolean wholeBody;

  /** Known at the end only. */
  private boolean brokenOff;

  private boolean unreadable;
  private boolean unreadText;

  /** Whether the JSON has a mistake in it. */
  private boolean mistaken;

  /** Bytes behind the mistake. */
  private long unread;

  private final UnreadEvents odd = new UnreadEvents();

  /** Whether the data of the event at hand comes in pieces. */
  private boolean inLongEvent;

  /** Whether there was an error before the object at hand, of which only a part is here. */
  private boolean errorBefore;

  /**
   * @param body what to look for in a plain answer
   * @param event what to look for in the data of a stream event
   */
  public AnswerReader(A answer, JsonShape<A> body, JsonShape<A> event) {
    this(answer, body, event, false);
  }

  private AnswerReader(A answer, JsonShape<A> body, JsonShape<A> event, boolean arrayIsStream) {
    this.answer = answer;
    this.body = body;
    this.event = event;
    this.arrayIsStream = arrayIsStream;
  }

  /**
   * Reads a stream whose chunks are the data of events or the elements of one JSON array.
   *
   * @param chunk what to look for in each, and in an answer that is a single object
   */
  public static <A extends Answer> AnswerReader<A> ofStream(A answer, JsonShape<A> chunk) {
    return new AnswerReader<>(answer, chunk, chunk, true);
  }

  @Override
  public void feed(ByteBuffer bytes) {
    if (!ended) {
      ByteRuns.each(bytes, taker);
    }
  }

  private void take(byte[] bytes, int offset, int length) {
    int taken = first == null ? 0 : takeFirst(bytes, offset, length);
    if (wide != null) {
      byte[] utf8 = wide.feed(bytes, offset + taken, length - taken);
      takeUtf8(utf8, 0, utf8.length);
    } else {
      takeUtf8(bytes, offset + taken, length - taken);
    }
  }

  /** Looks which encoding it is; gives how many of the bytes are read by that. */
  private int takeFirst(byte[] bytes, int offset, int length) {
    int taken = 0;
    while (taken < length && firstLength < first.length && !isUtf8()) {
      first[firstLength++] = bytes[offset + taken];
      taken++;
    }
    if (firstLength == first.length || isUtf8()) {
      beginText();
    }
    return taken;
  }

  /** Whether no text in another encoding begins so. */
  private boolean isUtf8() {
    byte one = first[0];
    if (firstLength == 0 || one == 0 || one == (byte) 0xFE || one == (byte) 0xFF) {
      return false;
    }
    return firstLength > 1 ? first[1] != 0 : isOfEvents(one);
  }

  /** Whether it begins no JSON. */
  private static boolean isOfEvents(byte b) {
    return b < 0 || b == ':' || (b >= 'a' && b <= 'z');
  }

  private void beginText() {
    byte[] held = first;
    first = null;
    if (UnicodeText.isWide(held, 0, firstLength)) {
      wide = UnicodeText.of(held, 0, firstLength);
      byte[] utf8 = wide.feed(held, 0, firstLength);
      takeUtf8(utf8, 0, utf8.length);
    } else {
      takeUtf8(held, 0, firstLength);
    }
  }

  private void takeUtf8(byte[] bytes, int offset, int length) {
    int start = offset;
    int end = offset + length;
    while (form == Form.UNKNOWN && start < end) {
      form = formOf(bytes[start]);
      if (form == Form.UNKNOWN) {
        start++;
      } else {
        page = form == Form.OTHER;
        begin();
      }
    }
    if (form == Form.JSON || form == Form.ELEMENTS) {
      json.feed(bytes, start, end - start);
    } else if (form == Form.EVENTS) {
      splitter.feed(bytes, start, end - start);
      splitter.endIfWhole(WholeEvents::isWhole);
    }
  }

  private void begin() {
    if (form == Form.JSON) {
      json = new JsonFeed<>(body, answer);
    } else if (form == Form.ELEMENTS) {
      json = new JsonFeed<>(event, answer);
    } else if (form == Form.EVENTS) {
      json = new JsonFeed<>(event, answer);
      splitter = new SseSplitter(new Events(), LARGEST_KEPT_EVENT);
    }
  }

  /** White space and the bytes of a byte order mark leave the question open. */
  private Form formOf(byte b) {
    switch (b) {
      case ' ':
      case '\t':
      case '\r':
      case '\n':
      case (byte) 0xEF:
      case (byte) 0xBB:
      case (byte) 0xBF:
        return Form.UNKNOWN;
      case '[':
        return arrayIsStream ? Form.ELEMENTS : Form.JSON;
      case '{':
      case '/':
        // No line of an event stream begins with a comment of JSON's.
        return Form.JSON;
      case '<':
        return Form.OTHER;
      default:
        return Form.EVENTS;
    }
  }

  @Override
  public void end() {
    if (ended) {
      return;
    }
    if (first != null) {
      beginText();
    }
    ended = true;
    if (form == Form.JSON || form == Form.ELEMENTS) {
      brokenOff = json.isInside();
      mistaken = json.isBroken();
      unread = json.unread();
      wholeBody = json.endDocument();
      unreadable = !brokenOff && !wholeBody;
    } else if (form == Form.EVENTS) {
      odd.ending();
      splitter.end();
      // What no blank line has ended may be half an event; of text nobody can say so.
      brokenOff = odd.isHalf() || (odd.texts() == 0 && splitter.isCutInField());
      if (!brokenOff && !splitter.hasFields()) {
        form = Form.OTHER;
        unreadable = true;
        unreadText = true;
      }
    } else {
      brokenOff = form == Form.UNKNOWN;
      unreadable = form == Form.OTHER;
    }
  }

  @Override
  public boolean contentSeen() {
    return form == Form.JSON ? wholeBody && !errorSeen() : answer.contentSeen();
  }

  @Override
  public long contents() {
    return answer.contents() + odd.texts();
  }

  @Override
  public boolean errorSeen() {
    if (inLongEvent && json.isInside()) {
      return errorBefore;
    }
    if (form != Form.JSON || answer.hasFailedStatus()) {
      return answer.errorSeen();
    }
    // What has content is no error, and the content may come behind it.
    return ended && answer.errorSeen() && !(wholeBody && answer.isWholeInSpiteOfError());
  }

  @Override
  public boolean isErrorBehindEnd() {
    return answer.isErrorBehindEnd();
  }

  @Override
  public boolean isEvents() {
    return form == Form.ELEMENTS || (form == Form.EVENTS && splitter.hasFields());
  }

  @Override
  public boolean isNoStream() {
    return form == Form.JSON || form == Form.OTHER;
  }

  @Override
  public boolean isOtherAnswer() {
    return form == Form.OTHER
        || hasTextEvents()
        || (form == Form.JSON
            && !answer.errorSeen()
            && (answer.contentSeen() || answer.objects() > 0));
  }

  @Override
  public boolean isUnreadText() {
    return unreadText;
  }

  @Override
  public boolean hasBegun() {
    return answer.objects() > 0;
  }

  @Override
  public int malformedEvents() {
    return odd.count();
  }

  @Override
  public int removableEvents() {
    return odd.removable();
  }

  @Override
  public boolean hasTextEvents() {
    return odd.texts() > 0;
  }

  @Override
  public boolean mayHaveUsage() {
    return answer.mayHaveUsage();
  }

  @Override
  public boolean isFinished() {
    return answer.everyChoiceFinished();
  }

  @Override
  public ResponseFacts facts() {
    boolean events = form == Form.EVENTS || form == Form.ELEMENTS;
    boolean complete = complete();
    ResponseFacts.Builder facts = answer.facts(complete);
    if (ended && !errorSeen()) {
      facts.errorType(null).errorMessage(null);
    }
    return facts
        .complete(complete)
        .brokenOff(brokenOff)
        .events(events)
        .unreadable(unreadable)
        .empty(isEmpty(events))
        .inOtherForm(isInOtherForm(events))
        .malformedEvents(malformedEvents())
        .outputCharacters(answer.outputCharacters() + unread + odd.bytes())
        .build();
  }

  /** Web pages are no answers, whoever sends them. */
  private boolean isInOtherForm(boolean events) {
    return ended && !events && !page && !answer.isInKnownForm() && isEmpty(false);
  }

  /** Of JSON that cannot be read it is not known what it says. */
  private boolean isEmpty(boolean events) {
    return form == Form.OTHER || (ended && !mistaken && !answer.saysSomething(events));
  }

  private boolean complete() {
    switch (form) {
      case JSON:
        return wholeBody;
      case ELEMENTS:
        return wholeBody && !answer.errorSeen() && answer.streamComplete(ended);
      case EVENTS:
        return !answer.errorSeen() && answer.streamComplete(ended);
      default:
        return false;
    }
  }

  @Override
  public String text() {
    return answer.text();
  }

  @Override
  public void keepText(int characters) {
    answer.keepText(characters);
  }

  private final class Events implements SseSink {
    private final LongData longData = new LongData();

    @Override
    public void event(SseEvent event) {
      if (event.dataLength() == 0) {
        if (!MalformedEvents.isBlankLine(event)) {
          odd.interrupted();
        }
        return;
      }
      byte[] data = event.dataArray();
      int start = event.dataOffset();
      int end = start + event.dataLength();
      if (isOfLines(data, start, end)) {
        lines(data, start, end);
      } else if (event.dataIs(DONE)) {
        odd.interrupted();
        answer.done();
      } else {
        one(event.name(), data, start, end, false);
      }
    }

    private void one(String name, byte[] data, int start, int end, boolean line) {
      answer.beginEvent(name);
      json.feed(data, start, end - start);
      if (json.endDocument()) {
        odd.read(answer.errorSeen());
        return;
      }
      answer.forgetObject();
      failedIn(odd.unread(name, data, start, end - start, line, answer.errorSeen()));
    }

    private void failedIn(String words) {
      if (words != null) {
        answer.failedInWords(words);
      }
    }

    private void endLongDocument(String name) {
      boolean cut = json.isInside();
      long behindMistake = json.unread();
      if (json.endDocument()) {
        odd.read(answer.errorSeen());
      } else {
        answer.forgetObject();
        failedIn(odd.unreadLong(name, cut, behindMistake));
      }
    }

    /** Which event has which name nobody can tell. */
    private void lines(byte[] data, int start, int end) {
      int from = start;
      while (from < end) {
        int to = lineEnd(data, from, end);
        if (isDone(data, from, to)) {
          answer.done();
        } else if (to > from) {
          one(null, data, from, to, true);
        }
        from = to + 1;
      }
    }

    /**
     * Some servers end their events with a single line end, so that all of them are lines of one;
     * an object on several lines never begins with a whole one.
     */
    private boolean isOfLines(byte[] data, int start, int end) {
      int first = lineEnd(data, start, end);
      return first < end - 1
          && (data[first + 1] == '{' || data[first + 1] == '[')
          && isWholeObject(data, start, first);
    }

    private boolean isWholeObject(byte[] data, int start, int end) {
      return start < end && data[start] == '{' && JsonDocument.isReadable(data, start, end - start);
    }

    @Override
    public void longEvent(SseEvent beginning) {
      inLongEvent = true;
      byte[] data = beginning.dataArray();
      if (data == null) {
        longData.begin(beginning.name(), false);
        return;
      }
      int start = beginning.dataOffset();
      int end = start + beginning.dataLength();
      longData.begin(beginning.name(), isWholeObject(data, start, lineEnd(data, start, end)));
      longData.feed(data, start, end - start);
    }

    @Override
    public void moreData(byte[] bytes, int offset, int count) {
      longData.feed(bytes, offset, count);
    }

    @Override
    public void longEventEnded() {
      longData.end();
      inLongEvent = false;
    }

    /** The data of an event that is read as it comes. */
    private final class LongData {
      private String name;

      /** Whether a document has begun, and not been ended. */
      private boolean begun;

      /** Whether each line is an event of its own. */
      private boolean ofLines;

      private boolean atLineStart;

      /** A line that may say that the stream is done, as far as it is here. */
      private final byte[] perhapsDone = new byte[LONGEST_DONE];

      private int perhapsDoneLength;

      void begin(String eventName, boolean eachLineIsOne) {
        name = eventName;
        begun = false;
        ofLines = eachLineIsOne;
        atLineStart = true;
        perhapsDoneLength = 0;
      }

      void feed(byte[] data, int offset, int count) {
        int end = offset + count;
        int from = offset;
        while (from < end) {
          int to = lineEnd(data, from, end);
          if (to > from) {
            line(data, from, to);
          }
          if (to < end) {
            lineEnded();
          }
          from = to + 1;
        }
      }

      private void line(byte[] data, int from, int to) {
        if (atLineStart) {
          atLineStart = false;
          boolean behind = begun && !json.isInside() && !json.isBroken();
          if (behind && (data[from] == '{' || data[from] == '[')) {
            ofLines = true;
            endOne();
          }
          if (ofLines && data[from] == '[') {
            perhapsDone(data, from, to);
            return;
          }
        }
        if (perhapsDoneLength > 0) {
          perhapsDone(data, from, to);
        } else {
          text(data, from, to - from);
        }
      }

      private void perhapsDone(byte[] data, int from, int to) {
        if (to - from <= LONGEST_DONE - perhapsDoneLength) {
          System.arraycopy(data, from, perhapsDone, perhapsDoneLength, to - from);
          perhapsDoneLength += to - from;
        } else {
          int held = perhapsDoneLength;
          perhapsDoneLength = 0;
          text(perhapsDone, 0, held);
          text(data, from, to - from);
        }
      }

      private void text(byte[] data, int offset, int count) {
        if (!begun) {
          begun = true;
          errorBefore = answer.errorSeen();
          answer.beginEvent(ofLines ? null : name);
        }
        json.feed(data, offset, count);
      }

      private void lineEnded() {
        atLineStart = true;
        if (perhapsDoneLength > 0) {
          endPerhapsDone();
        }
        if (ofLines) {
          endOne();
        } else {
          text(LINE_FEED, 0, 1);
        }
      }

      private void endPerhapsDone() {
        int held = perhapsDoneLength;
        perhapsDoneLength = 0;
        if (isDone(perhapsDone, 0, held)) {
          answer.done();
        } else {
          text(perhapsDone, 0, held);
        }
      }

      private void endOne() {
        if (begun) {
          begun = false;
          endLongDocument(ofLines ? null : name);
        }
      }

      void end() {
        if (perhapsDoneLength > 0) {
          endPerhapsDone();
        }
        endOne();
      }
    }

    private int lineEnd(byte[] data, int start, int end) {
      int at = start;
      while (at < end && data[at] != '\n') {
        at++;
      }
      return at;
    }

    private boolean isDone(byte[] data, int start, int end) {
      return data[start] == '['
          && new String(data, start, Math.min(end - start, LONGEST_DONE), US_ASCII)
              .trim()
              .equals(DONE);
    }
  }
}
