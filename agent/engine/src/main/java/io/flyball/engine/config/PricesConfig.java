package io.flyball.engine.config;

import io.flyball.engine.price.OwnPrices;
import io.flyball.engine.price.PriceFileException;
import io.flyball.settings.Draft;
import io.flyball.settings.Extra;
import io.flyball.settings.OtherFile;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
  public static final Section<PricesConfig> SECTION =
      Section.of("Prices", "", PricesConfig::new, FILE)
          .with(PricesConfig::read)
          .with(new OtherFile("a price file", "providers", FILE));

  /** What the file says that is named; absent where none is, or it is wrong. */
  public static final Extra<OwnPrices> OWN = Extra.named("own prices");

  private final Path file;

  PricesConfig(Values values) {
    this.file = values.get(FILE);
  }

  /**
   * Read with the configuration, and not when the first call is priced: a budget of dollars is
   * worth what its prices are.
   */
  private static void read(Draft draft) {
    Path named = draft.get(FILE);
    if (named == null || (draft.isOffline() && !Files.exists(named, LinkOption.NOFOLLOW_LINKS))) {
      return;
    }
    try {
      draft.keep(OWN, OwnPrices.read(named, draft.files()));
    } catch (PriceFileException e) {
      draft.errorOf(draft.at(FILE), e.getMessage());
    }
  }

  /** Null for the built-in catalogue alone. */
  public Path file() {
    return file;
  }
}
