package io.flyball.javaagent;

import io.flyball.engine.config.CheckConfig;
import io.flyball.engine.price.PriceCatalogue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Paths;

/** The commands that need what is inside. Called from the jar's root, by name. */
public final class Commands {
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
      default:
        return null;
    }
  }
}
