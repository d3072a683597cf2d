package io.flyball.engine.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** All properties there are, and how a written name finds its property. */
final class Schema {
  static final List<Section> SECTIONS =
      Collections.unmodifiableList(
          Arrays.asList(
              FlyballConfig.SECTION,
              LogConfig.SECTION,
              InstrumentationConfig.SECTION,
              EndpointConfig.SECTION,
              AttributionConfig.SECTION,
              EventsConfig.SECTION,
              ContentConfig.SECTION,
              ConsoleConfig.SECTION,
              PricesConfig.SECTION));

  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final String ENVIRONMENT_ROOT = "FLYBALL_";

  /** Where a written name leads. */
  static final class Match {
    private final Property<?> property;
    private final String name;

    private Match(Property<?> property, String name) {
      this.property = property;
      this.name = name;
    }

    Property<?> property() {
      return property;
    }

    String path() {
      return name == null ? property.path() : property.path(name);
    }

    /**
     * Whether what stands for {@code <name>} is one; environment variables could not say others.
     */
    boolean hasValidName() {
      return name == null || NAME.matcher(name).matches();
    }
  }

  private Schema() {}

  static List<Property<?>> properties() {
    List<Property<?>> properties = new ArrayList<>();
    for (Section section : SECTIONS) {
      properties.addAll(section.properties());
    }
    return properties;
  }

  /** The property of a path, or null when there is none. */
  static Match match(String path) {
    for (Property<?> property : properties()) {
      if (!property.isNamed()) {
        if (property.path().equals(path)) {
          return new Match(property, null);
        }
        continue;
      }
      String name = between(path, property.prefix(), property.suffix());
      if (name != null && name.indexOf('.') < 0) {
        return new Match(property, name);
      }
    }
    return null;
  }

  /** The property of an environment variable, or null when there is none. */
  static Match matchEnvironment(String variable) {
    for (Property<?> property : properties()) {
      if (!property.isNamed()) {
        if (Property.environmentName(property.path()).equals(variable)) {
          return new Match(property, null);
        }
        continue;
      }
      String prefix = Property.environmentName(property.prefix());
      String suffix = property.suffix().replace('.', '_').replace('-', '_');
      String name = between(variable, prefix, suffix.toUpperCase(Locale.ROOT));
      if (name != null) {
        return new Match(property, name.toLowerCase(Locale.ROOT).replace('_', '-'));
      }
    }
    return null;
  }

  /** Whether some property's path goes on from there. */
  static boolean isSection(String path) {
    for (Property<?> property : properties()) {
      if (property.path().startsWith(path + '.')) {
        return true;
      }
      // Right after a prefix stands the user's own name.
      if (property.isNamed()
          && path.startsWith(property.prefix())
          && path.indexOf('.', property.prefix().length()) < 0) {
        return true;
      }
    }
    return false;
  }

  /** What to tell who wrote an unknown path; continues a sentence. */
  static String hint(String path) {
    Map<String, String> candidates = new LinkedHashMap<>();
    Set<String> sameSection = new LinkedHashSet<>();
    Set<String> all = new LinkedHashSet<>();
    for (Property<?> property : properties()) {
      String candidate = withNameOf(path, property);
      candidates.put(candidate, Property.fullName(candidate));
      String section = firstPart(property.path());
      if (section.equals(firstPart(path))) {
        sameSection.add(Property.fullName(property.path()));
      }
      boolean alone = section.equals(property.path());
      all.add(Property.fullName(alone ? section : section + ".*"));
    }
    Set<String> nearest = nearest(path, candidates);
    if (!nearest.isEmpty()) {
      return didYouMean(nearest);
    }
    return "known are " + String.join(", ", sameSection.isEmpty() ? all : sameSection);
  }

  /** The same for an unknown environment variable. */
  static String environmentHint(String variable) {
    Map<String, String> candidates = new LinkedHashMap<>();
    for (Property<?> property : properties()) {
      String candidate = Property.environmentName(property.path());
      candidates.put(candidate.substring(ENVIRONMENT_ROOT.length()), candidate);
    }
    Set<String> nearest = nearest(variable.substring(ENVIRONMENT_ROOT.length()), candidates);
    return nearest.isEmpty() ? "it is ignored" : didYouMean(nearest);
  }

  private static String didYouMean(Set<String> nearest) {
    return "did you mean " + String.join(" or ", nearest) + "?";
  }

  /** The values of those keys that could be meant by what was written; often none. */
  private static Set<String> nearest(String written, Map<String, String> candidates) {
    int smallest = Math.max(2, written.length() / 4);
    Set<String> nearest = new LinkedHashSet<>();
    for (Map.Entry<String, String> candidate : candidates.entrySet()) {
      int distance = EditDistance.between(written, candidate.getKey());
      if (distance < smallest) {
        nearest.clear();
        smallest = distance;
      }
      if (distance == smallest) {
        nearest.add(candidate.getValue());
      }
    }
    return nearest;
  }

  /** The settings in the order of their properties, those with names by name. */
  static List<EffectiveSetting> inOrder(Collection<EffectiveSetting> settings) {
    Map<String, EffectiveSetting> byPath = new TreeMap<>();
    for (EffectiveSetting setting : settings) {
      byPath.put(setting.path(), setting);
    }
    List<EffectiveSetting> sorted = new ArrayList<>();
    for (Property<?> property : properties()) {
      for (EffectiveSetting setting : byPath.values()) {
        if (setting.definition() == property) {
          sorted.add(setting);
        }
      }
    }
    return sorted;
  }

  private static String between(String text, String prefix, String suffix) {
    boolean fits =
        text.length() > prefix.length() + suffix.length()
            && text.startsWith(prefix)
            && text.endsWith(suffix);
    return fits ? text.substring(prefix.length(), text.length() - suffix.length()) : null;
  }

  private static String firstPart(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }

  /** The property's path, with the written path's own name in it when it has one. */
  private static String withNameOf(String path, Property<?> property) {
    if (property.isNamed() && path.startsWith(property.prefix())) {
      String rest = path.substring(property.prefix().length());
      return property.path(firstPart(rest));
    }
    return property.path();
  }
}
