package io.flyball.protocol.conversation;

/** A function that the model may call. Immutable. */
final class ToolDefinition {
  /** The schema of a function without parameters. */
  static final String NO_PARAMETERS = "{\"type\":\"object\",\"properties\":{}}";

  final String name;

  /** Null when there is none. */
  final String description;

  /** A JSON Schema. */
  final String parameters;

  /** Whether the provider must make sure that arguments fit the schema. */
  final boolean strict;

  ToolDefinition(String name, String description, String parameters, boolean strict) {
    this.name = name;
    this.description = description;
    this.parameters = parameters == null ? NO_PARAMETERS : parameters;
    this.strict = strict;
  }
}
