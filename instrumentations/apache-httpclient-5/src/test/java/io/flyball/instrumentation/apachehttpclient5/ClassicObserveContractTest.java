package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.instrumentation.testing.InProcessAgent;
import org.junit.jupiter.api.extension.RegisterExtension;

class ClassicObserveContractTest extends ClassicContract {
  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.observe(new ApacheHttpClient5Instrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }
}
