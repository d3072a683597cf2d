package io.flyball.engine.config;

import io.flyball.protocol.Endpoint;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** {@code flyball.endpoint.<name>.*}: base URLs that are model endpoints. */
public final class EndpointConfig {
  static final Property<URI> URL =
      Property.of(
              "endpoint.<name>.url",
              ValueType.baseUrl(),
              "A base URL to be treated as a model endpoint: a gateway, a server of your own, a mock."
                  + " Requests to the same scheme, host and port whose path starts with its path"
                  + " belong to it.")
          .example("https://gateway.example/v1");
  static final Property<String> PROTOCOL =
      Property.of(
              "endpoint.<name>.protocol",
              ValueType.oneOf(Arrays.asList("openai", "azure", "anthropic", "gemini")),
              "The wire format spoken there: `openai`, `azure`, `anthropic` or `gemini`.")
          .defaultsTo("openai")
          .needing(URL);
  public static final Section<EndpointConfig> SECTION =
      Section.of(
          "Endpoints",
          "A model call is known by the path and the body of its API, at whatever host. An endpoint that"
              + " is declared is one also where these leave doubt (no model in the body, no `/v1` in"
              + " the path), and whatever the path, where the body is of a format that is spoken;"
              + " connections to it that are not governed are told. What is posted there with a"
              + " prompt in a format that is not spoken is told and passes, but no budget that"
              + " blocks and no `flyball.request.*` limit: these refuse it. Lists, files,"
              + " tokenizers, moderation, audio, JSON without a prompt and all that is no POST go"
              + " on untouched ([more](money.md#endpoints-with-paths-of-their-own)). `<name>` is"
              + " yours to choose.",
          EndpointConfig::new,
          URL,
          PROTOCOL);

  private final List<Endpoint> all;

  EndpointConfig(Values values) {
    List<Endpoint> endpoints = new ArrayList<>();
    for (String name : values.names(URL)) {
      String protocol = values.getOrDefault(PROTOCOL, name);
      endpoints.add(new Endpoint(name, values.get(URL, name), protocol));
    }
    this.all = Collections.unmodifiableList(endpoints);
  }

  /** Sorted by name. */
  public List<Endpoint> all() {
    return all;
  }
}
