package io.flyball.engine.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/**
 * HTTP headers in their order, with names as they were written and looked up in any case.
 * Immutable.
 */
public final class Headers {
  public static final Headers EMPTY = new Headers(new String[0]);

  private static final String FOR_FLYBALL = "x-flyball-";

  private final String[] namesAndValues;

  private Headers(String[] namesAndValues) {
    this.namesAndValues = namesAndValues;
  }

  public static Builder builder() {
    return new Builder();
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
    List<String> values = new ArrayList<>(1);
    for (int i = 0; i < namesAndValues.length; i += 2) {
      if (namesAndValues[i].equalsIgnoreCase(name)) {
        values.add(namesAndValues[i + 1]);
      }
    }
    return values;
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
    Builder builder = new Builder();
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
    private final List<String> namesAndValues = new ArrayList<>();

    private Builder() {}

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
