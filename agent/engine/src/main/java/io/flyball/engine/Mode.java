package io.flyball.engine;

/** How far Flyball goes ({@code flyball.mode}). */
public enum Mode {
  /** Measures and reports; nothing changes on the wire or for the application. */
  OBSERVE,
  /** Applies the policies. */
  GOVERN
}
