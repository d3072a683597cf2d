package io.flyball.engine.call;

/** How a call, or an attempt of it, ended. */
public enum Outcome {
  /** A whole answer was delivered. */
  SUCCESS("success"),
  /** The provider answered with an error status, an error event or an unusable body. */
  ERROR("error"),
  /** The connection failed, or the body ended before the answer did. */
  CUT("cut"),
  TIMEOUT("timeout"),
  /** The application walked away. */
  CANCELLED("cancelled"),
  /** Flyball refused it. */
  REFUSED("refused");

  private final String label;

  Outcome(String label) {
    this.label = label;
  }

  /** The word used in metrics, events and pages. */
  public String label() {
    return label;
  }
}
