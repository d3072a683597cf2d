package io.flyball.engine.price;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A JSON object in one of the many ways in which providers and gateways write the same: counts as
 * numbers, decimals or strings, names twice, nulls, zeros and strange fields between them, in any
 * order.
 */
final class UsageJson {
  private final Random random;
  private final Map<String, Object> fields = new LinkedHashMap<>();

  UsageJson(Random random) {
    this.random = random;
  }

  /** A count, an amount, a text, another object, or a list of them. */
  UsageJson with(String name, Object value) {
    fields.put(name, value);
    return this;
  }

  /** The same where there is something to say; else sometimes a zero, a null, or nothing. */
  UsageJson perhaps(String name, long count) {
    int choice = count > 0 ? 0 : random.nextInt(3);
    if (choice == 0) {
      fields.put(name, count);
    } else if (choice == 1) {
      fields.put(name, null);
    }
    return this;
  }

  /** A name that says nothing: absent, null or zero. */
  UsageJson twin(String name) {
    return perhaps(name, 0);
  }

  /** Written plainly when {@code strange} is not wanted. */
  String write(boolean strange) {
    List<String> written = new ArrayList<>();
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      String name = "\"" + field.getKey() + "\":";
      String value = value(field.getValue(), strange);
      boolean count = field.getValue() instanceof Long;
      int twice = strange && count ? random.nextInt(8) : -1;
      written.add(
          twice == 0
              ? name + "0," + name + value
              : twice == 1
                  ? name + value + "," + name + "null"
                  : twice == 2 ? name + value + "," + name + value : name + value);
    }
    if (strange) {
      if (random.nextInt(3) == 0) {
        written.add("\"something_new\":{\"tokens\":17,\"list\":[1,{\"a\":\"b\"}]}");
      }
      Collections.shuffle(written, random);
    }
    return "{" + String.join(",", written) + "}";
  }

  private String value(Object value, boolean strange) {
    if (value instanceof UsageJson) {
      return ((UsageJson) value).write(strange);
    }
    if (value instanceof List) {
      List<String> elements = new ArrayList<>();
      for (Object each : (List<?>) value) {
        elements.add(value(each, strange));
      }
      return "[" + String.join(",", elements) + "]";
    }
    if (value instanceof Long && strange) {
      switch (random.nextInt(6)) {
        case 0:
          return "\"" + value + "\"";
        case 1:
          return value + ".0";
        case 2:
          return "\" " + value + "\"";
        default:
          break;
      }
    }
    return value instanceof String ? "\"" + value + "\"" : String.valueOf(value);
  }
}
