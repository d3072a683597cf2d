package io.flyball.instrumentation.httpurlconnection;

import io.flyball.wire.Headers;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The fields of a response as {@link HttpURLConnection} counts them: number 0 is the status line,
 * which has no name, and neither has a line that is no field. Immutable.
 */
final class Fields {
  private final List<String> names;
  private final List<String> values;

  private Fields(List<String> names, List<String> values) {
    this.names = names;
    this.values = values;
  }

  /** What that connection, which has been answered, has of them by now. */
  static Fields of(HttpURLConnection answered) {
    Fields all = new Fields(new ArrayList<>(), new ArrayList<>());
    for (int n = 0; ; n++) {
      String value = answered.getHeaderField(n);
      if (value == null) {
        return all;
      }
      all.add(answered.getHeaderFieldKey(n), value);
    }
  }

  /** Those of an answer that no connection has. */
  static Fields of(String statusLine, Headers headers) {
    Fields all = new Fields(new ArrayList<>(), new ArrayList<>());
    all.add(null, statusLine);
    for (int i = 0; i < headers.size(); i++) {
      all.add(headers.name(i), headers.value(i));
    }
    return all;
  }

  private void add(String name, String value) {
    names.add(name);
    values.add(value);
  }

  /** Those that have a name. */
  Headers headers() {
    Headers.Builder builder = Headers.builder(names.size());
    for (int n = 0; n < names.size(); n++) {
      if (names.get(n) != null) {
        builder.add(names.get(n), values.get(n));
      }
    }
    return builder.build();
  }

  /**
   * These with what differs in the others; what does not keeps its number, also lines without a
   * name, of which headers do not know.
   */
  Fields changedTo(Headers others) {
    Set<String> differing = headers().differing(others);
    if (differing.isEmpty()) {
      return this;
    }
    Fields changed = new Fields(new ArrayList<>(names.size()), new ArrayList<>(names.size()));
    for (int n = 0; n < names.size(); n++) {
      String name = names.get(n);
      if (name == null || !differing.contains(name.toLowerCase(Locale.ROOT))) {
        changed.add(name, values.get(n));
      }
    }
    for (int i = 0; i < others.size(); i++) {
      String name = others.name(i);
      if (differing.contains(name.toLowerCase(Locale.ROOT))) {
        changed.add(name, others.value(i));
      }
    }
    return changed;
  }

  /** These and then the others from that number on. */
  Fields and(Fields others, int from) {
    Fields both = new Fields(new ArrayList<>(names), new ArrayList<>(values));
    for (int n = from; n < others.size(); n++) {
      both.add(others.names.get(n), others.values.get(n));
    }
    return both;
  }

  int size() {
    return names.size();
  }

  /** Null for the status line and where there is no such field. */
  String name(int n) {
    return n >= 0 && n < names.size() ? names.get(n) : null;
  }

  /** Null where there is no such field. */
  String value(int n) {
    return n >= 0 && n < values.size() ? values.get(n) : null;
  }

  /**
   * The value of the last field of that name in any case, or null.
   *
   * @param name null for the last line without a name
   */
  String last(String name) {
    for (int n = names.size() - 1; n >= 0; n--) {
      String other = names.get(n);
      if (name == null ? other == null : name.equalsIgnoreCase(other)) {
        return values.get(n);
      }
    }
    return null;
  }

  /**
   * By their names as they were sent.
   *
   * @param theirs how this JDK has the fields of a connection, which tells the order of those with
   *     one name: last first, until JDK-8133686 was fixed in 22 and wherever that went
   */
  Map<String, List<String>> toMap(Map<String, List<String>> theirs) {
    Map<String, List<String>> fields = new HashMap<>();
    for (int n = names.size() - 1; n >= 0; n--) {
      fields.computeIfAbsent(names.get(n), name -> new ArrayList<>(1)).add(values.get(n));
    }
    fields.forEach(
        (name, all) -> {
          List<String> inOrder = new ArrayList<>(all);
          Collections.reverse(inOrder);
          if (inOrder.equals(theirs.get(name))) {
            Collections.reverse(all);
          }
        });
    fields.replaceAll((name, all) -> Collections.unmodifiableList(all));
    return Collections.unmodifiableMap(fields);
  }
}
