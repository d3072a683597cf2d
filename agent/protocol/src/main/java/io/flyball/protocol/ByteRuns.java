package io.flyball.protocol;

import java.nio.ByteBuffer;

/** The bytes of a buffer as runs of a byte array, without touching the buffer's position. */
public final class ByteRuns {
  private static final int RUN = 8192;

  /** Takes one run. The array belongs to the sender and may change after the call. */
  public interface Taker {
    void take(byte[] bytes, int offset, int length);
  }

  private ByteRuns() {}

  /** Hands all remaining bytes to {@code taker} in order; a heap buffer's are not copied. */
  public static void each(ByteBuffer buffer, Taker taker) {
    if (buffer.hasArray()) {
      taker.take(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
      return;
    }
    ByteBuffer view = buffer.duplicate();
    byte[] run = new byte[Math.min(RUN, view.remaining())];
    while (view.hasRemaining()) {
      int length = Math.min(run.length, view.remaining());
      view.get(run, 0, length);
      taker.take(run, 0, length);
    }
  }
}
