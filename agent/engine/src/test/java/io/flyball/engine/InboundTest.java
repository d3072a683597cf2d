package io.flyball.engine;

import static java.util.Arrays.asList;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.CapturedInbound;
import io.flyball.wire.InboundRequest;
import io.flyball.wire.InboundScope;
import io.flyball.wire.WireResponse;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which request a thread serves, and how long its client waits. */
class InboundTest {
  private final ManualTime clock = new ManualTime();
  private final InboundRequests requests = new InboundRequests(clock);
  private final AttributionRules rules = AttributionRules.defaults("shop");

  @Test
  void theInnermostScopeOfTheThreadCountsUntilItIsClosed() throws Exception {
    try (InboundScope served = requests.begin(new Request("x-tenant-id", "outer"))) {
      assertThat(tenant()).isEqualTo("outer");
      try (InboundScope forwarded = requests.begin(new Request("x-tenant-id", "inner"))) {
        assertThat(tenant()).isEqualTo("inner");
      }
      assertThat(tenant()).isEqualTo("outer");
      assertThat(elsewhere(this::tenant)).isNull();
    }
    assertThat(tenant()).isNull();
    assertThat(nanosLeft()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void whatWasCapturedHoldsOnOtherThreadsAfterTheServerHasReusedTheRequest() throws Exception {
    Request request = new Request("x-tenant-id", "acme");
    request.principal = "eve";
    CapturedInbound captured;
    try (InboundScope served = requests.begin(request)) {
      captured = requests.captured(rules);
    }
    request.value = "globex";
    request.route = "/other";
    request.principal = "adam";
    request.usableBy = null;

    assertThat(elsewhere(() -> in(captured, this::tenant))).isEqualTo("acme");
    assertThat(elsewhere(() -> in(captured, () -> requests.current(rules).route())))
        .isEqualTo("/orders/{id}");
    assertThat(elsewhere(() -> in(captured, () -> requests.current(rules).principal())))
        .isEqualTo("eve");
    assertThat(in(captured, this::tenant)).isEqualTo("acme");
    assertThat(tenant()).isNull();
  }

  @Test
  void whatAThreadWorksForIsHandedOnAsItIs() throws Exception {
    try (InboundScope served = requests.begin(new Request("x-tenant-id", "acme"))) {
      CapturedInbound captured = requests.captured(rules);

      assertThat(requests.captured(rules)).as("nothing has changed").isSameAs(captured);
      assertThat(captured.resume()).as("it is being served here").isNull();
      assertThat(elsewhere(() -> in(captured, () -> requests.captured(rules)))).isSameAs(captured);
      assertThat(elsewhere(() -> in(captured, captured::resume))).isNull();
    }
    assertThat(requests.captured(rules)).isNull();
  }

  @Test
  void whatBecomesKnownLaterIsCapturedAnew() {
    Request request = new Request("x-tenant-id", "acme");
    request.route = null;
    try (InboundScope served = requests.begin(request)) {
      CapturedInbound before = requests.captured(rules);
      request.route = "/orders/{id}";
      CapturedInbound chosen = requests.captured(rules);
      request.principal = "eve";
      CapturedInbound loggedIn = requests.captured(rules);
      request.principal = "adam";
      CapturedInbound asAnother = requests.captured(rules);
      request.principal = null;
      CapturedInbound loggedOut = requests.captured(rules);
      assertThat(requests.current(rules).principal()).isNull();
      request.principal = "eve";
      request.asyncMillis = 10_000;
      CapturedInbound asynchronous = requests.captured(rules);

      assertThat(asList(before, chosen, loggedIn, asAnother, loggedOut, asynchronous))
          .doesNotHaveDuplicates();
      assertThat(requests.captured(rules)).isSameAs(asynchronous);
      assertThat(requests.current(rules).route()).isEqualTo("/orders/{id}");
      assertThat(requests.current(rules).principal()).isEqualTo("eve");
    }
  }

  @Test
  void aThreadMayLeaveWhatItWorksFor() {
    assertThat(requests.leave()).isNull();
    try (InboundScope served = requests.begin(new Request("x-tenant-id", "acme"))) {
      try (InboundScope left = requests.leave()) {
        assertThat(tenant()).isNull();
        assertThat(requests.captured(rules)).isNull();
        assertThat(requests.leave()).isNull();
      }
      assertThat(tenant()).isEqualTo("acme");
    }
  }

  @Test
  void aRequestThatBeginsWhereOtherWorkIsDoneIsNotPartOfIt() {
    CapturedInbound other;
    try (InboundScope served = requests.begin(new Request("x-request-timeout", "3s"))) {
      other = requests.captured(rules);
    }
    try (InboundScope resumed = other.resume()) {
      assertThat(nanosLeft()).isEqualTo(SECONDS.toNanos(3));
      try (InboundScope served = requests.begin(new Request("x-tenant-id", "globex"))) {
        assertThat(nanosLeft()).isEqualTo(Long.MAX_VALUE);
        assertThat(tenant()).isEqualTo("globex");
      }
      clock.advanceMillis(1_000);
      assertThat(nanosLeft()).isEqualTo(SECONDS.toNanos(2));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "x-envoy-expected-rq-timeout-ms, 1500, 1500",
    "x-envoy-expected-rq-timeout-ms, 15s, -1",
    "grpc-timeout, 2S, 2000",
    "grpc-timeout, 250m, 250",
    "grpc-timeout, 1M, 60000",
    "grpc-timeout, 1H, 3600000",
    "grpc-timeout, 3000000u, 3000",
    "grpc-timeout, 5000000n, 5",
    "grpc-timeout, 123456789S, -1",
    "grpc-timeout, S, -1",
    "grpc-timeout, -5S, -1",
    "x-request-timeout, 30s, 30000",
    "x-request-timeout, 500ms, 500",
    "x-request-timeout, 30, -1",
    "x-request-timeout, soon, -1",
    "x-request-timeout, '', -1",
    "x-other, 30s, -1",
  })
  void headersSayHowLongTheClientWaits(String name, String value, long millis) {
    try (InboundScope served = requests.begin(new Request(name, value))) {
      assertThat(nanosLeft()).isEqualTo(millis < 0 ? Long.MAX_VALUE : MILLISECONDS.toNanos(millis));
    }
  }

  @Test
  void timeThatPassedIsGone() {
    try (InboundScope served = requests.begin(new Request("x-request-timeout", "3s"))) {
      clock.advanceMillis(2_000);
      try (InboundScope forwarded = requests.begin(new Request("x-request-timeout", "3s"))) {
        assertThat(nanosLeft()).isEqualTo(SECONDS.toNanos(1));
      }
      clock.advanceMillis(2_000);
      assertThat(nanosLeft()).isEqualTo(-SECONDS.toNanos(1));
    }
  }

  @Test
  void anAsynchronousRequestWaitsFromWhenItBecameSo() {
    Request request = new Request(null, null);
    try (InboundScope served = requests.begin(request)) {
      clock.advanceMillis(5_000);
      assertThat(nanosLeft()).isEqualTo(Long.MAX_VALUE);
      request.asyncMillis = 10_000;
      assertThat(nanosLeft()).isEqualTo(SECONDS.toNanos(10));
      clock.advanceMillis(4_000);
      assertThat(nanosLeft()).isEqualTo(SECONDS.toNanos(6));
    }
  }

  @Test
  void aCallEndsWhenTheClientOfTheServedRequestNoLongerWaits() throws Exception {
    ReliabilityHarness harness = withTimeouts();
    harness.upstream.isSilent().isSilent();
    CompletableFuture<WireResponse> within;
    try (InboundScope served =
        harness.engine.beginInbound(new Request("x-request-timeout", "4s"))) {
      harness.clock.advanceMillis(1_000);
      within = harness.ask();
    }
    CompletableFuture<WireResponse> after = harness.ask();
    harness.clock.advanceMillis(2_999);
    assertThat(within).isNotDone();
    harness.clock.advanceMillis(1);
    assertThat(ReliabilityHarness.text(within.get())).contains("flyball_timeout");
    assertThat(after).isNotDone();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(harness.onlyRecord().attribution().route()).isEqualTo("/orders/{id}");
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Test
  void aCallForAClientThatHasGoneIsNotSent() throws Exception {
    ReliabilityHarness harness = withTimeouts();
    try (InboundScope served =
        harness.engine.beginInbound(new Request("x-request-timeout", "4s"))) {
      harness.clock.advanceMillis(5_000);
      assertThat(ReliabilityHarness.text(harness.ask().getNow(null))).contains("flyball_timeout");
    }
    assertThat(harness.upstream.sent).isEmpty();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Test
  void aCallOfAnotherThreadEndsWithTheRequestItsWorkCameFrom() throws Exception {
    ReliabilityHarness harness = withTimeouts();
    harness.upstream.isSilent();
    CapturedInbound captured;
    try (InboundScope served =
        harness.engine.beginInbound(new Request("x-request-timeout", "4s"))) {
      captured = harness.engine.captureInbound();
    }
    harness.clock.advanceMillis(1_000);
    CompletableFuture<WireResponse> call = elsewhere(() -> in(captured, harness::ask));
    harness.clock.advanceMillis(2_999);
    assertThat(call).isNotDone();
    harness.clock.advanceMillis(1);
    assertThat(ReliabilityHarness.text(call.get())).contains("flyball_timeout");
    assertThat(harness.onlyRecord().attribution().route()).isEqualTo("/orders/{id}");
    assertThat(harness.engine.captureInbound()).isNull();
    assertThat(harness.engine.leaveInbound()).isNull();
    assertThat(harness.errors.counts()).isEmpty();
  }

  private String tenant() {
    return requests.current(rules).header("x-tenant-id");
  }

  private long nanosLeft() {
    long deadline = requests.deadline();
    return deadline == Long.MAX_VALUE ? deadline : deadline - clock.nanoTime();
  }

  private static <T> T in(CapturedInbound captured, Callable<T> work) throws Exception {
    try (InboundScope resumed = captured.resume()) {
      return work.call();
    }
  }

  private static <T> T elsewhere(Callable<T> work) throws Exception {
    FutureTask<T> task = new FutureTask<>(work);
    new Thread(task).start();
    return task.get();
  }

  private static ReliabilityHarness withTimeouts() {
    long minute = SECONDS.toNanos(60);
    return new ReliabilityHarness(
        Policies.builder().timeouts(new TimeoutSettings(minute, minute, minute, minute)).build());
  }

  /** A request with at most one header. */
  private static final class Request implements InboundRequest {
    private final String name;
    private String value;
    private String route = "/orders/{id}";
    private String principal;
    private long asyncMillis;
    private Thread usableBy = Thread.currentThread();

    Request(String name, String value) {
      this.name = name;
      this.value = value;
    }

    @Override
    public String header(String wanted) {
      assertThat(Thread.currentThread()).isSameAs(usableBy);
      return wanted.equals(name) ? value : null;
    }

    @Override
    public String route() {
      assertThat(Thread.currentThread()).isSameAs(usableBy);
      return route;
    }

    @Override
    public String principal() {
      assertThat(Thread.currentThread()).isSameAs(usableBy);
      return principal;
    }

    @Override
    public long asyncTimeoutMillis() {
      return asyncMillis;
    }
  }
}
