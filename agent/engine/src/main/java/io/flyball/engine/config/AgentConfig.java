package io.flyball.engine.config;

import io.flyball.engine.Mode;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.Extra;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.Settings;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.nio.file.Path;

/** What concerns the agent as a whole. */
public final class AgentConfig {
  static final Property<Boolean> ENABLED =
      Property.of("enabled", ValueType.bool(), "`false`: the agent does nothing at all.")
          .defaultsTo("true")
          .example("false")
          .needingRestart();
  static final Property<Mode> MODE =
      Property.of(
              "mode",
              ValueType.oneOf(Mode.class),
              "`govern` applies every policy. `observe` measures and reports everything and changes"
                  + " nothing on the wire: budgets are counted and refuse nobody.")
          .defaultsTo("govern")
          .example("observe");
  static final Property<OnError> CONFIG_ON_ERROR =
      Property.of(
              "config.on-error",
              ValueType.oneOf(OnError.class),
              "What a configuration with errors does at start: `disable` switches Flyball off and"
                  + " lets the application run, `exit` stops the JVM. In the YAML file it does nothing"
                  + " where that file is no valid YAML: set it elsewhere.")
          .defaultsTo("disable")
          .example("exit")
          .needingRestart();
  static final Property<String> SERVICE =
      Property.of("service", ValueType.text(), "The application's name in everything reported.")
          .defaultNote(
              "`otel.service.name`, else `service.name` in `otel.resource.attributes`, else the"
                  + " main class without its package, or the jar's name")
          .example("checkout")
          .needingRestart();
  static final Property<Path> DATA_DIR =
      Property.of(
              "data.dir",
              ValueType.pathOrNone(),
              "Where durable local state is kept; made when first needed, for its owner alone."
                  + " `none`: memory only.")
          .defaultNote(
              "`~/.flyball/<service>`; where nobody names the service `~/.flyball/` and the main"
                  + " class with its package, or the jar's name without its version")
          .example("none")
          .needingRestart();
  public static final Section<AgentConfig> SECTION =
      Section.of(
              "Agent",
              "",
              AgentConfig::new,
              ENABLED,
              MODE,
              ConfigLoader.FILE,
              CONFIG_ON_ERROR,
              SERVICE,
              DATA_DIR)
          .with(ProgramDefaults::set);

  /** By what name earlier versions kept durable local state. */
  static final Extra<String> FORMER_SERVICE = Extra.named("former service");

  private final boolean enabled;
  private final Mode mode;
  private final OnError onError;
  private final String service;
  private final Path dataDir;

  AgentConfig(Values values) {
    this.enabled = values.get(ENABLED);
    this.mode = values.get(MODE);
    this.onError = values.get(CONFIG_ON_ERROR);
    this.service = values.get(SERVICE);
    this.dataDir = values.get(DATA_DIR);
  }

  /** {@code flyball.enabled}. */
  public boolean enabled() {
    return enabled;
  }

  /** {@code flyball.mode}. */
  public Mode mode() {
    return mode;
  }

  /** {@code flyball.config.on-error}. */
  public OnError onError() {
    return onError;
  }

  /** {@code flyball.service}; never null, {@code unknown} when nothing tells. */
  public String service() {
    return service;
  }

  /**
   * {@code flyball.data.dir}; null: memory only. It may not exist yet, and need not be writable.
   */
  public Path dataDir() {
    return dataDir;
  }

  /**
   * Where earlier versions kept durable local state, which named the folder otherwise where nobody
   * has named the service. Null where it is the same, or the user has said where.
   */
  public static Path formerDataDir(Settings settings) {
    Path dir = settings.get(SECTION).dataDir;
    String former = settings.get(FORMER_SERVICE);
    if (dir == null || former == null || settings.isSet(DATA_DIR)) {
      return null;
    }
    Path formerDir = dir.resolveSibling(ServiceFolder.name(former));
    return formerDir.equals(dir) ? null : formerDir;
  }
}
