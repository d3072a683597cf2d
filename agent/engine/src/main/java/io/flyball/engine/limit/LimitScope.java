package io.flyball.engine.limit;

/** Whose calls a limit counts. Each value of a scope has counters of its own. */
public enum LimitScope {
  /** All calls together. */
  GLOBAL,
  /** Those sent to one target. */
  TARGET,
  /** Those of one tenant. */
  TENANT,
  /** Those made for one feature. */
  FEATURE,
  /** Those made for one user. */
  USER
}
