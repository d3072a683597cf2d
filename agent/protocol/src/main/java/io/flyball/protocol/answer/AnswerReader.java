package io.flyball.protocol.answer;

import io.flyball.protocol.ByteRuns;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.json.JsonFeed;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.sse.SseEvent;
import io.flyball.protocol.sse.SseSink;
import io.flyball.protocol.sse.SseSplitter;
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
  /** Bytes of one event; the last event of a responses stream repeats the whole answer. */
  private static final int LARGEST_EVENT = 16 << 20;

  /** What the body has turned out to be. */
  private enum Form {
    UNKNOWN,
    JSON,
    EVENTS,
    /** One JSON array whose elements are what the events of a stream would be. */
    ELEMENTS,
    /** A web page, plain text: nothing we could understand. */
    OTHER
  }

  private final A answer;
  private final JsonShape<A> body;
  private final JsonShape<A> event;
  private final boolean arrayIsStream;
  private final ByteRuns.Taker taker = this::take;
  private Form form = Form.UNKNOWN;

  /** Reads the body, or the data of its events; null as long as there is no need for it. */
  private JsonFeed<A> json;

  /** Null unless the body is a stream. */
  private SseSplitter splitter;

  private boolean ended;
  private boolean wholeBody;

  /** Known at the end only. */
  private boolean brokenOff;

  private boolean unreadable;

  /** Whether the JSON has a mistake in it. */
  private boolean mistaken;

  private int malformedEvents;

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
    int start = offset;
    int end = offset + length;
    while (form == Form.UNKNOWN && start < end) {
      form = formOf(bytes[start]);
      if (form == Form.UNKNOWN) {
        start++;
      } else {
        begin();
      }
    }
    if (form == Form.JSON || form == Form.ELEMENTS) {
      json.feed(bytes, start, end - start);
    } else if (form == Form.EVENTS) {
      splitter.feed(bytes, start, end - start);
    }
  }

  private void begin() {
    if (form == Form.JSON) {
      json = new JsonFeed<>(body, answer).cuttingLongStrings();
    } else if (form == Form.ELEMENTS) {
      json = new JsonFeed<>(event, answer).cuttingLongStrings();
    } else if (form == Form.EVENTS) {
      json = new JsonFeed<>(event, answer);
      splitter = new SseSplitter(new Events(), LARGEST_EVENT);
    }
  }

  /** White space and the bytes of a byte order mark leave the question open. */
  private Form formOf(byte first) {
    switch (first) {
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
    ended = true;
    if (form == Form.JSON || form == Form.ELEMENTS) {
      brokenOff = json.isInside();
      mistaken = json.isBroken();
      wholeBody = json.endDocument();
      unreadable = !brokenOff && !wholeBody;
    } else if (form == Form.EVENTS) {
      int malformed = malformedEvents;
      splitter.end();
      // What no blank line has ended may be half an event.
      brokenOff = malformedEvents > malformed;
    } else {
      brokenOff = form == Form.UNKNOWN;
      unreadable = form == Form.OTHER;
    }
    if (json != null) {
      json.release();
    }
  }

  @Override
  public boolean contentSeen() {
    return form == Form.JSON ? wholeBody && !answer.errorSeen() : answer.contentSeen();
  }

  @Override
  public long contents() {
    return answer.contents();
  }

  @Override
  public boolean errorSeen() {
    return answer.errorSeen();
  }

  @Override
  public int malformedEvents() {
    return malformedEvents + (splitter == null ? 0 : (int) splitter.eventsPassedOver());
  }

  @Override
  public boolean mayHaveUsage() {
    return answer.mayHaveUsage();
  }

  @Override
  public ResponseFacts facts() {
    boolean events = form == Form.EVENTS || form == Form.ELEMENTS;
    return answer
        .facts()
        .complete(complete())
        .brokenOff(brokenOff)
        .events(events)
        .unreadable(unreadable)
        .empty(isEmpty(events))
        .malformedEvents(malformedEvents())
        .build();
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
    @Override
    public void event(SseEvent event) {
      if (!event.hasData() || event.dataLength() == 0) {
        return;
      }
      if (event.dataIs("[DONE]")) {
        answer.done();
        return;
      }
      answer.beginEvent(event.name());
      json.feed(event.dataArray(), event.dataOffset(), event.dataLength());
      if (!json.endDocument()) {
        malformedEvents++;
      }
    }
  }
}
