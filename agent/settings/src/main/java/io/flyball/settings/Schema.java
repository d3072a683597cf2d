package io.flyball.settings;

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

/**
 * All properties there are, and how a written name finds its property. Made of the sections that
 * whoever has settings declares: it knows none of them. Immutable.
 */
public final class Schema {
  private static final int MAX_VARIABLE = 300;
  private static final String ENVIRONMENT_ROOT = "FLYBALL_";

  private final List<Section<?>> sections;
  private final List<Property<?>> properties = new ArrayList<>();
  private final List<Rule> rules = new ArrayList<>();
  private final List<OtherFile> otherFiles = new ArrayList<>();

  /**
   * @param sections in the order in which they are documented and shown
   * @param rules of what concerns several of them; run behind those of the sections
   * @throws IllegalArgumentException when two properties have the same path
   */
  public Schema(List<Section<?>> sections, Rule... rules) {
    this.sections = Collections.unmodifiableList(new ArrayList<>(sections));
    Set<String> paths = new LinkedHashSet<>();
    for (Section<?> section : this.sections) {
      for (Property<?> property : section.properties()) {
        if (!paths.add(property.path())) {
          throw new IllegalArgumentException("two properties are " + property);
        }
        this.properties.add(property);
      }
      this.rules.addAll(section.rules());
      this.otherFiles.addAll(section.otherFiles());
    }
    this.rules.addAll(Arrays.asList(rules));
  }

  /** Where a written name leads. */
  public static final class Match {
    private final Property<?> property;
    private final List<String> names;

    private Match(Property<?> property, List<String> names) {
      this.property = property;
      this.names = Collections.unmodifiableList(names);
    }

    public Property<?> property() {
      return property;
    }

    public String path() {
      return property.path(names);
    }

    /** What stands in the places of the property's placeholders. */
    public List<String> names() {
      return names;
    }

    /** What the first wrong name must be; null when all are right. */
    public String brokenRule() {
      List<NameKind> kinds = property.kinds();
      for (int i = 0; i < names.size(); i++) {
        if (!kinds.get(i).allows(names.get(i))) {
          return kinds.get(i).rule();
        }
      }
      return null;
    }
  }

  /** In the order in which they are documented. */
  public List<Section<?>> sections() {
    return sections;
  }

  /** Of all sections, in their order. */
  public List<Property<?>> properties() {
    return Collections.unmodifiableList(properties);
  }

  List<Rule> rules() {
    return rules;
  }

  List<OtherFile> otherFiles() {
    return otherFiles;
  }

  /** The property of a path, or null when there is none. */
  public Match match(String path) {
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
  public Match matchEnvironment(String variable) {
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
  boolean isSection(String path) {
    for (Property<?> property : properties()) {
      if (property.goesOnFrom(path)) {
        return true;
      }
    }
    return false;
  }

  /** What to tell who wrote an unknown path; continues a sentence. */
  String hint(String path) {
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
  String environmentHint(String variable) {
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
  List<EffectiveSetting> inOrder(Collection<EffectiveSetting> settings) {
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
