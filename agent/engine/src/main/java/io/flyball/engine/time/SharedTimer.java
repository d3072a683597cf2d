package io.flyball.engine.time;

import io.flyball.engine.call.InternalErrors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One daemon thread, started when it is first needed, for all timeouts and delays. */
public final class SharedTimer implements Timer {
  private static final String THREAD_NAME = "flyball-timer";

  private final InternalErrors errors;
  private final ScheduledThreadPoolExecutor executor;

  /**
   * @param errors is told when a task fails
   */
  public SharedTimer(InternalErrors errors) {
    this.errors = errors;
    this.executor =
        new ScheduledThreadPoolExecutor(1, work -> DetachedThread.create(THREAD_NAME, work));
    executor.setRemoveOnCancelPolicy(true);
  }

  @Override
  public Scheduled schedule(long nanos, Runnable task) {
    Future<?> scheduled =
        executor.schedule(
            () -> {
              try {
                task.run();
              } catch (Throwable failure) {
                errors.report("timer", failure);
              }
            },
            nanos,
            TimeUnit.NANOSECONDS);
    return () -> scheduled.cancel(false);
  }

  /** Nothing runs any more, and scheduling is refused. */
  public void close() {
    executor.shutdownNow();
  }
}
