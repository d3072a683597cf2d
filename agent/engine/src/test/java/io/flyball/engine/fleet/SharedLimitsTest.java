package io.flyball.engine.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.limit.LimitKind;
import io.flyball.engine.limit.Limits;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/** Rate limits that several JVMs have together. */
class SharedLimitsTest extends LimitFleet {

  @Test
  void whatOneAsksIsGoneForAll() {
    two(rpm(100));
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
    two(two);
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
    one = jvm(rpm(10));
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

  /** The clock goes on while a call is looked at. */
  @Test
  void theFirstCallOfAllAsksAsWell() {
    LongAdder ticks = new LongAdder();
    TimeSource ticking =
        new TimeSource() {
          @Override
          public long nanoTime() {
            ticks.increment();
            return time.nanoTime() + ticks.sum();
          }

          @Override
          public long epochNanos() {
            return time.epochNanos();
          }
        };
    Jvm first = new Jvm(rpm(10), false, ticking);
    settle();
    first.call(0, 0);
    pass(100);
    assertThat(first.calls).isEqualTo(1);
  }

  @Test
  void inTheSteadyStateNobodyAsks() {
    one = jvm(new Limits(20, 600, 60_000));
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
    // In ninety seconds the places are spoken of 18 times, what the minute holds 5 times each.
    assertThat(server.exchanges - before).isLessThanOrEqualTo(28);
  }

  @Test
  void ofASmallLimitTheNextIsThereBeforeItIsNeeded() {
    one = jvm(rpm(20));
    settle();
    one.call(0, 0);
    pass(100);
    for (int i = 2; i < 10; i++) {
      one.call(0, 0);
      assertThat(one.calls).isEqualTo(i);
      pass(100);
    }
  }

  @Test
  void nobodyStarvesWhereAnotherTakesAllItCanGet() {
    two(rpm(60));
    for (int i = 0; i < 1_000; i++) {
      one.call(0, 3_000);
    }
    pass(60_000);
    for (int i = 0; i < 200; i++) {
      other.call(0, 3_000);
    }
    pass(180_000);
    assertThat(other.calls).isGreaterThan(75);
    assertThat(one.calls).isGreaterThan(120);
    assertThat(one.lastMinute(false) + other.lastMinute(false)).isBetween(54L, 60L);
  }

  @Test
  void whatNobodyUsesComesBack() {
    two(rpm(100));
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
    two(new Limits(OFF, OFF, 1_000));
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
    two(new Limits(OFF, OFF, 1_000));
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
    two(new Limits(OFF, OFF, 1_000));
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
    two(rpm(100));
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
    one = jvm(rpm(10));
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
    two(new Limits(4, 100, OFF));
    for (int i = 0; i < 4; i++) {
      one.call(0, 1);
    }
    pass(200);
    assertThat(one.calls).isEqualTo(4);
    one.kill();
    other.call(0, 60);
    pass(10_000);
    assertThat(other.calls).as("they may still be under way").isZero();
    pass(15_000);
    assertThat(other.calls).isEqualTo(1);
  }

  @Test
  void callsThatLastLongKeepTheirPlaces() {
    two(new Limits(2, OFF, OFF));
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
    two(new Limits(1, OFF, OFF));
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
    one = jvm(rpm(10));
    pass(50);
    one.call(0, 0);
    pass(1_000);
    assertThat(one.waiting()).isEqualTo(1);
    pass(2_000);
    assertThat(one.calls).isEqualTo(1);
  }

  @Test
  void norBecauseSomethingElseIsSaidMeanwhile() {
    one = new Jvm(rpm(10), true);
    settle();
    one.call(0, 1);
    pass(1_000);
    assertThat(one.calls).isEqualTo(1);
    server.flush();
    for (int i = 0; i < 9; i++) {
      one.call(0, 0);
      pass(50);
      one.limiter.shares(0).forEach(one.fleet::note);
      pass(50);
    }
    pass(2_500);
    assertThat(one.refused).isZero();
    assertThat(one.calls).isEqualTo(10);
  }

  @Test
  void whomThereAreTooManyOfAreForgottenByAll() {
    two(rpm(10));
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
    two(rpm(100));
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
    two(rpm(100));
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
    two(rpm(10));
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
    two(rpm(10));
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
}
