package io.flyball.settings;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;

/** The command {@code check-config FILE}. */
public final class CheckConfig {
  private CheckConfig() {}

  /**
   * Reads a file by itself, without system properties and {@code FLYBALL_*} variables, and the
   * files that it names; prints what is wrong with them, or what the file sets. Ends within
   * seconds, whatever the files are, and always says something.
   *
   * @param environment what references {@code ${env:NAME}} see
   * @param offline whether secrets and files that the application will have need not be here
   * @return the exit code: 0 when the file is good, 1 otherwise
   */
  public static int run(
      Schema schema, Path file, Map<String, String> environment, boolean offline, PrintStream out) {
    LoadedConfig loaded = ConfigLoader.loadFile(schema, file, environment, offline);
    if (!loaded.ok()) {
      out.println(loaded.explain());
      return 1;
    }
    if (!loaded.warnings().isEmpty()) {
      out.println(loaded.explain());
    }
    boolean any = false;
    for (EffectiveSetting setting : loaded.config().describe()) {
      if (setting.source().startsWith(file.toString())) {
        out.println(setting.property() + " = " + setting.value());
        any = true;
      }
    }
    out.println(file + (any ? " is good" : " is good, but sets nothing"));
    return 0;
  }
}
