package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.GovernedClientContract;
import io.flyball.instrumentation.testing.InProcessAgent;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;

class OldClientObserveContractTest extends GovernedClientContract {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.observe(new ApacheHttpClientInstrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    return ClassicClient.old(timeoutMillis);
  }

  @Override
  protected GovernedClient newClientWithSecrets() {
    return ClassicClient.oldWithSecret(SECRET);
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.of(Capability.ABORTABLE);
  }
}
