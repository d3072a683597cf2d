package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.wire.HeldBytes;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** What an entity writes, and in which pieces. Single bytes in a row are noted together. */
final class Recording extends OutputStream {
  private static final int FIRST_SIZE = 1 << 12;
  private static final int LONGEST_ARRAY = Integer.MAX_VALUE - 16;
  private static final int FIRST_PIECES = 4;

  /** A flush between two pieces. */
  private static final int FLUSH = 0;

  private final HeldBytes.Hold hold;
  private byte[] bytes = new byte[0];
  private int size;

  /** Lengths; below 0 so many single bytes. */
  private int[] pieces = new int[FIRST_PIECES];

  private int count;

  /** What the hold has room for and no array has taken yet. */
  private long spare;

  private Recording(HeldBytes.Hold hold, long room) {
    this.hold = hold;
    this.spare = room;
  }

  /**
   * @param length as the entity says; below 0 when it does not
   * @return null when there is no room
   */
  static Recording begin(long length, int most, boolean mustHold) throws IOException {
    HeldBytes.Hold hold = HeldBytes.ofThisJvm().hold();
    long room = length >= 0 ? length : mustHold ? 0 : roomFor(most);
    if (mustHold) {
      hold.growAnyway(room);
    } else if (room < 0 || !hold.grow(room)) {
      return null;
    }
    Recording recording = new Recording(hold, room);
    try {
      recording.makeRoom(Math.max(0, length));
      return recording;
    } catch (OutOfMemoryError noRoom) {
      hold.release();
      if (mustHold) {
        throw noRoom;
      }
      return null;
    }
  }

  /** Of an entity of unknown length: where all there is is less, all there is; -1 for nothing. */
  private static long roomFor(int most) {
    long all = HeldBytes.ofThisJvm().most();
    return all == 0 ? -1 : Math.min(most, all);
  }

  HeldBytes.Hold hold() {
    return hold;
  }

  @Override
  public void write(int single) throws IOException {
    ensure(1);
    bytes[size++] = (byte) single;
    if (count > 0 && pieces[count - 1] < 0) {
      pieces[count - 1]--;
    } else {
      note(-1);
    }
  }

  @Override
  public void write(byte[] source, int offset, int length) throws IOException {
    if (length == 0) {
      return;
    }
    ensure(length);
    System.arraycopy(source, offset, bytes, size, length);
    size += length;
    note(length);
  }

  @Override
  public void flush() {
    if (count > 0 && pieces[count - 1] != FLUSH) {
      note(FLUSH);
    }
  }

  private void note(int piece) {
    if (count == pieces.length) {
      pieces = Arrays.copyOf(pieces, 2 * count);
    }
    pieces[count++] = piece;
  }

  private void ensure(int more) throws IOException {
    long needed = (long) size + more;
    if (needed > bytes.length) {
      makeRoom(Math.max(needed, Math.min(needed + needed / 2, LONGEST_ARRAY)));
    }
  }

  private void makeRoom(long length) throws IOException {
    long wanted = length == 0 ? 0 : Math.max(length, FIRST_SIZE);
    if (wanted > LONGEST_ARRAY) {
      throw new IOException("no array is as long as the request");
    }
    long more = wanted - bytes.length;
    hold.growAnyway(Math.max(0, more - spare));
    spare = Math.max(0, spare - more);
    bytes = Arrays.copyOf(bytes, (int) wanted);
  }

  /** All that was written. */
  byte[] end() {
    if (size < bytes.length) {
      byte[] whole = Arrays.copyOf(bytes, size);
      hold.shrink(bytes.length - size);
      bytes = whole;
    }
    hold.shrink(spare);
    spare = 0;
    return bytes;
  }

  /** Whether these are the bytes that were written. */
  boolean isOf(byte[] others) {
    return bytes == others;
  }

  /** Writes the same in the same pieces. */
  void replay(OutputStream out) throws IOException {
    int from = 0;
    for (int i = 0; i < count; i++) {
      int piece = pieces[i];
      if (piece == FLUSH) {
        out.flush();
      } else if (piece > 0) {
        out.write(bytes, from, piece);
        from += piece;
      } else {
        for (int single = piece; single < 0; single++) {
          out.write(bytes[from++]);
        }
      }
    }
  }
}
