package io.flyball.engine.fallback;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A place a call can be sent to instead of where the application sends it. Immutable. */
public final class Target {
  private final String name;
  private final URI url;
  private final String protocol;
  private final String model;
  private final String apiKey;
  private final long contextWindow;
  private final long maxOutputTokens;
  private final Map<String, String> headers;

  /**
   * @param url base URL
   * @param protocol its format, a word of the protocol module
   * @param model null for the model the application asks for
   * @param apiKey null when it needs none; where the application's own endpoint is, its own
   *     credential is used then
   * @param contextWindow tokens; 0 when not known
   * @param maxOutputTokens the most it may be asked for; 0 when not known
   * @param headers sent with every request
   */
  public Target(
      String name,
      URI url,
      String protocol,
      String model,
      String apiKey,
      long contextWindow,
      long maxOutputTokens,
      Map<String, String> headers) {
    this.name = Objects.requireNonNull(name, "name");
    this.url = Objects.requireNonNull(url, "url");
    this.protocol = Objects.requireNonNull(protocol, "protocol");
    this.model = model;
    this.apiKey = apiKey;
    this.contextWindow = contextWindow;
    this.maxOutputTokens = maxOutputTokens;
    this.headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
  }

  public String name() {
    return name;
  }

  public URI url() {
    return url;
  }

  public String protocol() {
    return protocol;
  }

  public String model() {
    return model;
  }

  String apiKey() {
    return apiKey;
  }

  public long contextWindow() {
    return contextWindow;
  }

  public long maxOutputTokens() {
    return maxOutputTokens;
  }

  Map<String, String> headers() {
    return headers;
  }

  /** The name alone: a key is no part of it. */
  @Override
  public String toString() {
    return name;
  }
}
