package io.flyball.console;

import io.flyball.engine.config.ConsoleConfig;
import java.io.Closeable;

/**
 * The local window into Flyball: {@code /} a dashboard, {@code /metrics} for Prometheus, {@code
 * /api/calls}, {@code /api/summary}, {@code /api/config} and {@code /health}. Read only; runs on a
 * few daemon threads of its own.
 */
public final class Console implements Closeable {
  private final String url;
  private final String token;
  private final Closeable server;

  private Console(String url, String token, Closeable server) {
    this.url = url;
    this.token = token;
    this.server = server;
  }

  /**
   * Opens the console.
   *
   * @throws ConsoleException when it cannot be opened; the message says why
   */
  public static Console start(ConsoleSettings settings, ConsoleSources sources) {
    String given = settings.token();
    String token = given == null || given.isEmpty() ? Access.randomToken() : given;
    if (token.length() < ConsoleConfig.SHORTEST_TOKEN) {
      throw new ConsoleException(
          "the console is not opened: flyball.console.token must have at least "
              + ConsoleConfig.SHORTEST_TOKEN
              + " characters; without one, Flyball makes a random one",
          null);
    }
    ConsoleServer server = ConsoleServer.start(settings, token, sources);
    return new Console(server.url(), token, server);
  }

  /** Where it listens, without the token: {@code http://127.0.0.1:9464/}. */
  public String url() {
    return url;
  }

  /** What clients must present: the one that was set, or the random one, to be shown once. */
  public String token() {
    return token;
  }

  /** Stops listening at once. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (java.io.IOException e) {
      throw new ConsoleException("the console could not be closed", e);
    }
  }
}
