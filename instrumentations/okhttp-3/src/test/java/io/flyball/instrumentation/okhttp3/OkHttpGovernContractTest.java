package io.flyball.instrumentation.okhttp3;

import io.flyball.instrumentation.testing.InProcessAgent;
import org.junit.jupiter.api.extension.RegisterExtension;

class OkHttpGovernContractTest extends OkHttpContract {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new OkHttpInstrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }
}
