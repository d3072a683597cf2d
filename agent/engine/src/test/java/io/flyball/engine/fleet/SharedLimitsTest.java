package io.flyball.engine.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ReportedErrors;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.limit.Admission;
import io.flyball.engine.limit.Lease;
import io.flyball.engine.limit.LimitKind;
import io.flyball.engine.limit.LimitRequest;
import io.flyball.engine.limit.LimitScope;
import io.flyball.engine.limit.LimitSettings;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.limit.Limits;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.wire.Cancellation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rate limits that several JVMs have together. */
class SharedLimitsTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long OFF = Limits.UNLIMITED;

  private final ManualTime time = new ManualTime();
  private final MemoryServer server = new MemoryServer(time);
  private final ReportedErrors errors = new ReportedErrors();
  private final List<String> log = new ArrayList<>();
  private final List<Jvm> jvms = new ArrayList<>();

  @AfterEach
  void nothingFailedInside() {
    assertThat(errors.counts()).isEmpty();
  }

  /** What one process does; its thread runs when the test says so. */
  private final class Jvm {
    final Limiter limiter;
    final Fleet fleet;
    final List<CompletableFuture<Admission>> asked = new ArrayList<>();
    final List<Lease> underWay = new ArrayList<>();

    /** When calls passed, and with how many tokens. */
    final Deque<long[]> passed = new ArrayDeque<>();

    long calls;
    int refused;
    boolean isCutOff;
    Admission last;

    Jvm(Limits limits, boolean exact) {
      String name = "jvm" + jvms.size();
      fleet =
          new Fleet(
              exact ? FleetSettings.exact(name) : FleetSettings.slices(name, 0.05),
              server.connector(() -> isCutOff),
              "redis://test",
              time,
              log::add,
              errors);
      limiter = new Limiter(time, time, fleet);
      configure(limits, true);
      fleet.attach(Collections.singletonList(limiter), target -> {});
      jvms.add(this);
    }

    void configure(Limits limits, boolean shared) {
      Map<LimitScope, Limits> each = new EnumMap<>(LimitScope.class);
      each.put(LimitScope.TENANT, limits);
      limiter.configure(new LimitSettings(each, Collections.emptyMap(), false, shared));
    }

    /** A call of one tenant that waits so long. */
    void call(long tokens, long waitSeconds) {
      call("acme", tokens, waitSeconds);
    }

    void call(String tenant, long tokens, long waitSeconds) {
      CompletableFuture<Admission> answer =
          limiter
              .acquire(
                  LimitRequest.ofCall(
                      new Attribution(tenant, null, null, null, null, null), tokens),
                  waitSeconds * SECOND,
                  new Cancellation(),
                  Runnable::run)
              .toCompletableFuture();
      asked.add(answer);
      answer.thenAccept(
          admission -> {
            last = admission;
            if (admission.isGranted()) {
              calls++;
              underWay.add(admission.lease());
              passed.add(new long[] {time.nanoTime(), tokens});
            } else {
              refused++;
            }
          });
    }

    /** Those as well that only pass because of it. */
    void endAll() {
      while (!underWay.isEmpty()) {
        underWay.remove(0).release();
      }
    }

    long waiting() {
      return asked.stream().filter(each -> !each.isDone()).count();
    }

    long lastMinute(boolean tokens) {
      for (Iterator<long[]> each = passed.iterator(); each.hasNext(); ) {
        if (time.nanoTime() - each.next()[0] >= 60 * SECOND) {
          each.remove();
        }
      }
      return passed.stream().mapToLong(each -> tokens ? each[1] : 1).sum();
    }

    /** It is gone; nobody else knows. */
    void kill() {
      jvms.remove(this);
    }
  }

  private Jvm jvm(Limits limits) {
    return new Jvm(limits, false);
  }

  private static Limits rpm(long rpm) {
    return new Limits(OFF, rpm, OFF);
  }

  private void pass(long millis) {
    for (long at = 0; at < millis; at += 50) {
      time.advanceMillis(50);
      for (Jvm jvm : jvms) {
        jvm.fleet.step();
      }
    }
  }

  /** Everybody is there, and something was granted once. */
  private void settle() {
    pass(3_000);
  }

  @Test
  void whatOneAsksIsGoneForAll() {
    Jvm one = jvm(rpm(100));
    Jvm other = jvm(rpm(100));
    settle();
    for (int i = 0; i < 150; i++) {
      one.call(0, 20);
    }
    pass(500);
    assertThat(one.calls).isEqualTo(100);
    for (int i = 0; i < 10; i++) {
      other.call(0, 1);
    }
    pass(1_500);
    assertThat(other.calls).isZero();
    assertThat(other.refused).isEqualTo(10);
    assertThat(other.last.refusal().kind()).isEqualTo(LimitKind.REQUESTS);
    pass(60_000);
    other.call(0, 0);
    pass(100);
    assertThat(other.calls).isEqualTo(1);
  }

  @Test
  void placesAreGoneForAllUntilTheirCallsEnd() {
    Limits two = new Limits(2, OFF, OFF);
    Jvm one = jvm(two);
    Jvm other = jvm(two);
    settle();
    one.call(0, 5);
    one.call(0, 5);
    other.call(0, 60);
    pass(1_000);
    assertThat(one.calls).isEqualTo(2);
    assertThat(other.calls).isZero();
    one.endAll();
    pass(1_000);
    assertThat(other.calls).isEqualTo(1);
  }

  @Test
  void whoMayNotWaitIsLetThroughIfTheOthersLeaveRoom() {
    Jvm one = jvm(rpm(10));
    settle();
    one.call(0, 0);
    assertThat(one.waiting()).as("for the first answer").isEqualTo(1);
    pass(50);
    assertThat(one.calls).isEqualTo(1);
    for (int i = 0; i < 20; i++) {
      one.call(0, 0);
      pass(50);
    }
    assertThat(one.calls).isEqualTo(10);
    assertThat(one.refused).isEqualTo(11);
    pass(250);
    one.call(0, 0);
    pass(50);
    one.call(0, 0);
    assertThat(one.waiting()).as("the answer is known").isZero();
  }

  @Test
  void inTheSteadyStateNobodyAsks() {
    Jvm one = jvm(new Limits(20, 600, 60_000));
    settle();
    for (int i = 0; i < 1_500; i++) {
      one.call(50, 0);
      pass(150);
      one.endAll();
    }
    assertThat(one.calls).isEqualTo(1_500);
    int before = server.exchanges;
    for (int i = 0; i < 600; i++) {
      one.call(50, 0);
      assertThat(one.waiting()).isZero();
      pass(150);
      one.endAll();
    }
    assertThat(one.calls).isEqualTo(2_100);
    // What the minute holds is spoken of three times, the places twelve times.
    assertThat(server.exchanges - before).isLessThan(25);
  }

  @Test
  void nobodyStarvesWhereAnotherTakesAllItCanGet() {
    Jvm greedy = jvm(rpm(60));
    Jvm other = jvm(rpm(60));
    settle();
    for (int i = 0; i < 1_000; i++) {
      greedy.call(0, 3_000);
    }
    pass(60_000);
    for (int i = 0; i < 200; i++) {
      other.call(0, 3_000);
    }
    pass(180_000);
    assertThat(other.calls).isGreaterThan(75);
    assertThat(greedy.calls).isGreaterThan(120);
    assertThat(greedy.lastMinute(false) + other.lastMinute(false)).isBetween(54L, 60L);
  }

  @Test
  void whatNobodyUsesComesBack() {
    Jvm one = jvm(rpm(100));
    Jvm other = jvm(rpm(100));
    settle();
    for (int i = 0; i < 40; i++) {
      one.call(0, 1);
      pass(50);
    }
    assertThat(one.calls).isEqualTo(40);
    for (int i = 0; i < 60; i++) {
      other.call(0, 2);
    }
    pass(2_000);
    assertThat(other.calls).as("all that is left").isEqualTo(60);
  }

  @Test
  void aCallLargerThanTheLimitPassesWhenNothingElseDoes() {
    Limits limits = new Limits(OFF, OFF, 1_000);
    Jvm one = jvm(limits);
    Jvm other = jvm(limits);
    settle();
    other.call(10, 1);
    pass(500);
    one.call(5_000, 120);
    pass(30_000);
    assertThat(one.calls).isZero();
    pass(60_000);
    assertThat(one.calls).isEqualTo(1);
    other.call(1, 10);
    pass(10_000);
    assertThat(other.calls).as("it is a debt").isEqualTo(1);
  }

  @Test
  void aTokenMoreThanWasThoughtIsToldAtOnce() {
    Limits limits = new Limits(OFF, OFF, 1_000);
    Jvm one = jvm(limits);
    Jvm other = jvm(limits);
    settle();
    one.call(10, 1);
    pass(500);
    one.underWay.get(0).settle(990);
    pass(100);
    other.call(100, 2);
    pass(2_500);
    assertThat(other.calls).isZero();
    assertThat(other.refused).isEqualTo(1);
  }

  @Test
  void alsoWhileOthersGoWithout() {
    Limits limits = new Limits(OFF, OFF, 1_000);
    Jvm one = jvm(limits);
    Jvm other = jvm(limits);
    settle();
    one.call(400, 1);
    pass(500);
    other.call(700, 1);
    pass(1_500);
    assertThat(other.refused).isEqualTo(1);
    one.underWay.get(0).settle(900);
    pass(50);
    other.call(300, 1);
    pass(1_500);
    assertThat(other.refused).isEqualTo(2);
  }

  @Test
  void whileRedisIsAwayEachHasItsPart() {
    Jvm one = jvm(rpm(100));
    Jvm other = jvm(rpm(100));
    settle();
    one.call(0, 1);
    other.call(0, 1);
    pass(500);
    server.goDown();
    pass(1_000);
    for (int i = 0; i < 100; i++) {
      one.call(0, 0);
      other.call(0, 0);
    }
    pass(1_000);
    assertThat(one.calls).isBetween(50L, 55L);
    assertThat(other.calls).isBetween(50L, 55L);
    server.comeBackEmpty();
    pass(4_000);
    one.call(0, 0);
    pass(500);
    assertThat(one.refused).isGreaterThan(45);
    assertThat(log).hasSize(4);
  }

  @Test
  void whereRedisNeverWasEachHasItAll() {
    server.goDown();
    Jvm one = jvm(rpm(10));
    one.call(0, 1);
    pass(1_000);
    for (int i = 0; i < 20; i++) {
      one.call(0, 0);
    }
    assertThat(one.calls).isEqualTo(10);
    assertThat(one.waiting()).isZero();
  }

  @Test
  void whatTheDeadHadComesBackWhenItNoLongerCounts() {
    Limits limits = new Limits(4, 100, OFF);
    Jvm killed = jvm(limits);
    Jvm other = jvm(limits);
    settle();
    for (int i = 0; i < 4; i++) {
      killed.call(0, 1);
    }
    pass(200);
    assertThat(killed.calls).isEqualTo(4);
    killed.kill();
    other.call(0, 60);
    pass(10_000);
    assertThat(other.calls).as("they may still be under way").isZero();
    pass(15_000);
    assertThat(other.calls).isEqualTo(1);
  }

  @Test
  void callsThatLastLongKeepTheirPlaces() {
    Limits limits = new Limits(2, OFF, OFF);
    Jvm one = jvm(limits);
    Jvm other = jvm(limits);
    settle();
    one.call(0, 1);
    one.call(0, 1);
    pass(150_000);
    other.call(0, 60);
    pass(50_000);
    assertThat(other.calls).isZero();
    one.endAll();
    pass(500);
    assertThat(other.calls).isEqualTo(1);
  }

  @Test
  void aPlaceGoesFromHandToHandAtOnce() {
    Limits limits = new Limits(1, OFF, OFF);
    Jvm one = jvm(limits);
    Jvm other = jvm(limits);
    settle();
    one.call(0, 1);
    pass(100);
    other.call(0, 60);
    pass(1_000);
    for (int i = 0; i < 4; i++) {
      one.endAll();
      one.call(0, 60);
      pass(300);
      assertThat(other.underWay).hasSize(1);
      other.endAll();
      other.call(0, 60);
      pass(300);
      assertThat(one.underWay).hasSize(1);
    }
  }

  @Test
  void whoMayNotWaitIsNotRefusedBecauseItIsTooEarlyToTell() {
    Jvm one = jvm(rpm(10));
    pass(50);
    one.call(0, 0);
    pass(1_000);
    assertThat(one.waiting()).isEqualTo(1);
    pass(2_000);
    assertThat(one.calls).isEqualTo(1);
  }

  @Test
  void whomThereAreTooManyOfAreForgottenByAll() {
    Jvm one = jvm(rpm(10));
    Jvm other = jvm(rpm(10));
    settle();
    for (int i = 0; i < 5; i++) {
      one.call("first", 0, 1);
    }
    pass(200);
    one.endAll();
    for (int i = 0; i < 5_000; i++) {
      one.call("tenant " + i, 0, 1);
    }
    pass(200);
    for (int i = 0; i < 10; i++) {
      other.call("first", 0, 1);
    }
    pass(1_500);
    assertThat(other.calls).isEqualTo(10);
  }

  @Test
  void whoWasCutOffForLongDoesNotInsistOnWhatOthersHaveNow() {
    Jvm one = jvm(rpm(100));
    Jvm other = jvm(rpm(100));
    settle();
    for (int i = 0; i < 90; i++) {
      one.call(0, 1);
    }
    pass(1_000);
    assertThat(one.calls).isEqualTo(90);
    one.isCutOff = true;
    pass(100_000);
    for (int i = 0; i < 100; i++) {
      other.call(0, 1);
    }
    pass(1_000);
    assertThat(other.calls).as("what it had is given to others").isEqualTo(100);
    one.call(0, 0);
    assertThat(one.calls).as("while it is cut off").isEqualTo(91);
    one.isCutOff = false;
    pass(500);
    assertThat(one.limiter.states().get(0).leased(LimitKind.REQUESTS)).hasValue(1);
    one.call(0, 1);
    pass(2_000);
    assertThat(one.calls).isEqualTo(91);
  }

  @Test
  void whoLeavesGivesBackWhatDoesNotCount() {
    Jvm one = jvm(rpm(100));
    Jvm other = jvm(rpm(100));
    settle();
    for (int i = 0; i < 30; i++) {
      one.call(0, 1);
    }
    pass(500);
    one.fleet.farewell();
    one.kill();
    for (int i = 0; i < 100; i++) {
      other.call(0, 1);
    }
    pass(2_000);
    assertThat(other.calls).isEqualTo(70);
  }

  @Test
  void limitsThatAreNotSharedAreEachJvmsOwn() {
    Jvm one = jvm(rpm(10));
    Jvm other = jvm(rpm(10));
    settle();
    one.call(0, 1);
    pass(200);
    one.configure(rpm(10), false);
    other.configure(rpm(10), false);
    for (int i = 0; i < 20; i++) {
      one.call(0, 0);
      other.call(0, 0);
    }
    assertThat(one.calls).isEqualTo(10);
    assertThat(other.calls).isEqualTo(10);
    pass(500);
    one.configure(rpm(10), true);
    other.configure(rpm(10), true);
    pass(500);
    one.call(0, 1);
    pass(3_000);
    assertThat(one.refused).isEqualTo(12);
  }

  @Test
  void whoNoLongerSharesLeavesAllOfItToTheOthers() {
    Jvm one = jvm(rpm(10));
    Jvm other = jvm(rpm(10));
    settle();
    for (int i = 0; i < 5; i++) {
      one.call(0, 1);
    }
    pass(500);
    one.configure(rpm(10), false);
    pass(100);
    for (int i = 0; i < 10; i++) {
      other.call(0, 1);
    }
    pass(1_500);
    assertThat(one.calls).isEqualTo(5);
    assertThat(other.calls).isEqualTo(10);
  }

  @Property(tries = 100)
  void neverOverInAnyMinute(
      @ForAll @IntRange(min = 1, max = 5) int count, @ForAll boolean exact, @ForAll long seed) {
    SharedLimitsTest fresh = new SharedLimitsTest();
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
