package io.flyball.agent;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How threads of the application wait for the start. */
final class BoundedWait {
  static final long LONGEST_SECONDS = 30;

  private BoundedWait() {}

  /**
   * An interruption is for what the application does next: it does not go on unhooked for it.
   *
   * @return false when the latch took longer than anybody is to wait
   */
  static boolean await(CountDownLatch latch) {
    boolean interrupted = false;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
    try {
      while (true) {
        try {
          return latch.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException later) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
