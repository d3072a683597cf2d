package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.RepetitionContract;
import java.util.EnumSet;
import java.util.Set;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.core5.http.config.Http1Config;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClassicRepetitionTest extends RepetitionContract {
  private static final int LINE = 1 << 16;

  @RegisterExtension
  static final InProcessAgent AGENT = repeating(new ApacheHttpClient5Instrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }

  static ManagedHttpClientConnectionFactory shortHeads() {
    return ManagedHttpClientConnectionFactory.builder()
        .http1Config(Http1Config.custom().setMaxLineLength(LINE).build())
        .build();
  }

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    // By default it takes a head of any length.
    return new ClassicClient(
        ClassicClient.builder(
                timeoutMillis, ClassicClient.connections().setConnectionFactory(shortHeads()))
            .build());
  }

  @Override
  protected GovernedClient newClientWithSecrets() {
    return ClassicClient.withSecret(SECRET);
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.of(Capability.ABORTABLE);
  }
}
