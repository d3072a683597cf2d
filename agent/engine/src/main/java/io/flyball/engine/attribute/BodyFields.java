package io.flyball.engine.attribute;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The fields of a JSON body that attribution may ask for, all found in one pass that keeps nothing
 * else. Strings and whole numbers count; of a list its first one. Immutable, thread safe.
 */
final class BodyFields {
  private final JsonShape<Map<String, String>> shape;

  /** The outermost names in quotes; null when one may be written in other ways. */
  private final byte[][] quoted;

  /** Paths as {@link #isPath} has them. */
  BodyFields(Collection<String> paths) {
    Step root = new Step(null);
    for (String path : paths) {
      Step step = root;
      for (String name : path.split("\\.")) {
        step = step.next.computeIfAbsent(name, Step::new);
      }
      step.path = path;
    }
    this.shape = paths.isEmpty() ? null : root.shape();
    this.quoted = quoted(root.next.keySet());
  }

  private static byte[][] quoted(Collection<String> names) {
    List<byte[]> quoted = new ArrayList<>(names.size());
    for (String name : names) {
      if (!name.chars().allMatch(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '_'))) {
        return null;
      }
      quoted.add(('"' + name + '"').getBytes(StandardCharsets.US_ASCII));
    }
    return quoted.toArray(new byte[0][]);
  }

  /** Names of fields, from the outermost inwards, separated by dots. */
  static boolean isPath(String path) {
    return !path.isEmpty()
        && !path.startsWith(".")
        && !path.endsWith(".")
        && !path.contains("..")
        && path.indexOf(' ') < 0;
  }

  /** Values by path; nothing where the body has none or is no JSON. */
  Map<String, String> in(byte[] body) {
    if (shape == null || body.length == 0 || !mayNameOne(body)) {
      return Collections.emptyMap();
    }
    Map<String, String> values = new HashMap<>();
    return JsonDocument.read(body, shape, values) ? values : Collections.emptyMap();
  }

  /** Most bodies have none, which a look for the names tells sooner than a parser. */
  private boolean mayNameOne(byte[] body) {
    if (quoted == null) {
      return true;
    }
    for (int i = 0; i < body.length; i++) {
      if (body[i] == '"') {
        for (byte[] name : quoted) {
          if (isAt(body, i, name)) {
            return true;
          }
        }
      } else if (body[i] == '\\' && i + 1 < body.length && body[i + 1] == 'u') {
        // Letters can be written so, too.
        return true;
      }
    }
    return false;
  }

  private static boolean isAt(byte[] body, int offset, byte[] name) {
    if (name.length > body.length - offset) {
      return false;
    }
    for (int i = 1; i < name.length; i++) {
      if (body[offset + i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  /** A field on the way to those that are wanted, or one of them. */
  private static final class Step {
    private final String name;
    private final Map<String, Step> next = new LinkedHashMap<>();

    /** Null when only fields further in are wanted. */
    private String path;

    Step(String name) {
      this.name = name;
    }

    JsonShape<Map<String, String>> shape() {
      JsonShape.Builder<Map<String, String>> shape = JsonShape.builder();
      List<Step> steps = new ArrayList<>(next.values());
      for (Step step : steps) {
        if (step.path != null) {
          shape.value(step.name, step::tell);
        }
        if (!step.next.isEmpty()) {
          shape.inside(step.name, step.shape());
        }
      }
      return shape.build();
    }

    private void tell(Map<String, String> values, JsonValue value) {
      if (values.containsKey(path)) {
        return;
      }
      String text = value.text();
      if (text == null && value.integer() != null) {
        text = value.integer().toString();
      }
      if (text != null && !text.isEmpty()) {
        values.put(path, text);
      }
    }
  }
}
