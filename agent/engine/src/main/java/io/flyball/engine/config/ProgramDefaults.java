package io.flyball.engine.config;

import io.flyball.settings.Draft;
import io.flyball.settings.EffectiveSetting;
import java.io.File;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Map;

/** The defaults that depend on the program. */
final class ProgramDefaults {
  /** The source of a service's name that is the program's. */
  private static final String PROGRAM = "main class or jar";

  private final Map<String, String> properties;
  private final Map<String, String> otel;

  private ProgramDefaults(Draft draft) {
    this.properties = draft.properties();
    this.otel = draft.otel();
  }

  /** Names the service and the folder of its state, where nobody has. */
  static void set(Draft draft) {
    ProgramDefaults defaults = new ProgramDefaults(draft);
    if (draft.get(AgentConfig.SERVICE) == null) {
      defaults.setService(draft);
    }
    EffectiveSetting service = draft.at(AgentConfig.SERVICE);
    boolean isPrograms = service.source().equals(PROGRAM);
    String name = (String) service.parsed();
    Path dir = defaults.dataDir(isPrograms ? defaults.program().identity() : name);
    draft.setDefault(AgentConfig.DATA_DIR, dir, dir == null ? "none" : dir.toString());
    draft.keep(AgentConfig.FORMER_SERVICE, isPrograms ? defaults.program().former() : name);
  }

  private void setService(Draft draft) {
    String name = otel.get("otel.service.name");
    String source = "otel.service.name";
    if (name == null) {
      name = serviceAmong(otel.getOrDefault("otel.resource.attributes", ""));
      source = "otel.resource.attributes";
    }
    if (name == null) {
      name = program().name();
      source = PROGRAM;
    }
    if (name.isEmpty()) {
      draft.setDefault(AgentConfig.SERVICE, "unknown", "unknown");
    } else {
      draft.setDefault(AgentConfig.SERVICE, name, name, source);
    }
  }

  private Program program() {
    return Program.of(
        properties.getOrDefault("sun.java.command", "").trim(),
        properties.getOrDefault("java.class.path", ""),
        properties.getOrDefault("path.separator", File.pathSeparator));
  }

  /**
   * {@code ~/.flyball/<service>}, or null where there is no home. Where nobody has named the
   * service, programs whose names are the same have folders of their own all the same, and one
   * whose version changes keeps its folder.
   */
  private Path dataDir(String service) {
    String home = properties.get("user.home");
    // Java says "?" for a user without an entry in the system's list, as in many containers.
    if (home == null || home.isEmpty() || home.equals("?")) {
      return null;
    }
    try {
      return Paths.get(home, ".flyball", ServiceFolder.name(service));
    } catch (InvalidPathException e) {
      return null;
    }
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
