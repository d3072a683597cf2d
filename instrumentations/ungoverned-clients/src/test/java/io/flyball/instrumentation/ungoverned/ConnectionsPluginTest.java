package io.flyball.instrumentation.ungoverned;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What routes and hosts of Apache HttpClient 4 and 5 print. */
class ConnectionsPluginTest {

  @ParameterizedTest
  @CsvSource({
    "https://api.example.com:443, https://api.example.com:443",
    "http://[::1]:8080, http://[::1]:8080",
    "http://[::1], http://[::1]",
    "{tls}->http://proxy:3128->https://api.example.com:443, https://api.example.com:443",
    "{}->[https://api.example.com:443], https://api.example.com:443",
    "{}->[http://[::1]:8080], http://[::1]:8080",
    "{tls}->http://proxy:3128->name:443/[https://api.example.com:443], https://api.example.com:443"
  })
  void theHostOfARouteIsFound(String printed, String host) {
    assertThat(ConnectionsPlugin.host(printed)).isEqualTo(host);
  }
}
