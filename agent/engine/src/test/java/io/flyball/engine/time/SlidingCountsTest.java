package io.flyball.engine.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SlidingCountsTest {
  private static final long SPAN = 1_000;

  /** Steps of time, some long, some none. */
  @Provide
  Arbitrary<List<Integer>> pauses() {
    return Arbitraries.integers()
        .between(0, 2_500)
        .edgeCases(c -> c.add(0, 99, 100, 900, 1_000))
        .list()
        .ofMaxSize(40);
  }

  @Property
  void whatIsYoungerThanNineTenthsCountsAndWhatIsOlderThanTheSpanDoesNot(
      @ForAll @From("pauses") List<Integer> pauses, @ForAll long start) {
    SlidingCounts counts = new SlidingCounts(2, SPAN, start);
    List<Long> times = new ArrayList<>();
    long now = start;
    for (int pause : pauses) {
      now += pause;
      times.add(now);
      counts.add(0, 1, now);
      counts.add(1, 10, now);

      long at = now;
      long surely = times.stream().filter(time -> at - time < SPAN * 9 / 10).count();
      long atMost = times.stream().filter(time -> at - time < SPAN).count();
      assertThat(counts.sum(0, now)).isBetween(surely, atMost);
      assertThat(counts.sum(1, now)).isEqualTo(10 * counts.sum(0, now));
    }
    assertThat(counts.sum(0, now + SPAN)).isZero();
  }
}
