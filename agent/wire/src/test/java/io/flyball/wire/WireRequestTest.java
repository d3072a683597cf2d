package io.flyball.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WireRequestTest {
  private static WireRequest to(String uri) {
    return new WireRequest("POST", URI.create(uri), Headers.of("api-key", "hidden"), new byte[0]);
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, api.openai.com, 443",
    "http://localhost/v1, localhost, 80",
    "http://127.0.0.1:8080/v1, 127.0.0.1, 8080",
    "http://[::1]:8080/v1, [::1], 8080",
    "http://llm_gateway:4000/v1, llm_gateway, 4000",
    "http://llm_gateway/v1, llm_gateway, 80",
    "https://user:pw@llm_gateway/v1, llm_gateway, 443"
  })
  void knowsHostAndPort(String uri, String host, int port) {
    assertThat(to(uri).host()).isEqualTo(host);
    assertThat(to(uri).port()).isEqualTo(port);
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1, https://API.openai.com:443/v2?x, true",
    "http://llm_gateway/v1, http://me@llm_gateway:80/v1, true",
    "https://api.openai.com/v1, http://api.openai.com:443/v1, false",
    "https://api.openai.com/v1, https://api.openai.com:8443/v1, false",
    "https://api.openai.com/v1, https://api.openai.com.example/v1, false",
    "http://llm_gateway/v1, http://llm_gateway2/v1, false",
    "mailto:me, mailto:me, false"
  })
  void knowsWhatIsTheSameOrigin(String one, String other, boolean same) {
    assertThat(to(one).isSameOrigin(to(other))).isEqualTo(same);
    assertThat(to(other).isSameOrigin(to(one))).isEqualTo(same);
  }

  @Test
  void tellsNoSecret() {
    assertThat(to("https://me:hidden@example.com/v1/messages?key=hidden"))
        .hasToString("POST https://example.com:443/v1/messages");
    assertThat(to("https://me:hidden@llm_gateway/v1?key=hidden"))
        .hasToString("POST https://llm_gateway:443/v1");
  }
}
