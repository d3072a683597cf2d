package io.flyball.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What keeps callers of one host apart, and what does not. */
class CredentialTest {
  private static final String URL = "https://api.example/v1/chat/completions";

  private static Credential of(String url, String... headers) {
    return Credential.of(
        new WireRequest("POST", URI.create(url), Headers.of(headers), new byte[] {1}));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "authorization",
        "Proxy-Authorization",
        "x-api-key",
        "api-key",
        "x-goog-api-key",
        "X-Goog-User-Project",
        "OpenAI-Organization",
        "OpenAI-Project",
        "anthropic-workspace-id",
        "Ocp-Apim-Subscription-Key",
        "cf-aig-authorization",
        "Helicone-Auth",
        "X-Auth-Token",
        "x-portkey-api-key",
        "X-Tenant"
      })
  void aHeaderOfACredentialKeepsApart(String header) {
    assertThat(of(URL, header, "one")).isNotEqualTo(of(URL, header, "other"));
    assertThat(of(URL, header, "one")).isNotEqualTo(of(URL));
    assertThat(of(URL, header, "one"))
        .isEqualTo(of(URL, header, "one"))
        .hasSameHashCodeAs(of(URL, header, "one"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?key=a|?key=b",
        "?alt=sse&key=a|?alt=sse&key=b",
        "?api_key=a|?api_key=b",
        "?access_token=a|?access_token=b",
        "/deployments/a|/deployments/b"
      })
  void soDoesWhatStandsInTheAddress(String ends) {
    String[] both = ends.split("\\|");
    assertThat(of(URL + both[0])).isNotEqualTo(of(URL + both[1]));
    assertThat(of("https://a:b@api.example/v1")).isNotEqualTo(of("https://a:c@api.example/v1"));
  }

  @ParameterizedTest
  @CsvSource({
    "Idempotency-Key, 1, 2",
    "x-stainless-retry-count, 0, 1",
    "x-flyball-tenant, a, b",
    "traceparent, 00-1, 00-2",
    "User-Agent, a, b",
    "Content-Length, 1, 2"
  })
  void whatDiffersFromRequestToRequestDoesNot(String header, String one, String other) {
    assertThat(of(URL, "Authorization", "k", header, one))
        .isEqualTo(of(URL, "Authorization", "k", header, other));
    assertThat(of(URL + "?api-version=1")).isEqualTo(of(URL + "?api-version=2"));
  }

  @Test
  void aSignatureIsOfTheKeyThatMadeIt() {
    String signed =
        "AWS4-HMAC-SHA256 Credential=%s/20260101/us-east-1/x/aws4_request, Signature=%s";
    Credential one = of(URL, "Authorization", String.format(signed, "AKIA1", "f00"));
    assertThat(of(URL, "Authorization", String.format(signed, "AKIA1", "ba7"))).isEqualTo(one);
    assertThat(of(URL, "Authorization", String.format(signed, "AKIA2", "f00"))).isNotEqualTo(one);
  }

  @Test
  void nothingThatIsShownHasTheSecretOrAllOfTheFingerprint() {
    Credential credential = of(URL, "Authorization", "Bearer sk-secret");
    Service service = new Service("api.example:443", "gpt", credential);
    assertThat(credential.fingerprint()).hasSize(16).doesNotContain("secret");
    assertThat(credential).hasToString("#" + credential.fingerprint().substring(0, 4));
    assertThat(service).hasToString("api.example:443/gpt");
    assertThat(service.key()).isEqualTo("api.example:443/gpt#" + credential.fingerprint());
    assertThat(Service.placeOf(service.key(), name -> name)).isEqualTo("api.example:443/gpt");
    assertThat(Service.shown(service.key(), name -> name))
        .isEqualTo("api.example:443/gpt#" + credential.shortForm());
    assertThat(Service.shown("of another version", name -> name)).isEqualTo("of another version");
  }

  @Test
  void whatMayNotBeShownOfAModelIsNot() {
    Credential credential = of(URL, "Authorization", "Bearer sk-secret");
    String key = new Service("[::1]:443", "a/secret #1", credential).key();
    assertThat(Service.placeOf(key, model -> model.equals("a/secret #1") ? "shown" : model))
        .isEqualTo("[::1]:443/shown");
    assertThat(Service.shown(key, model -> "shown"))
        .isEqualTo("[::1]:443/shown#" + credential.shortForm());
    assertThat(Service.isShownAsItIs(key, model -> "a")).isFalse();
    assertThat(Service.isShownAsItIs(key, model -> model)).isTrue();
  }

  @Test
  void itIsTheSameInEveryJvm() {
    assertThat(of(URL, "Authorization", "Bearer sk-1").fingerprint()).isEqualTo("39f69775d3e42e1d");
  }
}
