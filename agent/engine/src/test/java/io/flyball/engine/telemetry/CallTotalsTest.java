package io.flyball.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.Usage;
import org.junit.jupiter.api.Test;

class CallTotalsTest {

  @Test
  void noCountMakesASumNegative() {
    long huge = 9_223_372_036_854_775_799L;
    Usage usage =
        Usage.builder(Usage.Source.REPORTED).input(huge).cacheRead(huge).output(huge).build();
    CallTotals totals = new CallTotals();
    for (int i = 0; i < 3; i++) {
      totals.add(SampleCalls.answered().usage(usage).build());
    }
    assertThat(totals.inputTokens()).isEqualTo(Long.MAX_VALUE);
    assertThat(totals.cachedInputTokens()).isEqualTo(Long.MAX_VALUE);
    assertThat(totals.outputTokens()).isEqualTo(Long.MAX_VALUE);
  }
}
