package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.base.log.Level;
import io.flyball.engine.Mode;
import io.flyball.engine.attribute.AttributionKey;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.ConfigProblem;
import io.flyball.settings.EffectiveSetting;
import io.flyball.settings.LoadedConfig;
import io.flyball.settings.Property;
import io.flyball.settings.Schema;
import io.flyball.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {
  @TempDir Path dir;

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  private LoadedConfig load(String arguments) {
    return ConfigLoader.load(Sections.SCHEMA, arguments, properties, environment);
  }

  private void yaml(String... lines) throws IOException {
    Path file = dir.resolve("f.yaml");
    Files.write(file, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    properties.put("flyball.config.file", file.toString());
  }

  /** The errors, with the file's folder left out. */
  private List<String> errors(LoadedConfig loaded) {
    return loaded.errors().stream()
        .map(error -> error.toString().replace(dir + "/", ""))
        .collect(Collectors.toList());
  }

  private static EffectiveSetting setting(LoadedConfig loaded, String property) {
    return loaded.config().describe().stream()
        .filter(setting -> setting.property().equals(property))
        .findFirst()
        .orElse(null);
  }

  @Test
  void withoutSourcesTheDefaultsHold() {
    Settings config = ConfigLoader.defaults(Sections.SCHEMA);

    assertThat(config.get(AgentConfig.SECTION).enabled()).isTrue();
    assertThat(config.get(AgentConfig.SECTION).mode()).isEqualTo(Mode.GOVERN);
    assertThat(config.get(AgentConfig.SECTION).onError()).isEqualTo(OnError.DISABLE);
    assertThat(config.get(ConfigLoader.FILE)).isNull();
    assertThat(config.get(AgentConfig.SECTION).service()).isEqualTo("unknown");
    assertThat(config.get(AgentConfig.SECTION).dataDir()).isNull();
    assertThat(config.get(LogConfig.SECTION).level()).isEqualTo(Level.INFO);
    assertThat(config.get(LogConfig.SECTION).file()).isNull();
    assertThat(config.get(InstrumentationConfig.SECTION).isEnabled("okhttp-3")).isTrue();
    assertThat(config.get(EndpointConfig.SECTION).all()).isEmpty();
    for (AttributionKey key : AttributionKey.values()) {
      assertThat(config.get(AttributionConfig.SECTION).sources())
          .containsEntry(key, key.defaultSources());
    }
    assertThat(config.get(EventsConfig.SECTION).file()).isNull();
    assertThat(config.get(ContentConfig.SECTION).capture()).isFalse();
    assertThat(config.get(ContentConfig.SECTION).redact()).isTrue();
    assertThat(config.get(ConsoleConfig.SECTION).port()).isEqualTo(OptionalInt.empty());
    assertThat(config.get(ConsoleConfig.SECTION).host()).isEqualTo("127.0.0.1");
    assertThat(config.get(ConsoleConfig.SECTION).token()).isNull();
    assertThat(config.get(PricesConfig.SECTION).file()).isNull();
    assertThat(config.otel()).isEmpty();
  }

  @Test
  void everySourceReachesTheTypedTree() throws IOException {
    yaml(
        "endpoint:",
        "  gw: {url: 'http://localhost:8080/v1', protocol: anthropic}",
        "attribution:",
        "  tenant: [mdc:t, 'header:X-T']",
        "  user: const:me");
    environment.put("FLYBALL_INSTRUMENTATION_OKHTTP_3_ENABLED", "false");
    environment.put("FLYBALL_ENDPOINT_MY_GW_URL", "https://h/openai");
    properties.put("flyball.content.sample", "2.5%");
    properties.put("flyball.data.dir", "/data");

    LoadedConfig loaded = load("console.port=0,flyball.log.level=DEBUG,enabled=false");

    assertThat(loaded.explain()).isEmpty();
    Settings config = loaded.config();
    assertThat(config.get(AgentConfig.SECTION).enabled()).isFalse();
    assertThat(config.get(ConsoleConfig.SECTION).port()).hasValue(0);
    assertThat(config.get(LogConfig.SECTION).level()).isEqualTo(Level.DEBUG);
    assertThat(config.get(InstrumentationConfig.SECTION).isEnabled("okhttp-3")).isFalse();
    assertThat(config.get(InstrumentationConfig.SECTION).named()).containsOnlyKeys("okhttp-3");
    assertThat(config.get(ContentConfig.SECTION).sample()).isEqualTo(0.025);
    assertThat(config.get(AgentConfig.SECTION).dataDir()).isEqualTo(Paths.get("/data"));
    assertThat(config.get(EndpointConfig.SECTION).all())
        .extracting(e -> e.name() + " " + e.baseUrl() + " " + e.protocolFamily())
        .containsExactly("gw http://localhost:8080/v1 anthropic", "my-gw https://h/openai openai");
    assertThat(config.get(AttributionConfig.SECTION).sources())
        .containsEntry(AttributionKey.TENANT, Arrays.asList("mdc:t", "header:X-T"))
        .containsEntry(AttributionKey.USER, Collections.singletonList("const:me"));
  }

  @Test
  void aWrongPriceFileIsAnErrorLikeAnyOther() throws IOException {
    Path prices = dir.resolve("prices.yaml");
    properties.put("flyball.prices.file", prices.toString());
    properties.put("flyball.config.on-error", "exit");

    LoadedConfig missing = load("");
    Files.write(prices, "version: 2\nproviders: []\n".getBytes(StandardCharsets.UTF_8));
    LoadedConfig wrong = load("");
    Files.write(prices, "version: 1\nproviders: []\n".getBytes(StandardCharsets.UTF_8));
    LoadedConfig good = load("");

    assertThat(missing.errors())
        .singleElement()
        .asString()
        .startsWith("-Dflyball.prices.file: " + prices)
        .endsWith("cannot be read: it does not exist");
    assertThat(wrong.errors())
        .singleElement()
        .asString()
        .isEqualTo(
            "-Dflyball.prices.file: "
                + prices
                + ", line 1: version must be 1: this Flyball reads no other");
    assertThat(wrong.config().get(AgentConfig.SECTION).onError()).isEqualTo(OnError.EXIT);
    assertThat(wrong.config().get(PricesConfig.OWN)).isNull();
    assertThat(good.explain()).isEmpty();
    assertThat(good.config().get(PricesConfig.OWN)).isNotNull();
  }

  /** Relative to a folder that the reader of the message may not think of. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "config.file=not-there.x",
        "prices.file=not-there.x",
        "console.token=${file:not-there.x}",
      })
  void aFileThatDoesNotExistIsNamedWithItsFolder(String argument) {
    assertThat(load(argument).errors())
        .singleElement()
        .asString()
        .contains(Paths.get("not-there.x").toAbsolutePath().toString())
        .contains("does not exist");
  }

  @Test
  void argumentsWinOverPropertiesOverEnvironmentOverFile() throws IOException {
    yaml("console.host: file", "service: file", "log: {level: error}", "mode: observe");
    environment.put("FLYBALL_CONSOLE_HOST", "env");
    environment.put("FLYBALL_SERVICE", "env");
    environment.put("FLYBALL_LOG_LEVEL", "warn");
    properties.put("flyball.console.host", "property");
    properties.put("flyball.service", "property");

    LoadedConfig loaded = load("console.host=argument");

    assertThat(loaded.explain()).isEmpty();
    assertThat(setting(loaded, "flyball.console.host").toString())
        .isEqualTo("flyball.console.host = argument (agent argument console.host)");
    assertThat(setting(loaded, "flyball.service").toString())
        .isEqualTo("flyball.service = property (-Dflyball.service)");
    assertThat(setting(loaded, "flyball.log.level").toString())
        .isEqualTo("flyball.log.level = warn (FLYBALL_LOG_LEVEL)");
    assertThat(setting(loaded, "flyball.mode").source()).endsWith("f.yaml:4:7");
    assertThat(setting(loaded, "flyball.enabled").source()).isEqualTo("default");
  }

  @Test
  void aPartOfTheArgumentsWithoutEqualsBelongsToTheValueBeforeIt() {
    Settings config = load("attribution.tenant=mdc:a, header : b,call-site,mode=observe").config();

    assertThat(config.get(AttributionConfig.SECTION).sources())
        .containsEntry(AttributionKey.TENANT, Arrays.asList("mdc:a", "header:b", "call-site"));
    assertThat(config.get(AgentConfig.SECTION).mode()).isEqualTo(Mode.OBSERVE);
  }

  @Test
  void anEmptyEnvironmentVariableCountsAsNotSet() {
    environment.put("FLYBALL_MODE", "");

    LoadedConfig loaded = load("");

    assertThat(loaded.explain()).isEmpty();
    assertThat(loaded.config().get(AgentConfig.SECTION).mode()).isEqualTo(Mode.GOVERN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mode=observ            | flyball.mode is \"observ\" but must be observe or govern",
        "enabled=yes            | flyball.enabled is \"yes\" but must be true or false",
        "enabled=TRUE           | flyball.enabled is \"TRUE\" but must be true or false",
        "config.on-error=x      | flyball.config.on-error is \"x\" but must be disable or exit",
        "log.level=x            | flyball.log.level is \"x\" but must be off, error, warn, info or debug",
        "console.port=65536     | flyball.console.port is \"65536\" but must be a port from 0 (any free one) to 65535, or off",
        "console.port=-1        | flyball.console.port is \"-1\" but must be a port from 0 (any free one) to 65535, or off",
        "content.sample=0.5     | flyball.content.sample is \"0.5\" but must be a percentage from 0% to 100%, such as 5%",
        "content.sample=101%    | flyball.content.sample is \"101%\" but must be a percentage from 0% to 100%, such as 5%",
        "attribution.user=foo:x | flyball.attribution.user is \"foo:x\" but must be a list of header:<name>, inbound-header:<name>, mdc:<key>, baggage:<key>, field:<path>, route, principal, ai-service, spring-ai, call-site, const:<value>",
        "attribution.user=mdc:  | flyball.attribution.user is \"mdc:\" but must be a list of header:<name>, inbound-header:<name>, mdc:<key>, baggage:<key>, field:<path>, route, principal, ai-service, spring-ai, call-site, const:<value>",
        "attribution.user=mdc:a,,mdc:b | flyball.attribution.user is \"mdc:a,,mdc:b\" but must be a list without empty items",
        "endpoint.a.url=gateway/v1 | flyball.endpoint.a.url must be an absolute http or https URL, such as https://gateway.example/v1",
        "endpoint.a.url=ftp://h | flyball.endpoint.a.url is \"ftp://h\" but must be an absolute http or https URL, such as https://gateway.example/v1",
        "endpoint.a.url=http://h:70000 | flyball.endpoint.a.url is \"http://h:70000\" but must be an absolute http or https URL, such as https://gateway.example/v1",
        "endpoint.a.protocol=openai | flyball.endpoint.a.protocol needs flyball.endpoint.a.url too",
        "endpoint.A_b.url=http://h | flyball.endpoint.A_b.url: a name must be made of lower case letters, digits and dashes",
        "mode=                  | flyball.mode has no value",
        "events.file=a\u0000b | flyball.events.file is \"a\\u0000b\" but must be a path of this file system",
      })
  void aBadValueIsToldWithWhatWouldBeRight(String argument, String message) {
    LoadedConfig loaded = load(argument);

    assertThat(errors(loaded))
        .containsExactly("agent argument " + argument.split("=", 2)[0] + ": " + message);
  }

  @Test
  void aLongBadValueIsQuotedInPartOnly() {
    String value = String.join("", Collections.nCopies(1_000, "x"));

    assertThat(errors(load("mode=" + value)).get(0)).contains("xxx...\" but").hasSizeLessThan(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mod                | did you mean flyball.mode?",
        "console.prot       | did you mean flyball.console.port?",
        "consol.token       | did you mean flyball.console.token?",
        "endpoint.gw.ur     | did you mean flyball.endpoint.gw.url?",
        "instrumentation.okhttp-3.enable | did you mean flyball.instrumentation.okhttp-3.enabled?",
        "content.everything | known are flyball.content.capture, flyball.content.sample, flyball.content.redact",
      })
  void anUnknownPropertyIsToldWithItsNeighbours(String property, String hint) {
    assertThat(errors(load(property + "=x")))
        .containsExactly(
            "agent argument " + property + ": unknown property flyball." + property + "; " + hint);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cache.mode", "coalesce.enabled", "prompt-cache.inject"})
  void whatDoesNotExistYetIsUnknown(String property) {
    properties.put("flyball." + property, "secret-value");

    assertThat(errors(load("")))
        .singleElement()
        .asString()
        .startsWith("-Dflyball." + property + ": unknown property flyball." + property + "; ")
        .doesNotContain("secret-value");
  }

  @Test
  void anUnknownVariableIsOnlyAWarning() {
    environment.put("FLYBALL_CONSOLE_TOKN", "s3cret");
    environment.put("FLYBALL_VAULT", "s3cret");

    LoadedConfig loaded = load("");

    assertThat(loaded.ok()).isTrue();
    assertThat(loaded.warnings())
        .extracting(ConfigProblem::toString)
        .containsExactly(
            "FLYBALL_CONSOLE_TOKN: no property has this variable; did you mean"
                + " FLYBALL_CONSOLE_TOKEN?",
            "FLYBALL_VAULT: no property has this variable; it is ignored");
  }

  @Test
  void allErrorsOfAllSourcesAreToldAtOnceAndDefaultsStandIn() throws IOException {
    yaml("mode: fast", "console:", "  prot: 1", "  port: x", "config: {on-error: exit}");
    environment.put("FLYBALL_LOG_LEVEL", "loud");
    properties.put("flyball.budget", "1");

    LoadedConfig loaded = load("enabled=maybe,nothing=1");

    assertThat(loaded.ok()).isFalse();
    assertThat(errors(loaded))
        .hasSize(7)
        .anyMatch(e -> e.startsWith("agent argument nothing: unknown property flyball.nothing;"))
        .anyMatch(e -> e.startsWith("-Dflyball.budget: unknown property flyball.budget;"))
        .anyMatch(e -> e.startsWith("f.yaml:3:3: unknown property flyball.console.prot;"))
        .anyMatch(e -> e.startsWith("f.yaml:4:9: flyball.console.port is \"x\""))
        .anyMatch(e -> e.startsWith("f.yaml:1:7: flyball.mode is \"fast\""))
        .anyMatch(e -> e.startsWith("agent argument enabled: flyball.enabled is \"maybe\""))
        .anyMatch(e -> e.startsWith("FLYBALL_LOG_LEVEL: flyball.log.level is \"loud\""));
    assertThat(loaded.config().get(AgentConfig.SECTION).mode()).isEqualTo(Mode.GOVERN);
    assertThat(loaded.config().get(AgentConfig.SECTION).onError()).isEqualTo(OnError.EXIT);
    assertThat(loaded.explain().split("\n"))
        .hasSize(7)
        .allMatch(line -> line.startsWith("error: "));
  }

  @Test
  void aBadValueThatIsOverriddenDoesNotMatter() {
    environment.put("FLYBALL_MODE", "nonsense");

    LoadedConfig loaded = load("mode=observe");

    assertThat(loaded.explain()).isEmpty();
    assertThat(loaded.config().get(AgentConfig.SECTION).mode()).isEqualTo(Mode.OBSERVE);
  }

  @Test
  void argumentsThatAreNoPairsAreToldWithoutWhatMayBeASecret() {
    assertThat(errors(load("s3cret")))
        .containsExactly(
            "agent arguments: the first one is not key=value; commas separate the pairs");
    assertThat(errors(load("observe,console.port=0")))
        .containsExactly(
            "agent arguments: \"observe\" is not key=value; commas separate the pairs");
    assertThat(errors(load("mode=observe,flyball.mode=govern")))
        .containsExactly(
            "agent argument flyball.mode: flyball.mode is set twice, first at agent argument mode");
    assertThat(load(null).ok()).isTrue();
    assertThat(load(" ,").ok()).isTrue();
  }

  @Test
  void otelSettingsArePassedOnFromArgumentsPropertiesAndVariables() {
    environment.put("OTEL_EXPORTER_OTLP_ENDPOINT", "http://env");
    environment.put("OTEL_SERVICE_NAME", "env");
    environment.put("OTEL_TRACES_SAMPLER", "");
    properties.put("otel.service.name", "property");
    properties.put("otel.metrics-exporter", "none");

    Settings config = load("otel.exporter.otlp.endpoint=http://argument").config();

    assertThat(config.otel())
        .containsOnly(
            entry("otel.exporter.otlp.endpoint", "http://argument"),
            entry("otel.service.name", "property"),
            entry("otel.metrics.exporter", "none"));
    assertThat(config.get(AgentConfig.SECTION).service()).isEqualTo("property");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "com.acme.Checkout --fast            | Checkout",
        "Main                                | Main",
        "acme.shop/com.acme.Checkout x       | Checkout",
        "/opt/apps/orders-1.2.jar --port 80  | orders-1.2",
        "/opt/my apps/orders.jar --port 80   | orders",
        "orders.jar                          | orders",
        "com.acme.Tool in.jar out            | Tool",
        "C:\\my apps\\orders.jar             | orders",
        "/opt/my.jars/orders-1.2.jar x       | orders-1.2",
        "/opt/orders-1.2.war --port 80       | orders-1.2",
        "''                                  | unknown",
      })
  void theServiceIsNamedAfterTheProgram(String command, String service) {
    properties.put("sun.java.command", command);

    assertThat(load("").config().get(AgentConfig.SECTION).service()).isEqualTo(service);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "com.acme.Main --fast                     | com.acme.Main  | Main",
        "acme.shop/com.acme.Main x                | com.acme.Main  | Main",
        "Main                                     | Main           |",
        "/opt/orders-1.2.jar --port 80            | orders         | orders-1.2",
        "orders-1.2.3-SNAPSHOT.jar                | orders         | orders-1.2.3-SNAPSHOT",
        "orders-1-SNAPSHOT.jar                    | orders         | orders-1-SNAPSHOT",
        "orders-v2.0.0.RELEASE.jar                | orders         | orders-v2.0.0.RELEASE",
        "orders-2.0.0-rc.1.jar                    | orders         | orders-2.0.0-rc.1",
        "orders-2.0-M3.jar                        | orders         | orders-2.0-M3",
        "orders-1.2-20260101.123456-7.jar         | orders         | orders-1.2-20260101.123456-7",
        "log-1.2-api-2.17.1.jar                   | log-1.2-api    | log-1.2-api-2.17.1",
        "orders-web-1.2.jar                       | orders-web     | orders-web-1.2",
        "orders-1.2-web.jar                       | orders-1.2-web |",
        "worker-2.jar                             | worker-2       |",
        "report-2026-01-31.jar                    | report-2026-01-31 |",
        "-1.2.jar                                 | -1.2           |",
        "orders.jar                               | orders         |",
        "orders-1.2.war                           | orders         | orders-1.2.war",
        "/opt/orders-1.2.JAR --port 80            | orders         | orders-1.2.JAR",
        "orders-1.2.jar.new                       | orders         | orders-1.2",
        "my.jarvis-1.0.jar x.jar                  | my.jarvis      | my.jarvis-1.0",
      })
  void dataIsKeptForTheProgramWhateverElseHasItsNameOrItsVersionIs(
      String command, String folder, String former) {
    properties.put("user.home", dir.toString());
    properties.put("sun.java.command", command);

    Settings config = load("").config();

    Path home = dir.resolve(".flyball");
    assertThat(config.get(AgentConfig.SECTION).dataDir()).isEqualTo(home.resolve(folder));
    assertThat(AgentConfig.formerDataDir(config))
        .isEqualTo(former == null ? null : home.resolve(former));
    assertThat(load("service=Main").config().get(AgentConfig.SECTION).dataDir())
        .isEqualTo(home.resolve("Main"));
    assertThat(AgentConfig.formerDataDir(load("service=Main").config())).isNull();
    assertThat(AgentConfig.formerDataDir(load("data.dir=/data").config())).isNull();
    properties.put("otel.service.name", "orders-1.2");
    assertThat(load("").config().get(AgentConfig.SECTION).dataDir())
        .isEqualTo(home.resolve("orders-1.2"));
  }

  /** A name is matched once, however much of it looks like a version. */
  @Test
  void aJarsNameMayBeAnything() {
    properties.put("user.home", dir.toString());
    StringBuilder name = new StringBuilder("a-1.2");
    for (int i = 0; i < 2_000; i++) {
      name.append("-m-1.1");
    }
    properties.put("sun.java.command", name + "x.jar");

    assertThat(load("").config().get(AgentConfig.SECTION).dataDir()).isNotNull();
  }

  @Test
  void theServiceIsNamedByOpenTelemetryFirst() {
    properties.put("sun.java.command", "Main");
    environment.put("OTEL_RESOURCE_ATTRIBUTES", "team=a, service.name=resource");
    assertThat(load("").config().get(AgentConfig.SECTION).service()).isEqualTo("resource");

    environment.put("OTEL_SERVICE_NAME", "otel");
    assertThat(load("").config().get(AgentConfig.SECTION).service()).isEqualTo("otel");
    assertThat(load("service=mine").config().get(AgentConfig.SECTION).service()).isEqualTo("mine");
  }

  @Test
  void dataIsKeptInAFolderOfTheServiceWithoutMakingIt() {
    properties.put("user.home", dir.toString());
    properties.put("otel.service.name", "../shop/a b");

    assertThat(load("").config().get(AgentConfig.SECTION).dataDir().toString())
        .matches("\\Q" + dir.resolve(".flyball/.._shop_a_b~") + "\\E[0-9a-f]{16}");
    assertThat(load("service=..").config().get(AgentConfig.SECTION).dataDir().toString())
        .matches("\\Q" + dir.resolve(".flyball/..~") + "\\E[0-9a-f]{16}");
    assertThat(load("service=Shop-2.0").config().get(AgentConfig.SECTION).dataDir())
        .isEqualTo(dir.resolve(".flyball/Shop-2.0"));
    assertThat(dir.resolve(".flyball")).doesNotExist();
    assertThat(load("data.dir=none").config().get(AgentConfig.SECTION).dataDir()).isNull();
    properties.put("user.home", "?");
    assertThat(load("").config().get(AgentConfig.SECTION).dataDir()).isNull();
  }

  @Test
  void whatIsNotSetIsShownAsTheDocumentationHasIt() {
    assertThat(load("").config().describe())
        .allSatisfy(setting -> assertThat(setting.value()).as(setting.property()).isNotNull());
    assertThat(setting(load(""), "flyball.retry.max-time").value())
        .isEqualTo("as long as the SDK would; 5s for other clients");
    assertThat(setting(load(""), "flyball.log.file").value()).isEqualTo("standard error");
    assertThat(setting(load(""), "flyball.console.token").value())
        .isEqualTo("random, printed once");
  }

  @Test
  void aPathMayStartAtTheUsersHome() {
    Settings config = load("events.file=~/events.jsonl").config();

    assertThat(config.get(EventsConfig.SECTION).file())
        .isEqualTo(Paths.get(System.getProperty("user.home"), "events.jsonl"));
  }

  @Test
  void everyPropertyCanBeSetByItsVariable() {
    for (Property<?> property : Sections.SCHEMA.properties()) {
      String variable = Property.environmentName(property.path("my-name", "my-header"));

      Schema.Match match = Sections.SCHEMA.matchEnvironment(variable);

      assertThat(match).as(variable).isNotNull();
      assertThat(match.path()).isEqualTo(property.path("my-name", "my-header"));
    }
  }

  @Test
  void nothingIsSetByOtherPeoplesNames() {
    environment.put("OTHER", "x");
    properties.put("other.mode", "x");
    properties.put("flyballs", "x");

    assertThat(load("").explain()).isEmpty();
    assertThat(load("").config().changesTo(ConfigLoader.defaults(Sections.SCHEMA)))
        .extracting(EffectiveSetting::property)
        .isEqualTo(Collections.emptyList());
  }

  private static Map.Entry<String, String> entry(String key, String value) {
    return new java.util.AbstractMap.SimpleEntry<>(key, value);
  }

  @Test
  void moneyMayBeWrittenInAnyCase() {
    for (String limit : new String[] {"50 USD", "50USD", "50 usd", "50Usd"}) {
      LoadedConfig loaded = load("budget.b.limit=" + limit + ",request.max-cost=" + limit);
      assertThat(loaded.explain()).as(limit).isEmpty();
    }
  }

  @Test
  void whoWritesOpenTelemetrysSettingsAsOursIsToldWhereTheyBelong() {
    for (String key : new String[] {"flyball.otel.exporter.otlp.endpoint", "flyball.otel.x"}) {
      assertThat(load(key + "=http://h").explain())
          .contains("OpenTelemetry's settings are no part of the file")
          .contains("OTEL_EXPORTER_OTLP_ENDPOINT");
    }
  }
}
