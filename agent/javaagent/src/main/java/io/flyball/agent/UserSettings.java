package io.flyball.agent;

/**
 * What must be known of the settings before the configuration can be read: agent arguments ({@code
 * key=value} separated by commas, {@code flyball.} may be left out), system properties,
 * environment.
 */
final class UserSettings {
  private static final String PREFIX = "flyball.";
  private static final String VARIABLE_PREFIX = "FLYBALL_";

  private UserSettings() {}

  /** {@code flyball.enabled}, true unless it says false. */
  static boolean enabled(String arguments) {
    String value = find(arguments, "enabled", "FLYBALL_ENABLED");
    return value == null || !value.trim().equalsIgnoreCase("false");
  }

  /**
   * Whether a bad configuration may have to end the JVM, as far as one can tell without the file.
   */
  static boolean mayEndTheJvm(String arguments) {
    return find(arguments, "config.on-error", "FLYBALL_CONFIG_ON_ERROR") != null;
  }

  /** Whether anything was set at all. */
  static boolean any(String arguments) {
    if (arguments != null && !arguments.trim().isEmpty()) {
      return true;
    }
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith(PREFIX)) {
        return true;
      }
    }
    for (String name : System.getenv().keySet()) {
      if (name.startsWith(VARIABLE_PREFIX)) {
        return true;
      }
    }
    return false;
  }

  private static String find(String arguments, String key, String variable) {
    String value = argument(arguments, key);
    if (value == null) {
      value = System.getProperty(PREFIX + key);
    }
    return value == null ? System.getenv(variable) : value;
  }

  private static String argument(String arguments, String key) {
    if (arguments == null || arguments.indexOf(key) < 0) {
      return null;
    }
    String found = null;
    for (String part : arguments.split(",")) {
      int equals = part.indexOf('=');
      String name = equals < 0 ? "" : part.substring(0, equals).trim();
      if (name.equals(key) || name.equals(PREFIX + key)) {
        found = part.substring(equals + 1);
      }
    }
    return found;
  }
}
