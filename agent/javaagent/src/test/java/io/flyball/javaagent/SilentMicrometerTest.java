package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.common.util.internal.logging.InternalLogger;
import io.micrometer.common.util.internal.logging.InternalLoggerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SilentMicrometerTest {
  private InternalLoggerFactory before;

  @BeforeEach
  void remember() {
    before = InternalLoggerFactory.getDefaultFactory();
  }

  @AfterEach
  void restore() {
    InternalLoggerFactory.setDefaultFactory(before);
  }

  @Test
  void logsNowhere() {
    SilentMicrometer.install();
    InternalLogger logger = InternalLoggerFactory.getInstance("a");

    assertThat(logger.getClass().getName()).doesNotContain("Jdk").doesNotContain("Slf4J");
    assertThat(logger.name()).isEqualTo("a");
    assertThat(logger.isErrorEnabled()).isFalse();
    logger.warn("a {}", new Object());
    logger.error("a", new IllegalStateException("b"));
  }
}
