package io.flyball.protocol.conversation;

import io.flyball.protocol.json.JsonTree;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which JSON Schemas providers can hold a model to; they refuse the others. */
final class SchemaSubset {
  private static final List<String> NOT_ANTHROPIC =
      Arrays.asList(
          "minimum",
          "maximum",
          "exclusiveMinimum",
          "exclusiveMaximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "maxItems",
          "uniqueItems",
          "patternProperties",
          "oneOf",
          "not",
          "if");

  private SchemaSubset() {}

  /** OpenAI's strict mode: objects are closed and all their properties required. */
  static boolean isStrictForOpenAi(String schema) {
    JsonTree tree = JsonText.object(schema);
    return tree != null && fits(tree, true);
  }

  /** Objects are closed, and there are none of the rules about sizes. */
  static boolean isForAnthropic(String schema) {
    JsonTree tree = JsonText.object(schema);
    return tree != null && fits(tree, false);
  }

  private static boolean fits(JsonTree schema, boolean openAi) {
    if (!schema.isObject()) {
      return true;
    }
    JsonTree properties = schema.get("properties");
    if (isObjectType(schema.get("type")) || properties != null) {
      JsonTree additional = schema.get("additionalProperties");
      boolean closed = additional != null && "false".equals(additional.json());
      if (!closed || (openAi && !allRequired(schema, properties))) {
        return false;
      }
    }
    for (JsonTree field : schema.children()) {
      if (!openAi && NOT_ANTHROPIC.contains(field.name())) {
        return false;
      }
      if (!fieldFits(field, openAi)) {
        return false;
      }
    }
    return true;
  }

  private static boolean fieldFits(JsonTree field, boolean openAi) {
    switch (field.name()) {
      case "properties":
      case "$defs":
      case "definitions":
      case "anyOf":
      case "allOf":
        for (JsonTree child : field.children()) {
          if (!fits(child, openAi)) {
            return false;
          }
        }
        return true;
      case "items":
        return fits(field, openAi);
      default:
        return true;
    }
  }

  private static boolean isObjectType(JsonTree type) {
    if (type == null) {
      return false;
    }
    for (JsonTree one : type.children()) {
      if ("object".equals(one.text())) {
        return true;
      }
    }
    return "object".equals(type.text());
  }

  private static boolean allRequired(JsonTree schema, JsonTree properties) {
    Set<String> required = new HashSet<>();
    if (schema.get("required") != null) {
      for (JsonTree name : schema.get("required").children()) {
        required.add(name.text());
      }
    }
    if (properties != null) {
      for (JsonTree property : properties.children()) {
        if (!required.contains(property.name())) {
          return false;
        }
      }
    }
    return true;
  }
}
