package io.flyball.javaagent;

import io.flyball.engine.config.CheckConfig;
import io.flyball.engine.event.ShadowCostReport;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.price.PriceFileException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The commands that need what is inside. Called from the jar's root, by name. */
public final class Commands {
  private static final List<String> COST_OPTIONS =
      Arrays.asList("--model", "--provider", "--prices");

  private Commands() {}

  /**
   * @return the exit status, or null when there is no such command
   */
  @SuppressWarnings("SystemOut")
  public static Integer run(String command, String[] arguments) throws IOException {
    switch (command) {
      case "check-config":
        if (arguments.length != 1) {
          System.err.println("flyball: check-config needs one file");
          return 2;
        }
        return CheckConfig.run(Paths.get(arguments[0]), System.getenv(), System.out);
      case "prices":
        try (InputStream catalogue = PriceCatalogue.class.getResourceAsStream("prices.yaml")) {
          byte[] buffer = new byte[8192];
          for (int n = catalogue.read(buffer); n >= 0; n = catalogue.read(buffer)) {
            System.out.write(buffer, 0, n);
          }
        }
        return 0;
      case "cost":
        return cost(arguments);
      default:
        return null;
    }
  }

  @SuppressWarnings("SystemOut")
  private static int cost(String[] arguments) throws IOException {
    List<Path> files = new ArrayList<>();
    Map<String, String> options = new HashMap<>();
    for (int i = 0; i < arguments.length; i++) {
      if (!arguments[i].startsWith("--")) {
        files.add(Paths.get(arguments[i]));
      } else if (COST_OPTIONS.contains(arguments[i]) && i + 1 < arguments.length) {
        options.put(arguments[i], arguments[++i]);
      } else {
        System.err.println(
            "flyball: cost does not know '" + arguments[i] + "', or it lacks a value");
        return 2;
      }
    }
    if (files.isEmpty() || options.get("--model") == null) {
      System.err.println("flyball: cost needs an event file and --model MODEL");
      return 2;
    }
    PriceCatalogue catalogue = PriceCatalogue.builtIn();
    if (options.containsKey("--prices")) {
      try {
        catalogue = catalogue.overriddenBy(Paths.get(options.get("--prices")));
      } catch (PriceFileException e) {
        System.err.println("flyball: " + e.getMessage());
        return 2;
      }
    }
    return ShadowCostReport.run(
        files, options.get("--model"), options.get("--provider"), catalogue, System.out);
  }
}
