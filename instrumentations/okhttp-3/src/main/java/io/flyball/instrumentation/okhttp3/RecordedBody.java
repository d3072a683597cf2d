package io.flyball.instrumentation.okhttp3;

import io.flyball.wire.HeldBytes;
import io.flyball.wire.Sending;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.Okio;
import okio.Sink;
import okio.Timeout;

/**
 * A request body written once and replayed as often as needed. The application's own body object is
 * not asked again: before OkHttp 3.14 a body could not say that it can be written only once.
 *
 * <p>It also replays how the body reached the network layer in pieces, so that a body of unknown
 * length goes out in the very same chunks.
 */
final class RecordedBody extends RequestBody {
  private final MediaType contentType;
  private final long contentLength;
  private final byte[] bytes;
  private final List<Integer> pieces;
  private final HeldBytes.Hold hold;
  private final boolean oneShot;
  private final Sending sending;

  private RecordedBody(
      MediaType contentType,
      long contentLength,
      byte[] bytes,
      List<Integer> pieces,
      HeldBytes.Hold hold,
      boolean oneShot,
      Sending sending) {
    this.contentType = contentType;
    this.contentLength = contentLength;
    this.bytes = bytes;
    this.pieces = pieces;
    this.hold = hold;
    this.oneShot = oneShot;
    this.sending = sending;
  }

  /**
   * Has the bytes of a body in memory, where nobody else writes to them: copied where it is one of
   * OkHttp's that has them, else written there, once: many a body that is good for one writing does
   * not say so. Room for it is taken before, because what was begun can only be held.
   *
   * @param most bytes that a body of unknown length is expected to have at most
   * @param mustHold whether it is held also when there is no room for it
   * @return null when there is no room for it; then the body has not been asked for its bytes
   * @throws IOException what the body itself throws; OkHttp would have thrown the same
   */
  static RecordedBody record(RequestBody body, int most, boolean mustHold) throws IOException {
    HeldBytes.Hold hold = HeldBytes.ofThisJvm().hold();
    byte[] own = BodyTraits.ownBytes(body);
    if (own != null) {
      return copied(body.contentType(), own, hold, mustHold);
    }
    long length = body.contentLength();
    long room = length >= 0 ? length : mustHold ? 0 : roomFor(most);
    if (mustHold) {
      hold.growAnyway(room);
    } else if (room < 0 || !hold.grow(room)) {
      return null;
    }
    Pieces pieces = new Pieces(hold, room);
    try {
      pieces.makeRoom(Math.max(0, length));
      BufferedSink sink = Okio.buffer(pieces);
      body.writeTo(sink);
      pieces.take(sink.buffer(), sink.buffer().size());
      return new RecordedBody(
          body.contentType(),
          length,
          pieces.whole(),
          pieces.sizes,
          hold,
          BodyTraits.isOneShot(body),
          Sending.UNHEARD);
    } catch (IOException | RuntimeException failure) {
      hold.release();
      if (pieces.full) {
        return null;
      }
      throw failure;
    } catch (OutOfMemoryError noRoom) {
      hold.release();
      if (mustHold) {
        throw noRoom;
      }
      return null;
    }
  }

  /**
   * A stream goes on after the call has returned, and may have to be asked for once more: by then
   * the array, which was the application's all the time, may hold what somebody else asks.
   */
  private static RecordedBody copied(
      MediaType contentType, byte[] own, HeldBytes.Hold hold, boolean mustHold) {
    if (mustHold) {
      hold.growAnyway(own.length);
    } else if (!hold.grow(own.length)) {
      return null;
    }
    try {
      List<Integer> onePiece = Collections.emptyList();
      return new RecordedBody(
          contentType, own.length, own.clone(), onePiece, hold, false, Sending.UNHEARD);
    } catch (OutOfMemoryError noRoom) {
      hold.release();
      if (mustHold) {
        throw noRoom;
      }
      return null;
    }
  }

  /** Of a body of unknown length: where all there is is less, all there is; -1 for nothing. */
  private static long roomFor(int most) {
    long all = HeldBytes.ofThisJvm().most();
    return all == 0 ? -1 : Math.min(most, all);
  }

  /** Other bytes of the same type, in one piece. */
  RecordedBody withBytes(byte[] newBytes) {
    return new RecordedBody(
        contentType, newBytes.length, newBytes, new ArrayList<>(), hold, oneShot, sending);
  }

  /** The same body, of one attempt. */
  RecordedBody telling(Sending attempt) {
    return new RecordedBody(contentType, contentLength, bytes, pieces, hold, oneShot, attempt);
  }

  /** Nobody needs it any more. */
  void release() {
    hold.release();
  }

  /** Whether it has as many bytes as it says, if it does. */
  boolean isAsDeclared() {
    return contentLength < 0 || contentLength == bytes.length;
  }

  int size() {
    return bytes.length;
  }

  /** The bytes themselves: do not write to them. */
  byte[] bytes() {
    return bytes;
  }

  /** As the application said: what OkHttp does not send again by itself, it still does not. */
  @Override
  public boolean isOneShot() {
    return oneShot;
  }

  @Override
  public MediaType contentType() {
    return contentType;
  }

  @Override
  public long contentLength() {
    return contentLength;
  }

  @Override
  public void writeTo(BufferedSink sink) throws IOException {
    sending.begin();
    boolean isTooLong = contentLength >= 0 && bytes.length > contentLength;
    int from = 0;
    int end = 0;
    for (int size : pieces) {
      end += size;
      if (isTooLong && end == contentLength) {
        // Alone that would be a whole request: another one than was read.
        continue;
      }
      sink.write(bytes, from, end - from);
      sink.emit();
      from = end;
    }
    if (isTooLong) {
      sink.buffer().write(bytes, from, bytes.length - from);
      sink.emit();
    } else {
      sink.write(bytes, from, bytes.length - from);
    }
  }

  /** Notes what OkHttp's own sink would have been given when. */
  private static final class Pieces implements Sink {
    private static final int FIRST_SIZE = 1 << 12;
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 16;

    private final HeldBytes.Hold hold;
    private final List<Integer> sizes = new ArrayList<>();
    private byte[] bytes = new byte[0];
    private int size;

    /** What the hold has room for and no array has taken yet. */
    private long spare;

    /** No array is long enough for what comes. */
    private boolean full;

    Pieces(HeldBytes.Hold hold, long room) {
      this.hold = hold;
      this.spare = room;
    }

    @Override
    public void write(Buffer source, long byteCount) throws IOException {
      take(source, byteCount);
      sizes.add((int) byteCount);
    }

    void take(Buffer source, long byteCount) throws IOException {
      if (size + byteCount > bytes.length) {
        long more = size + byteCount;
        makeRoom(Math.max(more, Math.min(more + more / 2, LONGEST_ARRAY)));
      }
      int end = size + (int) byteCount;
      while (size < end) {
        int count = source.read(bytes, size, end - size);
        if (count < 0) {
          throw new IOException("a buffer ended early");
        }
        size += count;
      }
    }

    void makeRoom(long length) throws IOException {
      long wanted = Math.max(length, length == 0 ? 0 : FIRST_SIZE);
      if (full || wanted > LONGEST_ARRAY) {
        full = true;
        throw new IOException("no array is as long as the request");
      }
      long more = wanted - bytes.length;
      hold.growAnyway(Math.max(0, more - spare));
      spare = Math.max(0, spare - more);
      bytes = Arrays.copyOf(bytes, (int) wanted);
    }

    byte[] whole() {
      if (full) {
        throw new IllegalStateException("not whole");
      }
      if (size < bytes.length) {
        byte[] whole = Arrays.copyOf(bytes, size);
        hold.shrink(bytes.length - size);
        bytes = whole;
      }
      hold.shrink(spare);
      spare = 0;
      return bytes;
    }

    @Override
    public void flush() {}

    @Override
    public Timeout timeout() {
      return Timeout.NONE;
    }

    @Override
    public void close() {}
  }
}
