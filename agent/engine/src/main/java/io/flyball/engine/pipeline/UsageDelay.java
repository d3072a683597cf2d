package io.flyball.engine.pipeline;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.AnswerMeter;

/**
 * How long a reader of a stream, to whom all of the answer had been handed on, was kept waiting for
 * the report of usage. Told of its reads, one after the other.
 */
final class UsageDelay {
  private final AnswerMeter meter;
  private final TimeSource time;
  private boolean finishedBefore;
  private long asked;
  private boolean over;
  private volatile long nanos;

  UsageDelay(AnswerMeter meter, TimeSource time) {
    this.meter = meter;
    this.time = time;
  }

  /** Somebody wants more. */
  void asks() {
    if (!over) {
      finishedBefore = meter.isFinished();
      asked = time.nanoTime();
    }
  }

  /** What was wanted has come. */
  void got() {
    if (!over && meter.mayHaveUsage()) {
      over = true;
      // An application that takes its time before it reads on has not waited.
      nanos = finishedBefore ? Math.max(0, meter.usageNanoTime() - asked) : 0;
    }
  }

  /** 0 when nobody had to wait, or none came. */
  long nanos() {
    return nanos;
  }
}
