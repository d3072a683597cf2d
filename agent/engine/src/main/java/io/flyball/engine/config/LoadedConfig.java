package io.flyball.engine.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** What {@link ConfigLoader} made of its sources. Immutable. */
public final class LoadedConfig {
  private final FlyballConfig config;
  private final List<ConfigProblem> errors;
  private final List<ConfigProblem> warnings;

  LoadedConfig(FlyballConfig config, List<ConfigProblem> errors, List<ConfigProblem> warnings) {
    this.config = Objects.requireNonNull(config, "config");
    this.errors = Collections.unmodifiableList(new ArrayList<>(errors));
    this.warnings = Collections.unmodifiableList(new ArrayList<>(warnings));
  }

  /** Whether there are no errors. */
  public boolean ok() {
    return errors.isEmpty();
  }

  /**
   * The configuration. When there are errors it has defaults in place of what is wrong: enough to
   * know where to log and what to do on errors, not to be run on.
   */
  public FlyballConfig config() {
    return config;
  }

  /** All of them, in the order of the sources; empty when the configuration is good. */
  public List<ConfigProblem> errors() {
    return errors;
  }

  /** What is suspicious but does not hinder. */
  public List<ConfigProblem> warnings() {
    return warnings;
  }

  /** Errors and warnings, one on a line; empty when there are none. */
  public String explain() {
    StringBuilder lines = new StringBuilder();
    for (ConfigProblem error : errors) {
      lines.append(lines.length() == 0 ? "" : "\n").append("error: ").append(error);
    }
    for (ConfigProblem warning : warnings) {
      lines.append(lines.length() == 0 ? "" : "\n").append("warning: ").append(warning);
    }
    return lines.toString();
  }
}
