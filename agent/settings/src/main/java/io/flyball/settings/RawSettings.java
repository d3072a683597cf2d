package io.flyball.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers what one source sets; unknown, badly named and repeated properties become errors. */
final class RawSettings {
  private static final String ROOT = "flyball.";
  private static final int MAX_SHOWN = 100;
  private static final int MAX_NAME = 200;
  private static final int MAX_VALUE = 64 * 1024;

  /** More than anybody reads; what else is wrong is told once those are gone. */
  static final int MAX_ERRORS = 100;

  private final Map<String, RawSetting> byPath = new LinkedHashMap<>();
  private final List<ConfigProblem> unfinished = new ArrayList<>();
  private final Schema schema;
  private final List<ConfigProblem> errors;

  RawSettings(Schema schema, List<ConfigProblem> errors) {
    this.schema = schema;
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
    if (isFull()) {
      return;
    }
    if (key.length() > MAX_NAME) {
      error(keyPlace, shown(key) + " is longer than any property's name");
      return;
    }
    String path = key.startsWith(ROOT) ? key.substring(ROOT.length()) : key;
    Schema.Match match = schema.match(path);
    String name = Property.fullName(path);
    if (match == null) {
      error(keyPlace, "unknown property " + name + "; " + schema.hint(path));
    } else if (match.brokenRule() != null) {
      error(keyPlace, path, match.brokenRule());
    } else if (text != null && text.length() > MAX_VALUE) {
      error(place, name + " is longer than 64 kB");
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

  /** A section, or a name in one, was begun and has nothing: whoever writes it is not done. */
  void unfinished(String path, String place) {
    if (unfinished.size() < MAX_ERRORS) {
      String name = shown(path.equals("flyball") ? path : Property.fullName(path));
      String message = name + " has nothing under it; what is to stay unset is left out";
      unfinished.add(new ConfigProblem(place, message));
    }
  }

  /** The whole source is empty, or only comments: it may be just being written, too. */
  void setsNothing(String place) {
    unfinished.add(new ConfigProblem(place, "the file sets nothing"));
  }

  List<ConfigProblem> unfinished() {
    return unfinished;
  }

  /**
   * Notes what is wrong with one property, which is named once: by the place, as {@code
   * -Dflyball.mode}, or before the words.
   *
   * @param path of the property
   */
  void error(String place, String path, String words) {
    String name = Property.fullName(path);
    error(place, place.endsWith(name) ? words : name + ": " + words);
  }

  void error(String place, String message) {
    if (errors.size() < MAX_ERRORS) {
      errors.add(new ConfigProblem(place, message));
    } else if (errors.size() == MAX_ERRORS) {
      errors.add(new ConfigProblem(place, "and more is wrong from here on"));
    }
  }

  /** Whether so much is wrong that it is of no use to look further. */
  boolean isFull() {
    return errors.size() > MAX_ERRORS;
  }

  /** A name that a user wrote, as messages may show it. */
  static String shown(String name) {
    return name.length() > MAX_SHOWN ? name.substring(0, MAX_SHOWN) + "..." : name;
  }

  Schema schema() {
    return schema;
  }

  /** In the order in which the source gives them. */
  Map<String, RawSetting> byPath() {
    return byPath;
  }
}
