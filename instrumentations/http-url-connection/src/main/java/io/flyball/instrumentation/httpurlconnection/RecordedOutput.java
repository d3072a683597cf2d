package io.flyball.instrumentation.httpurlconnection;

import io.flyball.wire.HeldBytes;
import io.flyball.wire.WireRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * The stream an application writes its request body to: kept here until the request is complete.
 * When it grows too long, or becomes one that the JDK would object to, the real connection takes
 * over: it gets what was written so far and then every write as it comes.
 *
 * <p>In chunked mode a flush ends a chunk, so flushes are kept too. Other boundaries between writes
 * leave no trace on the wire. It must not reach the {@link Exchange}: whoever lets go of that has
 * the call ended.
 */
final class RecordedOutput extends OutputStream {
  private static final int FIRST_SIZE = 1 << 12;
  private static final byte[] NOTHING = new byte[0];

  private HttpURLConnection connection;
  private final boolean streaming;
  private final long fixedLength;
  private final int limit;
  private final boolean mustHold;
  private final BooleanSupplier refusal;
  private final HeldBytes.Hold hold = HeldBytes.ofThisJvm().hold();

  /** What was recorded, and perhaps room for more. */
  private byte[] recorded = NOTHING;

  private int recordedSize;

  private int[] flushes = new int[4];
  private int flushCount;
  private boolean closed;
  private OutputStream live;

  /** Why it is not sent; null as long as it is. */
  private IOException refused;

  /**
   * @param limit bytes that are kept at most
   * @param mustHold whether it is kept also when there is no room for it
   * @param refusal whether it must not be sent where it cannot be kept, though it must
   */
  RecordedOutput(
      HttpURLConnection connection,
      RequestSettings settings,
      int limit,
      boolean mustHold,
      BooleanSupplier refusal) {
    this.refusal = refusal;
    this.mustHold = mustHold;
    this.connection = connection;
    this.streaming = settings.isStreaming();
    this.fixedLength = settings.fixedLength();
    this.limit = limit;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    throwIfRefused();
    if (live == null && closed) {
      if (streaming) {
        throw new IOException("Stream is closed");
      }
      return;
    }
    long size = (long) recordedSize + length;
    boolean tooMany = fixedLength >= 0 && size > fixedLength;
    if (live == null && (size > limit || tooMany || !hasRoomFor((int) size))) {
      if (mustHold) {
        // The JDK objects as well, but only once it has sent all that was announced.
        refuse(tooMany ? "too many bytes to write" : WireRequest.REFUSED_UNSEEN);
      }
      goLive();
    }
    if (live == null) {
      System.arraycopy(bytes, offset, recorded, recordedSize, length);
      recordedSize += length;
    } else {
      live.write(bytes, offset, length);
    }
  }

  private void refuse(String why) throws IOException {
    if (refused == null && refusal.getAsBoolean()) {
      refused = new IOException(why);
      recorded = NOTHING;
      recordedSize = 0;
      hold.release();
    }
    throwIfRefused();
  }

  /** Nothing was sent, and nothing will be. */
  void throwIfRefused() throws IOException {
    if (refused != null) {
      throw refused;
    }
  }

  private boolean hasRoomFor(int wanted) {
    if (wanted <= recorded.length) {
      return true;
    }
    // One write is mostly all there is, and a body of a known length grows once.
    long generous =
        fixedLength >= 0
            ? fixedLength
            : recordedSize == 0 ? Math.max(FIRST_SIZE, wanted) : wanted + wanted / 2L;
    if (grow((int) Math.max(wanted, Math.min(limit, generous))) || grow(wanted)) {
      return true;
    }
    HeldBytes.ofThisJvm().letPass();
    return false;
  }

  private boolean grow(int length) {
    int more = length - recorded.length;
    if (mustHold) {
      hold.growAnyway(more);
    } else if (!hold.grow(more)) {
      return false;
    }
    try {
      recorded = Arrays.copyOf(recorded, length);
      return true;
    } catch (OutOfMemoryError noRoom) {
      hold.shrink(more);
      return false;
    }
  }

  /** Gives back what was recorded, once nobody needs it any more. */
  HeldBytes.Hold hold() {
    return hold;
  }

  /** Whether all that was announced is recorded. */
  boolean isFull() {
    return live == null && recordedSize == fixedLength;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether it will not be sent. */
  boolean isRefused() {
    return refused != null;
  }

  @Override
  public void flush() throws IOException {
    if (live != null) {
      live.flush();
    } else if (flushCount == 0 || flushes[flushCount - 1] != recordedSize) {
      if (flushCount == flushes.length) {
        flushes = Arrays.copyOf(flushes, flushCount * 2);
      }
      flushes[flushCount++] = recordedSize;
    }
  }

  @Override
  public void close() throws IOException {
    if (live == null && !closed && fixedLength >= 0 && recordedSize < fixedLength) {
      goLive();
    }
    if (live != null) {
      live.close();
    }
    closed = true;
  }

  private void goLive() throws IOException {
    OutputStream real = connection.getOutputStream();
    live = real;
    writeRecorded(real);
    recorded = NOTHING;
    recordedSize = 0;
    flushCount = 0;
    hold.release();
  }

  /** Another real connection, which is like the first one, takes over when one has to. */
  void goTo(HttpURLConnection other) {
    connection = other;
  }

  /** Whether the real connection has taken over. */
  boolean isLive() {
    return live != null;
  }

  /** The body so far: do not write to it. */
  byte[] toByteArray() {
    if (recorded.length != recordedSize) {
      hold.shrink(recorded.length - recordedSize);
      recorded = Arrays.copyOf(recorded, recordedSize);
    }
    return recorded;
  }

  /** Whether the application's connection could send that body in the mode it was set to. */
  boolean canSend(byte[] body) {
    return fixedLength < 0 || body.length == fixedLength;
  }

  /** The real connection takes over, with the complete body. */
  void send() throws IOException {
    if (live == null) {
      goLive();
    }
    live.close();
  }

  /** Sends the body over a connection: as it was written when it still is what was written. */
  void sendOver(HttpURLConnection target, byte[] body) throws IOException {
    OutputStream out = target.getOutputStream();
    if (body == recorded || Arrays.equals(body, toByteArray())) {
      writeRecorded(out);
    } else {
      out.write(body);
    }
    out.close();
  }

  private void writeRecorded(OutputStream out) throws IOException {
    byte[] bytes = recorded;
    int from = 0;
    for (int i = 0; i < flushCount; i++) {
      out.write(bytes, from, flushes[i] - from);
      out.flush();
      from = flushes[i];
    }
    out.write(bytes, from, recordedSize - from);
  }
}
