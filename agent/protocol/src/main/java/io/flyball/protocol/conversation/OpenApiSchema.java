package io.flyball.protocol.conversation;

import io.flyball.protocol.json.JsonTree;
import io.flyball.protocol.json.JsonWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The schemas of Gemini that are OpenAPI's and not JSON Schema: {@code {"type":"STRING"}}. */
final class OpenApiSchema {
  private static final List<String> ONE_SCHEMA = Arrays.asList("items", "additionalProperties");
  private static final List<String> SCHEMAS = Arrays.asList("anyOf", "any_of", "prefixItems");

  private OpenApiSchema() {}

  static String toJsonSchema(JsonTree schema) throws UntranslatableException {
    if (!schema.isObject()) {
      throw Fields.malformed("schema");
    }
    JsonWriter out = new JsonWriter();
    write(schema, out);
    return new String(out.finish(), StandardCharsets.UTF_8);
  }

  private static void write(JsonTree schema, JsonWriter out) {
    boolean nullable = schema.get("nullable") != null && schema.get("nullable").isTrue();
    out.startObject();
    for (JsonTree field : schema.children()) {
      if (schema.get(field.name()) == field) {
        field(field, nullable, out);
      }
    }
    out.endObject();
  }

  private static void field(JsonTree field, boolean nullable, JsonWriter out) {
    String name = field.name();
    if (name.equals("type") && field.text() != null) {
      type(field.text().toLowerCase(Locale.ROOT), nullable, out);
    } else if (name.equals("properties") && field.isObject()) {
      out.name(name).startObject();
      for (JsonTree property : field.children()) {
        if (field.get(property.name()) == property) {
          out.name(property.name());
          value(property, out);
        }
      }
      out.endObject();
    } else if (ONE_SCHEMA.contains(name)) {
      out.name(name);
      value(field, out);
    } else if (SCHEMAS.contains(name) && field.isArray()) {
      out.name(name.equals("any_of") ? "anyOf" : name).startArray();
      for (JsonTree one : field.children()) {
        value(one, out);
      }
      out.endArray();
    } else if (!name.equals("nullable") && !name.equalsIgnoreCase("propertyOrdering")) {
      out.name(name);
      // Protocol buffers write 64-bit numbers as strings.
      boolean quotedNumber =
          field.text() != null && name.matches("(min|max)(Items|Length|Properties)");
      boolean digits = quotedNumber && field.text().matches("\\d{1,18}");
      out.json(digits ? field.text() : field.json());
    }
  }

  private static void type(String type, boolean nullable, JsonWriter out) {
    if (nullable) {
      out.name("type").startArray().string(type).string("null").endArray();
    } else {
      out.string("type", type);
    }
  }

  private static void value(JsonTree value, JsonWriter out) {
    if (value.isObject()) {
      write(value, out);
    } else {
      out.json(value.json());
    }
  }
}
