package io.flyball.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * HTTP headers in their order, with names as they were written and looked up in any case.
 * Immutable.
 */
public final class Headers {
  public static final Headers EMPTY = new Headers(new String[0]);

  private static final int USUAL_SIZE = 5;

  /** To an answer's: what it cost, and so on. */
  private static final int MOST_USUALLY_ADDED = 4;

  private static final String FOR_FLYBALL = "x-flyball-";

  private final String[] namesAndValues;

  private Headers(String[] namesAndValues) {
    this.namesAndValues = namesAndValues;
  }

  public static Builder builder() {
    return builder(USUAL_SIZE);
  }

  /**
   * @param size how many are likely to be added
   */
  public static Builder builder(int size) {
    return new Builder(size);
  }

  /** Whether a request's header of that name is said to Flyball ({@code x-flyball-*}). */
  public static boolean isForFlyball(String name) {
    return name.regionMatches(true, 0, FOR_FLYBALL, 0, FOR_FLYBALL.length());
  }

  /** Alternating names and values. */
  public static Headers of(String... namesAndValues) {
    if (namesAndValues.length % 2 != 0) {
      throw new IllegalArgumentException("a header has a name and a value");
    }
    Builder builder = builder();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      builder.add(namesAndValues[i], namesAndValues[i + 1]);
    }
    return builder.build();
  }

  public int size() {
    return namesAndValues.length / 2;
  }

  public String name(int index) {
    return namesAndValues[index * 2];
  }

  public String value(int index) {
    return namesAndValues[index * 2 + 1];
  }

  /** The first value of that name, or null. */
  public String first(String name) {
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i].equalsIgnoreCase(name)) {
        return namesAndValues[i + 1];
      }
    }
    return null;
  }

  /** All values of that name in order; empty when there are none. */
  public List<String> all(String name) {
    return all(namesAndValues, 0, namesAndValues.length, name);
  }

  private static List<String> all(String[] namesAndValues, int from, int to, String name) {
    List<String> values = Collections.emptyList();
    for (int i = from; i < to; i += 2) {
      if (namesAndValues[i].equalsIgnoreCase(name)) {
        values = values.isEmpty() ? new ArrayList<>(1) : values;
        values.add(namesAndValues[i + 1]);
      }
    }
    return values;
  }

  /**
   * In lower case the names that do not have the same values in the same order here as there.
   * Whatever is the same at the beginning and at the end, which is most of an answer's many
   * headers, is looked at once.
   */
  public Set<String> differing(Headers other) {
    String[] here = namesAndValues;
    String[] there = other.namesAndValues;
    int shorter = Math.min(here.length, there.length);
    int begin = 0;
    while (begin < shorter && isSame(here, begin, there, begin)) {
      begin += 2;
    }
    int end = 0;
    while (end < shorter - begin
        && isSame(here, here.length - end - 2, there, there.length - end - 2)) {
      end += 2;
    }
    if (begin + end == here.length && here.length == there.length) {
      return Collections.emptySet();
    }
    Set<String> differing = new LinkedHashSet<>();
    addDiffering(here, there, begin, end, differing);
    addDiffering(there, here, begin, end, differing);
    return differing;
  }

  private static boolean isSame(String[] one, int at, String[] other, int otherAt) {
    return one[at].equals(other[otherAt]) && one[at + 1].equals(other[otherAt + 1]);
  }

  private static void addDiffering(
      String[] one, String[] other, int begin, int end, Set<String> differing) {
    for (int i = begin; i < one.length - end; i += 2) {
      if (!all(one, begin, one.length - end, one[i])
          .equals(all(other, begin, other.length - end, one[i]))) {
        differing.add(one[i].toLowerCase(Locale.ROOT));
      }
    }
  }

  /** These headers without that name. */
  public Headers without(String name) {
    return first(name) == null ? this : toBuilder().remove(name).build();
  }

  /** These headers without those that are said to Flyball. */
  public Headers withoutFlyballs() {
    Builder kept = null;
    for (int i = namesAndValues.length - 2; i >= 0; i -= 2) {
      if (isForFlyball(namesAndValues[i])) {
        if (kept == null) {
          kept = toBuilder();
        }
        kept.namesAndValues.remove(i + 1);
        kept.namesAndValues.remove(i);
      }
    }
    return kept == null ? this : kept.build();
  }

  /** These headers with exactly one value for that name (in its old place when it had one). */
  public Headers with(String name, String value) {
    return toBuilder().set(name, value).build();
  }

  public Builder toBuilder() {
    Builder builder = new Builder(size() + MOST_USUALLY_ADDED);
    Collections.addAll(builder.namesAndValues, namesAndValues);
    return builder;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Headers
        && Arrays.equals(namesAndValues, ((Headers) other).namesAndValues);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(namesAndValues);
  }

  /** Names only: values may be secrets. */
  @Override
  public String toString() {
    StringBuilder names = new StringBuilder("Headers");
    char separator = '[';
    for (int i = 0; i < size(); i++) {
      names.append(separator).append(name(i));
      separator = ',';
    }
    return separator == '[' ? "Headers[]" : names.append(']').toString();
  }

  /** Builds {@link Headers}. */
  public static final class Builder {
    private final ArrayList<String> namesAndValues;

    private Builder(int size) {
      namesAndValues = new ArrayList<>(2 * size);
    }

    public Builder add(String name, String value) {
      namesAndValues.add(Objects.requireNonNull(name, "name"));
      namesAndValues.add(Objects.requireNonNull(value, "value"));
      return this;
    }

    public Builder remove(String name) {
      for (int i = namesAndValues.size() - 2; i >= 0; i -= 2) {
        if (namesAndValues.get(i).equalsIgnoreCase(name)) {
          namesAndValues.remove(i + 1);
          namesAndValues.remove(i);
        }
      }
      return this;
    }

    public Builder set(String name, String value) {
      for (int i = 0; i < namesAndValues.size(); i += 2) {
        if (namesAndValues.get(i).equalsIgnoreCase(name)) {
          namesAndValues.set(i + 1, Objects.requireNonNull(value, "value"));
          for (int j = namesAndValues.size() - 2; j > i; j -= 2) {
            if (namesAndValues.get(j).equalsIgnoreCase(name)) {
              namesAndValues.remove(j + 1);
              namesAndValues.remove(j);
            }
          }
          return this;
        }
      }
      return add(name, value);
    }

    public Headers build() {
      return namesAndValues.isEmpty() ? EMPTY : new Headers(namesAndValues.toArray(new String[0]));
    }
  }
}
