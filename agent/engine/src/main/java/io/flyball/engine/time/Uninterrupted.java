package io.flyball.engine.time;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits on a thread of the application that an interruption does not end: it is for what the
 * application does next, and what is not waited for here may never be made good.
 */
public final class Uninterrupted {

  private Uninterrupted() {}

  /**
   * Waits, and sets the flag of an interruption again afterwards.
   *
   * @return false when that took longer than the time
   */
  public static boolean await(CountDownLatch latch, long time, TimeUnit unit) {
    boolean interrupted = false;
    long end = System.nanoTime() + unit.toNanos(time);
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
