package io.flyball.engine.config;

/** Why a call may go on to the next place of its chain. */
public enum FallbackReason {
  /** The attempt failed and may succeed elsewhere. */
  ERROR,
  /** It took too long. */
  TIMEOUT,
  /** Too many calls or tokens there, by the provider's word or by a limit of ours. */
  RATE_LIMIT,
  /** The circuit breaker leaves the target alone. */
  BREAKER_OPEN,
  /** The prompt is too long for the model. */
  CONTEXT_WINDOW,
  /** A budget is spent. */
  BUDGET,
  /** The provider refuses the content. */
  CONTENT_FILTER
}
