package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.GovernedClientContract;
import java.util.EnumSet;
import java.util.Set;

abstract class ClassicContract extends GovernedClientContract {

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    return new ClassicClient(timeoutMillis);
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
