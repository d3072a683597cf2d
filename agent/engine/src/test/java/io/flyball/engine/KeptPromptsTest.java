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
  void aChatWithoutMessagesIsAsLongAsWhatIsKeptCanBe() throws Exception {
    String kept =
        "{\"model\":\"gpt-4o\",\"prompt_id\":\"abc\",\"inputs\":{\"a\":\"b\"},\"max_tokens\":16}";
    for (String path : new String[] {"chat/completions", "messages"}) {
      String model = path.equals("messages") ? "claude-sonnet-4-5" : "gpt-4o";
      for (String body :
          new String[] {kept, kept.replace("\"inputs\"", "\"messages\":null,\"i\"")}) {
        assertThat(
                Reservations.dollars(
                    "https://ai-gateway.helicone.ai/v1/" + path, body.replace("gpt-4o", model)))
            .as(path)
            .isGreaterThan(128_000 * 2.5e-6)
            .isFinite();
      }
    }
    String cached =
        "{\"cachedContent\":\"cachedContents/a\",\"generationConfig\":{\"maxOutputTokens\":16}}";
    assertThat(
            Reservations.dollars(
                "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent",
                cached))
        .isGreaterThan(1_000_000 * 0.01e-6)
        .isFinite();
  }

  /** Who serves models may know the rest: their paths leave no doubt. */
  @Test
  void aChatWithoutMessagesIsACallWhereModelsAreServed() throws Exception {
    String body = "{\"model\":\"%s\",\"max_tokens\":1000}";
    assertThat(
            Reservations.dollars(
                "https://api.openai.com/v1/chat/completions", String.format(body, "gpt-4o")))
        .isGreaterThan(0.01);
    assertThat(
            Reservations.dollars(
                "https://api.anthropic.com/v1/messages", String.format(body, "claude-sonnet-4-5")))
        .isGreaterThan(0.015);
  }

  /** A preset may name models that nobody here knows. */
  @Test
  void nobodyKnowsWhatAPresetOfOpenRouterCosts() throws Exception {
    String body =
        "{\"model\":\"openai/gpt-4.1-nano\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]%s}";
    for (String path : new String[] {"chat/completions", "messages", "responses"}) {
      String url = "https://openrouter.ai/api/v1/" + path;
      String said = path.equals("responses") ? body.replace("messages", "input") : body;
      assertThat(Reservations.dollars(url, String.format(said, ",\"preset\":\"support\"")))
          .as(path)
          .isInfinite();
      assertThat(Reservations.dollars(url, String.format(said, ",\"preset\":null")))
          .as(path)
          .isFinite();
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
