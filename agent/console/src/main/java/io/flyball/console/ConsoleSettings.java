package io.flyball.console;

import java.util.Objects;

/** Where the console listens and whom it lets in. Immutable. */
public final class ConsoleSettings {
  private final String host;
  private final int port;
  private final String token;
  private final boolean openMetrics;

  /**
   * @param host the address to listen on
   * @param port 0 for any free one
   * @param token what clients must present, or null for a random one
   * @param openMetrics whether {@code /metrics} is given to anyone, as scrapers may need
   */
  public ConsoleSettings(String host, int port, String token, boolean openMetrics) {
    this.host = Objects.requireNonNull(host, "host");
    this.port = port;
    this.token = token;
    this.openMetrics = openMetrics;
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  String token() {
    return token;
  }

  boolean openMetrics() {
    return openMetrics;
  }
}
