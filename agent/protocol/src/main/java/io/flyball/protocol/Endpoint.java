package io.flyball.protocol;

import java.net.URI;
import java.util.Objects;

/**
 * A base URL that the user declared to be a model endpoint ({@code flyball.endpoint.<name>.*}).
 *
 * <p>A request belongs to it when scheme, host and port are equal and its path starts with the base
 * URL's path. What follows is matched against the protocol's own path suffixes.
 */
public final class Endpoint {
  private final String name;
  private final URI baseUrl;
  private final String protocolFamily;

  /**
   * @param protocolFamily {@code openai}, {@code azure}, {@code anthropic} or {@code gemini}
   */
  public Endpoint(String name, URI baseUrl, String protocolFamily) {
    this.name = Objects.requireNonNull(name, "name");
    this.baseUrl = Objects.requireNonNull(baseUrl, "baseUrl");
    this.protocolFamily = Objects.requireNonNull(protocolFamily, "protocolFamily");
  }

  public String name() {
    return name;
  }

  public URI baseUrl() {
    return baseUrl;
  }

  public String protocolFamily() {
    return protocolFamily;
  }
}
