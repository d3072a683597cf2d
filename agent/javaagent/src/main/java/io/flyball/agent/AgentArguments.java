package io.flyball.agent;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * What stands after {@code -javaagent:flyball-agent.jar=}: {@code key=value} pairs separated by
 * commas. A part without an equals sign belongs to the value before it, so that lists can be
 * written as they are: {@code fallback.chain=a,b,mode=observe}. The prefix {@code flyball.} may be
 * left out.
 */
final class AgentArguments {
  private static final String PREFIX = "flyball.";
  private static final String ENABLED = "flyball.enabled";

  private AgentArguments() {}

  /**
   * Settings by full property name, in their order.
   *
   * @param arguments may be null
   * @throws IllegalArgumentException when the first part has no equals sign, or a key is empty
   */
  static Map<String, String> parse(String arguments) {
    Map<String, String> settings = new LinkedHashMap<>();
    if (arguments == null || arguments.trim().isEmpty()) {
      return settings;
    }
    String key = null;
    for (String part : arguments.split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        if (key == null) {
          throw new IllegalArgumentException(
              "agent arguments are key=value pairs separated by commas, but the first has no '='");
        }
        settings.put(key, settings.get(key) + ',' + part);
        continue;
      }
      key = fullName(part.substring(0, equals).trim());
      settings.put(key, part.substring(equals + 1).trim());
    }
    return settings;
  }

  private static String fullName(String key) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException("agent arguments: a value without a key");
    }
    return key.startsWith(PREFIX) || key.startsWith("otel.") ? key : PREFIX + key;
  }

  /** Whether Flyball is wanted at all: agent argument, then system property, then environment. */
  static boolean enabled(String arguments) {
    String value = null;
    if (arguments != null && arguments.contains("enabled")) {
      value = parse(arguments).get(ENABLED);
    }
    if (value == null) {
      value = System.getProperty(ENABLED);
    }
    if (value == null) {
      value = System.getenv("FLYBALL_ENABLED");
    }
    return value == null || !"false".equals(value.trim().toLowerCase(Locale.ROOT));
  }
}
