package io.flyball.instrumentation.httpurlconnection;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.GovernedClientContract;
import io.flyball.instrumentation.testing.InProcessAgent;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;

class ObserveContractTest extends GovernedClientContract {
  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.observe(new HttpUrlConnectionInstrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    return new HttpUrlConnectionClient(timeoutMillis);
  }

  @Override
  protected GovernedClient newClientWithSecrets() {
    return HttpUrlConnectionClient.withSecret(SECRET);
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.of(Capability.ABORTABLE);
  }
}
