package io.flyball.instrumentation.reactor;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.TenantsRequest;
import io.flyball.wire.InboundScope;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.ConnectableFlux;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Hooks;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

/** What subscriptions are done for. */
class ReactorTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new ReactorInstrumentation());

  private final Scheduler one = Schedulers.newSingle("one");
  private final ExecutorService foreign = Executors.newSingleThreadExecutor();

  @AfterEach
  void nothingFailedAndNothingIsLeft() throws Exception {
    assertThat(foreign.submit(ReactorTest::now).get()).isEqualTo("for null");
    assertThat(Mono.fromCallable(ReactorTest::now).subscribeOn(one).block()).isEqualTo("for null");
    foreign.shutdownNow();
    one.dispose();
    assertThat(AGENT.failures()).isEmpty();
  }

  @AfterAll
  static void unhook() {
    Hooks.resetOnEachOperator("flyball");
    Schedulers.resetOnScheduleHook("flyball");
  }

  private static String now() {
    return "for " + AGENT.gateway().captureInbound();
  }

  /** Makes something to subscribe to that says what it was done for. */
  private interface Making {
    Mono<String> make(ReactorTest threads);
  }

  static List<Making> publishers() {
    List<Making> all = new ArrayList<>();
    all.add(t -> Mono.fromCallable(ReactorTest::now));
    all.add(t -> Mono.fromCallable(ReactorTest::now).subscribeOn(Schedulers.boundedElastic()));
    all.add(t -> Mono.fromSupplier(ReactorTest::now).subscribeOn(t.one).publishOn(t.one));
    all.add(t -> Mono.just(1).publishOn(t.one).map(n -> now()));
    all.add(t -> Flux.range(0, 9).publishOn(t.one).filter(n -> n == 5).map(n -> now()).next());
    all.add(t -> Flux.range(0, 9).hide().publishOn(t.one).map(n -> now()).last());
    all.add(t -> Flux.range(0, 9).parallel().runOn(t.one).map(n -> now()).sequential().last());
    all.add(t -> Mono.delay(Duration.ofMillis(1)).map(n -> now()));
    all.add(t -> Mono.just(1).delayElement(Duration.ofMillis(1)).flatMap(n -> deferred()));
    all.add(t -> deferred().delaySubscription(Duration.ofMillis(1)));
    all.add(t -> t.signal().map(n -> now()));
    all.add(t -> t.signal().flatMap(n -> deferred()));
    all.add(t -> t.signal().flatMap(n -> deferred().subscribeOn(Schedulers.parallel())));
    all.add(t -> t.signal().flatMapMany(n -> Flux.just(1, 2)).concatMap(n -> deferred()).last());
    all.add(t -> Mono.fromFuture(() -> t.future()).map(n -> now()));
    all.add(t -> Flux.range(0, 8).flatMap(n -> t.signal().map(m -> now())).distinct().single());
    all.add(t -> Mono.zip(t.signal(), t.signal()).map(both -> now()));
    all.add(t -> t.failure().onErrorResume(failure -> deferred()));
    all.add(
        t ->
            t.failure()
                .retryWhen(Retry.fixedDelay(1, Duration.ofMillis(1)))
                .onErrorResume(failure -> Mono.just(now())));
    all.add(t -> Mono.<String>never().timeout(Duration.ofMillis(1), deferred()));
    all.add(t -> Flux.interval(Duration.ofMillis(1)).map(n -> now()).take(3).last());
    all.add(t -> Flux.range(0, 4).bufferTimeout(3, Duration.ofMillis(1)).map(n -> now()).last());
    all.add(t -> t.signal().then(deferred()));
    all.add(t -> t.signal().thenMany(Flux.just(1)).collectList().map(n -> now()));
    all.add(t -> Mono.using(() -> 1, n -> t.signal(), n -> {}).map(n -> now()));
    all.add(
        t ->
            Flux.<String>create(sink -> sink.onRequest(n -> sink.next(now())))
                .subscribeOn(t.one)
                .publishOn(Schedulers.parallel(), 1)
                .next());
    return all;
  }

  @ParameterizedTest
  @MethodSource("publishers")
  void isDoneForTheRequestInWhichItIsSubscribedTo(Making publisher) throws Exception {
    CompletableFuture<String> doneFor;
    String request;
    Mono<String> made = publisher.make(this);
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest("acme"))) {
      request = now();
      doneFor = made.toFuture();
    }
    assertThat(request).isNotEqualTo("for null");
    assertThat(doneFor.get(20, TimeUnit.SECONDS)).isEqualTo(request);
  }

  @ParameterizedTest
  @MethodSource("publishers")
  void isDoneForNobodyWhenNoRequestSubscribesToIt(Making publisher) throws Exception {
    Mono<String> made;
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest("acme"))) {
      made = publisher.make(this);
    }
    assertThat(made.toFuture().get(20, TimeUnit.SECONDS)).isEqualTo("for null");
  }

  @Test
  void aSubscriberIsPassedWhatItAsksForAndMayCancel() {
    List<Object> seen = Collections.synchronizedList(new ArrayList<>());
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest("acme"))) {
      List<Integer> values =
          Flux.range(0, 1_000)
              .doOnRequest(n -> seen.add("requested"))
              .doOnCancel(() -> seen.add("cancelled"))
              .map(n -> n + 1)
              .filter(n -> n % 2 == 0)
              .publishOn(one, 4)
              .take(3)
              .collectList()
              .block();
      assertThat(values).isEqualTo(Arrays.asList(2, 4, 6));
    }
    assertThat(seen).contains("requested", "cancelled");
  }

  @Test
  void eachSubscriberOfWhatIsSharedGoesOnForItself() throws Exception {
    ConnectableFlux<Integer> shared = Flux.range(0, 3).publishOn(one).publish();
    CompletableFuture<String> nobody = shared.map(n -> now()).last().toFuture();
    CompletableFuture<String> acme;
    CompletableFuture<String> globex;
    String acmesRequest;
    String globexsRequest;
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest("acme"))) {
      acmesRequest = now();
      acme = shared.map(n -> now()).last().toFuture();
    }
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest("globex"))) {
      globexsRequest = now();
      globex = shared.map(n -> now()).last().toFuture();
      shared.connect();
    }
    assertThat(acme.get(20, TimeUnit.SECONDS)).isEqualTo(acmesRequest);
    assertThat(globex.get(20, TimeUnit.SECONDS)).isEqualTo(globexsRequest);
    assertThat(nobody.get(20, TimeUnit.SECONDS)).isEqualTo("for null");
  }

  @Test
  void whatIsRememberedIsHandedToNobodyAsTheFirstsWork() throws Exception {
    CompletableFuture<MonoSink<String>> sink = new CompletableFuture<>();
    Mono<String> cached = Mono.<String>create(sink::complete).map(text -> now()).cache();
    CompletableFuture<String> acme;
    String acmesRequest;
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest("acme"))) {
      acmesRequest = now();
      acme = cached.map(text -> now()).toFuture();
    }
    CompletableFuture<String> nobody = cached.map(text -> now()).toFuture();
    foreign.submit(() -> sink.join().success("now")).get();

    assertThat(acme.get(20, TimeUnit.SECONDS)).isEqualTo(acmesRequest);
    assertThat(nobody.get(20, TimeUnit.SECONDS)).isEqualTo("for null");
    assertThat(cached.block()).isEqualTo(acmesRequest);
  }

  /** Its queue is drained by whoever comes first, for all. */
  @Test
  void aSubscriberOfTheProgramsOwnThatChangesThreadsWorksForNobody() throws Exception {
    Sinks.Many<String> events = Sinks.many().multicast().onBackpressureBuffer();
    CompletableFuture<List<String>> handled =
        events.asFlux().publishOn(one).map(event -> now()).take(2).collectList().toFuture();
    for (String tenant : Arrays.asList("acme", "globex")) {
      try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest(tenant))) {
        events.tryEmitNext("from " + tenant).orThrow();
      }
    }
    assertThat(handled.get(20, TimeUnit.SECONDS)).containsOnly("for null");
  }

  @Test
  void aTaskThatIsScheduledIsDoneForTheRequest() throws Exception {
    FutureTask<String> task = new FutureTask<>((Callable<String>) ReactorTest::now);
    String request;
    try (InboundScope served = AGENT.gateway().beginInbound(new TenantsRequest("acme"))) {
      request = now();
      one.schedule(task);
    }
    assertThat(task.get(20, TimeUnit.SECONDS)).isEqualTo(request);
  }

  private static Mono<String> deferred() {
    return Mono.fromCallable(ReactorTest::now);
  }

  /** Comes from a thread that knows of no request. */
  private Mono<String> signal() {
    return Mono.create(sink -> foreign.execute(() -> sink.success("now")));
  }

  private Mono<String> failure() {
    return Mono.create(sink -> foreign.execute(() -> sink.error(new IllegalStateException("now"))));
  }

  private CompletableFuture<String> future() {
    return CompletableFuture.supplyAsync(() -> "now", foreign);
  }
}
