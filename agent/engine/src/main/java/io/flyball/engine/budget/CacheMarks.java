package io.flyball.engine.budget;

/** What a request marks for the provider's cache; looked for once, and only when somebody asks. */
final class CacheMarks {
  private static final String CACHE_CONTROL = "cache_control";

  /** How long what is written to a cache is kept, where that is dearer; in either quotes. */
  private static final String AN_HOUR = "\"1h\"";

  private static final String AN_HOUR_TOO = "'1h'";

  private final byte[] body;
  private Boolean there;
  private Boolean forAnHour;

  CacheMarks(byte[] body) {
    this.body = body;
  }

  /** Nobody who means no harm escapes letters; what is written so may say anything. */
  private boolean isHidden() {
    return Ascii.escapedLetters(body) > 0;
  }

  boolean areThere() {
    if (there == null) {
      there = Ascii.containsInAnyCase(body, CACHE_CONTROL) || isHidden();
    }
    return there;
  }

  boolean areForAnHour() {
    if (forAnHour == null) {
      forAnHour =
          Ascii.indexOf(body, AN_HOUR, 0) >= 0
              || Ascii.indexOf(body, AN_HOUR_TOO, 0) >= 0
              || isHidden();
    }
    return forAnHour;
  }
}
