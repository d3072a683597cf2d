package io.flyball.wire;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** The beginning of a body, read ahead and kept so that it can still be handed on as it came. */
public final class BodyPrefix {
  private final Body body;
  private final List<ByteBuffer> buffers = new ArrayList<>();
  private final HeldBytes.Hold hold = HeldBytes.ofThisJvm().hold();
  private int size;
  private boolean ended;
  private Throwable failure;

  private BodyPrefix(Body body) {
    this.body = body;
  }

  /**
   * Reads until enough is there, the limit is reached, there is no room to hold more ({@link
   * HeldBytes}), or the body ended or failed. Never completes exceptionally.
   *
   * @param limit bytes; the last buffer may exceed it
   * @param enough asked after every buffer
   */
  public static CompletionStage<BodyPrefix> read(Body body, int limit, BooleanSupplier enough) {
    BodyPrefix prefix = new BodyPrefix(body);
    CompletableFuture<BodyPrefix> result = new CompletableFuture<>();
    Completions.repeat(
        body::read,
        (buffer, failure) -> {
          if (prefix.add(buffer, failure) && prefix.size < limit && !enough.getAsBoolean()) {
            return true;
          }
          result.complete(prefix);
          return false;
        });
    return result;
  }

  private boolean add(ByteBuffer buffer, Throwable thrown) {
    if (buffer == null) {
      failure = thrown;
      ended = true;
      return false;
    }
    buffers.add(buffer);
    size += buffer.remaining();
    if (hold.grow(buffer.remaining())) {
      return true;
    }
    HeldBytes.ofThisJvm().letPass();
    return false;
  }

  /** Whether there is nothing after it, as far as was waited for: the body ended, or failed. */
  public boolean ended() {
    return ended;
  }

  /** Why the body could not be read to its end, or null. */
  public Throwable failure() {
    return failure;
  }

  /** How many bytes were read. */
  public int size() {
    return size;
  }

  /** The bytes read, in one copy. */
  public byte[] toBytes() {
    byte[] bytes = new byte[size];
    int offset = 0;
    for (ByteBuffer buffer : buffers) {
      int count = buffer.remaining();
      buffer.duplicate().get(bytes, offset, count);
      offset += count;
    }
    return bytes;
  }

  /** The whole body again: what was read in the same pieces, then the rest, then the same end. */
  public Body replay() {
    return Bodies.concat(buffers, failure, body, hold);
  }
}
