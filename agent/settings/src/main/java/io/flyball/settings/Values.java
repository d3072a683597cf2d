package io.flyball.settings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The settings in force, by path. Immutable. */
public final class Values {
  private final Map<String, EffectiveSetting> settings;

  /**
   * @param settings in the order in which they are shown; one for every property without a name
   */
  Values(List<EffectiveSetting> settings) {
    Map<String, EffectiveSetting> byPath = new LinkedHashMap<>();
    for (EffectiveSetting setting : settings) {
      byPath.put(setting.path(), setting);
    }
    this.settings = Collections.unmodifiableMap(byPath);
  }

  public List<EffectiveSetting> all() {
    return Collections.unmodifiableList(new ArrayList<>(settings.values()));
  }

  /** Null when nothing is set and there is no default. */
  public <T> T get(Property<T> property) {
    return valueAt(property.path());
  }

  /** Whether the user set it, be it to its default. */
  public boolean isSet(Property<?> property) {
    EffectiveSetting setting = settings.get(property.path());
    return setting != null && setting.isSet();
  }

  /** The value of a property with names in it; null when nothing is set under those names. */
  public <T> T get(Property<T> property, String... names) {
    return valueAt(property.path(names));
  }

  /** The same; the property's default when nothing is set under that name. */
  public <T> T getOrDefault(Property<T> property, String name) {
    T value = get(property, name);
    return value == null ? property.defaultValue() : value;
  }

  // A setting's value was made by the type of the property at its path.
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private <T> T valueAt(String path) {
    EffectiveSetting setting = settings.get(path);
    return setting == null ? null : (T) setting.parsed();
  }

  /**
   * The names the user gave in that property's place, sorted; of a property with several, the names
   * that follow those given here.
   */
  public Set<String> names(Property<?> property, String... first) {
    Set<String> names = new TreeSet<>();
    for (EffectiveSetting setting : settings.values()) {
      if (setting.definition() == property) {
        List<String> all = property.namesIn(setting.path());
        if (all.subList(0, first.length).equals(Arrays.asList(first))) {
          names.add(all.get(first.length));
        }
      }
    }
    return names;
  }

  /** What differs in {@code next}, as it is there; what is missing there as it is here. */
  List<EffectiveSetting> changesTo(Values next) {
    List<EffectiveSetting> changes = new ArrayList<>();
    for (EffectiveSetting setting : next.settings.values()) {
      EffectiveSetting before = settings.get(setting.path());
      if (before == null || !Objects.equals(before.parsed(), setting.parsed())) {
        changes.add(setting);
      }
    }
    for (EffectiveSetting setting : settings.values()) {
      if (!next.settings.containsKey(setting.path())) {
        changes.add(setting);
      }
    }
    return Collections.unmodifiableList(changes);
  }

  /** These values, with those that need a restart taken from what the application started with. */
  Values keepingStartup(Values startup, Schema schema) {
    List<EffectiveSetting> merged = new ArrayList<>();
    for (EffectiveSetting setting : settings.values()) {
      if (!setting.needsRestart()) {
        merged.add(setting);
      }
    }
    for (EffectiveSetting setting : startup.settings.values()) {
      if (setting.needsRestart()) {
        merged.add(setting);
      }
    }
    return new Values(schema.inOrder(merged));
  }
}
