package io.flyball.engine.fleet;

/** What one JVM has found out about a target: that it fails. Immutable. */
public final class Hint {
  private final String target;
  private final long millis;

  /**
   * @param target as circuit breakers call it
   * @param millis how long it is worth knowing; positive
   */
  public Hint(String target, long millis) {
    this.target = target;
    this.millis = millis;
  }

  public String target() {
    return target;
  }

  public long millis() {
    return millis;
  }
}
