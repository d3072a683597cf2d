package io.flyball.engine.config;

import io.flyball.engine.file.FileReads;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Files that lines are appended to, with the names that they are renamed to when they are long, and
 * what else they are. One that the configuration itself is read from would be destroyed: that is an
 * error, and nothing is written to it.
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
    for (Property<Path> property : APPENDED) {
      EffectiveSetting setting = settings.get(property.path());
      Path file = setting == null ? null : (Path) setting.parsed();
      if (file == null) {
        continue;
      }
      String name = setting.property();
      Path read = readOf(property, file, files);
      if (read != null) {
        errors.add(
            new ConfigProblem(
                setting.source(),
                name
                    + (read.equals(file)
                        ? ""
                        : ", when it is long, is renamed to " + read + ", which")
                    + " is a file that the configuration, its prices or a secret is read from;"
                    + " writing there would destroy it"));
        settings.put(
            property.path(),
            new EffectiveSetting(property.path(), property, null, null, EffectiveSetting.DEFAULT));
        continue;
      }
      if (files.isFolder(file)) {
        warnings.add(
            new ConfigProblem(
                setting.source(), name + " is a folder, and nothing can be written to it"));
      }
    }
    both(settings, files, warnings);
  }

  /** Which of the names of that file is one that was read; null when none is. */
  private static Path readOf(Property<Path> property, Path file, FileReads files) {
    if (files.hasRead(file)) {
      return file;
    }
    for (int number = 1; property == EventsConfig.FILE && number < EventsConfig.FILES; number++) {
      if (files.hasRead(renamed(file, number))) {
        return renamed(file, number);
      }
    }
    return null;
  }

  /** Nor may the two be one, or one what the other is renamed to. */
  private static void both(
      Map<String, EffectiveSetting> settings, FileReads files, List<ConfigProblem> warnings) {
    EffectiveSetting events = settings.get(EventsConfig.FILE.path());
    EffectiveSetting log = settings.get(LogConfig.FILE.path());
    Path one = events == null ? null : (Path) events.parsed();
    Path other = log == null ? null : (Path) log.parsed();
    if (one == null || other == null || files.isFolder(other)) {
      return;
    }
    if (files.areOneFile(one, other)) {
      warnings.add(
          new ConfigProblem(
              log.source(),
              log.property()
                  + " is the same file as "
                  + events.property()
                  + ", whose lines are JSON, and which is renamed when it is long"));
      return;
    }
    for (int number = 1; number < EventsConfig.FILES; number++) {
      if (files.areOneFile(renamed(one, number), other)) {
        warnings.add(
            new ConfigProblem(
                log.source(),
                log.property()
                    + " is what "
                    + events.property()
                    + " is renamed to when it is long: the log is lost then; let it have another"
                    + " name than "
                    + other.getFileName()));
      }
    }
  }

  private static Path renamed(Path file, int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }
}
