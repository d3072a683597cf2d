package io.flyball.engine.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.limit.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Rate limits that several JVMs have together, in any course of events. */
class SharedLimitsPropertyTest extends LimitFleet {

  @Property(tries = 100)
  void neverOverInAnyMinute(
      @ForAll @IntRange(min = 1, max = 5) int count, @ForAll boolean exact, @ForAll long seed) {
    SharedLimitsPropertyTest fresh = new SharedLimitsPropertyTest();
    fresh.anyCourse(count, exact, new Random(seed));
    fresh.nothingFailedInside();
  }

  private void anyCourse(int count, boolean exact, Random random) {
    Limits limits = new Limits(8, 60, 2_000);
    for (int i = 0; i < count; i++) {
      new Jvm(limits, exact);
    }
    List<Jvm> all = new ArrayList<>(jvms);
    for (int i = 0; i < 300; i++) {
      Jvm jvm = jvms.get(random.nextInt(jvms.size()));
      switch (random.nextInt(12)) {
        case 0:
          if (random.nextInt(4) == 0) {
            // The dead cannot tell it again.
            all.retainAll(jvms);
            server.flush();
            pass(1_000);
          }
          break;
        case 1:
          // Twice in a row it counts as away.
          if (!server.losesNextAnswer()) {
            pass(200);
            server.loseNextAnswer();
          }
          break;
        case 2:
          if (random.nextInt(6) == 0 && jvms.size() > 1) {
            jvm.kill();
          }
          break;
        case 3:
        case 4:
          if (!jvm.underWay.isEmpty()) {
            jvm.underWay.remove(random.nextInt(jvm.underWay.size())).release();
          }
          break;
        case 5:
        case 6:
          pass(random.nextInt(2_000));
          break;
        default:
          jvm.call(random.nextInt(random.nextInt(10) == 0 ? 1_000 : 50), random.nextInt(30));
      }
      assertThat(all.stream().mapToLong(each -> each.lastMinute(false)).sum())
          .isLessThanOrEqualTo(60);
      assertThat(all.stream().mapToLong(each -> each.lastMinute(true)).sum())
          .isLessThanOrEqualTo(2_000);
      assertThat(jvms.stream().mapToLong(each -> each.underWay.size()).sum())
          .isLessThanOrEqualTo(8);
    }
    // Nothing is lost: a minute and a half later all of it is there again.
    jvms.forEach(Jvm::endAll);
    pass(31_000);
    jvms.forEach(Jvm::endAll);
    pass(120_000);
    Jvm jvm = jvms.get(0);
    long before = jvm.calls;
    for (int i = 0; i < 8; i++) {
      jvm.call(250, 5);
    }
    pass(3_000);
    assertThat(jvm.calls - before).isEqualTo(8);
  }
}
