package io.flyball.settings;

import io.flyball.base.file.FileReads;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings as they were judged, each by itself, before they are in force. What is wrong has its
 * default. For the thread that reads the configuration.
 */
public final class Draft {
  private final Schema schema;
  private final Map<String, EffectiveSetting> settings;
  private final Map<Extra<?>, Object> extras = new IdentityHashMap<>();
  private final Map<String, String> properties;
  private final Map<String, String> otel;
  private final FileReads files;
  private final boolean offline;
  private final List<ConfigProblem> errors;
  private final List<ConfigProblem> warnings;

  Draft(
      Schema schema,
      Map<String, EffectiveSetting> judged,
      Map<String, String> properties,
      Map<String, String> otel,
      FileReads files,
      boolean offline,
      List<ConfigProblem> errors,
      List<ConfigProblem> warnings) {
    this.schema = schema;
    this.settings = new HashMap<>(judged);
    this.properties = properties;
    this.otel = otel;
    this.files = files;
    this.offline = offline;
    this.errors = errors;
    this.warnings = warnings;
    for (Property<?> property : schema.properties()) {
      if (!property.isNamed()) {
        settings.computeIfAbsent(property.path(), path -> EffectiveSetting.defaultOf(property));
      }
    }
  }

  /** All of them, in the order in which they are shown. */
  public Collection<EffectiveSetting> all() {
    return schema.inOrder(settings.values());
  }

  /** Null when nothing stands there. */
  public EffectiveSetting at(Property<?> property, String... names) {
    return settings.get(property.path(names));
  }

  /** Null when nothing is set and there is no default. */
  // A setting's value was made by the type of the property at its path.
  @SuppressWarnings("unchecked")
  public <T> T get(Property<T> property) {
    EffectiveSetting setting = at(property);
    return setting == null ? null : (T) setting.parsed();
  }

  /** What they would be read to as they are now. */
  public Settings settings() {
    return new Settings(schema, values(), otel, extras);
  }

  private Values values() {
    return new Values(schema.inOrder(settings.values()));
  }

  /**
   * Gives a setting that nobody set another value; nothing where somebody did.
   *
   * @param shown see {@link EffectiveSetting#value()}; may be null
   * @param source see {@link EffectiveSetting#source()}
   */
  public <T> void setDefault(Property<T> property, T value, String shown, String source) {
    EffectiveSetting before = settings.get(property.path());
    if (before == null || !before.isSet()) {
      settings.put(
          property.path(), new EffectiveSetting(property.path(), property, value, shown, source));
    }
  }

  /** The same; the source is {@code default}. */
  public <T> void setDefault(Property<T> property, T value, String shown) {
    setDefault(property, value, shown, EffectiveSetting.DEFAULT);
  }

  /** Takes away what must not be used, whoever set it. */
  public <T> void clear(Property<T> property) {
    settings.put(
        property.path(),
        new EffectiveSetting(property.path(), property, null, null, EffectiveSetting.DEFAULT));
  }

  /** Keeps something with the settings. */
  public <T> void keep(Extra<T> key, T value) {
    extras.put(key, value);
  }

  /** Whether no error has been told so far, by whomever. */
  public boolean isGood() {
    return errors.isEmpty();
  }

  /** The configuration cannot be used for that. */
  public void error(EffectiveSetting at, String message) {
    errors.add(new ConfigProblem(at.source(), message));
  }

  /** The same of one setting, which the message need not name. */
  public void errorOf(EffectiveSetting setting, String message) {
    new RawSettings(schema, errors).error(setting.source(), setting.path(), message);
  }

  /** It is suspicious, and does not hinder. */
  public void warn(EffectiveSetting at, String message) {
    warnings.add(new ConfigProblem(at.source(), message));
  }

  /** What was read so far, and the way to read more: all of it has some seconds together. */
  public FileReads files() {
    return files;
  }

  /** Whether files and values of references that are not here may be where the application runs. */
  public boolean isOffline() {
    return offline;
  }

  /** The system properties of the JVM that the configuration is for. */
  public Map<String, String> properties() {
    return Collections.unmodifiableMap(properties);
  }

  /** See {@link Settings#otel()}. */
  public Map<String, String> otel() {
    return Collections.unmodifiableMap(otel);
  }
}
