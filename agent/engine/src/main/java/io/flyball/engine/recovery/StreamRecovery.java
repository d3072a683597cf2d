package io.flyball.engine.recovery;

/** What is done about a stream that breaks off after its first content was delivered. */
public enum StreamRecovery {
  /** The application is told of the error. */
  OFF,
  /**
   * Asked again; what was already delivered is left out when the new answer repeats it, else it is
   * an error.
   */
  SPLICE,
  /** Only whole answers are delivered, so a broken one is simply asked again. */
  BUFFER
}
