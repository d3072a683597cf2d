package io.flyball.instrumentation.concurrent;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.wire.InboundScope;
import io.flyball.instrumentation.testing.InProcessAgent;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TasksTest {
  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new JavaUtilConcurrentInstrumentation());

  @Test
  void works() throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(1);
    boolean[] works = new boolean[2];
    try (InboundScope scope = AGENT.gateway().beginInbound(new Served("acme"))) {
      works[0] = pool.submit(() -> AGENT.gateway().worksForInbound()).get();
    }
    assertThat(works[0]).isTrue();
    assertThat(pool.submit(() -> AGENT.gateway().worksForInbound()).get()).isFalse();
    assertThat(AGENT.failures()).isEmpty();
  }
}
