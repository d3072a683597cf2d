package io.flyball.engine.limit;

/** What there is too much of. */
public enum LimitKind {
  /** Calls under way. */
  CONCURRENCY,
  /** Requests per minute. */
  REQUESTS,
  /** Tokens per minute. */
  TOKENS,
  /** More than the provider says that it takes. */
  PROVIDER
}
