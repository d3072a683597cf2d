package io.flyball.engine;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.ManualTime;

/** The clock of a machine, which somebody may set, and the time that really passes. Thread safe. */
final class SetClock implements TimeSource {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** What really passes, and the timer that goes with it. */
  final ManualTime passing = new ManualTime();

  private final long began = passing.nanoTime();
  private final long beginMillis;
  private volatile long errorMillis;

  SetClock(long beginMillis) {
    this.beginMillis = beginMillis;
  }

  /** By how much it is wrong from now on. */
  void set(long millis) {
    errorMillis = millis;
  }

  boolean isRight() {
    return errorMillis == 0;
  }

  /** Milliseconds since the epoch, as they really are. */
  long trueMillis() {
    return beginMillis + (passing.nanoTime() - began) / NANOS_PER_MILLI;
  }

  @Override
  public long nanoTime() {
    return passing.nanoTime();
  }

  @Override
  public long epochNanos() {
    return epochMillis() * NANOS_PER_MILLI;
  }

  long epochMillis() {
    return trueMillis() + errorMillis;
  }
}
