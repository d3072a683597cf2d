package io.flyball.engine.net;

import io.flyball.base.DetachedThread;
import io.flyball.engine.time.Timer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Ends what blocks on a connection when its time is over. The timeout of a socket is one for each
 * read: who sends a byte now and then never meets it, and writing has none at all.
 *
 * <p>Where no timer and no thread is left there is no deadline.
 */
public final class Deadline implements AutoCloseable {
  /** After a pause of the whole JVM what was waited for may be there already. */
  private static final long GRACE_MILLIS = 50;

  /** A client may have connected once more by itself. */
  private static final long AGAIN_MILLIS = 200;

  private final Runnable cut;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean over = new AtomicBoolean();
  private final Timer.Scheduled scheduled;

  private Deadline(long nanos, Timer timer, Runnable cut) {
    this.cut = cut;
    this.scheduled = schedule(nanos, timer);
  }

  /**
   * Begins now.
   *
   * @param nanos how long it may take
   * @param cut ends it, from a thread of ours, which it may block; asked for again until {@link
   *     #close}
   */
  public static Deadline in(long nanos, Timer timer, Runnable cut) {
    return new Deadline(nanos, timer, cut);
  }

  private Timer.Scheduled schedule(long nanos, Timer timer) {
    try {
      return timer.schedule(Math.max(0, nanos), this::expire);
    } catch (RejectedExecutionException noTimer) {
      return () -> {};
    }
  }

  /** On the timer's thread, which only signals. */
  private void expire() {
    if (ended.getCount() > 0) {
      DetachedThread.create("flyball-deadline", this::cutUntilEnded).start();
    }
  }

  private void cutUntilEnded() {
    try {
      if (ended.await(GRACE_MILLIS, TimeUnit.MILLISECONDS)) {
        return;
      }
      over.set(true);
      do {
        cut.run();
      } while (!ended.await(AGAIN_MILLIS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Whether it was ended because its time was over. */
  public boolean isOver() {
    return over.get();
  }

  /** It has ended by itself, or with what the cut made of it. */
  @Override
  public void close() {
    ended.countDown();
    scheduled.cancel();
  }
}
