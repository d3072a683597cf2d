package io.flyball.engine.call;

import java.util.Objects;

/** One request on the wire. Immutable. Times are nanoseconds since the epoch. */
public final class AttemptRecord {
  private final int number;
  private final String host;
  private final int port;
  private final String target;
  private final long startEpochNanos;
  private final long endEpochNanos;
  private final int status;
  private final Outcome outcome;
  private final String errorType;

  /**
   * @param number 1 for the first
   * @param target the target's name, or the host when the application's own endpoint was asked
   * @param status the HTTP status, or 0 when no head arrived
   * @param errorType status text, provider error code or exception class; null on success
   */
  public AttemptRecord(
      int number,
      String target,
      String host,
      int port,
      long startEpochNanos,
      long endEpochNanos,
      int status,
      Outcome outcome,
      String errorType) {
    this.number = number;
    this.target = Objects.requireNonNull(target, "target");
    this.host = Objects.requireNonNull(host, "host");
    this.port = port;
    this.startEpochNanos = startEpochNanos;
    this.endEpochNanos = endEpochNanos;
    this.status = status;
    this.outcome = Objects.requireNonNull(outcome, "outcome");
    this.errorType = errorType;
  }

  public int number() {
    return number;
  }

  public String target() {
    return target;
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  public long startEpochNanos() {
    return startEpochNanos;
  }

  public long endEpochNanos() {
    return endEpochNanos;
  }

  public int status() {
    return status;
  }

  public Outcome outcome() {
    return outcome;
  }

  public String errorType() {
    return errorType;
  }
}
