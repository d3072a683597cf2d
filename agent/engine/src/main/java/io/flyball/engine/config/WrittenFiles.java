package io.flyball.engine.config;

import io.flyball.base.file.FileReads;
import io.flyball.settings.Draft;
import io.flyball.settings.EffectiveSetting;
import io.flyball.settings.Property;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Files that lines are appended to, with the names that they are renamed to when they are long, and
 * what else they are. One that the configuration itself is read from would be destroyed: that is an
 * error, and nothing is written to it.
 */
final class WrittenFiles {
  private static final List<Property<Path>> APPENDED =
      Arrays.asList(EventsConfig.FILE, LogConfig.FILE);

  private WrittenFiles() {}

  /** Tells what cannot be written to; a path that is an error is taken away. */
  static void judge(Draft draft) {
    for (Property<Path> property : APPENDED) {
      Path file = draft.get(property);
      if (file == null) {
        continue;
      }
      EffectiveSetting setting = draft.at(property);
      String name = setting.property();
      Path read = readOf(property, file, draft.files());
      if (read != null) {
        draft.error(
            setting,
            name
                + (read.equals(file) ? "" : ", when it is long, is renamed to " + read + ", which")
                + " is a file that the configuration, its prices or a secret is read from;"
                + " writing there would destroy it");
        draft.clear(property);
      } else if (draft.files().isFolder(file)) {
        draft.warn(setting, name + " is a folder, and nothing can be written to it");
      }
    }
    both(draft);
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
  private static void both(Draft draft) {
    Path one = draft.get(EventsConfig.FILE);
    Path other = draft.get(LogConfig.FILE);
    FileReads files = draft.files();
    if (one == null || other == null || files.isFolder(other)) {
      return;
    }
    EffectiveSetting events = draft.at(EventsConfig.FILE);
    EffectiveSetting log = draft.at(LogConfig.FILE);
    if (files.areOneFile(one, other)) {
      draft.warn(
          log,
          log.property()
              + " is the same file as "
              + events.property()
              + ", whose lines are JSON, and which is renamed when it is long");
      return;
    }
    for (int number = 1; number < EventsConfig.FILES; number++) {
      if (files.areOneFile(renamed(one, number), other)) {
        draft.warn(
            log,
            log.property()
                + " is what "
                + events.property()
                + " is renamed to when it is long: the log is lost then; let it have another"
                + " name than "
                + other.getFileName());
      }
    }
  }

  private static Path renamed(Path file, int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }
}
