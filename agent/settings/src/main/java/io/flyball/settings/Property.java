package io.flyball.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One property: the only place where its name, type, default and meaning stand. Immutable.
 *
 * @param <T> what its value is parsed to
 */
public final class Property<T> {
  private static final String ROOT = "flyball.";

  private final String path;
  private final List<String> parts;
  private final ValueType<T> type;
  private final String defaultText;
  private final String defaultNote;
  private final String example;
  private final boolean needsRestart;
  private final Property<?> needed;
  private final Naming<T> naming;
  private final String meaning;

  private Property(
      String path,
      ValueType<T> type,
      String defaultText,
      String defaultNote,
      String example,
      boolean needsRestart,
      Property<?> needed,
      Naming<T> naming,
      String meaning) {
    this.path = Objects.requireNonNull(path, "path");
    this.parts = partsOf(path);
    this.type = Objects.requireNonNull(type, "type");
    this.defaultText = defaultText;
    this.defaultNote = defaultNote;
    this.example = example;
    this.needsRestart = needsRestart;
    this.needed = needed;
    this.naming = naming;
    this.meaning = meaning;
  }

  /**
   * @param path without the {@code flyball.} in front; its parts may be placeholders of {@link
   *     NameKind}s, which the user chooses
   */
  public static <T> Property<T> of(String path, ValueType<T> type, String meaning) {
    return new Property<>(path, type, null, null, null, false, null, null, meaning);
  }

  public Property<T> defaultsTo(String text) {
    return new Property<>(path, type, text, null, example, needsRestart, needed, naming, meaning);
  }

  /** For a default that is not a constant: what the documentation says about it. */
  public Property<T> defaultNote(String note) {
    return new Property<>(
        path, type, defaultText, note, example, needsRestart, needed, naming, meaning);
  }

  public Property<T> example(String text) {
    return new Property<>(
        path, type, defaultText, defaultNote, text, needsRestart, needed, naming, meaning);
  }

  /** A change in the file takes effect when the application starts the next time. */
  public Property<T> needingRestart() {
    return new Property<>(
        path, type, defaultText, defaultNote, example, true, needed, naming, meaning);
  }

  /** It may only be set where that property is set too, with this one's first name for its own. */
  public Property<T> needing(Property<?> other) {
    return new Property<>(
        path, type, defaultText, defaultNote, example, needsRestart, other, naming, meaning);
  }

  /** Its values hold names; under each of them that property must be set. */
  public Property<T> naming(Property<?> other, Function<T, List<String>> namesIn) {
    Naming<T> names = new Naming<>(other, namesIn);
    return new Property<>(
        path, type, defaultText, defaultNote, example, needsRestart, needed, names, meaning);
  }

  public String path() {
    return path;
  }

  /** The path with the user's names in the places of its placeholders. */
  public String path(List<String> names) {
    List<String> filled = new ArrayList<>(parts);
    int name = 0;
    for (int i = 0; i < filled.size() && name < names.size(); i++) {
      if (NameKind.of(filled.get(i)) != null) {
        filled.set(i, names.get(name++));
      }
    }
    return String.join(".", filled);
  }

  /** The same for a few names. */
  public String path(String... names) {
    return path(Arrays.asList(names));
  }

  public ValueType<T> type() {
    return type;
  }

  /** Null when there is none. */
  public String defaultText() {
    return defaultText;
  }

  /** The default, parsed; null when there is none. */
  public T defaultValue() {
    try {
      return defaultText == null ? null : type.parse(defaultText);
    } catch (InvalidValueException e) {
      throw new IllegalStateException("the default of " + this + " is wrong", e);
    }
  }

  /** Null when {@link #defaultText()} says all. */
  public String defaultNote() {
    return defaultNote;
  }

  /** A value somebody could set; the default when no other was given. May be null. */
  public String example() {
    return example == null ? defaultText : example;
  }

  public boolean needsRestart() {
    return needsRestart;
  }

  public String meaning() {
    return meaning;
  }

  public boolean isNamed() {
    return !kinds().isEmpty();
  }

  /** The path of what must be set too when this is set under these names; null when nothing. */
  public String pathNeededBy(List<String> names) {
    return needed == null ? null : needed.path(names);
  }

  /** The paths of what must be set too when this has that value. */
  public List<String> pathsNamedBy(Object value) {
    return naming == null || value == null ? Collections.emptyList() : naming.paths(value);
  }

  /** What the user chooses in the path, in its order. */
  public List<NameKind> kinds() {
    List<NameKind> kinds = new ArrayList<>();
    for (String part : parts) {
      NameKind kind = NameKind.of(part);
      if (kind != null) {
        kinds.add(kind);
      }
    }
    return kinds;
  }

  /** The names in a written path of this property, in normal form; null when it is of another. */
  List<String> namesIn(String written) {
    List<String> given = partsOf(written);
    return given.size() == parts.size() ? namesIn(given) : null;
  }

  /** The same for an environment variable. The first names are as short as can be. */
  List<String> namesInVariable(String variable) {
    StringBuilder pattern = new StringBuilder(Pattern.quote(environmentName("")));
    for (int i = 0; i < parts.size(); i++) {
      boolean name = NameKind.of(parts.get(i)) != null;
      pattern.append(i == 0 ? "" : "_");
      pattern.append(name ? "(.+?)" : Pattern.quote(environmentForm(parts.get(i))));
    }
    Matcher written = Pattern.compile(pattern.toString()).matcher(variable);
    if (!written.matches()) {
      return null;
    }
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= written.groupCount(); i++) {
      names.add(written.group(i).toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    return names;
  }

  /** Whether the path goes on from there. */
  boolean goesOnFrom(String section) {
    List<String> given = partsOf(section);
    return given.size() < parts.size() && namesIn(given) != null;
  }

  /** The path, with what is written in the places of its placeholders in them. */
  String resembling(String written) {
    List<String> given = partsOf(written);
    List<String> filled = new ArrayList<>(parts);
    for (int i = 0; i < Math.min(given.size(), filled.size()); i++) {
      if (NameKind.of(filled.get(i)) != null) {
        filled.set(i, given.get(i));
      }
    }
    return String.join(".", filled);
  }

  private List<String> namesIn(List<String> given) {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < given.size(); i++) {
      NameKind kind = NameKind.of(parts.get(i));
      if (kind == null ? !parts.get(i).equals(given.get(i)) : given.get(i).isEmpty()) {
        return null;
      }
      if (kind != null) {
        names.add(kind.normal(given.get(i)));
      }
    }
    return names;
  }

  private static List<String> partsOf(String path) {
    return Arrays.asList(path.split("\\.", -1));
  }

  /** The name of a path as users write it in full. */
  public static String fullName(String path) {
    return ROOT + path;
  }

  /** The environment variable of a path. */
  public static String environmentName(String path) {
    return environmentForm(fullName(path));
  }

  private static String environmentForm(String text) {
    return text.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return fullName(path);
  }

  private static final class Naming<T> {
    private final Property<?> named;
    private final Function<T, List<String>> namesIn;

    Naming(Property<?> named, Function<T, List<String>> namesIn) {
      this.named = named;
      this.namesIn = namesIn;
    }

    // The value was made by the type of the property.
    @SuppressWarnings("unchecked")
    List<String> paths(Object value) {
      List<String> paths = new ArrayList<>();
      for (String name : namesIn.apply((T) value)) {
        paths.add(named.path(name));
      }
      return paths;
    }
  }
}
