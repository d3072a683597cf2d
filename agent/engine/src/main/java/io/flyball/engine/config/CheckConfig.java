package io.flyball.engine.config;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/** The command {@code check-config FILE}. */
public final class CheckConfig {
  private CheckConfig() {}

  /**
   * Reads a file by itself, without system properties and {@code FLYBALL_*} variables, and prints
   * what is wrong with it, or what it sets.
   *
   * @param environment what references {@code ${env:NAME}} see
   * @return the exit code: 0 when the file is good, 1 otherwise
   */
  public static int run(Path file, Map<String, String> environment, PrintStream out) {
    LoadedConfig loaded = ConfigLoader.loadFile(file, environment);
    if (!loaded.ok()) {
      out.println(loaded.explain());
      return 1;
    }
    for (EffectiveSetting setting : loaded.config().describe()) {
      if (setting.source().startsWith(file.toString())) {
        out.println(setting.property() + " = " + setting.value());
      }
    }
    out.println(file + " is good");
    return 0;
  }
}
