package io.flyball.engine.config;

import io.flyball.settings.Property;
import io.flyball.settings.Secret;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code flyball.target.<name>.*}: places a call can be sent to. */
public final class TargetConfig {
  static final Property<URI> URL =
      Property.of(
              "target.<name>.url",
              ValueType.baseUrl(),
              "The base URL, as the SDK of that provider would be given it.")
          .example("https://gateway.example/v1");
  static final Property<String> PROTOCOL =
      Property.of(
              "target.<name>.protocol",
              ValueType.oneOf(
                  Arrays.asList("openai", "openai-chat", "azure", "anthropic", "gemini")),
              "The wire format spoken there: `openai`, `openai-chat` (only its chat completions, as"
                  + " most compatible servers), `azure`, `anthropic` or `gemini`. Calls in another"
                  + " format are translated.")
          .defaultsTo("openai")
          .needing(URL);
  static final Property<String> MODEL =
      Property.of(
              "target.<name>.model",
              ValueType.text(),
              "The model asked for there; on Azure the deployment.")
          .defaultNote("the one the application asks for")
          .example("small-model")
          .needing(URL);
  static final Property<Secret> API_KEY =
      Property.of(
              "target.<name>.api-key",
              ValueType.secretHeader(),
              "The credential for that target; it is sent to its URL and nowhere else. Give a"
                  + " reference, not the key itself. The application's own credential never goes to"
                  + " another host.")
          .example("${env:BACKUP_API_KEY}")
          .needing(URL);
  static final Property<Secret> HEADER =
      Property.of(
              "target.<name>.headers.<header>",
              ValueType.secretHeader(),
              "A header sent to that target; it replaces the application's header of that name. Its"
                  + " value is never shown.")
          .example("production")
          .needing(URL);
  static final Property<Long> CONTEXT_WINDOW =
      Property.of(
              "target.<name>.context-window",
              ValueType.tokens(),
              "How much the model takes, prompt and answer together. A call that was too long for"
                  + " another target is only sent on to a larger one.")
          .defaultNote("what is known of the model")
          .example("128k tokens")
          .needing(URL);
  static final Property<Long> MAX_OUTPUT =
      Property.of(
              "target.<name>.max-output",
              ValueType.tokens(),
              "The longest answer the model gives; a call that allows more is lowered to it.")
          .defaultNote("what is known of the model")
          .example("16k tokens")
          .needing(URL);
  public static final Section<TargetConfig> SECTION =
      Section.of(
          "Targets",
          "Where a call can be sent instead of where the application sends it: see"
              + " `flyball.fallback.chain`. `<name>` is yours to choose, but `cache` means something"
              + " else there.",
          TargetConfig::new,
          URL,
          PROTOCOL,
          MODEL,
          API_KEY,
          HEADER,
          CONTEXT_WINDOW,
          MAX_OUTPUT);

  private final Map<String, TargetSettings> byName;

  TargetConfig(Values values) {
    Map<String, TargetSettings> targets = new LinkedHashMap<>();
    for (String name : values.names(URL)) {
      targets.put(name, new TargetSettings(name, values));
    }
    this.byName = Collections.unmodifiableMap(targets);
  }

  /** By name, sorted. */
  public Map<String, TargetSettings> byName() {
    return byName;
  }
}
