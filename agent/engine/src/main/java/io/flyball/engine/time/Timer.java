package io.flyball.engine.time;

/** Runs work later. Thread safe. */
public interface Timer {

  /** One piece of work that was scheduled. */
  interface Scheduled {

    /** Takes it back; harmless when it has run already. */
    void cancel();
  }

  /**
   * Runs the task once, after that time, on a thread that all tasks share: it must only signal.
   *
   * @param nanos zero or more
   * @throws java.util.concurrent.RejectedExecutionException when nothing is scheduled any more
   */
  Scheduled schedule(long nanos, Runnable task);
}
