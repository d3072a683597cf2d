package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.limit.LimitScope;
import io.flyball.engine.limit.Limits;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.EffectiveSetting;
import io.flyball.settings.LoadedConfig;
import io.flyball.settings.Secret;
import io.flyball.settings.Settings;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReliabilityConfigTest {
  @TempDir Path dir;

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  private LoadedConfig load(String arguments) {
    return ConfigLoader.load(Sections.SCHEMA, arguments, properties, environment);
  }

  private Settings good(String arguments) {
    LoadedConfig loaded = load(arguments);
    assertThat(loaded.explain()).isEmpty();
    return loaded.config();
  }

  private void yaml(String... lines) throws IOException {
    Path file = dir.resolve("f.yaml");
    Files.write(file, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
    properties.put("flyball.config.file", file.toString());
  }

  private List<String> errors(LoadedConfig loaded) {
    return loaded.errors().stream()
        .map(error -> error.toString().replace(dir + "/", ""))
        .collect(Collectors.toList());
  }

  @Test
  void theDefaultsAreThoseThatAreDocumented() {
    Settings config = ConfigLoader.defaults(Sections.SCHEMA);

    assertThat(config.get(RetryConfig.SECTION).maxAttempts()).isEqualTo(3);
    assertThat(config.get(RetryConfig.SECTION).baseDelay()).isEqualTo(Duration.ofMillis(500));
    assertThat(config.get(RetryConfig.SECTION).maxDelay()).isEqualTo(Duration.ofSeconds(20));
    assertThat(config.get(RetryConfig.SECTION).budget()).isEqualTo(0.2);
    assertThat(config.get(RetryConfig.SECTION).suppressSdk()).isTrue();
    assertThat(config.get(TimeoutConfig.SECTION).firstToken()).isNull();
    assertThat(config.get(TimeoutConfig.SECTION).response()).isNull();
    assertThat(config.get(TimeoutConfig.SECTION).idle()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.get(TimeoutConfig.SECTION).isIdleSet()).isFalse();
    assertThat(config.get(TimeoutConfig.SECTION).call()).isEqualTo(Duration.ofMinutes(10));
    assertThat(config.get(TimeoutConfig.SECTION).isCallSet()).isFalse();
    assertThat(config.get(TargetConfig.SECTION).byName()).isEmpty();
    assertThat(config.get(FallbackConfig.SECTION).chain()).isEmpty();
    assertThat(config.get(FallbackConfig.SECTION).on())
        .isEqualTo(EnumSet.complementOf(EnumSet.of(FallbackReason.CONTENT_FILTER)));
    assertThat(config.get(StreamConfig.SECTION).recovery()).isEqualTo(StreamRecovery.SPLICE);
    assertThat(config.get(HedgeConfig.SECTION).enabled()).isFalse();
    assertThat(config.get(HedgeConfig.SECTION).percentile()).isEqualTo(0.95);
    assertThat(config.get(HedgeConfig.SECTION).minDelay()).isEqualTo(Duration.ofMillis(200));
    assertThat(config.get(HedgeConfig.SECTION).maxDelay()).isEqualTo(Duration.ofSeconds(10));
    for (LimitScope scope : LimitScope.values()) {
      assertThat(config.get(LimitConfig.SECTION).each(scope)).isEqualTo(Limits.NONE);
    }
    assertThat(config.get(LimitConfig.SECTION).target("any")).isEqualTo(Limits.NONE);
    assertThat(config.get(LimitConfig.SECTION).maxWait()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.get(LimitConfig.SECTION).adaptive()).isTrue();
    assertThat(config.get(LimitConfig.SECTION).adaptiveForAll()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"when-others-can, true, false", "true, true, true", "false, false, false"})
  void aProvidersLimitHoldsBackWhomTheUserSays(String word, boolean some, boolean all) {
    LimitConfig limit = good("limit.adaptive=" + word).get(LimitConfig.SECTION);
    assertThat(limit.adaptive()).isEqualTo(some);
    assertThat(limit.adaptiveForAll()).isEqualTo(all);
  }

  @Test
  void aTimeoutCanBeOff() {
    TimeoutConfig timeout =
        good("timeout.first-token=off,timeout.response=off,timeout.idle=off,timeout.call=off")
            .get(TimeoutConfig.SECTION);

    assertThat(timeout.firstToken()).isNull();
    assertThat(timeout.response()).isNull();
    assertThat(timeout.idle()).isNull();
    assertThat(timeout.call()).isNull();
  }

  @Test
  void whatTheUserSetsIsToldFromADefaultOfTheSameValue() {
    TimeoutConfig timeout = good("timeout.idle=10m,timeout.call=10m").get(TimeoutConfig.SECTION);

    assertThat(timeout.isIdleSet()).isTrue();
    assertThat(timeout.isCallSet()).isTrue();
  }

  @Test
  void aChainBringsLimitsThatTheUserDidNotSet() {
    Settings chain = good("fallback.chain=cache");
    assertThat(chain.get(TimeoutConfig.SECTION).firstToken()).isEqualTo(Duration.ofMinutes(2));
    assertThat(chain.get(TimeoutConfig.SECTION).response()).isEqualTo(Duration.ofMinutes(10));
    assertThat(chain.describe())
        .extracting(EffectiveSetting::toString)
        .contains("flyball.timeout.first-token = 2m (default)");

    TimeoutConfig set =
        good("fallback.chain=cache,timeout.first-token=off,timeout.response=3s")
            .get(TimeoutConfig.SECTION);
    assertThat(set.firstToken()).isNull();
    assertThat(set.response()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void aTargetIsReadFromAllThatIsSaidOfIt() throws IOException {
    yaml(
        "target:",
        "  backup:",
        "    url: https://backup.example/v1",
        "    protocol: anthropic",
        "    model: small",
        "    api-key: ${env:KEY}",
        "    headers: {X-Team: shop, anthropic-beta: 'a,b'}",
        "    context-window: 200k tokens",
        "    max-output: 8192");
    environment.put("KEY", "s3cret");
    environment.put("FLYBALL_TARGET_BACKUP_HEADERS_X_MODEL", "m");
    environment.put("FLYBALL_TARGET_MY_OWN_URL", "http://localhost:8000/v1");

    TargetConfig config = good("").get(TargetConfig.SECTION);

    assertThat(config.byName()).containsOnlyKeys("backup", "my-own");
    TargetSettings backup = config.byName().get("backup");
    assertThat(backup.name()).isEqualTo("backup");
    assertThat(backup.url()).isEqualTo(URI.create("https://backup.example/v1"));
    assertThat(backup.protocol()).isEqualTo("anthropic");
    assertThat(backup.model()).isEqualTo("small");
    assertThat(backup.apiKey().reveal()).isEqualTo("s3cret");
    assertThat(backup.headers())
        .containsOnly(
            entry("anthropic-beta", new Secret("a,b")),
            entry("x-model", new Secret("m")),
            entry("x-team", new Secret("shop")));
    assertThat(backup.contextWindow()).hasValue(200_000);
    assertThat(backup.maxOutput()).hasValue(8192);
    TargetSettings own = config.byName().get("my-own");
    assertThat(own.protocol()).isEqualTo("openai");
    assertThat(own.model()).isNull();
    assertThat(own.apiKey()).isNull();
    assertThat(own.headers()).isEmpty();
    assertThat(own.contextWindow()).isEmpty();
    assertThat(own.maxOutput()).isEmpty();
  }

  @Test
  void noCredentialOfATargetIsShown() {
    LoadedConfig loaded =
        load(
            "target.a.url=http://h,target.a.api-key=s3cret,target.a.headers.x-token=s3cret,"
                + "target.b.url=http://h,target.b.api-key=s3cret\n,target.b.headers.x=s3cret\u0000x");

    assertThat(errors(loaded))
        .containsExactly(
            "agent argument target.b.headers.x: flyball.target.b.headers.x must be one line of"
                + " visible ASCII characters");
    assertThat(loaded.config().get(TargetConfig.SECTION).byName().get("a").apiKey().reveal())
        .isEqualTo("s3cret");
    assertThat(
            loaded.explain() + loaded.config() + loaded.config().get(TargetConfig.SECTION).byName())
        .doesNotContain("s3cret")
        .contains("flyball.target.a.headers.x-token = ****");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "target.a.api-key=k            | flyball.target.a.api-key needs flyball.target.a.url too",
        "target.a.headers.x=k          | flyball.target.a.headers.x needs flyball.target.a.url too",
        "target.a.model=m              | flyball.target.a.model needs flyball.target.a.url too",
        "target.a.context-window=1k    | flyball.target.a.context-window needs flyball.target.a.url too",
        "limit.target.a.rpm=1          | flyball.limit.target.a.rpm needs flyball.target.a.url too",
        "target.a.headers.Host=h       | flyball.target.a.headers.Host: a header's name must be made of letters, digits and dashes, and the header not be one of the connection's own",
        "target.a.headers.x:y=h        | flyball.target.a.headers.x:y: a header's name must be made of letters, digits and dashes, and the header not be one of the connection's own",
        "target.a.header.x=h           | unknown property flyball.target.a.header.x; did you mean flyball.target.a.headers.x?",
        "fallback.chain=bakup          | flyball.fallback.chain needs flyball.target.bakup.url, which is not set",
        "fallback.chain=cache,cache    | flyball.fallback.chain is \"cache,cache\" but must be a list of different targets' names and cache, which may end with static:<text>",
        "fallback.chain=static:        | flyball.fallback.chain is \"static:\" but must be a list of different targets' names and cache, which may end with static:<text>",
        "fallback.chain=,cache         | flyball.fallback.chain is \",cache\" but must be a list of different targets' names and cache, which may end with static:<text>",
        "fallback.on=errors            | flyball.fallback.on is \"errors\" but must be error, timeout, rate-limit, breaker-open, context-window, budget or content-filter",
        "retry.max-attempts=0          | flyball.retry.max-attempts is \"0\" but must be a whole number from 1 to 10",
        "retry.max-attempts=11         | flyball.retry.max-attempts is \"11\" but must be a whole number from 1 to 10",
        "timeout.idle=0                | flyball.timeout.idle is \"0\" but must be a duration from 1ms to 1d, such as 500ms, 30s, 2m or 1h, or off",
        "stream.recovery=join          | flyball.stream.recovery is \"join\" but must be off, splice or buffer",
        "limit.adaptive=yes            | flyball.limit.adaptive is \"yes\" but must be true, false or when-others-can",
        "breaker.refuse=never          | flyball.breaker.refuse is \"never\" but must be when-others-can or always",
        "limit.rpm=0                   | flyball.limit.rpm is \"0\" but must be a whole number from 1 to 100000000, or off",
        "limit.team.rpm=5              | unknown property flyball.limit.team.rpm; did you mean flyball.limit.tenant.rpm?",
      })
  void aMistakeIsToldAtItsPlace(String argument, String message) {
    assertThat(errors(load(argument)))
        .containsExactly("agent argument " + argument.split("=", 2)[0] + ": " + message);
  }

  @Test
  void aTargetWithAUrlThatIsWrongIsToldOnce() {
    assertThat(errors(load("target.a.url=nowhere,target.a.api-key=k,fallback.chain=a")))
        .singleElement()
        .asString()
        .startsWith("agent argument target.a.url: flyball.target.a.url must be an absolute");
  }

  @Test
  void aTextInTheChainGoesOnToItsEnd() {
    environment.put("FLYBALL_TARGET_B_URL", "http://h");

    List<FallbackStep> chain =
        good("fallback.chain=b, cache ,static: Sorry, b,cache: later.")
            .get(FallbackConfig.SECTION)
            .chain();

    assertThat(chain).hasSize(3);
    assertThat(chain.get(0).target()).isEqualTo("b");
    assertThat(chain.get(1).kind()).isEqualTo(FallbackStep.Kind.CACHE);
    assertThat(chain.get(2).text()).isEqualTo("Sorry, b,cache: later.");
    assertThat(chain).hasToString("[b, cache, static:Sorry, b,cache: later.]");
  }

  @Test
  void inYamlTheChainCanBeASequence() throws IOException {
    yaml(
        "target: {a: {url: 'http://h'}}",
        "fallback:",
        "  on: [error, content-filter]",
        "  chain:",
        "    - a",
        "    - 'static:Sorry, not now'");

    FallbackConfig fallback = good("").get(FallbackConfig.SECTION);

    assertThat(fallback.chain()).hasToString("[a, static:Sorry, not now]");
    assertThat(fallback.on()).containsExactly(FallbackReason.ERROR, FallbackReason.CONTENT_FILTER);
  }

  @Test
  void nothingInASequenceStandsBehindAText() throws IOException {
    yaml("fallback.chain: ['static:Sorry', cache]");

    assertThat(errors(load("")))
        .singleElement()
        .asString()
        .startsWith("f.yaml:1:17: flyball.fallback.chain is \"static:Sorry,cache\" but must be");
  }

  @Test
  void anUnknownTargetIsToldAtThePlaceOfTheChain() throws IOException {
    yaml("target: {a: {url: 'http://h'}}", "fallback: {chain: [a, b]}");

    assertThat(errors(load("")))
        .containsExactly(
            "f.yaml:2:19: flyball.fallback.chain needs flyball.target.b.url, which is not set");
  }

  @Test
  void everyScopeHasLimitsOfItsOwnAndATargetCanHaveOthers() throws IOException {
    yaml(
        "limit:",
        "  concurrency: 50",
        "  tenant: {rpm: 60, tpm: 40k tokens}",
        "  target:",
        "    rpm: 100",
        "    tpm: 1M tokens",
        "    mine: {rpm: off, concurrency: 4}",
        "target: {mine: {url: 'http://h'}}");
    environment.put("FLYBALL_LIMIT_USER_CONCURRENCY", "2");

    LimitConfig limit = good("").get(LimitConfig.SECTION);

    long none = Limits.UNLIMITED;
    assertThat(limit.each(LimitScope.GLOBAL)).isEqualTo(new Limits(50, none, none));
    assertThat(limit.each(LimitScope.TENANT)).isEqualTo(new Limits(none, 60, 40_000));
    assertThat(limit.each(LimitScope.TARGET)).isEqualTo(new Limits(none, 100, 1_000_000));
    assertThat(limit.each(LimitScope.FEATURE)).isEqualTo(Limits.NONE);
    assertThat(limit.each(LimitScope.USER)).isEqualTo(new Limits(2, none, none));
    assertThat(limit.target("other")).isEqualTo(limit.each(LimitScope.TARGET));
    assertThat(limit.target("mine")).isEqualTo(new Limits(4, none, 1_000_000));
  }

  @Test
  void aCallMayBeToldNotToWaitForALimit() {
    assertThat(good("limit.max-wait=0s").get(LimitConfig.SECTION).maxWait()).isZero();
  }

  @Test
  void aHeaderSetTwiceInDifferentCaseIsTold() throws IOException {
    yaml("target.a.url: 'http://h'", "target.a.headers: {X-Team: a, x-team: b}");

    assertThat(errors(load("")))
        .containsExactly(
            "f.yaml:2:39: flyball.target.a.headers.x-team is set twice, first at f.yaml:2:28");
  }
}
