package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Completions;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.SdkAttempt;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * An SDK's loop around calls of which some are ended by the SDK's own timeout: Flyball and the loop
 * together ask as often as the loop alone would, no more and no less.
 */
class SdkLoopTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String BUSY = "{\"error\":{\"message\":\"busy\",\"type\":\"server_error\"}}";

  /** What one request of the loop gets; each of them is one that it would repeat. */
  enum Kind {
    STATUS,
    RESET,
    /** The timeout of one attempt. */
    READ_TIMEOUT,
    /** The timeout of the whole call, by which the client cancels it. */
    CALL_TIMEOUT
  }

  @Provide
  Arbitrary<List<Kind>> courses() {
    return Arbitraries.of(Kind.class).list().ofMaxSize(5);
  }

  private static ReliabilityHarness harness() {
    return new ReliabilityHarness(
        Policies.builder()
            .timeouts(TimeoutSettings.OFF.withSilence(600 * SECOND).withBegin(600 * SECOND))
            .retry(
                RetrySettings.usual(3),
                new Backoff(SECOND / 2, 20 * SECOND, () -> 1.0),
                new RetryBudget(0.2, 10, new ManualTime()))
            .suppressSdkRetries(true)
            .build());
  }

  private static void script(ReliabilityHarness harness, List<Kind> failures) {
    for (Kind kind : failures) {
      switch (kind) {
        case STATUS:
          harness.upstream.answers(503, BUSY);
          break;
        case RESET:
          harness.upstream.fails(new IOException("reset"));
          break;
        case READ_TIMEOUT:
          harness.upstream.fails(new SocketTimeoutException("Read timed out"));
          break;
        default:
          harness.upstream.isSilent();
      }
    }
    for (int i = 0; i < 5; i++) {
      harness.upstream.answers(200, OK);
    }
  }

  @Property(tries = 500)
  void theLoopAsksAsOftenAsItWouldWithoutFlyball(
      @ForAll("courses") List<Kind> failures,
      @ForAll @IntRange(max = 3) int retries,
      @ForAll @IntRange(max = 2) int limit) {
    ReliabilityHarness harness = harness();
    script(harness, failures);
    long[] limits = {-1, 2 * SECOND, 600 * SECOND};
    harness.upstream.nanosLeft = limits[limit];

    boolean answered = false;
    try (SdkAttempt loop = harness.engine.beginSdkAttempt("openai-java", retries)) {
      for (int i = 0; i <= retries && !answered; i++) {
        CompletableFuture<WireResponse> answer = call(harness, failures, i);
        answered = !answer.isCompletedExceptionally() && answer.join().status() == 200;
        if (!answered && !wouldRepeat(harness, answer)) {
          break;
        }
      }
      assertThat(loop.repetitions()).isLessThanOrEqualTo(retries);
    }
    boolean would = failures.size() <= retries;
    assertThat(answered).isEqualTo(would);
    assertThat(harness.upstream.sent).hasSize(would ? failures.size() + 1 : retries + 1);
    assertThat(harness.errors.counts()).isEmpty();
  }

  private static CompletableFuture<WireResponse> call(
      ReliabilityHarness harness, List<Kind> failures, int repetition) {
    GovernedCall call =
        harness.call(
            false,
            "User-Agent",
            "OpenAIClientImpl/Java 4.100.0",
            "X-Stainless-Lang",
            "java",
            "X-Stainless-Retry-Count",
            String.valueOf(repetition));
    CompletableFuture<WireResponse> answer =
        call.executeAsync(harness.upstream, Runnable::run).toCompletableFuture();
    harness.clock.advance(60, TimeUnit.SECONDS);
    if (!answer.isDone()) {
      assertThat(failures.get(harness.upstream.sent.size() - 1)).isEqualTo(Kind.CALL_TIMEOUT);
      call.cancel(new SocketTimeoutException("timeout"));
    }
    assertThat(answer).isDone();
    return answer;
  }

  /** As openai-java does, woven. */
  private static boolean wouldRepeat(
      ReliabilityHarness harness, CompletableFuture<WireResponse> answer) {
    return answer.isCompletedExceptionally()
        ? !harness.engine.hasGivenUp(Completions.failureOf(answer))
        : !"false".equals(answer.join().headers().first("x-should-retry"));
  }
}
