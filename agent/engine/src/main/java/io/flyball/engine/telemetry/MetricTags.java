package io.flyball.engine.telemetry;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Names and values of tags in a fixed order. All recordings of one instrument give the same names;
 * a value that is not known is null, and none has control characters. Immutable.
 */
public final class MetricTags {
  public static final MetricTags NONE = new MetricTags(Collections.<String, String>emptyMap());

  private final Map<String, String> values;

  private MetricTags(Map<String, String> values) {
    this.values = values;
  }

  /** These tags and one more. */
  public MetricTags and(String name, String valueOrNull) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(Objects.requireNonNull(name, "name"), shown(valueOrNull));
    return new MetricTags(Collections.unmodifiableMap(more));
  }

  /**
   * Without what no form of metrics can say, or says raw: control characters and halves of
   * characters. Values come from requests and answers.
   */
  private static String shown(String value) {
    StringBuilder clean = null;
    for (int i = 0; value != null && i < value.length(); i++) {
      char c = value.charAt(i);
      boolean half =
          Character.isHighSurrogate(c)
              ? i + 1 == value.length() || !Character.isLowSurrogate(value.charAt(i + 1))
              : Character.isLowSurrogate(c)
                  && (i == 0 || !Character.isHighSurrogate(value.charAt(i - 1)));
      if (half || Character.isISOControl(c)) {
        clean = clean == null ? new StringBuilder(value) : clean;
        clean.setCharAt(i, '?');
      }
    }
    return clean == null ? value : clean.toString();
  }

  /** By name; values may be null. */
  public Map<String, String> asMap() {
    return values;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof MetricTags && values.equals(((MetricTags) other).values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
