package io.flyball.engine.config;

/** How far Flyball goes ({@code flyball.mode}). */
public enum Mode {
  /** Measure and report everything, change nothing on the wire or for the application. */
  OBSERVE,
  /** Apply every policy. */
  GOVERN
}
