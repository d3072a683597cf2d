package io.flyball.engine.config;

import java.util.Objects;

/** One thing that is wrong with the configuration, in words fit to be shown. Immutable. */
public final class ConfigProblem {
  private final String place;
  private final String message;

  /**
   * @param place the source, with line and column for a file
   * @param message names the property; never holds a secret
   */
  ConfigProblem(String place, String message) {
    this.place = Objects.requireNonNull(place, "place");
    this.message = Objects.requireNonNull(message, "message");
  }

  /** For example {@code -Dflyball.mode}, {@code /etc/flyball.yaml:3:9}. */
  public String place() {
    return place;
  }

  /** Names the property, the bad value unless it may be a secret, and what would be right. */
  public String message() {
    return message;
  }

  @Override
  public String toString() {
    return place + ": " + message;
  }
}
