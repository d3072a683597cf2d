package io.flyball.engine.config;

import io.flyball.base.log.Level;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.nio.file.Path;

/** {@code flyball.log.*}. */
public final class LogConfig {
  static final Property<Level> LEVEL =
      Property.of(
              "log.level",
              ValueType.oneOf(Level.class),
              "`off`, `error`, `warn`, `info` or `debug`. Only `debug` prints stack traces; they may"
                  + " hold what the application sent.")
          .defaultsTo("info");
  static final Property<Path> FILE =
      Property.of(
              "log.file",
              ValueType.path(),
              "Where Flyball's own log lines are appended; folders are made as needed.")
          .defaultNote("standard error")
          .example("/var/log/app/flyball.log")
          .needingRestart();
  public static final Section<LogConfig> SECTION =
      Section.of(
          "Log",
          "Flyball's own log: one line per event, never prompt text, never a secret.",
          LogConfig::new,
          LEVEL,
          FILE);

  private final Level level;
  private final Path file;

  LogConfig(Values values) {
    this.level = values.get(LEVEL);
    this.file = values.get(FILE);
  }

  public Level level() {
    return level;
  }

  /** Null for standard error. */
  public Path file() {
    return file;
  }
}
