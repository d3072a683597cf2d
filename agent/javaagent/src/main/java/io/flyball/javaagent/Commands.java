package io.flyball.javaagent;

import io.flyball.engine.config.AttachedSettings;
import io.flyball.engine.config.Sections;
import io.flyball.engine.event.ShadowCostReport;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.price.PriceFileException;
import io.flyball.settings.CheckConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
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
        List<String> files = new ArrayList<>(Arrays.asList(arguments));
        boolean offline = files.remove("--offline");
        for (String argument : files) {
          if (argument.startsWith("-")) {
            System.err.println("flyball: check-config does not know '" + argument + "'");
            return 2;
          }
        }
        if (files.size() != 1) {
          System.err.println("flyball: check-config needs one file");
          return 2;
        }
        return CheckConfig.run(
            Sections.SCHEMA, Paths.get(files.get(0)), System.getenv(), offline, System.out);
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

  /**
   * Looks at the settings before an agent is attached with them to a running JVM, and prints what
   * is wrong or doubtful.
   *
   * @param arguments agent arguments, with files as this process finds them
   * @param properties that JVM's system properties
   * @return the agent arguments to attach with, or null when Flyball, or its export, would be off
   *     there
   */
  @SuppressWarnings("SystemOut")
  public static String attachedWith(String pid, String arguments, Map<String, String> properties) {
    AttachedSettings settings = AttachedSettings.read(arguments, properties, environmentOf(pid));
    if (!settings.explain().isEmpty()) {
      System.out.println(settings.explain());
    }
    String refused = OwnExport.refusal(settings.otel());
    if (refused != null) {
      System.out.println("nothing would be exported by OTLP: " + refused);
    }
    return settings.ok() && refused == null ? settings.arguments() : null;
  }

  /** Null where the operating system does not tell it. */
  private static Map<String, String> environmentOf(String pid) {
    Map<String, String> environment = new HashMap<>();
    try {
      byte[] block = Files.readAllBytes(Paths.get("/proc", pid, "environ"));
      for (String variable : new String(block, Charset.defaultCharset()).split("\0")) {
        int equals = variable.indexOf('=');
        if (equals > 0) {
          environment.put(variable.substring(0, equals), variable.substring(equals + 1));
        }
      }
    } catch (IOException | SecurityException unknown) {
      return null;
    }
    return environment.isEmpty() ? null : environment;
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
    for (Path file : files) {
      String why = unreadable(file);
      if (why != null) {
        System.err.println("flyball: " + file.toAbsolutePath() + ' ' + why);
        return 2;
      }
    }
    return ShadowCostReport.run(
        files, options.get("--model"), options.get("--provider"), catalogue, System.out);
  }

  /**
   * Why an event file cannot be read, going on from its name; null when it can, or may be a pipe.
   */
  private static String unreadable(Path file) {
    if (!Files.exists(file)) {
      return "does not exist";
    }
    if (Files.isDirectory(file)) {
      return "is a directory";
    }
    return Files.isReadable(file) ? null : "may not be read: permission denied";
  }
}
