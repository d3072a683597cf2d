package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.sse.SseEvent;
import io.flyball.protocol.sse.SseFilter;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Supplier;

/**
 * Keeps in mind what an application was given of a stream, so that another stream can go on for it
 * when it breaks. Only whole events are handed on, exactly as they came; half an event at the end,
 * and an error event with what follows it, are held until another stream goes on in their place or
 * nobody does. Of the text at most 4 MiB are kept; a longer answer, and one with parts that cannot
 * be compared (several choices, log probabilities, images), cannot be joined. Not thread safe;
 * never throws for what it is fed.
 */
public final class StreamContinuation {
  /** The last event of a responses stream repeats the whole answer: 16 MiB. */
  private static final int LARGEST_EVENT = 16 << 20;

  /** Bytes of a stream's beginning that are not read before it must be: few streams break. */
  private static final int MOST_UNREAD_BYTES = 32 << 10;

  private static final int PIECE = 4 << 10;

  private final StreamTrack track;
  private final Supplier<ResponseReader> readers;
  private final SseFilter filter = new SseFilter(this::isHeld, this::leavesEarly, LARGEST_EVENT);
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();

  /** Whether the event at hand is taken for whole before its blank line has come. */
  private boolean early;

  /** Whether the blank line of the last event that was handed on has not come yet. */
  private boolean lineOwed;

  private boolean errorExpected;
  private boolean failed;
  private boolean ended;
  private boolean torn;

  /** The bytes that the last event of a complete answer lacks. */
  private byte[] endOfLast = new byte[0];

  /** Whole events that were handed on and not read yet; null once there were too many. */
  private List<byte[]> unread = new ArrayList<>();

  private int unreadLength;

  private StreamContinuation(StreamTrack track, Supplier<ResponseReader> readers) {
    this.track = track;
    this.readers = readers;
  }

  /**
   * Null when streams of this protocol cannot be joined.
   *
   * @param choices how many answers the request asks for at once
   * @param readers make a reader of such a stream, which says whether an event is an error
   */
  public static StreamContinuation of(
      String protocolId, int choices, Supplier<ResponseReader> readers) {
    StreamTrack track = StreamTrack.of(protocolId);
    if (track == null) {
      return null;
    }
    if (choices > 1) {
      track.severalChoices();
    }
    return new StreamContinuation(track, readers);
  }

  /**
   * The same within a bound on memory.
   *
   * @param mayGrow asked for room for so many bytes more, before they are kept; where there is none
   *     the stream cannot be joined any more
   */
  public StreamContinuation within(IntPredicate mayGrow) {
    track.log.within(mayGrow);
    return this;
  }

  /** Whether an event of the first stream is not handed on now. */
  private boolean isHeld(SseEvent event) {
    if (failed) {
      hold(event);
      return true;
    }
    if (ended) {
      last(event);
      return true;
    }
    if (errorExpected && isError(event)) {
      failed = true;
      hold(event);
      return true;
    }
    lineOwed = early;
    early = false;
    track.deliver(event);
    return false;
  }

  private boolean leavesEarly(SseEvent event) {
    early = !failed && !ended && !errorExpected && TornEvents.isWhole(event, track.isNamed());
    return early;
  }

  /** The stream is over, and no blank line has ended this event. */
  private void last(SseEvent event) {
    hold(event);
    if (!TornEvents.isWhole(event, track.isNamed())) {
      // Among text nobody can tell what half an event is.
      torn = !track.hasText() && TornEvents.isHalf(event);
      return;
    }
    if (isError(event)) {
      failed = true;
      return;
    }
    track.owe(event);
    byte[] whole = TornEvents.ended(event);
    endOfLast = Arrays.copyOfRange(whole, event.rawLength(), whole.length);
  }

  private void hold(SseEvent event) {
    held.write(event.rawArray(), event.rawOffset(), event.rawLength());
  }

  private boolean isError(SseEvent event) {
    if (event.dataLength() == 0) {
      return false;
    }
    ResponseReader reader = readers.get();
    reader.feed(ByteBuffer.wrap(event.rawArray(), event.rawOffset(), event.rawLength()));
    reader.end();
    return reader.errorSeen();
  }

  /** There is an error event among the bytes that come next: it is not handed on for now. */
  public void expectError() {
    errorExpected = true;
  }

  /**
   * Whether an error event was found, which is held with all that comes after it: no more bytes are
   * to be told of then.
   */
  public boolean isFailed() {
    return failed;
  }

  /**
   * Takes the next bytes of the first stream, leaving the buffer's position, and gives those that
   * the application is to be given now: the very buffer when it holds whole events. It counts as
   * delivered.
   */
  public ByteBuffer deliver(ByteBuffer fromFirstStream) {
    if (unread != null) {
      if (!errorExpected && mayWait(fromFirstStream)) {
        keepUnread(fromFirstStream);
        return fromFirstStream;
      }
      readUnread();
    }
    return filter.feed(fromFirstStream);
  }

  private boolean mayWait(ByteBuffer bytes) {
    return bytes.remaining() <= MOST_UNREAD_BYTES - unreadLength && filter.areWholeEvents(bytes);
  }

  private void keepUnread(ByteBuffer bytes) {
    ByteBuffer from = bytes.duplicate();
    while (from.hasRemaining()) {
      int filled = unreadLength % PIECE;
      if (filled == 0) {
        unread.add(new byte[PIECE]);
      }
      int count = Math.min(PIECE - filled, from.remaining());
      from.get(unread.get(unread.size() - 1), filled, count);
      unreadLength += count;
    }
  }

  /** From now on the stream is read as it comes. */
  private void readUnread() {
    if (unread != null) {
      boolean expected = errorExpected;
      boolean over = ended;
      // What was handed on already cannot be held any more.
      errorExpected = false;
      ended = false;
      for (byte[] piece : unread) {
        filter.feed(ByteBuffer.wrap(piece, 0, Math.min(PIECE, unreadLength)));
        unreadLength -= PIECE;
      }
      unread = null;
      errorExpected = expected;
      ended = over;
    }
  }

  /** The first stream is over, as the transport sees it; half an event is held. */
  public void end() {
    ended = true;
    if (unread == null) {
      filter.end();
    }
  }

  /**
   * Whether it ended within an event of an answer that is not complete: surely a cut. Not so where
   * an event before was too long to be read: the answer may have been complete with that.
   */
  public boolean isTorn() {
    return torn && !filter.passedUnseen() && !isComplete();
  }

  /** What came and was not handed on, exactly as it came; nothing once a joint took its place. */
  public ByteBuffer held() {
    if (!ended) {
      end();
    }
    return ByteBuffer.wrap(track.isSuperseded() ? new byte[0] : held.toByteArray());
  }

  /**
   * The error event by which the first stream failed, with what came after it, exactly as it came,
   * also when a joint has gone on since; empty when it did not fail so.
   */
  public ByteBuffer errorEvent() {
    return ByteBuffer.wrap(failed ? held.toByteArray() : new byte[0]);
  }

  /**
   * What was {@link #held} of a complete answer whose transport failed, so that its last event is
   * whole. Half an event that would have come after the answer is nobody's.
   */
  public ByteBuffer heldWithItsEnd() {
    if (torn) {
      held.reset();
    }
    if (lineOwed && held.size() == 0) {
      held.write('\n');
    }
    held.write(endOfLast, 0, endOfLast.length);
    endOfLast = new byte[0];
    return held();
  }

  /**
   * The last event that a complete answer lacks behind {@link #heldWithItsEnd}, for those who take
   * a stream without it for a broken one; empty where it lacks none.
   */
  public ByteBuffer missingEnd() {
    return ByteBuffer.wrap(track.isSuperseded() ? new byte[0] : track.missingEnd());
  }

  /** Whether a joint has handed on something, so that what was held is no longer missed. */
  public boolean isSuperseded() {
    return track.isSuperseded();
  }

  /** Whether the application has the whole answer, so that a missing end is no loss. */
  public boolean isComplete() {
    readUnread();
    return track.isComplete();
  }

  /** Whether another stream can go on for the one that broke, now. */
  public boolean canJoin() {
    readUnread();
    return track.log.isKept() && !filter.passedUnseen();
  }

  /**
   * For one new stream; when that breaks, too, for another one. Only when {@link #canJoin} says so,
   * and no more bytes of the stream before come.
   */
  public Joint join() {
    if (!canJoin()) {
      throw new IllegalStateException("nothing to join");
    }
    if (lineOwed) {
      track.oweLine();
      lineOwed = false;
    }
    return new Joint(track);
  }
}
