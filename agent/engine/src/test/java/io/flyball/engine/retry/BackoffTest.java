package io.flyball.engine.retry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  private static final long MILLI = 1_000_000;

  @ParameterizedTest
  @CsvSource({"2, 500", "3, 1000", "4, 2000", "7, 16000", "8, 20000", "1000, 20000"})
  void theLongestWaitDoublesUpToItsEnd(int attempt, long millis) {
    Backoff backoff = new Backoff(500 * MILLI, 20_000 * MILLI, () -> 1.0);

    assertThat(backoff.nanosBefore(attempt, -1)).isEqualTo(millis * MILLI);
  }

  @Test
  void theWaitIsARandomPartOfIt() {
    assertThat(new Backoff(500, 20_000, () -> 0.0).nanosBefore(3, -1)).isZero();
    assertThat(new Backoff(500, 20_000, () -> 0.25).nanosBefore(3, -1)).isEqualTo(250);
    Backoff backoff = new Backoff(500 * MILLI, 20_000 * MILLI);
    Set<Long> waits = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      waits.add(backoff.nanosBefore(3, -1));
      waits.add(backoff.nanosBefore(3, 1_000 * MILLI));
    }
    assertThat(waits).hasSizeGreaterThan(190);
  }

  @Property
  void whatTheProviderAsksForIsAFloorAndACrowdSpreadsALittleAboveIt(
      @ForAll @IntRange(min = 2, max = 20) int attempt,
      @ForAll @LongRange(min = 1, max = Long.MAX_VALUE) long retryAfter,
      @ForAll @DoubleRange(max = 1) double random) {
    Backoff backoff = new Backoff(500 * MILLI, 20_000 * MILLI, () -> random);

    long wait = backoff.nanosBefore(attempt, retryAfter);

    long jittered = backoff.nanosBefore(attempt, -1);
    assertThat(wait).isGreaterThanOrEqualTo(Math.max(retryAfter, jittered));
    assertThat((double) wait)
        .isLessThanOrEqualTo(
            Math.max((double) jittered, retryAfter + Math.min(0.1 * retryAfter, 20e9)));
  }

  @Test
  void aWaitThatDoesNotFitIsNone() {
    Backoff backoff = new Backoff(500, 20_000, () -> 1.0);

    assertThat(backoff.nanosBefore(2, -1, 501)).isEqualTo(500);
    assertThat(backoff.nanosBefore(2, -1, 500)).isEqualTo(-1);
    assertThat(backoff.nanosBefore(2, 3_600, 1_000)).isEqualTo(-1);
    assertThat(backoff.nanosBefore(2, -1, -5)).isEqualTo(-1);
    assertThat(backoff.nanosBefore(2, -1, Long.MAX_VALUE)).isEqualTo(500);
  }
}
