package io.flyball.wire;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/** The usual kinds of {@link Body}. */
public final class Bodies {
  private static final int MOST_AHEAD = 64 << 10;
  private static final CompletionStage<ByteBuffer> END = Completions.completed(null);

  private Bodies() {}

  /** A body of nothing. */
  public static Body empty() {
    return of(Collections.<ByteBuffer>emptyList());
  }

  /**
   * A body of these bytes.
   *
   * @param bytes given away: nobody writes to them any more
   */
  public static Body of(byte[] bytes) {
    return bytes.length == 0 ? empty() : of(Collections.singletonList(ByteBuffer.wrap(bytes)));
  }

  /** A body of these buffers, one per read; empty ones are left out. */
  public static Body of(List<ByteBuffer> buffers) {
    return new Replay(buffers, null, null, null);
  }

  /** First these buffers, one per read, then the rest. Closing closes the rest. */
  public static Body concat(List<ByteBuffer> first, Body rest) {
    return new Replay(first, null, rest, null);
  }

  /**
   * The same.
   *
   * @param failure what reading the rest has failed with; told once where that goes on after it,
   *     else for ever. Null for nothing
   * @param hold of the buffers; gets back what was read
   */
  static Body concat(List<ByteBuffer> first, Throwable failure, Body rest, HeldBytes.Hold hold) {
    return new Replay(first, failure, rest, hold);
  }

  /**
   * The body of a blocking client: every read blocks on the calling thread and gives what one read
   * of the stream gave.
   *
   * @param onClose frees the connection, at once and from any thread; must end a read that blocks.
   *     Called once at most. The stream itself is not closed by this body. What it says to be
   *     available must be so
   */
  public static Body ofStream(InputStream stream, Closeable onClose) {
    return new Stream(stream, onClose, false);
  }

  /** The same of a stream that can be read on after a {@link SocketTimeoutException}. */
  public static Body ofPatientStream(InputStream stream, Closeable onClose) {
    return new Stream(stream, onClose, true);
  }

  /**
   * What is kept of a body that had to be read to know what of it is available, with more of it.
   *
   * @param ahead null for nothing so far
   * @param more null for nothing more
   */
  public static ByteBuffer joined(ByteBuffer ahead, ByteBuffer more) {
    if (ahead == null || more == null || !more.hasRemaining()) {
      return more == null || !more.hasRemaining() ? ahead : more;
    }
    ByteBuffer both = ByteBuffer.allocate(ahead.remaining() + more.remaining());
    both.put(ahead).put(more.duplicate()).flip();
    return both;
  }

  /** Whether more of a body may be kept so. */
  public static boolean isRoomIn(ByteBuffer ahead) {
    return ahead == null || ahead.remaining() < MOST_AHEAD;
  }

  private static final class Replay implements Body {
    private final Queue<ByteBuffer> first;
    private final Body rest;

    /** Null once it was told and the rest goes on. */
    private Throwable failure;

    /** Null for bytes that are not in the account. */
    private final HeldBytes.Hold hold;

    private volatile boolean closed;

    Replay(List<ByteBuffer> first, Throwable failure, Body rest, HeldBytes.Hold hold) {
      this.hold = hold;
      this.failure = failure;
      this.first = new ArrayDeque<>(first.size());
      for (ByteBuffer buffer : first) {
        if (buffer.hasRemaining()) {
          this.first.add(buffer);
        }
      }
      this.rest = rest;
    }

    @Override
    public CompletionStage<ByteBuffer> read() {
      if (closed) {
        return Completions.failed(new IOException("the body was closed"));
      }
      ByteBuffer next = first.poll();
      if (next != null) {
        if (hold != null) {
          hold.shrink(next.remaining());
        }
        return Completions.completed(next);
      }
      if (failure != null) {
        CompletionStage<ByteBuffer> told = Completions.failed(failure);
        failure = rest.goesOnAfter(failure) ? null : failure;
        return told;
      }
      return rest == null ? END : rest.read();
    }

    @Override
    public boolean goesOnAfter(Throwable told) {
      return !closed && failure == null && rest != null && rest.goesOnAfter(told);
    }

    @Override
    public int available() {
      if (closed) {
        return 0;
      }
      long available = rest == null || failure != null ? 0 : rest.available();
      for (ByteBuffer buffer : first) {
        available += buffer.remaining();
      }
      return (int) Math.min(available, Integer.MAX_VALUE);
    }

    @Override
    public void close() {
      closed = true;
      if (hold != null) {
        hold.release();
      }
      if (rest != null) {
        rest.close();
      }
    }
  }

  private static final class Stream implements Body {
    private final InputStream stream;
    private final Closeable onClose;
    private final boolean patient;
    private final AtomicBoolean closed = new AtomicBoolean();
    private byte[] buffer;
    private CompletionStage<ByteBuffer> last;

    /** What the latest read has failed with, if that is no end. */
    private Throwable silence;

    Stream(InputStream stream, Closeable onClose, boolean patient) {
      this.stream = stream;
      this.onClose = onClose;
      this.patient = patient;
    }

    @Override
    public CompletionStage<ByteBuffer> read() {
      if (last != null) {
        return last;
      }
      if (buffer == null) {
        buffer = ReadBuffers.take();
      }
      try {
        int count;
        do {
          count = stream.read(buffer);
        } while (count == 0);
        if (count < 0) {
          ReadBuffers.give(buffer);
          buffer = null;
          last = END;
          return last;
        }
        return Completions.completed(ByteBuffer.wrap(Arrays.copyOf(buffer, count)));
      } catch (Throwable failure) {
        if (patient && failure instanceof SocketTimeoutException) {
          silence = failure;
          return Completions.failed(failure);
        }
        buffer = null;
        last = Completions.failed(failure);
        return last;
      }
    }

    @Override
    public boolean goesOnAfter(Throwable failure) {
      return failure != null && failure == silence && last == null && !closed.get();
    }

    @Override
    public int available() {
      try {
        return last != null || closed.get() ? 0 : stream.available();
      } catch (IOException | RuntimeException broken) {
        // A stream may read ahead to tell, and what it finds then it finds once.
        buffer = null;
        last = Completions.failed(broken);
        return 0;
      }
    }

    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        try {
          onClose.close();
        } catch (IOException ignored) {
          // The connection is gone either way, and nobody waits for it any more.
        }
      }
    }
  }
}
