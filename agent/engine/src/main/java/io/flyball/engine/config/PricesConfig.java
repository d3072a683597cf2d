package io.flyball.engine.config;

import java.nio.file.Path;

/** {@code flyball.prices.*}. */
public final class PricesConfig {
  static final Property<Path> FILE =
      Property.of(
              "prices.file",
              ValueType.path(),
              "Prices of your own; they win over the built-in catalogue. Their format stands at the"
                  + " head of what `java -jar flyball-agent.jar prices` prints; the file needs"
                  + " `version: 1`.")
          .defaultNote("none")
          .example("/etc/app/model-prices.yaml")
          .needingRestart();
  static final Section SECTION = new Section("Prices", "", FILE);

  private final Path file;

  PricesConfig(Values values) {
    this.file = values.get(FILE);
  }

  /** Null for the built-in catalogue alone. */
  public Path file() {
    return file;
  }
}
