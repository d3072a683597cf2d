package io.flyball.protocol.failure;

/** Why a call failed, as far as it decides what to do next. */
public enum FailureKind {
  /** Too many requests or tokens for now. */
  RATE_LIMIT(Remedy.WAIT),
  /** The provider cannot take more from anybody for now. */
  OVERLOADED(Remedy.WAIT),
  SERVER_ERROR(Remedy.WAIT),
  /** Not reached, or the connection broke before the answer was whole. */
  CONNECTION(Remedy.WAIT),
  TIMEOUT(Remedy.WAIT),
  /** An answer that is none: cut short, or not the protocol's. */
  MALFORMED(Remedy.WAIT),
  /** A billing or spend limit: waiting does not help, another credential may. */
  QUOTA(Remedy.OTHER_TARGET),
  /** Who answered could not show to be the target, or has no TLS in common with the client. */
  UNTRUSTED(Remedy.OTHER_TARGET),
  /** The credential is not accepted, or not for this. */
  AUTHENTICATION(Remedy.OTHER_TARGET),
  /** No such model, deployment or path. */
  NOT_FOUND(Remedy.OTHER_TARGET),
  /**
   * The answer says that it failed, by a name or a status that nobody knows, or the client cannot
   * decompress it: asking again is of no use.
   */
  UNKNOWN(Remedy.OTHER_TARGET),
  /** More tokens than the model, or a single request of this account, may have. */
  CONTEXT_WINDOW(Remedy.NONE),
  /** The provider's moderation refused the prompt or the answer. */
  CONTENT_FILTER(Remedy.NONE),
  /**
   * Anything else that is wrong with the request itself; also a redirect nobody followed, or too
   * many of them.
   */
  INVALID_REQUEST(Remedy.NONE);

  private enum Remedy {
    WAIT,
    OTHER_TARGET,
    NONE
  }

  private final Remedy remedy;

  FailureKind(Remedy remedy) {
    this.remedy = remedy;
  }

  /** Whether the same request may succeed at the same target a little later. */
  public boolean isRetryable() {
    return remedy == Remedy.WAIT;
  }

  /**
   * Whether any other target may answer instead. False for {@link #CONTEXT_WINDOW}, too: there only
   * a target with a larger window helps ({@link #needsLargerWindow}).
   */
  public boolean mayFallBack() {
    return remedy != Remedy.NONE;
  }

  /** Whether a target with a larger window, and no other, may answer instead. */
  public boolean needsLargerWindow() {
    return this == CONTEXT_WINDOW;
  }

  /**
   * Whether the request is to blame, so that the failure never counts against a target's health.
   */
  public boolean isCallerFault() {
    return remedy == Remedy.NONE;
  }
}
