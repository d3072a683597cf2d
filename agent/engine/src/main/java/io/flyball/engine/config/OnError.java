package io.flyball.engine.config;

/** What a configuration with errors does at start ({@code flyball.config.on-error}). */
public enum OnError {
  /** Flyball switches itself off, the application runs. */
  DISABLE,
  /** The JVM stops. */
  EXIT
}
