package io.flyball.engine.event;

import io.flyball.engine.price.Price;
import io.flyball.engine.price.PriceCatalogue;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The command {@code cost EVENTS.jsonl ... --model M}: the same calls, on another model. */
public final class ShadowCostReport {
  private static final int MOST_NAME = 60;
  private static final String[] COLUMNS = {
    "", "calls", "tokens in", "tokens out", "did cost", "would cost", "ratio"
  };

  private final String model;
  private final ShadowCosts costs;
  private final PrintStream out;

  private ShadowCostReport(String model, ShadowCosts costs, PrintStream out) {
    this.model = model;
    this.costs = costs;
    this.out = out;
  }

  /**
   * Adds up event files and prints what their calls did and would have cost.
   *
   * @param provider the catalogue's name of a provider; null: each call's own where it has the
   *     model, else the first in the catalogue that has it
   * @return the exit code: 0 when there is something to compare, 1 when the model has no price or
   *     the files hold no call
   * @throws IOException when a file cannot be read
   */
  public static int run(
      List<Path> files, String model, String provider, PriceCatalogue catalogue, PrintStream out)
      throws IOException {
    Price any =
        provider == null
            ? catalogue.firstPriceOf(model).orElse(null)
            : catalogue.priceOf(provider, null, model).orElse(null);
    if (any == null) {
      out.println(
          "no price is known of "
              + printable(model)
              + (provider == null ? "" : " at " + printable(provider))
              + "; 'prices' prints those that are, --prices FILE adds yours");
      return 1;
    }
    ShadowCosts costs =
        new ShadowCosts(
            own -> provider == null ? catalogue.priceOf(own, null, model).orElse(any) : any);
    for (Path file : files) {
      try (InputStream in = Files.newInputStream(file)) {
        costs.read(in);
      }
    }
    new ShadowCostReport(model, costs, out).print();
    return costs.total().calls > 0 ? 0 : 1;
  }

  private void print() {
    List<String[]> rows = new ArrayList<>();
    rows.add(COLUMNS);
    rows.add(row("all calls", costs.total()));
    addAll(rows, "by feature", costs.byFeature());
    addAll(rows, "by tenant", costs.byTenant());
    out.println("On " + printable(model) + ", with the tokens as they were counted:");
    out.println();
    print(rows);
    out.println();
    printNotes();
  }

  private static void addAll(
      List<String[]> rows, String title, Map<String, ShadowCosts.Sums> sums) {
    List<Map.Entry<String, ShadowCosts.Sums>> ranked = new ArrayList<>(sums.entrySet());
    ranked.sort((one, other) -> other.getValue().did.compareTo(one.getValue().did));
    rows.add(new String[] {""});
    rows.add(new String[] {title});
    for (Map.Entry<String, ShadowCosts.Sums> each : ranked) {
      rows.add(row("  " + printable(each.getKey()), each.getValue()));
    }
  }

  private static String[] row(String name, ShadowCosts.Sums sums) {
    return new String[] {
      name,
      String.valueOf(sums.calls),
      String.valueOf(sums.input),
      String.valueOf(sums.output),
      dollars(sums.did),
      dollars(sums.would),
      sums.did.signum() == 0
          ? "-"
          : sums.would.divide(sums.did, 3, RoundingMode.HALF_UP).toPlainString()
    };
  }

  /** Names left, numbers right. */
  private void print(List<String[]> rows) {
    int[] widths = new int[COLUMNS.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    for (String[] row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.length; i++) {
        StringBuilder gap = new StringBuilder();
        for (int n = row[i].length(); n < widths[i]; n++) {
          gap.append(' ');
        }
        line.append(i == 0 ? row[i] + gap : "  " + gap + row[i]);
      }
      out.println(line.toString().replaceAll("\\s+$", ""));
    }
  }

  private void printNotes() {
    if (costs.wasted().signum() > 0) {
      out.println(
          dollars(costs.wasted())
              + " of what they did cost was for answers that were not delivered; the other model is"
              + " asked once");
    }
    note(costs.estimated(), "calls have tokens that were estimated, in part or all");
    note(costs.withoutTokens(), "calls used no tokens and are left out");
    if (costs.unpriced() > 0) {
      out.println(
          costs.unpriced()
              + " calls have no known price of their own and are left out; on this model they would"
              + " have cost "
              + dollars(costs.unpricedWould()));
    }
    note(costs.otherOperations(), "calls generate nothing (embeddings and the like), left out");
    note(costs.unknownLines(), "lines are no calls");
    if (costs.halfLine()) {
      out.println("the last line is not finished and is left out");
    }
    out.println(
        "A model's own tokenizer, cache and answers would change the numbers: take them as a first"
            + " look.");
  }

  private void note(long count, String what) {
    if (count > 0) {
      out.println(count + " " + what);
    }
  }

  private static String dollars(BigDecimal usd) {
    BigDecimal plain = usd.stripTrailingZeros();
    return '$' + (plain.scale() < 2 ? plain.setScale(2) : plain).toPlainString();
  }

  /** Names come from requests: nothing in them commands the terminal. */
  private static String printable(String name) {
    StringBuilder clean = new StringBuilder();
    for (int i = 0; i < name.length() && i < MOST_NAME; i++) {
      clean.append(Character.isISOControl(name.charAt(i)) ? '?' : name.charAt(i));
    }
    return clean.length() < name.length() ? clean + "..." : clean.toString();
  }
}
