package io.flyball.instrumentation.okhttp3;

import io.flyball.instrumentation.testing.InProcessAgent;
import org.junit.jupiter.api.extension.RegisterExtension;

class OkHttpObserveContractTest extends OkHttpContract {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.observe(new OkHttpInstrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }
}
