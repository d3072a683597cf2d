package io.flyball.engine.breaker;

/** What a circuit breaker does with attempts. */
public enum CircuitState {
  /** Lets them through. */
  CLOSED,
  /** Refuses them; once its time is over the next one is let through as a probe. */
  OPEN,
  /** Lets one probe at a time through. */
  HALF_OPEN
}
