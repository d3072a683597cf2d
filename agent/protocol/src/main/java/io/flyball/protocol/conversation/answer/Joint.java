package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonEdits;
import io.flyball.protocol.json.JsonTree;
import io.flyball.protocol.sse.SseEvent;
import io.flyball.protocol.sse.SseSink;
import io.flyball.protocol.sse.SseSplitter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Where a new stream goes on for one that broke: what the application has already is dropped as
 * long as the new stream repeats it; the rest goes on under the first stream's ids. Only whole
 * events leave. Not thread safe; never throws for what it is fed.
 */
public final class Joint {
  private static final int LARGEST_EVENT = 16 << 20;

  /** Ends an event whose last line may be open. */
  private static final byte[] BLANK_LINE = {'\n', '\n'};

  private static final byte[] LINE_FEED = {'\n'};

  private final StreamTrack track;
  private final LogCursor cursor;
  private final EventOutput output = new EventOutput();
  private final SseSplitter splitter = new SseSplitter(new Events(), LARGEST_EVENT);
  private boolean failed;
  private boolean done;
  private boolean ending;

  /** Whether the last event went on as it came. */
  private boolean lastGiven;

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
   */
  public ByteBuffer end() {
    ending = true;
    splitter.end();
    failIfTooLarge();
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

  /** Whether the new stream has repeated all that was delivered. */
  public boolean isCaughtUp() {
    return cursor.isAtEnd();
  }

  /** Whether the application was given all of the answer now. */
  public boolean isComplete() {
    return track.isComplete() && !failed && !isDiverged();
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

    /** The event goes on, changed as was said; not when the streams have come apart. */
    void give() {
      if (!cursor.isAtEnd()) {
        return;
      }
      track.begin();
      if (edits == null || edits.isEmpty()) {
        output.raw(event.rawArray(), 0, event.rawLength());
        lastGiven = true;
        if (ending) {
          output.raw(BLANK_LINE, 0, BLANK_LINE.length);
        }
        return;
      }
      String changed = new String(edits.apply(), StandardCharsets.UTF_8);
      output.event(event.name(), new JsonOutput().json(JsonOutput.oneLine(changed)));
    }
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
      if (event.dataLength() == 0) {
        comment(event);
      } else if (event.dataIs("[DONE]")) {
        track.joinDone(new Event(event, null));
        done = true;
      } else {
        JsonTree data = JsonTree.read(event.data());
        if (data != null && data.isObject()) {
          track.join(data, event.name(), new Event(event, data));
        }
      }
    }

    private void comment(SseEvent event) {
      if (!ending) {
        new Event(event, null).give();
      }
    }
  }
}
