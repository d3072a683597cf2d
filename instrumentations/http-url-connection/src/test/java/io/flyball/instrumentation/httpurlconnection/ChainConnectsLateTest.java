package io.flyball.instrumentation.httpurlconnection;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RefusedPort;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Collections;
import java.util.EnumSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where the user has named who answers for a host that is down, connecting to it is put off. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ChainConnectsLateTest {
  private static final FakeProvider BACKUP = backup();

  @RegisterExtension
  static final InProcessAgent AGENT =
      Bare.agent(
          Bare.policies()
              .fallback(
                  new FallbackSettings(
                      Collections.singletonList(
                          Link.to(
                              new Target(
                                  "backup",
                                  URI.create(BACKUP.url() + "/v1"),
                                  "openai",
                                  "m2",
                                  "key",
                                  0,
                                  0,
                                  Collections.<String, String>emptyMap()))),
                      Collections.<Target>emptyList(),
                      EnumSet.allOf(FallbackReason.class),
                      null),
                  new LastAnswers(1 << 20),
                  (provider, host, model) -> 100_000)
              .build());

  private static FakeProvider backup() {
    try {
      return FakeProvider.start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aHostThatIsDownIsReplaced() throws Exception {
    int port = RefusedPort.number();
    HttpURLConnection connection = Bare.post("http://127.0.0.1:" + port + Bare.GOVERNED);
    connection.connect();
    Bare.write(connection, Outgoing.CHAT);
    assertThat(Programs.text(connection.getInputStream())).isEqualTo(CannedAnswers.CHAT);
    assertThat(BACKUP.takeRequest().path()).isEqualTo(Bare.GOVERNED);
  }
}
