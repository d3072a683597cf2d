package io.flyball.engine.price;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.telemetry.SampleCalls;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import org.junit.jupiter.api.Test;

class CallPricingTest {
  private static final byte[] BODY =
      "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"hello world\"}]}"
          .getBytes(StandardCharsets.UTF_8);

  private final CallPricing pricing =
      new CallPricing(
          PriceCatalogue.builtIn(), new UsageEstimate(new TokenCounter(Long.MAX_VALUE)));

  @Test
  void pricesWhatTheProviderReported() {
    CallRecord priced = pricing.price(SampleCalls.answered().usage(null).costUsd(null).build());

    assertThat(priced.usage()).isEqualTo(SampleCalls.usage());
    assertThat(priced.costUsd()).isEqualByComparingTo("0.005615");
    assertThat(CallPricing.isUnpriced(priced)).isFalse();
  }

  @Test
  void aReportedZeroStaysZero() {
    Usage zero = Usage.builder(Usage.Source.REPORTED).build();

    CallRecord priced = pricing.price(withoutUsage().usage(zero).build());

    assertThat(priced.usage()).isEqualTo(zero);
    assertThat(priced.costUsd()).isEqualByComparingTo("0");
  }

  @Test
  void estimatesWhatNobodyReported() {
    CallRecord priced = pricing.price(withoutUsage().build());

    assertThat(priced.usage().source()).isEqualTo(Usage.Source.ESTIMATED);
    assertThat(priced.usage().input()).isEqualTo(2 + 2 * 3); // two words and a message's frame
    assertThat(priced.usage().output()).isEqualTo(3);
    assertThat(priced.costUsd()).isEqualByComparingTo("0.00005");
  }

  @Test
  void extrapolatesTextThatWasNotKept() {
    CallRecord priced =
        pricing.price(
            withoutUsage()
                .response(ResponseFacts.builder().complete(true).outputCharacters(2_200).build())
                .content(BODY, "good morning to you all".substring(0, 22))
                .build());

    assertThat(priced.usage().output()).isBetween(400L, 600L);
  }

  @Test
  void estimatesByLengthWhenNoContentWasKept() {
    CallRecord priced =
        pricing.price(withoutUsage().content(null, null).requestBytes(4_000).build());

    assertThat(priced.usage().input()).isEqualTo(1_000);
    assertThat(priced.usage().output()).isEqualTo(4);
  }

  @Test
  void aCancelledCallKeepsTheReportedInputAndCountsWhatWasDelivered() {
    Usage started =
        Usage.builder(Usage.Source.REPORTED).input(900).cacheRead(800).output(1).build();
    CallRecord priced =
        pricing.price(
            withoutUsage()
                .response(ResponseFacts.builder().usage(started).outputCharacters(13).build())
                .outcome(Outcome.CANCELLED, 200, "cancelled")
                .build());

    assertThat(priced.usage())
        .isEqualTo(Usage.builder(Usage.Source.PARTIAL).input(900).cacheRead(800).output(3).build());
  }

  @Test
  void aCallCutBeforeItsFirstTokenUsedItsInput() {
    CallRecord priced =
        pricing.price(
            withoutUsage()
                .response(ResponseFacts.builder().build())
                .content(BODY, null)
                .outcome(Outcome.CUT, 200, "IOException")
                .build());

    assertThat(priced.usage().source()).isEqualTo(Usage.Source.PARTIAL);
    assertThat(priced.usage().input()).isEqualTo(8);
    assertThat(priced.usage().output()).isZero();
  }

  @Test
  void anErrorBeforeAnyAnswerUsedNothing() {
    CallRecord priced =
        pricing.price(SampleCalls.failed(429, "rate_limit").content(BODY, null).build());

    assertThat(priced.usage()).isNull();
    assertThat(priced.costUsd()).isNull();
    assertThat(CallPricing.isUnpriced(priced)).isFalse();
  }

  @Test
  void anErrorInsideAStreamUsedWhatWasDelivered() {
    CallRecord priced =
        pricing.price(
            withoutUsage()
                .response(ResponseFacts.builder().outputCharacters(13).build())
                .outcome(Outcome.ERROR, 200, "overloaded_error")
                .build());

    assertThat(priced.usage().source()).isEqualTo(Usage.Source.PARTIAL);
    assertThat(priced.usage().output()).isEqualTo(3);
  }

  @Test
  void aRefusedCallUsedNothing() {
    CallRecord priced =
        pricing.price(
            withoutUsage().outcome(Outcome.REFUSED, 429, "flyball_budget_exceeded").build());

    assertThat(priced.usage()).isNull();
  }

  @Test
  void countingTokensIsFree() {
    RequestFacts request =
        RequestFacts.builder(
                SampleCalls.protocol("anthropic.count_tokens"), Operation.COUNT_TOKENS, "anthropic")
            .model("claude-sonnet-4-5")
            .build();
    CallRecord priced =
        pricing.price(
            CallRecord.builder("c", request)
                .usage(SampleCalls.usage())
                .outcome(Outcome.SUCCESS, 200, null)
                .build());

    assertThat(priced.usage()).isNull();
    assertThat(CallPricing.isUnpriced(priced)).isFalse();
  }

  @Test
  void aModelWithoutPriceIsUnpriced() {
    CallRecord priced =
        pricing.price(
            CallRecord.builder("c", SampleCalls.request().model("house-model").build())
                .usage(SampleCalls.usage())
                .outcome(Outcome.SUCCESS, 200, null)
                .build());

    assertThat(priced.costUsd()).isNull();
    assertThat(CallPricing.isUnpriced(priced)).isTrue();
  }

  @Test
  void theBilledTierCounts() {
    CallRecord priced =
        pricing.price(
            SampleCalls.answered()
                .response(
                    ResponseFacts.builder()
                        .model("gpt-4o")
                        .usage(SampleCalls.usage())
                        .serviceTier("flex")
                        .complete(true)
                        .build())
                .build());

    assertThat(priced.costUsd()).isEqualByComparingTo("0.0028075");
  }

  @Test
  void fallsBackToTheModelThatWasAskedFor() {
    CallRecord priced =
        pricing.price(
            SampleCalls.answered()
                .response(
                    ResponseFacts.builder()
                        .model("an-internal-name")
                        .usage(SampleCalls.usage())
                        .complete(true)
                        .build())
                .build());

    assertThat(priced.costUsd()).isEqualByComparingTo("0.005615");
  }

  private static CallRecord.Builder withoutUsage() {
    return CallRecord.builder("c", SampleCalls.request().stream(true).build())
        .response(
            ResponseFacts.builder()
                .finishReasons(Arrays.asList("stop"))
                .complete(true)
                .outputCharacters(13)
                .build())
        .attempts(Collections.singletonList(SampleCalls.attempt(1, 200, Outcome.SUCCESS, null)))
        .content(BODY, "good morning!")
        .outcome(Outcome.SUCCESS, 200, null);
  }
}
