package io.flyball.engine.config;

import io.flyball.settings.Property;
import io.flyball.settings.Secret;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.util.OptionalInt;

/** {@code flyball.console.*}. */
public final class ConsoleConfig {
  /** The length in characters below which the console is not opened. */
  public static final int SHORTEST_TOKEN = 16;

  static final Property<OptionalInt> PORT =
      Property.of(
              "console.port",
              ValueType.port(),
              "The port of the console; `0` takes any free one and prints it, `off` opens none.")
          .defaultsTo("off")
          .example("9464")
          .needingRestart();
  static final Property<String> HOST =
      Property.of("console.host", ValueType.text(), "The address the console listens on.")
          .defaultsTo("127.0.0.1")
          .needingRestart();
  static final Property<Secret> TOKEN =
      Property.of(
              "console.token",
              ValueType.secret(),
              "What a client of the console must present, at least 16 characters; with a shorter one"
                  + " the console is not opened. Give a reference, not the token itself.")
          .defaultNote("random, printed once")
          .example("${file:/run/secrets/flyball-token}")
          .needingRestart();
  public static final Section<ConsoleConfig> SECTION =
      Section.of(
          "Console",
          "The local window: metrics, API, dashboard.",
          ConsoleConfig::new,
          PORT,
          HOST,
          TOKEN);

  private final OptionalInt port;
  private final String host;
  private final Secret token;

  ConsoleConfig(Values values) {
    this.port = values.get(PORT);
    this.host = values.get(HOST);
    this.token = values.get(TOKEN);
  }

  /** Empty: no console. 0: any free port. */
  public OptionalInt port() {
    return port;
  }

  public String host() {
    return host;
  }

  /** Null: make a random one. */
  public Secret token() {
    return token;
  }
}
