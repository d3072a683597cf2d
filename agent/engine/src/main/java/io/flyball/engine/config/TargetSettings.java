package io.flyball.engine.config;

import io.flyball.settings.Secret;
import io.flyball.settings.Values;
import java.net.URI;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;

/** One {@code flyball.target.<name>}: a place a call can be sent to. Immutable. */
public final class TargetSettings {
  private final String name;
  private final URI url;
  private final String protocol;
  private final String model;
  private final Secret apiKey;
  private final Map<String, Secret> headers;
  private final OptionalLong contextWindow;
  private final OptionalLong maxOutput;

  TargetSettings(String name, Values values) {
    this.name = name;
    this.url = Objects.requireNonNull(values.get(TargetConfig.URL, name), "url");
    this.protocol = values.getOrDefault(TargetConfig.PROTOCOL, name);
    this.model = values.get(TargetConfig.MODEL, name);
    this.apiKey = values.get(TargetConfig.API_KEY, name);
    Map<String, Secret> byName = new TreeMap<>();
    for (String header : values.names(TargetConfig.HEADER, name)) {
      byName.put(header, values.get(TargetConfig.HEADER, name, header));
    }
    this.headers = Collections.unmodifiableMap(byName);
    this.contextWindow = optional(values.get(TargetConfig.CONTEXT_WINDOW, name));
    this.maxOutput = optional(values.get(TargetConfig.MAX_OUTPUT, name));
  }

  private static OptionalLong optional(Long value) {
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  public String name() {
    return name;
  }

  /** The base URL: scheme, host, optional port and path. */
  public URI url() {
    return url;
  }

  /** One of those that {@code flyball.target.<name>.protocol} takes. */
  public String protocol() {
    return protocol;
  }

  /** Null: the model that the application asked for. */
  public String model() {
    return model;
  }

  /** Null: none is sent. */
  public Secret apiKey() {
    return apiKey;
  }

  /** Sent along, by name in lower case, sorted. */
  public Map<String, Secret> headers() {
    return headers;
  }

  /** In tokens; empty when it is not known. */
  public OptionalLong contextWindow() {
    return contextWindow;
  }

  /** In tokens; empty when it is not known. */
  public OptionalLong maxOutput() {
    return maxOutput;
  }

  /** Without anything secret. */
  @Override
  public String toString() {
    return name + " " + protocol + " " + url;
  }

  @Override
  public boolean equals(Object other) {
    if (!(other instanceof TargetSettings)) {
      return false;
    }
    TargetSettings that = (TargetSettings) other;
    return name.equals(that.name)
        && url.equals(that.url)
        && protocol.equals(that.protocol)
        && Objects.equals(model, that.model)
        && Objects.equals(apiKey, that.apiKey)
        && headers.equals(that.headers)
        && contextWindow.equals(that.contextWindow)
        && maxOutput.equals(that.maxOutput);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, url, protocol, model);
  }
}
