package io.flyball.engine.config;

import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The defaults that depend on the program. */
final class ComputedDefaults {
  /** The source of a service's name that is the program's. */
  private static final String PROGRAM = "main class or jar";

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
    name = program().name();
    return name.isEmpty() ? service("unknown", "default") : service(name, PROGRAM);
  }

  /** What earlier versions called a service that nobody has named; else its name. */
  String formerService(EffectiveSetting named) {
    return named.source().equals(PROGRAM) ? program().former() : (String) named.parsed();
  }

  private Program program() {
    return Program.of(
        properties.getOrDefault("sun.java.command", "").trim(),
        properties.getOrDefault("java.class.path", ""),
        properties.getOrDefault("path.separator", File.pathSeparator));
  }

  /**
   * {@code ~/.flyball/<service>}, or nothing where there is no home. Where nobody has named the
   * service, programs whose names are the same have folders of their own all the same, and one
   * whose version changes keeps its folder.
   */
  EffectiveSetting dataDir(EffectiveSetting named) {
    String service =
        named.source().equals(PROGRAM) ? program().identity() : (String) named.parsed();
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
}
