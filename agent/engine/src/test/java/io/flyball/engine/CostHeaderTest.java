package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.wire.WireResponse;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** {@code x-flyball-cost-usd}: what a call cost, where that is known before its answer is read. */
class CostHeaderTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String HEADER = "x-flyball-cost-usd";
  private static final CallPricing PRICING =
      new CallPricing(
          PriceCatalogue.builtIn(), new UsageEstimate(new TokenCounter(Long.MAX_VALUE)));

  private static ReliabilityHarness harness(CallPricing pricing) {
    return new ReliabilityHarness(
        Policies.builder()
            .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
            .retry(
                2,
                new Backoff(SECOND / 2, 20 * SECOND, () -> 1.0),
                new RetryBudget(0.2, 10, new ManualTime()))
            .build(),
        pricing);
  }

  @Test
  void aWholeAnswerSaysWhatTheRecordWillSay() throws Exception {
    ReliabilityHarness harness = harness(PRICING);
    harness.upstream.answers(503, "{}").answers(200, OK);
    CompletableFuture<WireResponse> answer = harness.ask();
    harness.clock.advanceMillis(20_000);

    assertThat(answer.get().headers().first(HEADER)).isEqualTo("0.00000195");
    assertThat(text(answer.get())).isEqualTo(OK);
    assertThat(PRICING.price(harness.onlyRecord()).costUsd())
        .isEqualByComparingTo(new BigDecimal("0.00000195"));
  }

  @Test
  void whatUsedNothingCostsNothing() throws Exception {
    ReliabilityHarness harness = harness(PRICING);
    harness.upstream.answers(401, "{}");

    assertThat(harness.ask().get().headers().first(HEADER)).isEqualTo("0");
  }

  @Test
  void aStreamCannotSay() throws Exception {
    ReliabilityHarness harness = harness(PRICING);
    harness.upstream.streams(wholeStream("Hi"), null);

    assertThat(harness.askStream().get().headers().first(HEADER)).isNull();
  }

  /** Where a text of the user's stands in for a failed target: what its attempts cost. */
  @Test
  void aMadeAnswerSaysWhatTheRecordWillSay() throws Exception {
    ReliabilityHarness harness =
        new ReliabilityHarness(
            Policies.builder()
                .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
                .fallback(
                    new FallbackSettings(
                        Collections.singletonList(FallbackSettings.Link.text("Sorry")),
                        Collections.emptyList(),
                        EnumSet.allOf(FallbackReason.class),
                        null),
                    new LastAnswers(1 << 20),
                    (provider, host, model) -> 0)
                .build(),
            PRICING);
    harness.upstream.answers(503, "{}").answers(503, "{}").isSilent();
    WireResponse plain = harness.ask().get();
    assertThat(plain.headers().first(HEADER)).isEqualTo("0");
    assertThat(text(plain)).contains("Sorry");
    WireResponse stream = harness.askStream().get();
    assertThat(stream.headers().first(HEADER)).isEqualTo("0");
    assertThat(text(stream)).contains("Sorry");
    assertThat(PRICING.price(harness.records.get(1)).costUsd()).isIn(null, BigDecimal.ZERO);

    CompletableFuture<WireResponse> late = harness.askStream();
    harness.clock.advanceMillis(6_000);
    assertThat(late.get().headers().first(HEADER)).as("it may have cost something").isNull();
    assertThat(text(late.get())).contains("Sorry");
    assertThat(PRICING.price(harness.records.get(2)).attempts().get(0).costUsd()).isPositive();
  }

  @Test
  void whatWouldHaveToBeEstimatedOrHasNoPriceIsNotSaid() throws Exception {
    ReliabilityHarness harness = harness(PRICING);
    harness.upstream.answers(200, OK.replaceAll(",\"usage\":\\{[^}]*}", ""));
    assertThat(harness.ask().get().headers().first(HEADER)).isNull();

    harness.upstream.answers(200, OK.replace("gpt-4o-mini", "own-model"));
    assertThat(harness.ask("own-model", false).executeAsync(harness.upstream, Runnable::run))
        .isCompletedWithValueMatching(answer -> answer.headers().first(HEADER) == null);
  }

  @Test
  void pricesThatAreNotAtHandAreNotWaitedFor() throws Exception {
    ReliabilityHarness harness = harness(null);
    harness.upstream.answers(200, OK);

    assertThat(harness.ask().get().headers().first(HEADER)).isNull();
    assertThat(harness.errors.counts()).isEmpty();
  }

  /** LiteLLM says what it reckons; a zero is no price. */
  @Test
  void whatAGatewayReckonsCountsWhereItIsMore() throws Exception {
    for (String[] each :
        new String[][] {{"0.5", "0.5"}, {"0.0", "0.00000195"}, {"x", "0.00000195"}}) {
      ReliabilityHarness harness = harness(PRICING);
      harness.upstream.answers(200, OK, "x-litellm-response-cost", each[0]);
      text(harness.ask().get());

      assertThat(PRICING.price(harness.onlyRecord()).costUsd())
          .as(each[0])
          .isEqualByComparingTo(each[1]);
    }
  }
}
