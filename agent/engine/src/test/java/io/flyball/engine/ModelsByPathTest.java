package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the path and headers say of models counts as well as what the body says. */
class ModelsByPathTest {
  private static final String CHAT =
      "{\"model\":\"MODEL\",\"max_tokens\":8000,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  /** Of 8,000 tokens of gpt-4. */
  private static final double DEAR = 0.48;

  private static final String AZURE =
      "https://us1.openai.azure.com/openai/deployments/DEPLOYMENT/chat/completions?api-version=1";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://us1.openai.azure.com/openai/deployments/PATH/chat/completions?api-version=1",
        "https://gateway.example/openai/deployments/PATH/chat/completions",
        "https://api.openai.com/v1/engines/PATH/chat/completions",
        "https://gateway.example/engines/PATH/chat/completions",
      })
  void whicheverOfPathAndBodyIsTheDearerIsReserved(String url) throws Exception {
    assertThat(
            Reservations.dollars(
                url.replace("PATH", "gpt-4"), CHAT.replace("MODEL", "gpt-4.1-nano")))
        .isGreaterThan(DEAR)
        .isFinite();
    assertThat(
            Reservations.dollars(
                url.replace("PATH", "gpt-4.1-nano"), CHAT.replace("MODEL", "gpt-4")))
        .isGreaterThan(DEAR)
        .isFinite();
    assertThat(
            Reservations.dollars(
                url.replace("PATH", "gpt-4.1-nano"), CHAT.replace("MODEL", "gpt-4.1-nano")))
        .isLessThan(0.01);
  }

  @Test
  void aBodyOfGoogleMayNameADearerModel() throws Exception {
    String url =
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:generateContent";
    String body =
        "{\"model\":\"models/MODEL\",\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}],"
            + "\"generationConfig\":{\"maxOutputTokens\":8000}}";

    assertThat(Reservations.dollars(url, body.replace("MODEL", "gemini-2.5-pro")))
        .isGreaterThan(0.08)
        .isFinite();
    assertThat(Reservations.dollars(url, body.replace("MODEL", "gemini-2.0-flash")))
        .isLessThan(0.01);
  }

  /** Nobody knows what it is: the name in the body is another's. */
  @Test
  void aDeploymentWithoutAPriceHasNone() throws Exception {
    String body = CHAT.replace("MODEL", "gpt-4.1-nano");

    assertThat(Reservations.dollars(AZURE.replace("DEPLOYMENT", "prod-chat"), body)).isInfinite();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"strategy\":{\"mode\":\"fallback\"},"
            + "\"targets\":[{\"override_params\":{\"model\":\"gpt-4\"}}]}",
        "{'targets':[{'targets':[{'override_params':{'model':'gpt-4'}}]}]}",
        "[{\"target-url\":\"https://a.example\",\"bodyKeyOverride\":{\"model\":\"gpt-4\"}}]",
      })
  void aRouteInAHeaderMayNameADearerModel(String route) throws Exception {
    for (String header : new String[] {"x-portkey-config", "helicone-fallbacks"}) {
      assertThat(
              Reservations.dollars(
                  "https://gateway.example/v1/chat/completions",
                  CHAT.replace("MODEL", "gpt-4.1-nano"),
                  header,
                  route))
          .isGreaterThan(DEAR)
          .isFinite();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"pc-route-1a2b", "{\"targets\":"})
  void aRouteThatNobodyKnowsHasNoPrice(String route) throws Exception {
    assertThat(
            Reservations.dollars(
                "https://api.portkey.ai/v1/chat/completions",
                CHAT.replace("MODEL", "gpt-4.1-nano"),
                "x-portkey-config",
                route))
        .isInfinite();
  }
}
