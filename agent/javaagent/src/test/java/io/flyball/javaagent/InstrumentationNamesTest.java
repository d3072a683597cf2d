package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.config.InstrumentationConfig;
import io.flyball.instrumentation.api.ClientInstrumentation;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class InstrumentationNamesTest {

  /** The configuration tells a name that no instrumentation has, and cannot ask them for theirs. */
  @Test
  void theConfigurationKnowsThemAll() {
    assertThat(
            Instrumentations.in(InstrumentationNamesTest.class.getClassLoader()).stream()
                .map(ClientInstrumentation::name)
                .sorted()
                .collect(Collectors.toList()))
        .isEqualTo(InstrumentationConfig.names());
  }
}
