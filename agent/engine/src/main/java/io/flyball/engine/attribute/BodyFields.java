package io.flyball.engine.attribute;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
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
    if (shape == null || body.length == 0) {
      return Collections.emptyMap();
    }
    Map<String, String> values = new HashMap<>();
    return JsonDocument.read(body, shape, values) ? values : Collections.emptyMap();
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
