package io.flyball.engine.price;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A host is charged by its own list, and by its region, however it is written. */
class SpelledHostTest {
  private static final PriceCatalogue PRICES = PriceCatalogue.builtIn();

  @ParameterizedTest
  @CsvSource({
    "api.groq.com, openai, llama-3.3-70b-versatile",
    "us.api.openai.com, openai, gpt-5.4",
    "api.deepseek.com, openai, deepseek-chat",
    "us-central1-aiplatform.googleapis.com, gcp.vertex_ai, gemini-2.5-pro"
  })
  void saysTheSame(String host, String provider, String model) {
    Price usual = PRICES.priceOf(provider, host, model).get();
    for (String written : new String[] {host + '.', host.toUpperCase(Locale.ROOT) + '.'}) {
      assertThat(PRICES.priceOf(provider, written, model)).as(written).contains(usual);
      assertThat(Regions.of(written)).as(written).isEqualTo(Regions.of(host));
    }
  }
}
