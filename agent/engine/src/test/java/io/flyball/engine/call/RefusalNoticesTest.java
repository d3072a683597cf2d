package io.flyball.engine.call;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.time.ManualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RefusalNoticesTest {
  private final ManualTime clock = new ManualTime();
  private final List<String> told = new ArrayList<>();
  private final RefusalNotices notices = new RefusalNotices(told::add, clock);

  private long in(long seconds) {
    return clock.epochNanos() / 1_000_000 + seconds * 1_000;
  }

  @Test
  void eachIsToldOnceUntilItEnds() {
    long end = in(100);
    for (int i = 0; i < 3; i++) {
      notices.until(end, "budget b", "b", () -> "line");
    }
    assertThat(told).containsExactly("line");
    clock.advance(100, TimeUnit.SECONDS);
    notices.until(in(100), "budget b", "b", () -> "again");
    assertThat(told).containsExactly("line", "again");
  }

  @Test
  void aLimitIsToldOnceInAMinute() {
    for (int second = 0; second < 150; second++) {
      notices.inMinute("limit", () -> "line");
      clock.advance(1, TimeUnit.SECONDS);
    }
    assertThat(told).hasSize(3);
  }

  @Test
  void namesWithoutNumberAreNotTold() {
    for (int i = 0; i < 100_000; i++) {
      String which = "tenant " + i;
      notices.until(in(1_000), "budget b", which, () -> which);
      notices.once("unpriced", which, () -> which);
    }
    assertThat(told).hasSize(40);
    assertThat(told.get(39)).contains("not told for now");
  }
}
