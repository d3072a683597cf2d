package io.flyball.engine.limit;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Cancellation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class LimiterTest {
  private static final long NONE = Limits.UNLIMITED;
  private static final long WAIT = SECONDS.toNanos(10);

  private final ManualTime time = new ManualTime();
  private final Limiter limiter = new Limiter(time, time);
  private final Map<LimitScope, Limits> each = new EnumMap<>(LimitScope.class);

  private void limit(LimitScope scope, long concurrency, long rpm, long tpm) {
    each.put(scope, new Limits(concurrency, rpm, tpm));
    limiter.configure(new LimitSettings(each, Collections.emptyMap(), false));
  }

  private void adaptive() {
    limiter.configure(new LimitSettings(each, Collections.emptyMap(), true));
  }

  private static LimitRequest call(String tenant, long tokens) {
    return LimitRequest.ofCall(new Attribution(tenant, null, null, null, null, null), tokens);
  }

  private CompletableFuture<Admission> ask(LimitRequest request, long maxWait) {
    return limiter
        .acquire(request, maxWait, new Cancellation(), Runnable::run)
        .toCompletableFuture();
  }

  private CompletableFuture<Admission> ask(String tenant, long tokens) {
    return ask(call(tenant, tokens), WAIT);
  }

  private CompletableFuture<Admission> attempt() {
    return ask(LimitRequest.ofAttempt("t", "t/m", 0), WAIT);
  }

  private static Lease granted(CompletableFuture<Admission> asked) {
    assertThat(asked).isDone();
    assertThat(asked.join().isGranted()).isTrue();
    return asked.join().lease();
  }

  private static Refusal refused(CompletableFuture<Admission> asked) {
    assertThat(asked).isDone();
    assertThat(asked.join().isGranted()).isFalse();
    return asked.join().refusal();
  }

  @Test
  void withoutLimitsEverybodyPassesAndNothingIsKept() {
    for (int i = 0; i < 1_000; i++) {
      granted(ask("t" + i, 1_000_000));
      granted(attempt()).tooMuch(WAIT);
    }

    assertThat(limiter.states()).isEmpty();
    assertThat(limiter.countsTokens()).isFalse();
    assertThat(time.scheduled()).isZero();
  }

  @Test
  void whoDoesNotFitWaitsForARelease() {
    limit(LimitScope.GLOBAL, 1, NONE, NONE);
    Lease first = granted(ask("a", 0));
    CompletableFuture<Admission> second = ask("b", 0);
    CompletableFuture<Admission> third = ask("c", 0);
    assertThat(second).isNotDone();

    time.advance(3, SECONDS);
    first.release();
    first.release();

    Lease lease = granted(second);
    assertThat(second.join().waitedNanos()).isEqualTo(SECONDS.toNanos(3));
    assertThat(third).isNotDone();
    lease.release();
    granted(third).release();
    assertThat(time.scheduled()).isZero();
  }

  @Test
  void whoWaitsTooLongIsRefused() {
    limit(LimitScope.TENANT, 1, NONE, NONE);
    granted(ask("a", 0));
    CompletableFuture<Admission> second = ask("a", 0);
    time.advanceNanos(WAIT - 1);
    assertThat(second).isNotDone();
    time.advanceNanos(1);

    Refusal refusal = refused(second);

    assertThat(refusal.kind()).isEqualTo(LimitKind.CONCURRENCY);
    assertThat(refusal.scope()).isEqualTo(LimitScope.TENANT);
    assertThat(refusal.retryAfterNanos()).isEqualTo(-1);
    assertThat(second.join().waitedNanos()).isEqualTo(WAIT);
    assertThat(limiter.states().get(0).waiting()).isZero();
    assertThat(time.scheduled()).isZero();
  }

  @Test
  void whoMayNotWaitIsRefusedAtOnce() {
    limit(LimitScope.GLOBAL, NONE, 2, NONE);
    granted(ask(call("a", 0), 0));
    granted(ask(call("a", 0), 0));

    Refusal refusal = refused(ask(call("a", 0), 0));

    assertThat(refusal.kind()).isEqualTo(LimitKind.REQUESTS);
    assertThat(refusal.retryAfterNanos()).isEqualTo(SECONDS.toNanos(61));
    assertThat(limiter.states().get(0).waiting()).isZero();
  }

  @Test
  void timeLetsThroughWhoWaitsForARate() {
    limit(LimitScope.GLOBAL, NONE, 1, NONE);
    granted(ask("a", 0)).release();
    time.advance(55, SECONDS);
    CompletableFuture<Admission> second = ask("a", 0);
    CompletableFuture<Admission> third = ask("a", 0);

    time.advance(6, SECONDS);

    granted(second).release();
    assertThat(third).isNotDone();
    time.advance(5, SECONDS);
    assertThat(refused(third).kind()).isEqualTo(LimitKind.REQUESTS);
    assertThat(time.scheduled()).isZero();
  }

  @Test
  void whoCanPassSoonerIsNotWokenLater() {
    limit(LimitScope.TENANT, NONE, 1, NONE);
    granted(ask("a", 0)).release();
    time.advance(5, SECONDS);
    granted(ask("b", 0)).release();
    time.advance(51, SECONDS);
    CompletableFuture<Admission> secondOfB = ask(call("b", 0), 2 * WAIT);
    CompletableFuture<Admission> secondOfA = ask("a", 0);

    time.advance(5, SECONDS);

    granted(secondOfA);
    assertThat(secondOfB).isNotDone();
    time.advance(5, SECONDS);
    granted(secondOfB);
  }

  @Test
  void nobodyOvertakesWhoWaitsForTheSameThing() {
    limit(LimitScope.GLOBAL, NONE, NONE, 100);
    Lease first = granted(ask("a", 60));
    CompletableFuture<Admission> large = ask("a", 80);
    CompletableFuture<Admission> small = ask("b", 10);
    assertThat(small).isNotDone();

    first.settle(20);

    granted(large);
    assertThat(small).isNotDone();
    granted(large).settle(70);
    granted(small);
  }

  @Test
  void whoWaitsForItsOwnTenantStopsNoOther() {
    limit(LimitScope.TENANT, 1, NONE, NONE);
    limit(LimitScope.GLOBAL, 2, NONE, NONE);
    Lease a = granted(ask("a", 0));
    CompletableFuture<Admission> secondOfA = ask("a", 0);
    Lease b = granted(ask("b", 0));
    CompletableFuture<Admission> ofC = ask("c", 0);
    assertThat(ofC).isNotDone();

    b.release();
    assertThat(secondOfA).isNotDone();
    Lease c = granted(ofC);
    a.release();
    granted(secondOfA);
    c.release();
  }

  @Test
  void whoCannotHaveAllHoldsNothing() {
    limit(LimitScope.TENANT, NONE, 1, NONE);
    limit(LimitScope.GLOBAL, 2, NONE, NONE);
    granted(ask("a", 0)).release();
    CompletableFuture<Admission> second = ask("a", 0);
    assertThat(second).isNotDone();

    granted(ask("b", 0));
    granted(ask("c", 0));
  }

  @Test
  void theTooLargeOnePassesAloneAndTheOthersAreRefused() {
    limit(LimitScope.GLOBAL, NONE, NONE, 100);
    List<CompletableFuture<Admission>> asked = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      asked.add(ask("a", 175));
    }
    granted(asked.get(0));
    time.advance(10, SECONDS);

    for (CompletableFuture<Admission> other : asked.subList(1, 5)) {
      assertThat(refused(other).kind()).isEqualTo(LimitKind.TOKENS);
    }
    time.advance(112, SECONDS);
    granted(ask("a", 175));
  }

  @Test
  void ofAHundredAtOnceAsManyPassAsTheTokensAreEnoughFor() {
    limit(LimitScope.GLOBAL, NONE, NONE, 100);
    List<CompletableFuture<Admission>> asked = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      asked.add(ask("a", 10));
    }
    assertThat(asked.subList(0, 10)).allSatisfy(LimiterTest::granted);
    time.advance(10, SECONDS);
    assertThat(asked.subList(10, 100)).allSatisfy(LimiterTest::refused);
  }

  @Test
  void whatWasNeverSentIsGivenBack() {
    limit(LimitScope.GLOBAL, 1, 1, 100);
    Lease unused = granted(ask("a", 100));
    CompletableFuture<Admission> second = ask("a", 100);

    unused.giveBack();
    unused.giveBack();
    unused.release();

    granted(second);
    LimitState state = limiter.states().get(0);
    assertThat(state.underWay()).isEqualTo(1);
    assertThat(state.requests()).isEqualTo(1);
    assertThat(state.tokens()).isEqualTo(100);
  }

  @Test
  void whatWasReallyUsedCountsAlsoAfterTheEnd() {
    limit(LimitScope.GLOBAL, NONE, NONE, 100);
    Lease lease = granted(ask("a", 10));
    lease.settle(30);
    lease.settle(40);
    lease.release();
    assertThat(limiter.states().get(0).tokens()).isEqualTo(40);
    lease.settle(150);
    assertThat(limiter.states().get(0).tokens()).isEqualTo(150);
    lease.settle(Long.MAX_VALUE);
    lease.settle(-5);
    assertThat(limiter.states().get(0).tokens()).isBetween(0L, 500L);
  }

  @Test
  void cancellingTakesOutOfTheQueueAtOnce() {
    limit(LimitScope.GLOBAL, NONE, NONE, 100);
    granted(ask("a", 50));
    Cancellation cancellation = new Cancellation();
    CompletableFuture<Admission> large =
        limiter.acquire(call("a", 100), WAIT, cancellation, Runnable::run).toCompletableFuture();
    CompletableFuture<Admission> small = ask("a", 50);
    assertThat(small).isNotDone();
    RuntimeException reason = new RuntimeException("gone");

    cancellation.cancel(reason);

    assertThat(large).isCompletedExceptionally();
    assertThat(large.handle((value, failure) -> failure).join()).isSameAs(reason);
    granted(small);
    assertThat(limiter.states().get(0).waiting()).isZero();
    assertThat(time.scheduled()).isZero();
  }

  @Test
  void whoIsGoneBeforeItIsToldKeepsNothing() {
    limit(LimitScope.GLOBAL, 1, NONE, NONE);
    Lease first = granted(ask("a", 0));
    Cancellation cancellation = new Cancellation();
    Queue<Runnable> caller = new ArrayDeque<>();
    CompletableFuture<Admission> second =
        limiter.acquire(call("a", 0), WAIT, cancellation, caller::add).toCompletableFuture();
    first.release();
    assertThat(limiter.states().get(0).underWay()).isEqualTo(1);

    cancellation.cancel(new RuntimeException("gone"));

    assertThat(limiter.states().get(0).underWay()).isZero();
    while (!caller.isEmpty()) {
      caller.remove().run();
    }
    assertThat(second).isCompletedExceptionally();
  }

  @Test
  void theAnswerIsGivenOnTheCallersExecutorOrWithoutItWhenThatIsGone() {
    limit(LimitScope.GLOBAL, 1, NONE, NONE);
    Lease first = granted(ask("a", 0));
    Queue<Runnable> caller = new ArrayDeque<>();
    CompletableFuture<Admission> second =
        limiter.acquire(call("a", 0), WAIT, new Cancellation(), caller::add).toCompletableFuture();
    CompletableFuture<Admission> third =
        limiter
            .acquire(
                call("a", 0),
                WAIT,
                new Cancellation(),
                work -> {
                  throw new RejectedExecutionException();
                })
            .toCompletableFuture();
    first.release();
    assertThat(second).isNotDone();
    caller.remove().run();
    granted(second).release();
    granted(third);
  }

  @Test
  void withoutATimerNobodyWaits() {
    limit(LimitScope.GLOBAL, NONE, 1, NONE);
    granted(ask("a", 0));
    CompletableFuture<Admission> waiting = ask("a", 0);
    time.close();

    granted(ask("a", 0));
    granted(waiting);
  }

  @Test
  void otherLimitsHoldForThoseWhoWaitToo() {
    limit(LimitScope.GLOBAL, 1, NONE, NONE);
    granted(ask("a", 0));
    CompletableFuture<Admission> second = ask("a", 0);
    CompletableFuture<Admission> third = ask("a", 0);

    limit(LimitScope.GLOBAL, 2, NONE, NONE);
    granted(second);
    assertThat(third).isNotDone();
    limiter.configure(LimitSettings.NONE);
    granted(third);
    assertThat(time.scheduled()).isZero();
  }

  @Test
  void aTargetCanHaveLimitsOfItsOwn() {
    each.put(LimitScope.TARGET, new Limits(2, NONE, NONE));
    limiter.configure(
        new LimitSettings(each, Collections.singletonMap("mine", new Limits(1, NONE, 9)), false));

    granted(ask(LimitRequest.ofAttempt("mine", null, 0), 0));
    refused(ask(LimitRequest.ofAttempt("mine", null, 0), 0));
    granted(ask(LimitRequest.ofAttempt("other", null, 0), 0));
    granted(ask(call("a", 5).at("other", null), 0));
    refused(ask(call("a", 5).at("other", null), 0));
    assertThat(limiter.countsTokens()).isTrue();
  }

  @Test
  void whatIsNotKnownIsNotLimited() {
    limit(LimitScope.TENANT, 1, NONE, NONE);
    limit(LimitScope.USER, 1, NONE, NONE);
    granted(ask((String) null, 0));
    granted(ask((String) null, 0));
    assertThat(limiter.states()).isEmpty();
  }

  @Test
  void ofManyTenantsTheLongestUnusedAreForgottenButNotTheBusyOnes() {
    limit(LimitScope.TENANT, 1, NONE, NONE);
    granted(ask("busy", 0));
    for (int i = 0; i < 6_000; i++) {
      granted(ask("t" + i, 0)).release();
    }
    assertThat(limiter.states()).hasSize(5_000);
    refused(ask(call("busy", 0), 0));
  }

  @Test
  void beforeTheTimeAProviderNamesNothingIsSentToItAndThenItIs() {
    adaptive();
    granted(attempt()).tooMuch(SECONDS.toNanos(5));
    CompletableFuture<Admission> waiting = attempt();
    granted(ask(LimitRequest.ofAttempt("t", "t/other", 0), 0));

    time.advanceNanos(SECONDS.toNanos(5) - 1);
    assertThat(waiting).isNotDone();
    time.advanceNanos(1);
    granted(waiting);
  }

  @Test
  void whoCannotWaitSoLongIsRefusedAtOnce() {
    adaptive();
    Lease lease = granted(attempt());
    Lease other = granted(attempt());
    lease.tooMuch(SECONDS.toNanos(5));
    CompletableFuture<Admission> waiting = attempt();
    other.tooMuch(SECONDS.toNanos(3_600));

    assertThat(refused(waiting).kind()).isEqualTo(LimitKind.PROVIDER);
    assertThat(refused(attempt()).retryAfterNanos()).isEqualTo(SECONDS.toNanos(300));
    assertThat(time.scheduled()).isZero();
    time.advance(300, SECONDS);
    granted(attempt());
  }

  @Test
  void theRateIsHalvedOnceForAllThatWasUnderWayAndRecovers() {
    adaptive();
    List<Lease> leases = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      leases.add(granted(attempt()));
      time.advance(100, MILLISECONDS);
    }
    assertThat(limiter.perMinute("t/m")).isInfinite();
    leases.forEach(lease -> lease.tooMuch(0));
    assertThat(limiter.perMinute("t/m")).isEqualTo(200);

    time.advance(30, SECONDS);
    assertThat(limiter.perMinute("t/m")).isEqualTo(300);
    granted(attempt()).tooMuch(0);
    assertThat(limiter.perMinute("t/m")).isEqualTo(150);
    time.advance(60, SECONDS);
    assertThat(limiter.perMinute("t/m")).isEqualTo(300);
    time.advance(121, SECONDS);
    assertThat(limiter.perMinute("t/m")).isInfinite();
  }

  @Test
  void whileItIsSlowedCallsPassOneByOneAndNotSlowerThanEveryTwoSeconds() {
    adaptive();
    granted(attempt()).tooMuch(0);
    List<CompletableFuture<Admission>> waiting = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      waiting.add(attempt());
    }
    for (int i = 0; i < 4; i++) {
      time.advance(2, SECONDS);
      assertThat(waiting.get(i)).isDone();
      assertThat(waiting.subList(i + 1, 4)).noneMatch(CompletableFuture::isDone);
    }
  }

  @Test
  void aProviderIsNotListenedToWhereThatIsOff() {
    adaptive();
    granted(attempt()).tooMuch(SECONDS.toNanos(5));
    CompletableFuture<Admission> waiting = attempt();
    limiter.configure(LimitSettings.NONE);
    granted(waiting);
    granted(attempt());
  }
}
