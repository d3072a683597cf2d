package io.flyball.engine.price;

import io.flyball.base.file.FileReads;
import io.flyball.base.file.UnreadableFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;

/** The prices of a user's own file, read and checked. Immutable. */
public final class OwnPrices {
  private final List<ProviderPrices> providers;

  private OwnPrices(List<ProviderPrices> providers) {
    this.providers = Collections.unmodifiableList(providers);
  }

  /**
   * Reads a price file.
   *
   * @param files bounds the time it takes
   * @throws PriceFileException when it cannot be read or is no price file; the message names file,
   *     path and line
   */
  public static OwnPrices read(Path file, FileReads files) {
    try {
      OwnPrices own =
          new OwnPrices(
              PriceFile.read(file.toString(), files.read(file, PriceFile.MAX_BYTES)).providers());
      own.checkOtherwise(file);
      return own;
    } catch (UnreadableFileException e) {
      throw new PriceFileException(
          file.toAbsolutePath() + ": cannot be read: it " + e.getMessage(), e);
    }
  }

  private void checkOtherwise(Path file) {
    PriceCatalogue catalogue = null;
    for (ProviderPrices prices : providers) {
      if (prices.otherwise() != null) {
        catalogue = catalogue == null ? PriceCatalogue.builtIn().overriddenBy(this) : catalogue;
        catalogue.checkOtherwise(file, prices.id());
      }
    }
  }

  List<ProviderPrices> providers() {
    return providers;
  }
}
