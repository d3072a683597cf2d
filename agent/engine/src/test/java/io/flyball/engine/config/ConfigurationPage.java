package io.flyball.engine.config;

import io.flyball.settings.ConfigLoader;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
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
          "`<name>` in a property is yours to choose: lower case letters, digits and dashes. In a"
              + " variable it is written with",
          "underscores: `FLYBALL_BUDGET_MY_TEAM_LIMIT` is `flyball.budget.my-team.limit`.",
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
              + " is an error, and so is a file that",
          "cannot be read: it must be a regular one of 1 MB at most, and come within five seconds."
              + " So is a price file",
          "(`flyball.prices.file`, 4 MB at most) that is not there or not as it must be; it is read at"
              + " start. The errors are",
          "reported at once, each with its place, down to line and column of the file. At start"
              + " Flyball then switches itself off,",
          "**budgets and limits included**, or stops the JVM with `flyball.config.on-error=exit`."
              + " Set that as an argument, a system",
          "property or a variable: the application begins only after it. In the YAML file it is seen"
              + " when the application may have begun, and not at all where",
          "that file cannot be read or is no valid YAML.",
          "",
          "What contradicts itself (a part"
              + " of a call that may take longer than the call, an instrumentation that does not exist) is"
              + " a warning,",
          "and so is a target's URL that most likely is not its base URL. An unknown `FLYBALL_*` variable is only"
              + " a warning, since it may hold a",
          "secret for a reference. `java -jar flyball-agent.jar check-config FILE` tells what is wrong"
              + " with a file and with the price",
          "file that it names; with `--offline` the secrets need not be there. `attach` checks in the same"
              + " way before it attaches, and attaches nothing",
          "where something is wrong. A reference to a file is only known to be good there: where it is not, `attach` says so afterwards, Flyball is off",
          "there, and another `attach` may try again.",
          "",
          "## Secrets",
          "",
          "Any value may hold references: `${env:NAME}` is an environment variable,"
              + " `${file:/run/secrets/token}` the content of a",
          "file without surrounding white space. What they yield is never shown or logged, but as part of the"
              + " file, folder or host that a line of the log speaks of.",
          "",
          "## Changes while running",
          "",
          "The file is read again when its content changes. With errors, the configuration before"
              + " stays in force and the errors are",
          "logged. A section, or a name in one, with nothing under it is an error, because whoever writes the file may"
              + " not be done, and so is a file that sets nothing at all;",
          "at start that is only a warning. `{}` sets nothing on purpose.",
          "Properties marked *restart* keep their value until the application starts again." + "",
          "",
          "## OpenTelemetry",
          "",
          "The standard settings (`otel.exporter.otlp.endpoint`, `OTEL_EXPORTER_OTLP_ENDPOINT`, ...)"
              + " are understood as system",
          "properties, environment variables and agent arguments. They are not part of the YAML"
              + " file.",
          "");

  private static final String NOTHING = "\u2013";

  private ConfigurationPage() {}

  static String text() {
    StringBuilder page = new StringBuilder(INTRODUCTION);
    for (Section<?> section : Sections.SCHEMA.sections()) {
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
    cells.add(property == ConfigLoader.FILE ? NOTHING : code(yaml(property)));
    cells.add(defaultOf(property));
    cells.add(property.meaning() + (property.needsRestart() ? " *restart*" : ""));
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String defaultOf(Property<?> property) {
    if (property.defaultNote() != null) {
      return property.defaultNote();
    }
    return property.defaultText() == null ? NOTHING : code(property.defaultText());
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
