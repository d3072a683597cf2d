package io.flyball.instrumentation.okhttp3;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.GovernedClientContract;
import java.util.EnumSet;
import java.util.Set;

abstract class OkHttpContract extends GovernedClientContract {

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    return new OkHttpClientUnderTest(timeoutMillis);
  }

  @Override
  protected GovernedClient newClientWithSecrets() {
    return OkHttpClientUnderTest.withSecret(SECRET);
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.of(Capability.ASYNC, Capability.ABORTABLE);
  }
}
