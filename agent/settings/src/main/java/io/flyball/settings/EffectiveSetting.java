package io.flyball.settings;

import java.util.List;
import java.util.Objects;

/** The value in force of one property and where it comes from, fit to be shown. Immutable. */
public final class EffectiveSetting {
  /** The source of what nobody set. */
  static final String DEFAULT = "default";

  private final String path;
  private final Property<?> property;
  private final Object value;
  private final String shown;
  private final String source;

  /**
   * @param path with the user's own name where the property has one
   * @param value parsed; null when nothing is set and there is no default
   * @param shown what may be shown of it; null with a null value, where what the documentation says
   *     of the default is shown
   */
  public EffectiveSetting(
      String path, Property<?> property, Object value, String shown, String source) {
    this.path = Objects.requireNonNull(path, "path");
    this.property = Objects.requireNonNull(property, "property");
    this.value = value;
    String note = property.defaultNote();
    this.shown =
        shown == null
            ? (note == null ? null : note.replace("`", ""))
            : property.type().isSecret() ? Secret.MASK : ConfigProblem.onOneLine(shown);
    this.source = Objects.requireNonNull(source, "source");
  }

  static EffectiveSetting defaultOf(Property<?> property) {
    return new EffectiveSetting(
        property.path(), property, property.defaultValue(), property.defaultText(), DEFAULT);
  }

  /** For example {@code flyball.console.port}. */
  public String property() {
    return Property.fullName(path);
  }

  /**
   * As it was written, on one line, with secrets masked and references not resolved. When nothing
   * is set and the default is no constant it is what the documentation says of that.
   */
  public String value() {
    return shown;
  }

  /**
   * For example {@code default}, {@code -Dflyball.console.port}, {@code FLYBALL_CONSOLE_PORT},
   * {@code /etc/flyball.yaml:3:9}.
   */
  public String source() {
    return source;
  }

  /** Whether a change takes effect only when the application starts the next time. */
  public boolean needsRestart() {
    return property.needsRestart();
  }

  /** Whether the user set it. */
  public boolean isSet() {
    return !source.equals(DEFAULT);
  }

  public Property<?> definition() {
    return property;
  }

  /** The names of the user's own in its path, in their order. */
  public List<String> names() {
    return property.namesIn(path);
  }

  public String path() {
    return path;
  }

  public Object parsed() {
    return value;
  }

  @Override
  public String toString() {
    return property() + " = " + shown + " (" + source + ")";
  }
}
