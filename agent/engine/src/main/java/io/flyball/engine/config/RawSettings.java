package io.flyball.engine.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers what one source sets; unknown, badly named and repeated properties become errors. */
final class RawSettings {
  private static final String ROOT = "flyball.";

  private final Map<String, RawSetting> byPath = new LinkedHashMap<>();
  private final List<ConfigProblem> errors;

  RawSettings(List<ConfigProblem> errors) {
    this.errors = errors;
  }

  /** A setting whose key and value are at the same place. */
  void add(String key, String text, String place) {
    add(key, place, text, null, place);
  }

  /**
   * @param key with or without {@code flyball.} in front
   * @param text null when the source gives no value
   * @param items the values when the source gives a sequence, joined by commas in {@code text};
   *     else null
   * @param place of the value
   */
  void add(String key, String keyPlace, String text, List<String> items, String place) {
    String path = key.startsWith(ROOT) ? key.substring(ROOT.length()) : key;
    Schema.Match match = Schema.match(path);
    String name = Property.fullName(path);
    if (match == null) {
      error(keyPlace, "unknown property " + name + "; " + Schema.hint(path));
    } else if (match.brokenRule() != null) {
      error(keyPlace, name + ": " + match.brokenRule());
    } else {
      add(new RawSetting(match, text, items, place));
    }
  }

  void add(RawSetting setting) {
    RawSetting before = byPath.putIfAbsent(setting.path(), setting);
    if (before != null) {
      String name = Property.fullName(setting.path());
      error(setting.place(), name + " is set twice, first at " + before.place());
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
