package io.flyball.engine.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers what one source sets; unknown, badly named and repeated properties become errors. */
final class RawSettings {
  private final Map<String, RawSetting> byPath = new LinkedHashMap<>();
  private final List<ConfigProblem> errors;

  RawSettings(List<ConfigProblem> errors) {
    this.errors = errors;
  }

  /**
   * @param key with or without {@code flyball.} in front
   * @param text null when the source gives no value
   */
  void add(String key, String text, boolean sequence, String place) {
    String path = key.startsWith("flyball.") ? key.substring("flyball.".length()) : key;
    Schema.Match match = Schema.match(path);
    if (match == null) {
      errors.add(
          new ConfigProblem(
              place, "unknown property " + Property.fullName(path) + "; " + Schema.hint(path)));
      return;
    }
    add(match, text, sequence, place);
  }

  void add(Schema.Match match, String text, boolean sequence, String place) {
    String name = Property.fullName(match.path());
    if (!match.hasValidName()) {
      errors.add(
          new ConfigProblem(
              place, name + ": a name must be made of lower case letters, digits and dashes"));
      return;
    }
    RawSetting setting = new RawSetting(match, text, sequence, place);
    RawSetting before = byPath.putIfAbsent(match.path(), setting);
    if (before != null) {
      errors.add(new ConfigProblem(place, name + " is set twice, first at " + before.place()));
    }
  }

  void error(String place, String message) {
    errors.add(new ConfigProblem(place, message));
  }

  /** In the order in which the source gives them. */
  Map<String, RawSetting> byPath() {
    return byPath;
  }
}
