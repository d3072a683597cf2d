package io.flyball.engine.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.protocol.Usage;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceCatalogueTest {
  private final PriceCatalogue builtIn = PriceCatalogue.builtIn();

  @TempDir Path folder;

  /** Of a prompt that turns out shorter than it may be, the tier may be a dearer one. */
  @Test
  void theMostIsThatOfTheDearestTierOnTheWay() throws IOException {
    Path own =
        file(
            "version: 1\nproviders: [{id: p, names: [p], models: [{name: m, input: 10, output: 10,"
                + " tiers: [{above: 1000, input: 20}, {above: 100000, input: 1}]}]}]\n");
    Price price = builtIn.overriddenBy(own).priceOf("p", null, "m").get();
    Usage usage = Usage.builder(Usage.Source.ESTIMATED).input(100_001).build();

    assertThat(price.costAtMost(usage, null, null, null)).isEqualByComparingTo("2.00002");
  }

  @Test
  void chargesAnthropicCacheWritesOnce() {
    Usage usage = reported().input(3 + 12_304).cacheWrite5m(12_304).output(550).build();

    assertThat(cost("anthropic", "claude-3-7-sonnet-20250219", usage))
        .isEqualByComparingTo("0.054399");
  }

  @Test
  void chargesFiveMinuteAndOneHourCacheWritesSeparately() {
    Usage usage =
        reported()
            .input(100 + 2_000 + 1_000 + 500)
            .cacheRead(2_000)
            .cacheWrite5m(1_000)
            .cacheWrite1h(500)
            .output(10)
            .build();

    assertThat(cost("anthropic", "claude-sonnet-4-20250514", usage)).isEqualByComparingTo("0.0078");
  }

  @Test
  void pricesEveryGeminiTokenOnce() throws IOException {
    Path own =
        file(
            "version: 1\n"
                + "providers:\n"
                + "  - id: google\n"
                + "    models:\n"
                + "      - {name: gemini-2.5-pro, input: 1.25, output: 10, cache_read: 0.625}\n");
    Usage usage = reported().input(262_960).cacheRead(257_955).output(1_744).build();

    Price price = builtIn.overriddenBy(own).priceOf("gcp.gemini", null, "gemini-2.5-pro").get();

    assertThat(price.cost(usage, null)).isEqualByComparingTo("0.184918125");
  }

  /** The same tokens at Google's own list, whose prices double above 200,000 tokens of input. */
  @Test
  void pricesALongGeminiPromptAtItsTier() {
    Usage usage = reported().input(262_960).cacheRead(257_955).output(1_744).build();

    assertThat(cost("gcp.gemini", "gemini-2.5-pro", usage)).isEqualByComparingTo("0.10316125");
    assertThat(cost("gcp.vertex_ai", "gemini-2.5-pro-preview-05-06", usage))
        .isEqualByComparingTo("0.10316125");
    assertThat(
            cost(
                "gcp.gemini",
                "gemini-2.5-pro",
                reported().input(200_000).cacheRead(150_000).output(2_000).reasoning(500).build()))
        .isEqualByComparingTo("0.10125");
  }

  @Test
  void chargesTheWholeCallAtTheTierItsInputReaches() {
    Usage below = reported().input(200_000).cacheRead(100_000).output(1_000).build();
    Usage above = reported().input(200_001).cacheRead(100_000).output(1_000).build();

    assertThat(cost("anthropic", "claude-sonnet-4-5-20250929", below))
        .isEqualByComparingTo("0.345");
    assertThat(cost("anthropic", "claude-sonnet-4-5-20250929", above))
        .isEqualByComparingTo("0.682506");
  }

  @Test
  void takesOpenAiCachedTokensOutOfThePrompt() {
    Usage usage = reported().input(2_006).cacheRead(1_920).output(300).build();

    assertThat(cost("openai", "gpt-4o-2024-08-06", usage)).isEqualByComparingTo("0.005615");
  }

  @Test
  void chargesReasoningWithinTheOutput() {
    Usage usage = reported().input(75).output(1_186).reasoning(1_024).build();

    assertThat(cost("openai", "o3-2025-04-16", usage)).isEqualByComparingTo("0.009638");
  }

  @Test
  void chargesAudioTokensAtTheirOwnRate() {
    Usage usage = reported().input(1_000).inputAudio(400).output(200).outputAudio(150).build();

    assertThat(cost("openai", "gpt-audio", usage)).isEqualByComparingTo("0.0244");
  }

  @Test
  void addsTheFeeOnEachCall() {
    Usage usage = reported().input(10).output(10).build();

    assertThat(cost("perplexity", "sonar", usage)).isEqualByComparingTo("0.01202");
  }

  @Test
  void appliesTheServiceTier() {
    Usage usage = reported().input(1_000_000).build();
    Price price = builtIn.priceOf("openai", null, "gpt-5.1").get();

    assertThat(price.cost(usage, "batch")).isEqualByComparingTo("0.625");
    assertThat(price.cost(usage, "Priority")).isEqualByComparingTo("2.5");
    assertThat(price.cost(usage, "default")).isEqualByComparingTo("1.25");
  }

  @Test
  void aReportedZeroCostsNothing() {
    assertThat(cost("openai", "gpt-4o", reported().build())).isEqualByComparingTo("0");
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o-2024-08-06, gpt-4o",
    "openai, gpt-4o-mini-2024-07-18, gpt-4o-mini",
    "openai, GPT-4o, gpt-4o",
    "openai, gpt-4-1106-preview, gpt-4-turbo",
    "openai, gpt-4-0613, gpt-4",
    "openai, gpt-3.5-turbo-0613, gpt-3.5-turbo-0613",
    "openai, ft:gpt-4o-mini-2024-07-18:acme::abc, ft:gpt-4o-mini",
    "openai, gpt-5-chat-latest, gpt-5",
    "anthropic, claude-3-5-sonnet-20241022, claude-3-5-sonnet",
    "anthropic, claude-3-5-haiku-latest, claude-3-5-haiku",
    "anthropic, claude-opus-4-20250514, claude-opus-4-0",
    "gcp.vertex_ai, claude-3-5-sonnet@20240620, claude-3-5-sonnet",
    "gcp.gemini, gemini-2.5-flash-preview-05-20, gemini-2.5-flash-preview",
    "x_ai, grok-4-latest, grok-4-0709",
    "azure.ai.openai, gpt-4o-2024-11-20, gpt-4o",
    "azure.ai.openai, phi-4, phi-4",
  })
  void resolvesSnapshotsToTheirFamily(String provider, String model, String expected) {
    assertThat(builtIn.priceOf(provider, null, model)).map(Price::model).contains(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "us.anthropic.claude-sonnet-4-5-20250929-v1:0, 3.3",
    "global.anthropic.claude-sonnet-4-5-20250929-v1:0, 3",
    "eu.anthropic.claude-haiku-4-5-20251001-v1:0, 1.1",
    "anthropic.claude-3-haiku-20240307-v1:0, 0.25",
    "amazon.nova-pro-v1:0, 0.8",
  })
  void knowsBedrockInferenceProfiles(String model, BigDecimal perMillionInput) {
    Price price = builtIn.priceOf("aws.bedrock", null, model).get();

    assertThat(price.cost(reported().input(1_000_000).build(), null))
        .isEqualByComparingTo(perMillionInput);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-99",
    "openai, gpt-4o-something-new",
    "openai, my-gpt-4o",
    "nobody, gpt-4o",
    "openai,",
  })
  void hasNoPriceForWhatItDoesNotKnow(String provider, String model) {
    assertThat(builtIn.priceOf(provider, null, model)).isEmpty();
  }

  @Test
  void aHostSaysMoreThanTheWireFormat() {
    Price price = builtIn.priceOf("openai", "api.groq.com", "openai/gpt-oss-20b").get();

    assertThat(price.provider()).isEqualTo("groq");
  }

  @Test
  void aSpoofedHostIsNotAProvider() {
    assertThat(builtIn.priceOf("nobody", "api.groq.com.evil.test", "openai/gpt-oss-20b")).isEmpty();
  }

  @Test
  void saysWhenItWasGathered() {
    assertThat(builtIn.date()).isEqualTo(LocalDate.of(2026, 8, 21));
  }

  @ParameterizedTest
  @CsvSource({
    "openai, , gpt-4o-2024-08-06, 128000, 16384",
    "openai, , o3, 200000, 100000",
    "openai, , text-embedding-3-small, 8192,",
    "openai, , gpt-4-32k, 32000,",
    "openai, , gpt-audio, ,",
    "anthropic, , claude-sonnet-4-5-20250929, 1000000, 64000",
    "anthropic, , claude-haiku-4-5, 200000, 64000",
    "gcp.gemini, , gemini-2.5-pro, 1048576, 65536",
    "gcp.vertex_ai, , gemini-2.0-flash-001, 1000000, 8192",
    "gcp.gemini, , gemini-embedding-001, ,",
    "azure.ai.openai, r.openai.azure.com, o4-mini, 200000, 100000",
    "openai, api.groq.com, openai/gpt-oss-20b, 131072,",
    "nobody, , gpt-4o, ,",
    "openai, , , ,",
  })
  void knowsHowMuchAModelReadsAndWrites(
      String provider, String host, String model, Long contextWindow, Long maxOutput) {
    ModelLimits limits = builtIn.limitsOf(provider, host, model);

    assertThat(limits.contextWindow()).isEqualTo(contextWindow);
    assertThat(limits.maxOutputTokens()).isEqualTo(maxOutput);
  }

  @Test
  void aPriceOfTheUsersOwnHidesNoLimits() throws IOException {
    Path own =
        file(
            "version: 1\n"
                + "providers:\n"
                + "  - id: openai\n"
                + "    models:\n"
                + "      - {name: gpt-4o, input: 1, context_window: 64000}\n"
                + "      - {name: gpt-4o-mini, input: 1}\n");
    PriceCatalogue catalogue = builtIn.overriddenBy(own);

    assertThat(catalogue.limitsOf("openai", null, "gpt-4o").contextWindow()).isEqualTo(64_000);
    assertThat(catalogue.limitsOf("openai", null, "gpt-4o").maxOutputTokens()).isEqualTo(16_384);
    assertThat(catalogue.limitsOf("openai", null, "gpt-4o-mini").contextWindow())
        .isEqualTo(128_000);
    assertThat(catalogue.priceOf("openai", null, "gpt-4o-mini").get().cost(million(), null))
        .isEqualByComparingTo("1");
  }

  private static Usage million() {
    return reported().input(1_000_000).build();
  }

  @Test
  void aUsersPricesWinAndTheRestStays() throws IOException {
    Path own =
        file(
            "version: 1\n"
                + "providers:\n"
                + "  - id: openai\n"
                + "    models:\n"
                + "      - {name: gpt-4o, input: 1}\n"
                + "      - {name: house, match: [{prefix: acme-}], input: 7}\n"
                + "  - id: gateway\n"
                + "    hosts: ['llm.*.acme.test']\n"
                + "    otherwise: openai\n"
                + "    models:\n"
                + "      - {name: cheap, input: 0.5, output: 0.5}\n");
    PriceCatalogue catalogue = builtIn.overriddenBy(own);
    Usage million = reported().input(1_000_000).build();

    assertThat(catalogue.priceOf("openai", null, "gpt-4o-2024-08-06").get().cost(million, null))
        .isEqualByComparingTo("1");
    assertThat(catalogue.priceOf("openai", null, "acme-large").get().model()).isEqualTo("house");
    assertThat(catalogue.priceOf("openai", null, "gpt-4.1").get().cost(million, null))
        .isEqualByComparingTo("2");
    assertThat(catalogue.priceOf("openai", "llm.eu.acme.test", "cheap").get().provider())
        .isEqualTo("gateway");
    assertThat(catalogue.priceOf("openai", "llm.eu.acme.test", "gpt-4.1").get().provider())
        .isEqualTo("openai");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version: 1\\nproviders:\\n  - id: a\\n    models:\\n      - {name: m, input: x} | line 5 | providers.a.models.m.input must be a number",
        "version: 1\\nproviders:\\n  - id: a\\n    models:\\n      - {name: m, input: -1} | line 5 | must not be negative",
        "version: 1\\nproviders:\\n  - id: a\\n    models:\\n      - {name: m, input: 1, max_output: 0} | line 5 | must be more than zero",
        "version: 1\\nproviders:\\n  - id: a\\n    colour: red | line 4 | colour is not known",
        "version: 1\\nproviders:\\n  - names: [a] | line 3 | providers[0].id is missing",
        "version: 1\\nproviders: {} | line 2 | providers must be a list",
        "version: 1\\nproviders:\\n  - {id: a, resells: yes} | line 3 | resells must be true or false",
        "version: 1\\nproviders:\\n  - {id: a, models: [{name: '', input: 1}]} | line 3 | name must not be empty",
        "version: 1\\nproviders:\\n  - {id: a, models: [{name: m, match: [{contains: ''}], input: 1}]} | line 3 | contains must not be empty",
        "version: 1\\nproviders:\\n  - {id: a, models: [{name: m, input: 1}, {name: M, input: 2}]} | line 3 | two have the name M",
        "version: 1\\nproviders:\\n  - {id: a, otherwise: nobody} | providers.a.otherwise | there is no provider nobody",
        "version: 1\\nproviders:\\n  - {id: a, otherwise: b}\\n  - {id: b, otherwise: a} | providers.a.otherwise | in a circle: [a, b]",
        "version: 2\\nproviders: [] | line 1 | version must be 1",
        "version: 1\\nproviders: [ | not valid YAML | line 2",
        "version: 1\\nproviders:\\n  - id: a\\n    models:\\n      - {name: m, output: 1} | line 5 | has no input price",
      })
  void namesFilePathAndLineOfAMistake(String yaml, String first, String second) throws IOException {
    Path own = file(yaml.replace("\\n", "\n"));

    assertThatThrownBy(() -> builtIn.overriddenBy(own))
        .isInstanceOf(PriceFileException.class)
        .hasMessageContaining(own.toString())
        .hasMessageContaining(first)
        .hasMessageContaining(second);
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> builtIn.overriddenBy(folder.resolve("none.yaml")))
        .isInstanceOf(PriceFileException.class)
        .hasMessageContaining("none.yaml: cannot be read");
  }

  private Path file(String yaml) throws IOException {
    return Files.write(folder.resolve("own.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
  }

  private BigDecimal cost(String provider, String model, Usage usage) {
    return builtIn.priceOf(provider, null, model).get().cost(usage, null);
  }

  private static Usage.Builder reported() {
    return Usage.builder(Usage.Source.REPORTED);
  }
}
