package io.flyball.engine.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All properties there are, and how a written name finds its property. */
final class Schema {
  static final List<Section> SECTIONS =
      Collections.unmodifiableList(
          Arrays.asList(
              FlyballConfig.SECTION,
              LogConfig.SECTION,
              InstrumentationConfig.SECTION,
              EndpointConfig.SECTION,
              TargetConfig.SECTION,
              RetryConfig.SECTION,
              TimeoutConfig.SECTION,
              BreakerConfig.SECTION,
              FallbackConfig.SECTION,
              StreamConfig.SECTION,
              HedgeConfig.SECTION,
              LimitConfig.SECTION,
              RequestConfig.SECTION,
              BypassConfig.SECTION,
              MemoryConfig.SECTION,
              AttributionConfig.SECTION,
              EventsConfig.SECTION,
              ContentConfig.SECTION,
              ConsoleConfig.SECTION,
              BudgetConfig.SECTION,
              AnomalyConfig.SECTION,
              RedisConfig.SECTION,
              PricesConfig.SECTION));

  private static final List<Property<?>> PROPERTIES = allProperties();
  private static final int MAX_VARIABLE = 300;
  private static final String ENVIRONMENT_ROOT = "FLYBALL_";

  /** Where a written name leads. */
  static final class Match {
    private final Property<?> property;
    private final List<String> names;

    private Match(Property<?> property, List<String> names) {
      this.property = property;
      this.names = Collections.unmodifiableList(names);
    }

    Property<?> property() {
      return property;
    }

    String path() {
      return property.path(names);
    }

    /** What stands in the places of the property's placeholders. */
    List<String> names() {
      return names;
    }

    /** What the first wrong name must be; null when all are right. */
    String brokenRule() {
      List<NameKind> kinds = property.kinds();
      for (int i = 0; i < names.size(); i++) {
        if (!kinds.get(i).allows(names.get(i))) {
          return kinds.get(i).rule();
        }
      }
      return null;
    }
  }

  private Schema() {}

  static List<Property<?>> properties() {
    return PROPERTIES;
  }

  private static List<Property<?>> allProperties() {
    List<Property<?>> properties = new ArrayList<>();
    for (Section section : SECTIONS) {
      properties.addAll(section.properties());
    }
    return Collections.unmodifiableList(properties);
  }

  /** The property of a path, or null when there is none. */
  static Match match(String path) {
    for (Property<?> property : properties()) {
      List<String> names = property.namesIn(path);
      if (names != null) {
        return new Match(property, names);
      }
    }
    return null;
  }

  /**
   * The property of an environment variable, or null when there is none. Where several could be
   * meant, since names are not told from the rest there, it is the one with the most names.
   */
  static Match matchEnvironment(String variable) {
    Match best = null;
    if (variable.length() > MAX_VARIABLE) {
      return null;
    }
    for (Property<?> property : properties()) {
      List<String> names = property.namesInVariable(variable);
      if (names != null && (best == null || names.size() > best.names.size())) {
        best = new Match(property, names);
      }
    }
    return best;
  }

  /** Whether some property's path goes on from there. */
  static boolean isSection(String path) {
    for (Property<?> property : properties()) {
      if (property.goesOnFrom(path)) {
        return true;
      }
    }
    return false;
  }

  /** What to tell who wrote an unknown path; continues a sentence. */
  static String hint(String path) {
    if (firstPart(path).equals("otel")) {
      return "OpenTelemetry's settings are no part of the file, and have no flyball. in front: set"
          + " -Dotel.exporter.otlp.endpoint=..., or the variable OTEL_EXPORTER_OTLP_ENDPOINT";
    }
    Map<String, String> candidates = new LinkedHashMap<>();
    Set<String> sameSection = new LinkedHashSet<>();
    Set<String> all = new LinkedHashSet<>();
    for (Property<?> property : properties()) {
      String candidate = property.resembling(path);
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

  private static String firstPart(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }
}
