package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonEdits;
import io.flyball.protocol.json.JsonTree;
import io.flyball.protocol.sse.SseEvent;
import io.flyball.protocol.sse.SseSink;
import io.flyball.protocol.sse.SseSplitter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Where a new stream goes on for one that broke: what the application has already is dropped as
 * long as the new stream repeats it; the rest goes on under the first stream's ids. Only whole
 * events leave. Not thread safe; never throws for what it is fed.
 */
public final class Joint {
  private static final int LARGEST_EVENT = 16 << 20;

  private static final byte[] LINE_FEED = {'\n'};

  private final StreamTrack track;
  private final LogCursor cursor;
  private final EventOutput output = new EventOutput();
  private final SseSplitter splitter = new SseSplitter(new Events(), LARGEST_EVENT);
  private boolean failed;

  /** The event that reported an error, as it came; null when there was none. */
  private byte[] errorEvent;

  private boolean done;
  private boolean ending;

  /** Whether the last event went on as it came. */
  private boolean lastGiven;

  /** Whether events of the new stream have names, whatever the first one's had. */
  private boolean named;

  Joint(StreamTrack track) {
    this.track = track;
    this.cursor = new LogCursor(track.log);
  }

  /**
   * Takes the next bytes of the new stream, leaving the buffer's position, and gives those that the
   * application is to be given now; nothing as long as it has them.
   */
  public ByteBuffer feed(ByteBuffer bytes) {
    splitter.feed(bytes);
    failIfTooLarge();
    return output.take();
  }

  /**
   * The new stream is over, as the transport sees it; {@link #isComplete} tells if the answer is.
   * Of half an event nothing is given.
   */
  public ByteBuffer end() {
    ending = true;
    splitter.end();
    failIfTooLarge();
    if (isComplete() && !track.isSuperseded()) {
      track.supersede(output);
    }
    return output.take();
  }

  private void failIfTooLarge() {
    failed |= splitter.eventsPassedOver() > 0;
  }

  /**
   * Whether the new stream is not a repetition of what was delivered, so that it cannot go on for
   * it. Nothing of it was given.
   */
  public boolean isDiverged() {
    return cursor.isDiverged();
  }

  /** Whether the new stream reported an error, or cannot be understood; nothing more is given. */
  public boolean isFailed() {
    return failed;
  }

  /**
   * The event by which the new stream reported an error, where the application is right before it;
   * empty when there is none. Exactly as it came.
   */
  public ByteBuffer errorEvent() {
    boolean next = errorEvent != null && track.isSuperseded() && isCaughtUp();
    return ByteBuffer.wrap(next ? errorEvent : new byte[0]);
  }

  /** Whether the new stream has repeated all that was delivered. */
  public boolean isCaughtUp() {
    return cursor.isAtEnd();
  }

  /** Whether the application was given all of the answer now. */
  public boolean isComplete() {
    return track.isComplete() && !failed && !isDiverged();
  }

  /** Whether only the transport tells where the answer ends: at the end of the new stream. */
  public boolean isOpenEnded() {
    return track.isOpenEnded() && isCaughtUp() && !failed;
  }

  /** One event of the new stream, and what becomes of it. */
  final class Event {
    private final SseEvent event;
    private JsonTree data;
    private JsonEdits edits;

    Event(SseEvent event, JsonTree data) {
      this.event = event;
      this.data = data;
    }

    LogCursor cursor() {
      return cursor;
    }

    JsonEdits edits() {
      if (edits == null) {
        edits = new JsonEdits(data);
      }
      return edits;
    }

    /** Writes another string in the place of a value, if there is one and it is not the same. */
    void replace(JsonTree value, String text) {
      if (value != null && text != null && !text.equals(value.text())) {
        edits().replace(value, JsonOutput.quoted(text));
      }
    }

    void fail() {
      failed = true;
    }

    /** What this event has cannot be compared: only a stream that has caught up may go on. */
    void incomparable() {
      if (cursor.isAtEnd()) {
        track.log.giveUp();
      } else {
        cursor.diverge();
      }
    }

    private void raw() {
      if (ending) {
        byte[] ended = TornEvents.ended(event);
        output.raw(ended, 0, ended.length);
        return;
      }
      byte[] raw = withoutByteOrderMark(event);
      output.raw(raw, 0, raw.length);
      lastGiven = true;
    }

    /** The event goes on, changed as was said; not when the streams have come apart. */
    void give() {
      if (!cursor.isAtEnd()) {
        return;
      }
      track.supersede(output);
      boolean unnamed = track.isNamed() && event.name() == null && data != null;
      if ((edits == null || edits.isEmpty()) && !unnamed) {
        raw();
        return;
      }
      String json =
          edits == null || edits.isEmpty()
              ? new String(event.data(), StandardCharsets.UTF_8)
              : new String(edits.apply(), StandardCharsets.UTF_8);
      String name = unnamed && data.get("type") != null ? data.get("type").text() : event.name();
      output.event(name, new JsonOutput().json(JsonOutput.oneLine(json)));
    }
  }

  /** The event as it came. A byte order mark stands at the beginning of a stream only. */
  private static byte[] withoutByteOrderMark(SseEvent event) {
    byte[] raw = event.rawBytes();
    boolean marked =
        raw.length >= 3 && raw[0] == (byte) 0xEF && raw[1] == (byte) 0xBB && raw[2] == (byte) 0xBF;
    return marked ? Arrays.copyOfRange(raw, 3, raw.length) : raw;
  }

  private final class Events implements SseSink {
    @Override
    public void lateLineFeed() {
      if (lastGiven) {
        output.raw(LINE_FEED, 0, 1);
      }
    }

    @Override
    public void event(SseEvent event) {
      lastGiven = false;
      if (failed || done || isDiverged()) {
        return;
      }
      if (ending && !TornEvents.isWhole(event, named)) {
        return;
      }
      // What only says that it lives has a name also where nothing else has.
      named |= event.name() != null && !"ping".equals(event.name());
      if (event.dataLength() == 0) {
        comment(event);
      } else if (StreamTrack.isDone(event)) {
        track.joinDone(new Event(event, null));
        done = true;
      } else {
        JsonTree data = JsonTree.readLeniently(event.data());
        if (data != null && data.isObject() && isFlatError(data)) {
          failed = true;
        } else if (data != null && data.isObject()) {
          track.join(data, event.name(), new Event(event, data));
        } else if ("error".equals(event.name())) {
          failed = true;
        } else if (StreamTrack.isStructure(event)) {
          unread(new Event(event, null));
        } else {
          new Event(event, null).give();
        }
        if (failed && !ending) {
          errorEvent = withoutByteOrderMark(event);
        }
      }
    }

    /** The application may be able to read it; where it stands in the answer nobody can tell. */
    private void unread(Event odd) {
      odd.incomparable();
      odd.give();
    }

    private boolean isFlatError(JsonTree data) {
      JsonTree object = data.get("object");
      JsonTree type = data.get("type");
      boolean marked =
          (object != null && "error".equals(object.text()))
              || (type != null && "error".equals(type.text()));
      return marked && data.get("choices") == null && data.get("candidates") == null;
    }

    private void comment(SseEvent event) {
      if (track.isSuperseded()) {
        new Event(event, null).give();
      }
    }
  }
}
