package io.flyball.engine.config;

import io.flyball.engine.file.FileReads;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Files that lines are appended to, and what else they are. One that the configuration itself is
 * read from would be destroyed by the first line: that is an error, and nothing is written to it.
 */
final class WrittenFiles {
  private static final List<Property<Path>> APPENDED =
      Arrays.asList(EventsConfig.FILE, LogConfig.FILE);

  private WrittenFiles() {}

  /**
   * Notes what cannot be written to.
   *
   * @param settings in force, by path; of those that are errors the path is taken away
   * @param files what was read so far: the configuration, its prices, its secrets
   */
  static void judge(
      Map<String, EffectiveSetting> settings,
      FileReads files,
      List<ConfigProblem> errors,
      List<ConfigProblem> warnings) {
    Path earlier = null;
    for (Property<Path> property : APPENDED) {
      EffectiveSetting setting = settings.get(property.path());
      Path file = setting == null ? null : (Path) setting.parsed();
      if (file == null) {
        continue;
      }
      String name = setting.property();
      if (files.hasRead(file)) {
        errors.add(
            new ConfigProblem(
                setting.source(),
                name
                    + " is a file that the configuration, its prices or a secret is read from;"
                    + " the lines that are appended would destroy it"));
        settings.put(
            property.path(),
            new EffectiveSetting(property.path(), property, null, null, EffectiveSetting.DEFAULT));
        continue;
      }
      if (files.isFolder(file)) {
        warnings.add(
            new ConfigProblem(
                setting.source(), name + " is a folder, and nothing can be written to it"));
      } else if (earlier != null && files.areOneFile(earlier, file)) {
        warnings.add(
            new ConfigProblem(
                setting.source(),
                name
                    + " is the same file as "
                    + settings.get(APPENDED.get(0).path()).property()
                    + ", whose lines are JSON, and which is renamed when it is long"));
      }
      earlier = file;
    }
  }
}
