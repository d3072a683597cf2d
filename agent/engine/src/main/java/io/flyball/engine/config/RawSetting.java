package io.flyball.engine.config;

/** One setting as a source wrote it, not judged yet. Immutable. */
final class RawSetting {
  private final Schema.Match match;
  private final String text;
  private final boolean sequence;
  private final String place;

  /**
   * @param text null when the source gives no value
   * @param sequence whether the source gave several values, joined by commas in {@code text}
   */
  RawSetting(Schema.Match match, String text, boolean sequence, String place) {
    this.match = match;
    this.text = text;
    this.sequence = sequence;
    this.place = place;
  }

  Property<?> property() {
    return match.property();
  }

  String path() {
    return match.path();
  }

  String text() {
    return text;
  }

  boolean isSequence() {
    return sequence;
  }

  String place() {
    return place;
  }
}
