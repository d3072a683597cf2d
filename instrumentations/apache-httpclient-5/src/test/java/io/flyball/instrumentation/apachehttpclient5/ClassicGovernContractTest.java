package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.instrumentation.testing.InProcessAgent;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClassicGovernContractTest extends ClassicContract {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new ApacheHttpClient5Instrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }
}
