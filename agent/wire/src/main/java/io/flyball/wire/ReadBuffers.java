package io.flyball.wire;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Arrays to read streams into, used again: one for each call would be a fifth of what a call
 * allocates. Thread safe; what is not given back is left to the garbage collector.
 */
final class ReadBuffers {
  /** Of each array, in bytes. */
  static final int SIZE = 8192;

  /** A power of two. So many are kept at most. */
  private static final int KEPT = 16;

  private static final AtomicReferenceArray<byte[]> FREE = new AtomicReferenceArray<>(KEPT);

  private ReadBuffers() {}

  static byte[] take() {
    byte[] free = FREE.getAndSet(slot(), null);
    return free == null ? new byte[SIZE] : free;
  }

  /** By the thread that has read into it last, when nobody will any more. */
  static void give(byte[] buffer) {
    FREE.lazySet(slot(), buffer);
  }

  private static int slot() {
    return (int) Thread.currentThread().getId() & (KEPT - 1);
  }
}
