package io.flyball.engine.attribute;

import java.util.Map;

/** What the thread that makes a call tells about it. Immutable. */
public final class Origin {
  private final String place;
  private final Map<String, String> loggingContext;

  Origin(String place, Map<String, String> loggingContext) {
    this.place = place;
    this.loggingContext = loggingContext;
  }

  /** {@code package.Class.method}, or null when no frame is the application's. */
  String place() {
    return place;
  }

  /** The logging context's value of that key, or null. */
  String logged(String key) {
    return loggingContext.get(key);
  }
}
