package io.flyball.engine.telemetry;

import io.flyball.wire.HeldBytes;

/** What Flyball holds of the application's heap, as metrics. */
public final class MemoryMetrics {

  private MemoryMetrics() {}

  /** Shows it among the instruments. */
  public static void show(Instruments instruments, HeldBytes held) {
    instruments.observedGauge(
        "flyball.memory.held",
        "By",
        "Bytes of requests and answers that Flyball holds now",
        held::held);
    instruments.observedCounter(
        "flyball.memory.passed",
        "{message}",
        "Requests and answers that went their way untouched because there was no room for them",
        held::passed);
  }
}
