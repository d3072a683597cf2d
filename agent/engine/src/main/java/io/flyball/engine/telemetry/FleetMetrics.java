package io.flyball.engine.telemetry;

import io.flyball.engine.fleet.Fleet;
import io.flyball.engine.fleet.FleetCounts;

/** How a JVM fares in its fleet, as metrics. */
public final class FleetMetrics {

  private FleetMetrics() {}

  /**
   * Shows it among the instruments.
   *
   * @param fleet null: nothing is shared, and nothing is shown
   */
  public static void show(Instruments instruments, Fleet fleet) {
    if (fleet == null) {
      return;
    }
    FleetCounts counts = fleet.counts();
    instruments.observedGauge(
        "flyball.redis.up",
        "{state}",
        "Whether Redis answers: 1 or 0",
        () -> counts.isUp() ? 1 : 0);
    instruments.observedGauge(
        "flyball.redis.members", "{jvm}", "JVMs of the fleet that are alive", counts::members);
    instruments.observedCounter(
        "flyball.redis.losses", "{loss}", "How often Redis did not answer", counts::losses);
    instruments.observedCounter(
        "flyball.redis.roundtrips",
        "{roundtrip}",
        "How often Redis was spoken to",
        counts::roundTrips);
    instruments.observedCounter(
        "flyball.redis.leases",
        "{request}",
        "How often a part of a budget was leased, told of or returned",
        counts::requests);
    instruments.observedCounter(
        "flyball.redis.denials",
        "{denial}",
        "How often more of a budget was asked for than there was",
        counts::denials);
  }
}
