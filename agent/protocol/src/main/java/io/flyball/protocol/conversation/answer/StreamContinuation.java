package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.sse.SseFilter;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Keeps in mind what an application was given of a stream, so that another stream can go on for it
 * when it breaks. Only whole events are handed on, exactly as they came. Of the text at most 4 MiB
 * are kept; a longer answer, and one with parts that cannot be compared (several choices, log
 * probabilities, images), cannot be joined. Not thread safe; never throws for what it is fed.
 */
public final class StreamContinuation {
  /** The last event of a responses stream repeats the whole answer: 16 MiB. */
  private static final int LARGEST_EVENT = 16 << 20;

  /** Bytes of a stream's beginning that are not read before it must be: few streams break. */
  private static final int MOST_UNREAD_BYTES = 32 << 10;

  private final StreamTrack track;
  private final SseFilter filter;
  private boolean ended;

  /** Whole events that were handed on and not read yet; null once there were too many. */
  private byte[] unread = new byte[0];

  private int unreadLength;

  private StreamContinuation(StreamTrack track) {
    this.track = track;
    this.filter =
        new SseFilter(
            event -> {
              if (ended) {
                return !track.completes(event);
              }
              track.deliver(event);
              return false;
            },
            LARGEST_EVENT);
  }

  /** Null when streams of this protocol cannot be joined. */
  public static StreamContinuation of(String protocolId) {
    StreamTrack track = StreamTrack.of(protocolId);
    return track == null ? null : new StreamContinuation(track);
  }

  /**
   * Takes the next bytes of the first stream, leaving the buffer's position, and gives those that
   * the application is to be given now: the very buffer when it holds whole events. It counts as
   * delivered.
   */
  public ByteBuffer deliver(ByteBuffer fromFirstStream) {
    if (unread != null) {
      if (mayWait(fromFirstStream)) {
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
    int count = bytes.remaining();
    int needed = unreadLength + count;
    if (needed > unread.length) {
      int larger = Math.max(needed, Math.min(MOST_UNREAD_BYTES, Math.max(1024, 2 * unread.length)));
      unread = Arrays.copyOf(unread, larger);
    }
    bytes.duplicate().get(unread, unreadLength, count);
    unreadLength = needed;
  }

  /** From now on the stream is read as it comes. */
  private void readUnread() {
    if (unread != null) {
      filter.feed(ByteBuffer.wrap(unread, 0, unreadLength));
      unread = null;
    }
  }

  /**
   * The first stream is over, as the transport sees it: gives what is left when it completes the
   * answer. Half an event is dropped.
   */
  public ByteBuffer end() {
    if (unread != null) {
      return ByteBuffer.allocate(0);
    }
    ended = true;
    return filter.end();
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
    return new Joint(track);
  }
}
