package io.flyball.engine.config;

import java.util.ArrayList;
import java.util.List;

/** Writes {@code docs/configuration.md} from the properties' own words. */
final class ConfigurationPage {
  private static final String INTRODUCTION =
      String.join(
          "\n",
          "<!-- Generated from the configuration classes by ./flyball docs. Do not edit. -->",
          "# Configuration",
          "",
          "A property can be set in five places; an earlier one wins:",
          "",
          "1. agent arguments: `-javaagent:flyball-agent.jar=mode=observe,console.port=0`",
          "   (`flyball.` in front may be left out; a part without `=` goes on with the value before"
              + " it)",
          "2. system properties: `-Dflyball.mode=observe`",
          "3. environment variables: `FLYBALL_MODE=observe` (an empty one counts as not set)",
          "4. the YAML file that `flyball.config.file` names",
          "5. the default",
          "",
          "The YAML file may nest or use dots, with or without a root `flyball:`. These are the"
              + " same:",
          "",
          "```yaml",
          "console:",
          "  port: 9464",
          "```",
          "",
          "```yaml",
          "flyball:",
          "  console.port: 9464",
          "```",
          "",
          "## Mistakes",
          "",
          "An unknown property, a value that cannot be understood or a reference that yields nothing"
              + " is an error. All errors are",
          "reported at once, each with its place, down to line and column of the file. At start"
              + " Flyball then switches itself off, or",
          "stops the JVM with `flyball.config.on-error=exit`. An unknown `FLYBALL_*` variable is only"
              + " a warning, since it may hold a",
          "secret for a reference. `java -jar flyball-agent.jar check-config FILE` tells what is wrong"
              + " with a file.",
          "",
          "## Secrets",
          "",
          "Any value may hold references: `${env:NAME}` is an environment variable,"
              + " `${file:/run/secrets/token}` the content of a",
          "file without surrounding white space. What they yield is never shown or logged.",
          "",
          "## Changes while running",
          "",
          "The file is read again when its content changes. With errors, the configuration before"
              + " stays in force and the errors are",
          "logged. Properties marked *restart* keep their value until the application starts again."
              + "",
          "",
          "## OpenTelemetry",
          "",
          "The standard settings (`otel.exporter.otlp.endpoint`, `OTEL_EXPORTER_OTLP_ENDPOINT`, ...)"
              + " are understood as system",
          "properties, environment variables and agent arguments. They are not part of the YAML"
              + " file.",
          "");

  private ConfigurationPage() {}

  static String text() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    for (Section section : Schema.SECTIONS) {
      page.append("\n## ").append(section.title()).append("\n\n");
      if (!section.introduction().isEmpty()) {
        page.append(section.introduction()).append("\n\n");
      }
      page.append("| property | environment | YAML | default | meaning |\n|---|---|---|---|---|\n");
      for (Property<?> property : section.properties()) {
        appendRow(page, property);
      }
    }
    return page.toString();
  }

  private static void appendRow(StringBuilder page, Property<?> property) {
    List<String> cells = new ArrayList<>();
    cells.add(code(Property.fullName(property.path())));
    cells.add(code(Property.environmentName(property.path())));
    cells.add(code(yaml(property)));
    cells.add(defaultOf(property));
    cells.add(property.meaning() + (property.needsRestart() ? " *restart*" : ""));
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String defaultOf(Property<?> property) {
    if (property.defaultNote() != null) {
      return property.defaultNote();
    }
    return property.defaultText() == null ? "\u2013" : code(property.defaultText());
  }

  /** The property set to its example, nested, on one line. */
  static String yaml(Property<?> property) {
    String[] parts = property.path().split("\\.", -1);
    StringBuilder nested = new StringBuilder();
    for (int i = 0; i < parts.length; i++) {
      nested.append(i == 0 ? "" : "{").append(parts[i]).append(": ");
    }
    nested.append(yamlValue(property));
    for (int i = 1; i < parts.length; i++) {
      nested.append('}');
    }
    return nested.toString();
  }

  private static String yamlValue(Property<?> property) {
    if (property.type().isList()) {
      return "[" + property.example() + "]";
    }
    boolean plain = property.example().matches("[A-Za-z0-9~/.%-]+");
    return plain ? property.example() : '"' + property.example() + '"';
  }

  private static String code(String text) {
    return '`' + text + '`';
  }
}
