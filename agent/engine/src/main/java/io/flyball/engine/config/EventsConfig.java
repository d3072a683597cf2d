package io.flyball.engine.config;

import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.nio.file.Path;

/** {@code flyball.events.*}. */
public final class EventsConfig {
  /** How many files there are in all: that one, and what it was renamed to. */
  public static final int FILES = 5;

  static final Property<Path> FILE =
      Property.of(
              "events.file",
              ValueType.path(),
              "Every call is appended to this file as one JSON object on one line. So are anomalies"
                  + " and alerts, which have a field `event`. Before it is larger than 50 MB it"
                  + " becomes `<file>.1`, what had that name `.2`, and so on to `.4`; what was `.4`"
                  + " is deleted.")
          .defaultNote("none")
          .example("/var/log/app/model-calls.jsonl")
          .needingRestart();
  public static final Section<EventsConfig> SECTION =
      Section.of("Events", "", EventsConfig::new, FILE);

  private final Path file;

  EventsConfig(Values values) {
    this.file = values.get(FILE);
  }

  /** Null when no events are written. */
  public Path file() {
    return file;
  }
}
