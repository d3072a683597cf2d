package io.flyball.engine.fleet;

/** How a JVM fares in its fleet. Written by the fleet's thread, read by any. */
public final class FleetCounts {
  private static final long LATELY_MILLIS = 60_000;

  private volatile boolean up;
  private volatile int members;
  private volatile int mostLately;
  private volatile long roundTrips;
  private volatile long requests;
  private volatile long denials;
  private volatile long losses;

  // The writing thread's own.
  private long turnedAt;
  private int mostBefore;
  private int mostSince;

  FleetCounts() {}

  void connected() {
    up = true;
  }

  void lost() {
    up = false;
    losses = losses + 1;
  }

  void left() {
    up = false;
  }

  void spoken(int ofAccounts) {
    roundTrips = roundTrips + 1;
    requests = requests + ofAccounts;
  }

  void denied() {
    denials = denials + 1;
  }

  void alive(int jvms, long nowMillis) {
    members = jvms;
    if (nowMillis - turnedAt >= LATELY_MILLIS / 2) {
      turnedAt = nowMillis;
      mostBefore = mostSince;
      mostSince = 0;
    }
    mostSince = Math.max(mostSince, jvms);
    mostLately = Math.max(mostBefore, mostSince);
  }

  /** Whether the store answers. */
  public boolean isUp() {
    return up;
  }

  /** How many JVMs were alive when that was last heard; 0 before. */
  public int members() {
    return members;
  }

  /**
   * How many there were at most within the last minute or half of it: a store that has just come
   * back knows few of them.
   */
  int mostMembersLately() {
    return mostLately;
  }

  /** How often the store was spoken to. */
  public long roundTrips() {
    return roundTrips;
  }

  /** How often something was said of an account. */
  public long requests() {
    return requests;
  }

  /** How often more was asked for than there was. */
  public long denials() {
    return denials;
  }

  /** How often the store did not answer. */
  public long losses() {
    return losses;
  }
}
