package io.flyball.engine.attempt;

import io.flyball.wire.WireResponse;

/**
 * How an answer begins, known before anything of it was handed on: as long as it has not committed,
 * another attempt may still answer instead.
 */
public final class Beginning {
  /** What the beginning turned out to be. */
  public enum Kind {
    /** There is something to hand on, or it cannot be told. */
    COMMITTED,
    /** An error status, or a redirect. */
    STATUS,
    /** A good status, then an error event before any content. */
    ERROR_EVENT,
    /** A good status, then a body that is not a whole answer. */
    UNUSABLE_BODY,
    /** The body failed, or a stream ended, before any content. */
    CUT
  }

  private final Kind kind;
  private final WireResponse response;
  private final Throwable failure;

  Beginning(Kind kind, WireResponse response, Throwable failure) {
    this.kind = kind;
    this.response = response;
    this.failure = failure;
  }

  public Kind kind() {
    return kind;
  }

  /**
   * The whole answer as it came: what was read ahead, then the rest, then the same end. Whoever
   * does not hand it on closes its body.
   */
  public WireResponse response() {
    return response;
  }

  /** The client's exception when the body failed; else null. */
  public Throwable failure() {
    return failure;
  }
}
