package io.flyball.engine.config;

import java.util.List;

/** {@code flyball.attribution.*}: where a call's tenant, feature and so on are looked for. */
public final class AttributionConfig {
  static final Property<List<AttributionSource>> TENANT =
      sources("tenant", "Whose call it is.").defaultsTo("header:x-flyball-tenant, mdc:tenant");
  static final Property<List<AttributionSource>> FEATURE =
      sources("feature", "What the call is made for.")
          .defaultsTo("header:x-flyball-feature, mdc:feature, call-site");
  static final Property<List<AttributionSource>> USER =
      sources("user", "Whom the application makes the call for; only a hash of it is kept.")
          .defaultsTo("header:x-flyball-user, mdc:user");
  static final Property<List<AttributionSource>> LOCALE =
      sources("locale", "The language the answer is for.")
          .defaultsTo("header:x-flyball-locale, mdc:locale");
  static final Property<List<AttributionSource>> PROMPT_VERSION =
      sources("prompt-version", "Which version of its prompt the application uses.")
          .defaultsTo("header:x-flyball-prompt-version, mdc:prompt-version");
  static final Section SECTION =
      new Section(
          "Attribution",
          "Who a call is charged to. Each property is a list of sources, separated by commas (in"
              + " YAML also a sequence); the first that yields a value wins. Sources:"
              + " `header:<name>` of the request to the provider, `mdc:<key>` of the application's"
              + " logging context, `call-site` (class and method that made the call),"
              + " `const:<value>`. A list replaces the default; `x-flyball-*` headers never leave"
              + " the application in mode `govern`.",
          TENANT,
          FEATURE,
          USER,
          LOCALE,
          PROMPT_VERSION);

  private final List<AttributionSource> tenant;
  private final List<AttributionSource> feature;
  private final List<AttributionSource> user;
  private final List<AttributionSource> locale;
  private final List<AttributionSource> promptVersion;

  AttributionConfig(Values values) {
    this.tenant = values.get(TENANT);
    this.feature = values.get(FEATURE);
    this.user = values.get(USER);
    this.locale = values.get(LOCALE);
    this.promptVersion = values.get(PROMPT_VERSION);
  }

  private static Property<List<AttributionSource>> sources(String part, String meaning) {
    return Property.of("attribution." + part, ValueType.listOf(AttributionSource.TYPE), meaning);
  }

  public List<AttributionSource> tenant() {
    return tenant;
  }

  public List<AttributionSource> feature() {
    return feature;
  }

  public List<AttributionSource> user() {
    return user;
  }

  public List<AttributionSource> locale() {
    return locale;
  }

  public List<AttributionSource> promptVersion() {
    return promptVersion;
  }
}
