package io.flyball.engine.config;

import io.flyball.settings.AgentArguments;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.LoadedConfig;
import io.flyball.settings.Property;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/**
 * The settings of an agent that is about to be attached to a running JVM, looked at before: there
 * an agent with bad ones is off until that JVM ends. Immutable.
 */
public final class AttachedSettings {
  /** They are read, so they are where somebody has put them. */
  private static final List<String> FILES =
      Arrays.asList(ConfigLoader.FILE.path(), PricesConfig.FILE.path());

  private final String arguments;
  private final LoadedConfig loaded;

  private AttachedSettings(String arguments, LoadedConfig loaded) {
    this.arguments = arguments;
    this.loaded = loaded;
  }

  /**
   * Reads what the agent would read there, but that references are let pass of which nobody can
   * tell here whether they yield something there: to files, and to variables where they are not
   * known.
   *
   * @param arguments agent arguments; files in them are the caller's
   * @param properties system properties of that JVM, with its {@code user.dir}
   * @param environment of that JVM, or null when it is not known
   */
  public static AttachedSettings read(
      String arguments, Map<String, String> properties, Map<String, String> environment) {
    StringJoiner pairs = new StringJoiner(",");
    for (String pair : AgentArguments.pairs(arguments)) {
      pairs.add(fromHere(pair));
    }
    Map<String, String> itsProperties = new HashMap<>(properties);
    Map<String, String> itsEnvironment = environment == null ? null : new HashMap<>(environment);
    String folder = properties.getOrDefault("user.dir", "");
    for (String file : FILES) {
      itsProperties.computeIfPresent(
          Property.fullName(file), (name, value) -> absolute(folder, value));
      if (itsEnvironment != null) {
        itsEnvironment.computeIfPresent(
            Property.environmentName(file), (name, value) -> absolute(folder, value));
      }
    }
    return new AttachedSettings(
        pairs.toString(),
        ConfigLoader.loadElsewhere(
            Sections.SCHEMA, pairs.toString(), itsProperties, itsEnvironment));
  }

  /** The file of a pair that names one which is here is named so that it is found there, too. */
  private static String fromHere(String pair) {
    int equals = pair.indexOf('=');
    String key = equals < 0 ? "" : pair.substring(0, equals).trim();
    for (String file : FILES) {
      if (key.equals(file) || key.equals(Property.fullName(file))) {
        String named = pair.substring(equals + 1).trim();
        String absolute = absolute("", named);
        boolean isHere = !absolute.equals(named) && Files.exists(Paths.get(absolute));
        return isHere ? key + '=' + absolute : pair;
      }
    }
    return pair;
  }

  /** The same text where it is absolute, no path or needs to be read first. */
  private static String absolute(String folder, String named) {
    if (named.isEmpty() || named.startsWith("~") || named.contains("${")) {
      return named;
    }
    try {
      return Paths.get(folder).resolve(named).toAbsolutePath().toString();
    } catch (InvalidPathException e) {
      return named;
    }
  }

  /** Whether the agent would not be off there because of its configuration. */
  public boolean ok() {
    return loaded.ok();
  }

  /** Errors and warnings, one on a line; empty when there are none. */
  public String explain() {
    return loaded.explain();
  }

  /** The standard settings of OpenTelemetry there; empty where the others are not good. */
  public Map<String, String> otel() {
    return loaded.ok() ? loaded.config().otel() : Collections.emptyMap();
  }

  /** The arguments to attach with. */
  public String arguments() {
    return arguments;
  }
}
