package io.flyball.engine.price;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names that models have in answers and requests, and what their lists say of them. */
class ModelNamesTest {
  private final PriceCatalogue prices = PriceCatalogue.builtIn();

  private Price price(String provider, String model) {
    return prices.priceOf(provider, null, model).orElse(null);
  }

  private static Usage.Builder used() {
    return Usage.builder(Usage.Source.REPORTED);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o, 12.5",
    "openai, gpt-4o-2024-11-20, 12.5",
    "openai, gpt-4o-2024-05-13, 20",
    "openai, GPT-4o-Mini-2024-07-18, 0.75",
    "openai, gpt-3.5-turbo-0301, 3.5",
    "openai, gpt-3.5-turbo-0125, 2",
    "openai, davinci-002, 4",
    "openai, babbage-002, 0.8",
    "openai, gpt-5-search-api-2025-10-14, 11.26",
    "openai, gpt-4o-search-preview-2025-03-11, 12.525",
    "openai, ft:gpt-4o-2024-08-06:acme:name:id, 18.75",
    "openai, ft:gpt-4o-mini-2024-07-18:acme::id, 1.5",
    "openai, ft:gpt-4.1-nano-2025-04-14:acme::id, 1",
    "openai, ft:gpt-3.5-turbo-0125:acme::id, 9",
    "openai, ft:o4-mini-2025-04-16:acme::id, 20",
    "azure.ai.openai, gpt-35-turbo, 2",
    "azure.ai.openai, gpt-35-turbo-16k-0613, 7",
    "azure.ai.openai, gpt-35-turbo-0125.ft-1f2e3d, 9",
    "azure.ai.openai, gpt-4o-2024-08-06.ft-1f2e3d, 18.75",
    "anthropic, claude-3-5-sonnet-v2@20241022, 18",
    "anthropic, claude-sonnet-4-5@20250929, 28.5",
    "anthropic, claude-sonnet-4@default, 18",
    "gcp.vertex_ai, claude-3-5-sonnet-v2@20241022, 18",
    "gcp.vertex_ai, claude-haiku-4-5@20251001, 6",
    "gcp.gemini, gemini-2.5-flash-preview-09-2025, 2.8",
    "gcp.gemini, gemini-2.5-flash-lite-preview-09-2025, 0.5",
    "gcp.gemini, gemini-2.0-flash-001, 0.5",
    "cohere, command-r-plus-08-2024, 12.5",
    "cohere, command-r-plus-04-2024, 18",
    "cohere, command-r-03-2024, 2",
    "aws.bedrock, us.anthropic.claude-3-5-sonnet-20241022-v2:0, 18",
    "aws.bedrock, global.anthropic.claude-sonnet-4-5-20250929-v1:0, 18",
    "aws.bedrock, eu.anthropic.claude-sonnet-4-5-20250929-v1:0, 19.8",
    "openrouter, openai/gpt-4o, 12.5",
    "openrouter, anthropic/claude-opus-4.5:nitro, 30",
    "openrouter, google/gemini-2.5-flash, 2.8",
    "openrouter, x-ai/grok-4, 18",
    "openrouter, mistralai/mistral-nemo, 0.3",
    "openrouter, openai/gpt-4o:extended, 24",
    "openrouter, openai/gpt-4o:online, 12.5",
    "gcp.gemini, models/gemini-2.5-flash, 2.8",
    "gcp.gemini, models/gemini-2.5-flash-lite-preview-09-2025, 0.5",
    "gcp.vertex_ai, google/gemini-2.0-flash, 0.5",
    "gcp.vertex_ai, publishers/google/models/gemini-2.0-flash-001, 0.5",
    "gcp.vertex_ai, publishers/anthropic/models/claude-haiku-4-5@20251001, 6",
    "openai, openai/gpt-4o, 12.5",
    "groq, openai/gpt-oss-120b, 0.75",
    "anthropic, claude-3-5-haiku-latest, 4.8",
    "anthropic, claude-sonnet-4@latest, 18",
    "gcp.gemini, gemini-1.5-flash-latest, 0.75",
    "x_ai, grok-4-latest, 18",
    "openai, chatgpt-4o-latest, 20",
    "openai, codex-mini-latest, 7.5",
  })
  void aMillionOfEach(String provider, String model, BigDecimal usd) {
    Price price = price(provider, model);

    assertThat(price).isNotNull();
    assertThat(price.cost(used().input(1_000_000).output(1_000_000).build(), null))
        .isEqualByComparingTo(usd);
  }

  @ParameterizedTest
  @CsvSource({
    "openai, ft:gpt-9:acme::id",
    "openai, gpt-4o-mini-something-else",
    "anthropic, claude-opus-5-5",
    "openrouter, nobody/knows",
    "openrouter, gpt-4o",
    "mistral_ai, ministral-8b-latest",
    "openai, gpt-4o-latest",
    "gcp.vertex_ai, somebody/gemini-2.5-pro",
    "gcp.gemini, mymodels/gemini-2.5-pro",
  })
  void whatIsOnNoListHasNoPrice(String provider, String model) {
    assertThat(price(provider, model)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "gcp.gemini, gemini-pro-latest, gemini-3.1-pro-preview",
    "gcp.gemini, models/gemini-flash-latest, gemini-3.7-flash",
    "gcp.gemini, gemini-flash-lite-latest, gemini-3.5-flash-lite",
    "mistral_ai, mistral-small-latest, mistral-small-2603",
    "mistral_ai, mistral-large-latest, mistral-large-2512",
    "mistral_ai, mistral-medium-latest, mistral-medium-3",
    "mistral_ai, ministral-3b-latest, ministral-3b-2512",
    "mistral_ai, codestral-latest, codestral-2508",
    "mistral_ai, devstral-medium-latest, devstral-2512",
  })
  void theLatestOfAFamilyIsTheNewestInTheList(String provider, String alias, String newest) {
    assertThat(price(provider, alias).model()).isEqualTo(newest);
  }

  /** A family that gets a newer member next month must not be priced as the one it has now. */
  @Test
  void noEntryIsTheLatestOfItsFamilyUnlessItSaysSo() {
    String file =
        "version: 1\nproviders:\n  - id: mine\n    models:\n"
            + "      - {name: family, input: 1}\n      - {name: family-7b, input: 1}\n"
            + "      - {name: family-2, input: 2}\n      - {name: f-1.5-pro, input: 3}\n"
            + "      - {name: kin-2601, match: [{equals: kin-latest}], input: 4}\n";
    ProviderPrices mine =
        PriceFile.read("mine.yaml", file.getBytes(StandardCharsets.UTF_8)).providers().get(0);

    assertThat(mine.priceOf("family-latest")).isNull();
    assertThat(mine.priceOf("family-7b-latest")).isNull();
    assertThat(mine.priceOf("family-preview-latest")).isNull();
    assertThat(mine.priceOf("family-2-latest").model()).isEqualTo("family-2");
    assertThat(mine.priceOf("f-1.5-pro-latest").model()).isEqualTo("f-1.5-pro");
    assertThat(mine.priceOf("kin-latest").model()).isEqualTo("kin-2601");
  }

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-5.5, priority, 2.5",
    "openai, gpt-5.4-mini, priority, 2",
    "openai, gpt-5.4, flex, 0.5",
    "openai, gpt-5-mini, priority, 1.8",
    "openai, gpt-4o-2024-05-13, Priority, 1.75",
    "openai, gpt-5, default, 1",
    "gcp.gemini, gemini-2.5-flash, flex, 0.5",
    "gcp.vertex_ai, gemini-2.5-pro, ON_DEMAND_PRIORITY, 1.8",
    "anthropic, claude-opus-4-6, standard, 1",
    "anthropic, claude-opus-4-6, priority, 1",
  })
  void tiers(String provider, String model, String tier, BigDecimal factor) {
    Usage usage = used().input(1_000).output(1_000).build();

    assertThat(price(provider, model).cost(usage, tier))
        .isEqualByComparingTo(price(provider, model).cost(usage, null).multiply(factor));
  }

  @ParameterizedTest
  @CsvSource({
    "auto, 2.5",
    "priority, 2.5",
    "flex, 1",
    "default, 1",
    "something, 1",
  })
  void whoAsksForATierMayGetTheDearest(String tier, BigDecimal factor) {
    Usage usage = used().input(1_000).output(1_000).build();
    Price price = price("openai", "gpt-5.5");

    assertThat(price.costAtMost(usage, tier, null, null))
        .isEqualByComparingTo(price.cost(usage, null).multiply(factor));
  }

  @Test
  void speedAndRegion() {
    Usage usage = used().input(1_000_000).build();

    assertThat(price("anthropic", "claude-opus-5").cost(usage, null, "fast", "us"))
        .isEqualByComparingTo("11");
    assertThat(price("anthropic", "claude-opus-5").cost(usage, null, "standard", "global"))
        .isEqualByComparingTo("5");
    assertThat(price("anthropic", "claude-haiku-4-5").cost(usage, null, "fast", null))
        .as("no list says what it costs")
        .isNull();
    assertThat(Regions.of("eu.api.openai.com")).isEqualTo("regional");
    assertThat(Regions.of("us-east5-aiplatform.googleapis.com")).isEqualTo("regional");
    assertThat(Regions.of("api.openai.com")).isNull();
    assertThat(price("openai", "gpt-5.4").cost(usage, null, null, "regional"))
        .isEqualByComparingTo("5.5");
  }

  @Test
  void soundsAndImagesAreUnpricedRatherThanText() {
    Usage spoken = used().input(10).output(100).outputAudio(90).build();
    Usage drawn = used().input(10).output(1_290).outputImage(1_290).build();
    Usage heard = used().input(1_000_000).inputAudio(1_000_000).build();

    assertThat(price("openai", "gpt-4o").cost(spoken, null)).isNull();
    assertThat(price("openai", "gpt-4o").cost(drawn, null)).isNull();
    assertThat(price("openai", "gpt-audio").cost(spoken, null)).isEqualByComparingTo("0.005885");
    assertThat(price("gcp.gemini", "gemini-2.5-flash-image").cost(drawn, null))
        .isEqualByComparingTo("0.038703");
    assertThat(price("openai", "gpt-4o-audio-preview-2024-12-17").cost(heard, null))
        .isEqualByComparingTo("40");
    assertThat(price("openai", "gpt-4o-audio-preview-2024-10-01").cost(heard, null))
        .isEqualByComparingTo("100");
  }

  @Test
  void toolsHaveFees() {
    Usage searched =
        used().toolUse("web_search", 3).toolUse("file_search", 2).toolUse("unheard_of", 9).build();

    assertThat(price("openai", "gpt-5").cost(searched, "priority")).isEqualByComparingTo("0.035");
    assertThat(price("anthropic", "claude-haiku-4-5").cost(searched, null))
        .isEqualByComparingTo("0.03");
    assertThat(price("openai", "gpt-5").cost(used().incomplete(true).build(), null)).isNull();
  }
}
