package io.flyball.engine.anomaly;

/** What spending is counted in. */
public enum SpendUnit {
  USD,
  /** Of calls whose price is not known. */
  TOKENS
}
