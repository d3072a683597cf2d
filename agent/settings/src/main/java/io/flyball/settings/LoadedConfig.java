package io.flyball.settings;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

/** What {@link ConfigLoader} made of its sources. Immutable. */
public final class LoadedConfig {
  private final Settings config;
  private final List<ConfigProblem> errors;
  private final List<ConfigProblem> warnings;
  private final List<ConfigProblem> unfinished;

  LoadedConfig(
      Settings config,
      List<ConfigProblem> errors,
      List<ConfigProblem> warnings,
      List<ConfigProblem> unfinished) {
    this.config = Objects.requireNonNull(config, "config");
    this.errors = Collections.unmodifiableList(new ArrayList<>(errors));
    this.warnings = Collections.unmodifiableList(new ArrayList<>(warnings));
    this.unfinished = Collections.unmodifiableList(new ArrayList<>(unfinished));
  }

  /** Whether there are no errors. */
  public boolean ok() {
    return errors.isEmpty();
  }

  /**
   * The configuration. When there are errors it has defaults in place of what is wrong: enough to
   * know where to log and what to do on errors, not to be run on.
   */
  public Settings config() {
    return config;
  }

  /** All of them, in the order of the sources; empty when the configuration is good. */
  public List<ConfigProblem> errors() {
    return errors;
  }

  /**
   * Why it must not take the place of another one, though it is good to start with: its file has
   * begun sections and sets nothing.
   */
  List<ConfigProblem> unfinished() {
    return unfinished;
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
