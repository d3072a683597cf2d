package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.sse.SseFilter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

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

  private static final int PIECE = 4 << 10;

  private final StreamTrack track;
  private final SseFilter filter;
  private boolean ended;

  /** Whole events that were handed on and not read yet; null once there were too many. */
  private List<byte[]> unread = new ArrayList<>();

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
      for (byte[] piece : unread) {
        filter.feed(ByteBuffer.wrap(piece, 0, Math.min(PIECE, unreadLength)));
        unreadLength -= PIECE;
      }
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
