package io.flyball.instrumentation.javahttpclient;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.GovernedClientContract;
import io.flyball.instrumentation.testing.InProcessAgent;
import java.util.Set;
import org.junit.jupiter.api.extension.RegisterExtension;

class JavaHttpClientGovernContractTest extends GovernedClientContract {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new JavaHttpClientInstrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    return new JdkClient(timeoutMillis);
  }

  @Override
  protected GovernedClient newClientWithSecrets() {
    return JdkClient.withSecret(SECRET);
  }

  @Override
  protected Set<Capability> capabilities() {
    return JdkClient.capabilities();
  }
}
