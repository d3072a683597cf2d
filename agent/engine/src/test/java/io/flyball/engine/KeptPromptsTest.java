package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Prompts that a gateway keeps, and requests that are answered later, are calls and are reserved.
 */
class KeptPromptsTest {
  private static final String GATEWAY = "https://gateway.example/v1/";
  private static final String PORTKEY = "https://api.portkey.ai/v1/prompts/pp-1/completions";

  @Test
  void aPromptThatLiteLlmKeepsIsAsLongAsItCanBe() throws Exception {
    String chat = "{\"model\":\"gpt-4o\",\"messages\":[],\"max_tokens\":16%s}";
    String responses = "{\"model\":\"gpt-4o\",\"input\":[],\"max_output_tokens\":16%s}";
    for (String[] call : new String[][] {{"chat/completions", chat}, {"responses", responses}}) {
      String url = GATEWAY + call[0];
      assertThat(Reservations.dollars(url, String.format(call[1], ",\"prompt_id\":\"p\"")))
          .as(url)
          .isGreaterThan(128_000 * 2.5e-6);
      assertThat(Reservations.dollars(url, String.format(call[1], ""))).isLessThan(0.01);
    }
  }

  @Test
  void nobodyKnowsWhatAPromptOfPortkeysCosts() throws Exception {
    String body = "{\"variables\":{\"a\":\"b\"},\"max_tokens\":4000}";
    assertThat(Reservations.dollars(PORTKEY, body)).isInfinite();
    assertThat(
            Reservations.dollars(
                GATEWAY + "prompts/pp-1/completions", body, "x-portkey-api-key", "k"))
        .isInfinite();
  }

  @Test
  void whatIsAnsweredLaterIsARequestWithinOne() throws Exception {
    String request = "{\"model\":\"sonar-deep-research\",\"messages\":[],\"max_tokens\":4000}";
    double now = Reservations.dollars("https://api.perplexity.ai/chat/completions", request);
    double later =
        Reservations.dollars(
            "https://api.perplexity.ai/async/chat/completions", "{\"request\":" + request + "}");
    assertThat(later).isGreaterThanOrEqualTo(now).isLessThan(now + 0.01);
  }
}
