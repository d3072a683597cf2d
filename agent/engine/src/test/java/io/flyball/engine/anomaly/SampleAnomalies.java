package io.flyball.engine.anomaly;

/** Anomalies for those who tell of them. */
public final class SampleAnomalies {
  private static final long SINCE = 1_795_000_000_000L;

  private SampleAnomalies() {}

  public static Anomaly spending(String tenant) {
    return Anomaly.ofSpending(
        "anomaly-1",
        Anomaly.Kind.SPENDING,
        SINCE,
        SpendScope.TENANT,
        tenant,
        SpendUnit.USD,
        600_000,
        12.5,
        1.25);
  }

  public static Anomaly ended(Anomaly anomaly) {
    return anomaly.ended(SINCE + 3_600_000, Anomaly.End.OVER, 60);
  }
}
