package io.flyball.protocol.sdk;

/** Why Flyball answers instead of the provider. */
public enum RefusalKind {
  BUDGET_EXCEEDED("flyball_budget_exceeded", 429, 402),
  RATE_LIMITED("flyball_rate_limited", 429, 400),
  CIRCUIT_OPEN("flyball_circuit_open", 503, 424),
  TIMEOUT("flyball_timeout", 504, 424),
  /** A policy does not let the prompt or the answer through. */
  BLOCKED("flyball_blocked", 403, 400),
  PROMPT_TOO_LARGE("flyball_prompt_too_large", 413, 400),
  /**
   * No connection, or one that broke: an answer, so that the SDK does not multiply the attempts.
   */
  UPSTREAM_FAILED("flyball_upstream_failed", 503, 424);

  private final String code;
  private final int status;
  private final int finalStatus;

  RefusalKind(String code, int status, int finalStatus) {
    this.code = code;
    this.status = status;
    this.finalStatus = finalStatus;
  }

  /** The word for it in error bodies, metrics and logs. */
  public String code() {
    return code;
  }

  /** The HTTP status that says it best. */
  int status() {
    return status;
  }

  /** The next best: one that no SDK takes as a reason to ask again. */
  int finalStatus() {
    return finalStatus;
  }
}
