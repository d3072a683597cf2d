package io.flyball.settings;

import java.util.List;

/** One setting as a source wrote it, not judged yet. Immutable. */
final class RawSetting {
  private final Schema.Match match;
  private final String text;
  private final List<String> items;
  private final String place;

  /**
   * @param text null when the source gives no value
   * @param items the values when the source gave a sequence, joined by commas in {@code text}; else
   *     null
   */
  RawSetting(Schema.Match match, String text, List<String> items, String place) {
    this.match = match;
    this.text = text;
    this.items = items;
    this.place = place;
  }

  Property<?> property() {
    return match.property();
  }

  String path() {
    return match.path();
  }

  /** See {@link Property#pathNeededBy}. */
  String neededPath() {
    return match.property().pathNeededBy(match.names());
  }

  String text() {
    return text;
  }

  /** Whether part of it stands elsewhere, and may be a secret. */
  boolean hasReference() {
    return text != null && text.contains("${");
  }

  /** Null when the source gave no sequence. */
  List<String> items() {
    return items;
  }

  String place() {
    return place;
  }
}
