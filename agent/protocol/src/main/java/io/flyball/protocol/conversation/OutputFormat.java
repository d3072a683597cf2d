package io.flyball.protocol.conversation;

/** JSON that the answer's text must be. Immutable. */
final class OutputFormat {
  /** Null when any object will do. */
  final String schema;

  /** Null when it has none. */
  final String name;

  final String description;
  final boolean strict;

  private OutputFormat(String schema, String name, String description, boolean strict) {
    this.schema = schema;
    this.name = name;
    this.description = description;
    this.strict = strict;
  }

  static OutputFormat anyObject() {
    return new OutputFormat(null, null, null, false);
  }

  static OutputFormat schema(String schema, String name, String description, boolean strict) {
    return new OutputFormat(schema, name, description, strict);
  }
}
