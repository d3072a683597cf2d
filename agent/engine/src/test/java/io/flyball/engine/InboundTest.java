package io.flyball.engine;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.wire.InboundRequest;
import io.flyball.engine.wire.InboundScope;
import io.flyball.engine.wire.WireResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which request a thread serves, and how long its client waits. */
class InboundTest {
  private final ManualTime clock = new ManualTime();
  private final InboundRequests requests = new InboundRequests(clock);

  @Test
  void theInnermostScopeOfTheThreadCountsUntilItIsClosed() throws Exception {
    Request outer = new Request(null, null);
    Request inner = new Request(null, null);
    try (InboundScope served = requests.begin(outer)) {
      assertThat(requests.current()).isSameAs(outer);
      try (InboundScope forwarded = requests.begin(inner)) {
        assertThat(requests.current()).isSameAs(inner);
      }
      assertThat(requests.current()).isSameAs(outer);
      InboundRequest[] elsewhere = {outer};
      Thread other = new Thread(() -> elsewhere[0] = requests.current());
      other.start();
      other.join();
      assertThat(elsewhere[0]).isNull();
    }
    assertThat(requests.current()).isNull();
    assertThat(requests.nanosLeft()).isEqualTo(Long.MAX_VALUE);
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
      assertThat(requests.nanosLeft())
          .isEqualTo(millis < 0 ? Long.MAX_VALUE : MILLISECONDS.toNanos(millis));
    }
  }

  @Test
  void timeThatPassedIsGone() {
    try (InboundScope served = requests.begin(new Request("x-request-timeout", "3s"))) {
      clock.advanceMillis(2_000);
      try (InboundScope forwarded = requests.begin(new Request("x-request-timeout", "3s"))) {
        assertThat(requests.nanosLeft()).isEqualTo(SECONDS.toNanos(1));
      }
      clock.advanceMillis(2_000);
      assertThat(requests.nanosLeft()).isEqualTo(-SECONDS.toNanos(1));
    }
  }

  @Test
  void anAsynchronousRequestWaitsFromWhenItBecameSo() {
    Request request = new Request(null, null);
    try (InboundScope served = requests.begin(request)) {
      clock.advanceMillis(5_000);
      assertThat(requests.nanosLeft()).isEqualTo(Long.MAX_VALUE);
      request.asyncMillis = 10_000;
      assertThat(requests.nanosLeft()).isEqualTo(SECONDS.toNanos(10));
      clock.advanceMillis(4_000);
      assertThat(requests.nanosLeft()).isEqualTo(SECONDS.toNanos(6));
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
      assertThat(harness.ask()).isDone();
    }
    assertThat(harness.upstream.sent).isEmpty();
    assertThat(harness.errors.counts()).isEmpty();
  }

  private static ReliabilityHarness withTimeouts() {
    long minute = SECONDS.toNanos(60);
    return new ReliabilityHarness(
        Policies.builder().timeouts(new TimeoutSettings(minute, minute, minute, minute)).build());
  }

  /** A request with at most one header. */
  private static final class Request implements InboundRequest {
    private final String name;
    private final String value;
    private long asyncMillis;

    Request(String name, String value) {
      this.name = name;
      this.value = value;
    }

    @Override
    public String header(String wanted) {
      return wanted.equals(name) ? value : null;
    }

    @Override
    public String route() {
      return "/orders/{id}";
    }

    @Override
    public String principal() {
      return null;
    }

    @Override
    public long asyncTimeoutMillis() {
      return asyncMillis;
    }
  }
}
