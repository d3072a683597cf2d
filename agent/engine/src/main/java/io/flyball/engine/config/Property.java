package io.flyball.engine.config;

import java.util.Locale;
import java.util.Objects;

/**
 * One property: the only place where its name, type, default and meaning stand. Immutable.
 *
 * @param <T> what its value is parsed to
 */
final class Property<T> {
  private static final String ROOT = "flyball.";
  private static final String NAME = "<name>";

  private final String path;
  private final ValueType<T> type;
  private final String defaultText;
  private final String defaultNote;
  private final String example;
  private final boolean needsRestart;
  private final String meaning;

  private Property(
      String path,
      ValueType<T> type,
      String defaultText,
      String defaultNote,
      String example,
      boolean needsRestart,
      String meaning) {
    this.path = Objects.requireNonNull(path, "path");
    this.type = Objects.requireNonNull(type, "type");
    this.defaultText = defaultText;
    this.defaultNote = defaultNote;
    this.example = example;
    this.needsRestart = needsRestart;
    this.meaning = meaning;
  }

  /**
   * @param path without the {@code flyball.} in front; may hold one {@code <name>} the user chooses
   */
  static <T> Property<T> of(String path, ValueType<T> type, String meaning) {
    return new Property<>(path, type, null, null, null, false, meaning);
  }

  Property<T> defaultsTo(String text) {
    return new Property<>(path, type, text, null, example, needsRestart, meaning);
  }

  /** For a default that is not a constant: what the documentation says about it. */
  Property<T> defaultNote(String note) {
    return new Property<>(path, type, defaultText, note, example, needsRestart, meaning);
  }

  Property<T> example(String text) {
    return new Property<>(path, type, defaultText, defaultNote, text, needsRestart, meaning);
  }

  /** A change in the file takes effect when the application starts the next time. */
  Property<T> needingRestart() {
    return new Property<>(path, type, defaultText, defaultNote, example, true, meaning);
  }

  String path() {
    return path;
  }

  /** The path with the user's name for the {@code <name>} in it. */
  String path(String name) {
    return path.replace(NAME, name);
  }

  ValueType<T> type() {
    return type;
  }

  /** Null when there is none. */
  String defaultText() {
    return defaultText;
  }

  /** Null when {@link #defaultText()} says all. */
  String defaultNote() {
    return defaultNote;
  }

  /** A value somebody could set; the default when no other was given. May be null. */
  String example() {
    return example == null ? defaultText : example;
  }

  boolean needsRestart() {
    return needsRestart;
  }

  String meaning() {
    return meaning;
  }

  boolean isNamed() {
    return path.contains(NAME);
  }

  /** What stands before the {@code <name>}, with its dot. */
  String prefix() {
    return path.substring(0, path.indexOf(NAME));
  }

  /** What stands after the {@code <name>}, with its dot. */
  String suffix() {
    return path.substring(path.indexOf(NAME) + NAME.length());
  }

  /** The name of a path as users write it in full. */
  static String fullName(String path) {
    return ROOT + path;
  }

  /** The environment variable of a path. */
  static String environmentName(String path) {
    return fullName(path).replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return fullName(path);
  }
}
