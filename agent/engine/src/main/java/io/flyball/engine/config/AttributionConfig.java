package io.flyball.engine.config;

import io.flyball.engine.attribute.AttributionKey;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.settings.InvalidValueException;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** {@code flyball.attribution.*}: where a call's tenant, feature and so on are looked for. */
public final class AttributionConfig {
  private static final ValueType<String> SOURCE =
      new ValueType<String>() {
        @Override
        public String parse(String text) throws InvalidValueException {
          String source = text.replaceFirst("\\s*:\\s*", ":");
          try {
            AttributionRules.check(source);
          } catch (IllegalArgumentException e) {
            throw InvalidValueException.mustBe("a list of " + AttributionRules.SOURCE_FORMS);
          }
          return source;
        }
      };

  static final Property<List<String>> TENANT = sources(AttributionKey.TENANT, "Whose call it is.");
  static final Property<List<String>> FEATURE =
      sources(AttributionKey.FEATURE, "What the call is made for.");
  static final Property<List<String>> USER =
      sources(
          AttributionKey.USER,
          "Whom the application makes the call for; only a hash of it is kept.");
  static final Property<List<String>> LOCALE =
      sources(AttributionKey.LOCALE, "The language the answer is for.");
  static final Property<List<String>> PROMPT_VERSION =
      sources(AttributionKey.PROMPT_VERSION, "Which version of its prompt the application uses.");
  public static final Section<AttributionConfig> SECTION =
      Section.of(
          "Attribution",
          "Who a call is charged to. Each property is a list of sources, separated by commas (in"
              + " YAML also a sequence); the first that yields a value wins. Sources:"
              + " `header:<name>` of the request to the provider; `mdc:<key>` of the application's"
              + " logging context (SLF4J, Log4j 2); `baggage:<key>` of the W3C header `baggage` of"
              + " the request to the provider, the OpenTelemetry context when Flyball is an"
              + " extension of that agent, or that header of the request the application serves;"
              + " `field:<path>`, a text or whole number in the JSON body of the request to the"
              + " provider, names separated by dots (`field:metadata.team`); of the HTTP request"
              + " that the thread serves in a servlet, `inbound-header:<name>`, `route` (Spring's"
              + " pattern, else the servlet's mapping, without the context path) and `principal`"
              + " (the name of who is logged in); `ai-service` (interface and method of the LangChain4j"
              + " AI service, `SupportAssistant.answer`); `spring-ai` (class and method that asked"
              + " Spring AI's `ChatClient`); `call-site` (class and method that made the call); `const:<value>`. A list replaces the default, but the headers"
              + " `x-flyball-tenant`, `-feature`, `-user` and `-prompt-version` are always asked"
              + " first. What comes with an inbound request is only as true as whoever sets it:"
              + " where clients reach the application directly, leave `inbound-header` out or have"
              + " the proxy in front overwrite that header.",
          AttributionConfig::new,
          TENANT,
          FEATURE,
          USER,
          LOCALE,
          PROMPT_VERSION);

  private final Map<AttributionKey, List<String>> sources = new EnumMap<>(AttributionKey.class);

  AttributionConfig(Values values) {
    sources.put(AttributionKey.TENANT, values.get(TENANT));
    sources.put(AttributionKey.FEATURE, values.get(FEATURE));
    sources.put(AttributionKey.USER, values.get(USER));
    sources.put(AttributionKey.LOCALE, values.get(LOCALE));
    sources.put(AttributionKey.PROMPT_VERSION, values.get(PROMPT_VERSION));
  }

  private static Property<List<String>> sources(AttributionKey key, String meaning) {
    return Property.of("attribution." + key.key(), ValueType.listOf(SOURCE), meaning)
        .defaultsTo(String.join(", ", key.defaultSources()));
  }

  /**
   * For every key its sources in the order they are asked, as {@link AttributionRules} reads them.
   */
  public Map<AttributionKey, List<String>> sources() {
    return Collections.unmodifiableMap(sources);
  }
}
