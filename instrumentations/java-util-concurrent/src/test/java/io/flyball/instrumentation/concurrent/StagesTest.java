package io.flyball.instrumentation.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.TenantsRequest;
import io.flyball.wire.CallerScope;
import io.flyball.wire.InboundScope;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is done when something else has ended, on whichever thread that is. */
class StagesTest {
  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new JavaUtilConcurrentInstrumentation());

  private final ExecutorService pool = Executors.newSingleThreadExecutor();

  @AfterEach
  void nothingFailedAndNothingIsLeft() throws Exception {
    assertThat(pool.submit(StagesTest::now).get()).isNull();
    pool.shutdownNow();
    assertThat(now()).isNull();
    assertThat(AGENT.failures()).isEmpty();
  }

  private static Object now() {
    return AGENT.gateway().captureInbound();
  }

  /** Adds a stage that does the work, to a future that never fails and to one that does. */
  private interface Adding {
    void add(
        CompletableFuture<String> first,
        CompletableFuture<String> failing,
        Runnable work,
        Executor pool);
  }

  static List<Adding> stages() {
    List<Adding> all = new ArrayList<>();
    all.add((cf, bad, work, pool) -> cf.thenApply(text -> done(work)));
    all.add((cf, bad, work, pool) -> cf.thenApplyAsync(text -> done(work)));
    all.add((cf, bad, work, pool) -> cf.thenApplyAsync(text -> done(work), pool));
    all.add((cf, bad, work, pool) -> cf.thenAccept(text -> work.run()));
    all.add((cf, bad, work, pool) -> cf.thenAcceptAsync(text -> work.run(), pool));
    all.add((cf, bad, work, pool) -> cf.thenRun(work));
    all.add((cf, bad, work, pool) -> cf.thenRunAsync(work));
    all.add((cf, bad, work, pool) -> cf.thenCompose(text -> composed(work)));
    all.add((cf, bad, work, pool) -> cf.thenComposeAsync(text -> composed(work), pool));
    all.add((cf, bad, work, pool) -> cf.whenComplete((text, failure) -> work.run()));
    all.add((cf, bad, work, pool) -> cf.whenCompleteAsync((text, failure) -> work.run(), pool));
    all.add((cf, bad, work, pool) -> cf.handle((text, failure) -> done(work)));
    all.add((cf, bad, work, pool) -> cf.handleAsync((text, failure) -> done(work)));
    all.add((cf, bad, work, pool) -> bad.exceptionally(failure -> done(work)));
    all.add((cf, bad, work, pool) -> bad.whenComplete((text, failure) -> work.run()));
    all.add((cf, bad, work, pool) -> cf.thenCombine(other(), (one, two) -> done(work)));
    all.add((cf, bad, work, pool) -> other().thenCombineAsync(cf, (one, two) -> done(work), pool));
    all.add((cf, bad, work, pool) -> cf.thenAcceptBoth(other(), (one, two) -> work.run()));
    all.add((cf, bad, work, pool) -> cf.runAfterBoth(other(), work));
    all.add((cf, bad, work, pool) -> cf.applyToEither(never(), text -> done(work)));
    all.add((cf, bad, work, pool) -> never().acceptEitherAsync(cf, text -> work.run(), pool));
    all.add((cf, bad, work, pool) -> cf.runAfterEither(never(), work));
    all.add((cf, bad, work, pool) -> cf.thenApply(text -> text).thenApply(t -> t).thenRun(work));
    all.add((cf, bad, work, pool) -> CompletableFuture.allOf(cf, other()).thenRun(work));
    return all;
  }

  @ParameterizedTest
  @MethodSource("stages")
  void aStageIsDoneForTheRequestThatAddedItWhoeverCompletesIt(Adding stage) throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> failing = new CompletableFuture<>();
    CompletableFuture<Object> doneFor = new CompletableFuture<>();
    Object request;
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest("acme"))) {
      request = now();
      stage.add(first, failing, () -> doneFor.complete("for " + now()), pool);
    }
    pool.submit(
            () -> {
              try (InboundScope other =
                  AGENT.gateway().beginInbound(new TenantsRequest("globex"))) {
                first.complete("now");
                failing.completeExceptionally(new IllegalStateException("now"));
              }
            })
        .get();

    assertThat(doneFor.get(20, TimeUnit.SECONDS)).isEqualTo("for " + request);
  }

  @ParameterizedTest
  @MethodSource("stages")
  void aStageIsDoneForWhomAFrameworkNamedWhereItWasAdded(Adding stage) throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> failing = new CompletableFuture<>();
    CompletableFuture<Object> doneFor = new CompletableFuture<>();
    Object here;
    try (CallerScope named = AGENT.gateway().beginNamed("ai-service", "Desk.chat")) {
      here = now();
      stage.add(first, failing, () -> doneFor.complete("for " + now()), pool);
    }
    pool.submit(
            () -> {
              try (CallerScope other = AGENT.gateway().beginNamed("ai-service", "Critic.review")) {
                first.complete("now");
                failing.completeExceptionally(new IllegalStateException("now"));
              }
            })
        .get();

    assertThat(doneFor.get(20, TimeUnit.SECONDS)).isEqualTo("for " + here);
  }

  @ParameterizedTest
  @MethodSource("stages")
  void aStageThatNoRequestAddedIsDoneForNobodyWhoeverCompletesIt(Adding stage) throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    CompletableFuture<String> failing = new CompletableFuture<>();
    CompletableFuture<Object> doneFor = new CompletableFuture<>();
    stage.add(first, failing, () -> doneFor.complete("for " + now()), pool);
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest("acme"))) {
      Object request = now();
      first.complete("now");
      failing.completeExceptionally(new IllegalStateException("now"));
      assertThat(now()).isEqualTo(request);
    }

    assertThat(doneFor.get(20, TimeUnit.SECONDS)).isEqualTo("for null");
  }

  @ParameterizedTest
  @MethodSource("stages")
  void aStageOfWhatHasEndedIsDoneForTheRequestThatAddsIt(Adding stage) throws Exception {
    CompletableFuture<String> first = CompletableFuture.completedFuture("then");
    CompletableFuture<String> failing = new CompletableFuture<>();
    failing.completeExceptionally(new IllegalStateException("then"));
    CompletableFuture<Object> doneFor = new CompletableFuture<>();
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest("acme"))) {
      stage.add(first, failing, () -> doneFor.complete("for " + now()), pool);
      assertThat(doneFor.get(20, TimeUnit.SECONDS)).isEqualTo("for " + now());
    }
  }

  @Test
  void nullsAreRefusedAsEver() {
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest("acme"))) {
      assertThatNullPointerException().isThrownBy(() -> CompletableFuture.supplyAsync(null));
      assertThatNullPointerException()
          .isThrownBy(() -> new CompletableFuture<String>().thenApply(null));
      assertThatNullPointerException().isThrownBy(() -> pool.submit((Runnable) null));
      assertThatNullPointerException().isThrownBy(() -> pool.execute(null));
    }
  }

  private static String done(Runnable work) {
    work.run();
    return "done";
  }

  private static CompletableFuture<String> composed(Runnable work) {
    work.run();
    return other();
  }

  private static CompletableFuture<String> other() {
    return CompletableFuture.completedFuture("other");
  }

  private static CompletableFuture<String> never() {
    return new CompletableFuture<>();
  }
}
