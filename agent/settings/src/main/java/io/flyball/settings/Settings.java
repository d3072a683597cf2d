package io.flyball.settings;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All settings in force. Immutable; a change of the file makes new ones. */
public final class Settings {
  private final Schema schema;
  private final Values values;
  private final Map<String, String> otel;
  private final Map<Extra<?>, Object> extras;
  private final Map<Section<?>, Object> sections = new IdentityHashMap<>();

  Settings(Schema schema, Values values, Map<String, String> otel, Map<Extra<?>, Object> extras) {
    this.schema = schema;
    this.values = values;
    this.otel = Collections.unmodifiableMap(new TreeMap<>(otel));
    this.extras = new IdentityHashMap<>(extras);
    for (Section<?> section : schema.sections()) {
      sections.put(section, section.read(values));
    }
  }

  /**
   * What a section's values were read to.
   *
   * @throws IllegalArgumentException when the section is none of those that were handed in
   */
  // Each was made by the reader of its own section.
  @SuppressWarnings("unchecked")
  public <C> C get(Section<C> section) {
    C read = (C) sections.get(section);
    if (read == null) {
      throw new IllegalArgumentException("no such section: " + section.title());
    }
    return read;
  }

  /** Null when nothing is set and there is no default. */
  public <T> T get(Property<T> property) {
    return values.get(property);
  }

  /** What a rule kept; null when none did. */
  // It was kept by this key.
  @SuppressWarnings("unchecked")
  public <T> T get(Extra<T> key) {
    return (T) extras.get(key);
  }

  /** Whether the user set it, be it to its default. */
  public boolean isSet(Property<?> property) {
    return values.isSet(property);
  }

  /**
   * The standard OpenTelemetry settings that are not ours to judge, by their system property names
   * ({@code otel.exporter.otlp.endpoint}): from agent arguments, else system properties, else
   * {@code OTEL_*} variables. Values may be secrets.
   */
  public Map<String, String> otel() {
    return otel;
  }

  /** Every setting with its value and where it comes from, secrets masked. */
  public List<EffectiveSetting> describe() {
    return values.all();
  }

  /**
   * The settings whose values differ in the other configuration, as they are there; a setting that
   * is no longer there as it is here.
   */
  public List<EffectiveSetting> changesTo(Settings next) {
    return values.changesTo(next.values);
  }

  /** These settings, with what needs a restart as it was in those started with. */
  Settings keepingStartup(Settings startup) {
    return new Settings(
        schema, values.keepingStartup(startup.values, schema), startup.otel, startup.extras);
  }

  @Override
  public String toString() {
    return "Settings" + describe();
  }
}
