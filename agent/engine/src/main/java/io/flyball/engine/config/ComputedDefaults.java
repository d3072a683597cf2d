package io.flyball.engine.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The defaults that depend on the program. */
final class ComputedDefaults {
  private final Map<String, String> properties;
  private final Map<String, String> otel;

  ComputedDefaults(Map<String, String> properties, Map<String, String> otel) {
    this.properties = properties;
    this.otel = otel;
  }

  EffectiveSetting service() {
    String name = otel.get("otel.service.name");
    if (name != null) {
      return service(name, "otel.service.name");
    }
    name = serviceAmong(otel.getOrDefault("otel.resource.attributes", ""));
    if (name != null) {
      return service(name, "otel.resource.attributes");
    }
    name = program(properties.getOrDefault("sun.java.command", "").trim());
    return name.isEmpty() ? service("unknown", "default") : service(name, "main class or jar");
  }

  /** {@code ~/.flyball/<service>}, or nothing where there is no home. */
  EffectiveSetting dataDir(String service) {
    String home = properties.get("user.home");
    Path dir = null;
    // Java says "?" for a user without an entry in the system's list, as in many containers.
    if (home != null && !home.isEmpty() && !home.equals("?")) {
      try {
        dir = Paths.get(home, ".flyball", ServiceFolder.name(service));
      } catch (InvalidPathException e) {
        dir = null;
      }
    }
    String shown = dir == null ? "none" : dir.toString();
    return new EffectiveSetting(
        FlyballConfig.DATA_DIR.path(),
        FlyballConfig.DATA_DIR,
        dir,
        shown,
        EffectiveSetting.DEFAULT);
  }

  /** Where somebody else can be asked, who does not answer is not waited for as long as can be. */
  static List<EffectiveSetting> withChain() {
    return Arrays.asList(
        limit(TimeoutConfig.FIRST_TOKEN, TimeoutConfig.FIRST_TOKEN_WITH_CHAIN),
        limit(TimeoutConfig.RESPONSE, TimeoutConfig.RESPONSE_WITH_CHAIN));
  }

  private static EffectiveSetting limit(Property<Duration> property, String text) {
    Duration value = property.defaultsTo(text).defaultValue();
    return new EffectiveSetting(property.path(), property, value, text, EffectiveSetting.DEFAULT);
  }

  private static EffectiveSetting service(String name, String source) {
    return new EffectiveSetting(
        FlyballConfig.SERVICE.path(), FlyballConfig.SERVICE, name, name, source);
  }

  /** {@code service.name} in {@code k=v,k=v}, or null. */
  private static String serviceAmong(String resourceAttributes) {
    for (String pair : resourceAttributes.split(",", -1)) {
      String trimmed = pair.trim();
      if (trimmed.startsWith("service.name=") && trimmed.length() > "service.name=".length()) {
        return trimmed.substring("service.name=".length());
      }
    }
    return null;
  }

  /**
   * The main class without its package, or the jar without its folder and ending, from {@code
   * sun.java.command}: either of them (a class of a module as {@code module/class}), then the
   * program's own arguments.
   */
  private static String program(String command) {
    int space = command.indexOf(' ');
    int jar = command.indexOf(".jar");
    boolean path = command.startsWith("/") || command.startsWith(".") || command.contains(":\\");
    // Only a path may have a space in it before its end.
    if (jar >= 0 && (space < 0 || jar < space || path)) {
      String file = command.substring(0, jar).replace('\\', '/');
      return file.substring(file.lastIndexOf('/') + 1);
    }
    String main = space < 0 ? command : command.substring(0, space);
    main = main.substring(main.lastIndexOf('/') + 1);
    return main.substring(main.lastIndexOf('.') + 1);
  }
}
