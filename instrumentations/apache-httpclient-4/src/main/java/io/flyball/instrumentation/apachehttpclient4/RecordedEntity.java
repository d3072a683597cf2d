package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.wire.HeldBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.http.HttpEntity;

/**
 * The bytes of the application's entity, which is asked for them once, and how it wrote them: what
 * is sent in chunks goes out in the very same ones.
 */
final class RecordedEntity {
  private static final int FLUSH = -1;

  private final byte[] bytes;
  private final int[] steps;
  private final HeldBytes.Hold hold;

  private RecordedEntity(byte[] bytes, int[] steps, HeldBytes.Hold hold) {
    this.bytes = bytes;
    this.steps = steps;
    this.hold = hold;
  }

  /**
   * Has the bytes of an entity in memory. Room for them is taken before, because what was begun can
   * only be held.
   *
   * @param most bytes that an entity of unknown length is expected to have at most
   * @param mustHold whether it is held also when there is no room for it
   * @return null when there is no room for it; then the entity has not been asked for its bytes
   * @throws IOException what the entity itself throws; the client would have thrown the same
   */
  static RecordedEntity record(HttpEntity entity, int most, boolean mustHold) throws IOException {
    HeldBytes.Hold hold = HeldBytes.ofThisJvm().hold();
    long length = entity.getContentLength();
    long room = length >= 0 ? length : mustHold ? 0 : roomFor(most);
    if (mustHold) {
      hold.growAnyway(room);
    } else if (room < 0 || !hold.grow(room)) {
      return null;
    }
    boolean chunked = length < 0 || entity.isChunked();
    Recording recording = new Recording(hold, room, (int) Math.max(0, length), chunked);
    try {
      entity.writeTo(recording);
      return new RecordedEntity(recording.whole(), recording.steps(), hold);
    } catch (IOException | RuntimeException | Error failure) {
      hold.release();
      throw failure;
    }
  }

  /** Of an entity of unknown length: where all there is is less, all there is; -1 for nothing. */
  private static long roomFor(int most) {
    long all = HeldBytes.ofThisJvm().most();
    return all == 0 ? -1 : Math.min(most, all);
  }

  /** The bytes themselves: do not write to them. */
  byte[] bytes() {
    return bytes;
  }

  int size() {
    return bytes.length;
  }

  /** Writes them as the entity has. */
  void writeTo(OutputStream out) throws IOException {
    int from = 0;
    for (int step : steps) {
      if (step == FLUSH) {
        out.flush();
      } else {
        out.write(bytes, from, step);
        from += step;
      }
    }
    if (from < bytes.length) {
      out.write(bytes, from, bytes.length - from);
    }
    out.flush();
  }

  /** Nobody needs it any more. */
  void release() {
    hold.release();
  }

  private static final class Recording extends OutputStream {
    private static final int FIRST_SIZE = 1 << 12;
    private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 16;

    private final HeldBytes.Hold hold;
    private final boolean keepsSteps;
    private byte[] bytes;
    private int size;
    private int[] steps = new int[4];
    private int stepCount;

    /** What the hold has room for and no array has taken yet. */
    private long spare;

    Recording(HeldBytes.Hold hold, long room, int length, boolean keepsSteps) {
      this.hold = hold;
      this.keepsSteps = keepsSteps;
      this.bytes = new byte[length];
      this.spare = room - length;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] source, int offset, int length) throws IOException {
      if (length > bytes.length - size) {
        grow((long) size + length);
      }
      System.arraycopy(source, offset, bytes, size, length);
      size += length;
      step(length);
    }

    @Override
    public void flush() {
      step(FLUSH);
    }

    private void step(int step) {
      if (keepsSteps) {
        if (stepCount == steps.length) {
          steps = Arrays.copyOf(steps, 2 * stepCount);
        }
        steps[stepCount++] = step;
      }
    }

    private void grow(long wanted) throws IOException {
      if (wanted > LONGEST_ARRAY) {
        throw new IOException("no array is as long as the request");
      }
      long length = Math.min(LONGEST_ARRAY, Math.max(FIRST_SIZE, wanted + wanted / 2));
      long more = length - bytes.length;
      hold.growAnyway(Math.max(0, more - spare));
      spare = Math.max(0, spare - more);
      bytes = Arrays.copyOf(bytes, (int) length);
    }

    byte[] whole() {
      if (size < bytes.length) {
        hold.shrink(bytes.length - size);
        bytes = Arrays.copyOf(bytes, size);
      }
      hold.shrink(spare);
      spare = 0;
      return bytes;
    }

    int[] steps() {
      return Arrays.copyOf(steps, stepCount);
    }
  }
}
