package io.flyball.engine.call;

/** The clock of the engine. Thread safe. */
public interface TimeSource {

  /** Nanoseconds since some fixed moment; never goes back. */
  long nanoTime();

  /** Nanoseconds since the epoch, as exact as the platform cheaply gives. */
  long epochNanos();

  /** The machine's clock. */
  TimeSource SYSTEM =
      new TimeSource() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public long epochNanos() {
          return System.currentTimeMillis() * 1_000_000L;
        }
      };
}
