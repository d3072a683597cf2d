package io.flyball.engine.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Charge;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.telemetry.SampleCalls;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;
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
    CallRecord priced = price(answered(reported("gpt-4o-2024-08-06", null)));

    assertThat(priced.usage()).isEqualTo(SampleCalls.usage());
    assertThat(priced.costUsd()).isEqualByComparingTo("0.005615");
    assertThat(priced.wastedUsd()).isZero();
    assertThat(priced.attempts().get(0).costUsd()).isEqualByComparingTo("0.005615");
    assertThat(CallPricing.isUnpriced(priced)).isFalse();
  }

  /** Zeros beside content do not come here as a report. */
  @Test
  void aReportedZeroWhereNothingCameStaysZero() {
    Usage zero = Usage.builder(Usage.Source.REPORTED).build();
    ResponseFacts said = ResponseFacts.builder().usage(zero).complete(true).build();

    CallRecord priced = price(unreported().usage(zero).response(said).content(null, null));

    assertThat(priced.usage()).isEqualTo(zero);
    assertThat(priced.costUsd()).isEqualByComparingTo("0");
  }

  @Test
  void estimatesWhatNobodyReported() {
    CallRecord priced = price(unreported());

    assertThat(priced.usage().source()).isEqualTo(Usage.Source.ESTIMATED);
    assertThat(priced.usage().input()).isEqualTo(2 + 2 * 3); // two words and a message's frame
    assertThat(priced.usage().output()).isEqualTo(3);
    assertThat(priced.costUsd()).isEqualByComparingTo("0.00005");
  }

  @Test
  void whatIsKnownBesidesTokensThatNobodyReported() {
    Usage searched = Usage.builder(Usage.Source.ESTIMATED).toolUse("web_search", 2).build();
    Usage drawn = Usage.builder(Usage.Source.ESTIMATED).incomplete(true).build();

    CallRecord withSearches = price(besides(searched));
    assertThat(withSearches.usage().output()).isEqualTo(3);
    assertThat(withSearches.usage().source()).isEqualTo(Usage.Source.ESTIMATED);
    assertThat(withSearches.costUsd()).isEqualByComparingTo("0.02005");
    CallRecord withAnImage = price(besides(drawn));
    assertThat(withAnImage.usage().output()).isEqualTo(3);
    assertThat(withAnImage.costUsd()).isNull();
    assertThat(CallPricing.isUnpriced(withAnImage)).isTrue();
  }

  private static AttemptRecord.Builder besides(Usage known) {
    return unreported()
        .response(
            ResponseFacts.builder()
                .complete(true)
                .outputCharacters(13)
                .besidesTokens(known)
                .build());
  }

  @Test
  void eachContainerIsAsLargeAsWasAskedFor() {
    Usage two = Usage.builder(Usage.Source.REPORTED).toolUse("code_interpreter", 2).build();
    RequestFacts request =
        RequestFacts.builder(SampleCalls.protocol("p"), Operation.CHAT, "openai")
            .model("gpt-4o")
            .toolUses(Collections.singletonMap("code_interpreter", 4L))
            .build();

    assertThat(price(unreported().usage(two).request(request)).costUsd())
        .isEqualByComparingTo("0.24");
  }

  @Test
  void whereTheAnswerNamesNoTierNoneIsCheaperThanTheUsual() {
    Usage million = Usage.builder(Usage.Source.REPORTED).input(1_000_000).build();
    String[][] cases = {
      {"auto", null, "4.25"},
      {"auto", "auto", "4.25"},
      {"auto", "default", "2.5"},
      {"flex", null, "2.5"},
      {"priority", null, "4.25"},
      {null, "auto", "2.5"},
      {null, null, "2.5"}
    };
    for (String[] each : cases) {
      RequestFacts request =
          RequestFacts.builder(SampleCalls.protocol("p"), Operation.CHAT, "openai")
              .model("gpt-4o")
              .serviceTier(each[0])
              .build();
      ResponseFacts said =
          ResponseFacts.builder().usage(million).serviceTier(each[1]).complete(true).build();

      assertThat(price(unreported().usage(million).request(request).response(said)).costUsd())
          .as("%s, answered by %s", each[0], each[1])
          .isEqualByComparingTo(each[2]);
    }
  }

  @Test
  void extrapolatesTextThatWasNotKept() {
    CallRecord priced =
        price(
            unreported()
                .response(ResponseFacts.builder().complete(true).outputCharacters(2_200).build())
                .content(BODY, "good morning to you all".substring(0, 22)));

    assertThat(priced.usage().output()).isBetween(400L, 600L);
  }

  @Test
  void estimatesByLengthWhenNoContentWasKept() {
    CallRecord priced = price(unreported().content(null, null).requestBytes(4_000));

    assertThat(priced.usage().input()).isEqualTo(1_000);
    assertThat(priced.usage().output()).isEqualTo(4);
  }

  @Test
  void aCancelledCallKeepsTheReportedInputAndCountsWhatWasDelivered() {
    for (Usage.Source source : Arrays.asList(Usage.Source.REPORTED, Usage.Source.PARTIAL)) {
      Usage started = Usage.builder(source).input(900).cacheRead(800).output(1).build();
      CallRecord priced =
          price(
              unreported()
                  .usage(started)
                  .response(ResponseFacts.builder().usage(started).outputCharacters(13).build())
                  .outcome(Outcome.CANCELLED, 200, "cancelled"));

      assertThat(priced.usage())
          .isEqualTo(
              Usage.builder(Usage.Source.PARTIAL).input(900).cacheRead(800).output(3).build());
    }
  }

  @Test
  void anAnswerCutBeforeItsFirstTokenUsedItsInputWhenItWasDelivered() {
    AttemptRecord.Builder cut =
        unreported()
            .response(ResponseFacts.builder().build())
            .contentSeen(false)
            .content(BODY, null)
            .outcome(Outcome.CUT, 200, "IOException");

    CallRecord priced = price(cut);
    assertThat(priced.usage().source()).isEqualTo(Usage.Source.PARTIAL);
    assertThat(priced.usage().input()).isEqualTo(8);
    assertThat(priced.usage().output()).isZero();

    assertThat(price(cut.delivered(false)).costUsd()).isNull();
  }

  @Test
  void anErrorBeforeAnyAnswerUsedNothing() {
    CallRecord priced =
        price(
            attempt(1, "openai", "api.openai.com", "gpt-4o")
                .content(BODY, null)
                .delivered(true)
                .outcome(Outcome.ERROR, 429, "rate_limit"));

    assertThat(priced.usage()).isNull();
    assertThat(priced.costUsd()).isNull();
    assertThat(CallPricing.isUnpriced(priced)).isFalse();
  }

  @Test
  void anErrorEventBeforeAnyContentUsedWhatWasReported() {
    Usage started = Usage.builder(Usage.Source.PARTIAL).input(25).output(1).build();

    CallRecord priced =
        price(
            attempt(1, "anthropic", "api.anthropic.com", "claude-sonnet-4-5")
                .response(ResponseFacts.builder().usage(started).build())
                .delivered(true)
                .outcome(Outcome.ERROR, 200, "overloaded_error"));

    assertThat(priced.usage()).isEqualTo(started);
    assertThat(priced.costUsd()).isEqualByComparingTo("0.00009");
  }

  @Test
  void anErrorInsideAStreamUsedWhatWasDelivered() {
    CallRecord priced =
        price(
            unreported()
                .response(ResponseFacts.builder().outputCharacters(13).build())
                .outcome(Outcome.ERROR, 200, "overloaded_error"));

    assertThat(priced.usage().source()).isEqualTo(Usage.Source.PARTIAL);
    assertThat(priced.usage().output()).isEqualTo(3);
  }

  @Test
  void aCallThatWasNotSentUsedNothing() {
    CallRecord refused =
        CallRecord.builder("c", SampleCalls.request().build())
            .outcome(Outcome.REFUSED, 429, "flyball_budget_exceeded")
            .build();
    CallRecord made =
        CallRecord.builder("c", SampleCalls.request().build())
            .response(ResponseFacts.builder().usage(SampleCalls.usage()).complete(true).build())
            .outcome(Outcome.SUCCESS, 200, null)
            .build();

    for (CallRecord record : Arrays.asList(refused, made)) {
      CallRecord priced = pricing.price(record);
      assertThat(priced.usage()).isNull();
      assertThat(priced.costUsd()).isNull();
      assertThat(priced.wastedUsd()).isZero();
      assertThat(CallPricing.isUnpriced(priced)).isFalse();
    }
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
                .attempts(
                    Collections.singletonList(
                        reported("claude-sonnet-4-5", null).request(request).build()))
                .outcome(Outcome.SUCCESS, 200, null)
                .build());

    assertThat(priced.usage()).isNull();
    assertThat(CallPricing.isUnpriced(priced)).isFalse();
  }

  @Test
  void aModelWithoutPriceIsUnpriced() {
    CallRecord priced =
        price(reported(null, null).request(SampleCalls.request().model("house-model").build()));

    assertThat(priced.usage()).isEqualTo(SampleCalls.usage());
    assertThat(priced.costUsd()).isNull();
    assertThat(CallPricing.isUnpriced(priced)).isTrue();
  }

  @Test
  void theBilledTierCounts() {
    assertThat(price(reported("gpt-4o", "flex")).costUsd()).isEqualByComparingTo("0.0028075");
  }

  @Test
  void fallsBackToTheModelThatWasAskedFor() {
    assertThat(price(reported("an-internal-name", null)).costUsd())
        .isEqualByComparingTo("0.005615");
  }

  /**
   * GPT-4o was cut after 40 tokens, Claude answered: 9 + 40 tokens at 2.50 and 10 dollars a
   * million, and 1,000 + 200 at 3 and 15.
   */
  @Test
  void everyAttemptIsPaidAtItsOwnProvider() {
    CallRecord priced = pricing.price(fallenBack());

    AttemptRecord cut = priced.attempts().get(0);
    assertThat(cut.usage())
        .isEqualTo(Usage.builder(Usage.Source.PARTIAL).input(9).output(40).build());
    assertThat(cut.costUsd()).isEqualByComparingTo("0.0004225");
    AttemptRecord served = priced.attempts().get(1);
    assertThat(served.costUsd()).isEqualByComparingTo("0.006");
    assertThat(priced.usage()).isEqualTo(served.usage());
    assertThat(priced.costUsd()).isEqualByComparingTo("0.0064225");
    assertThat(priced.wastedUsd()).isEqualByComparingTo("0.0004225");
    assertThat(priced.charges())
        .extracting(Charge::provider, Charge::model, Charge::wasted)
        .containsExactly(
            tuple("openai", "gpt-4o", true), tuple("anthropic", "claude-sonnet-4-5", false));
    assertThat(priced.answeredRequest().provider()).isEqualTo("anthropic");
    assertThat(CallPricing.isUnpriced(priced)).isFalse();
  }

  @Test
  void whatHasAPriceIsSummedUpThoughOneAttemptHasNone() {
    CallRecord record = fallenBack();
    CallRecord priced =
        pricing.price(
            record.toBuilder()
                .attempts(
                    Arrays.asList(
                        record.attempts().get(0).toBuilder()
                            .request(facts("house", "house-model"))
                            .build(),
                        record.attempts().get(1)))
                .build());

    assertThat(priced.costUsd()).isEqualByComparingTo("0.006");
    assertThat(CallPricing.isUnpriced(priced)).isTrue();
  }

  @Test
  void anAnswerThatWasRejectedIsWastedInFull() {
    CallRecord priced =
        pricing.price(
            CallRecord.builder("c", SampleCalls.request().build())
                .attempts(
                    Arrays.asList(
                        reported("gpt-4o", null).delivered(false).build(),
                        reported("gpt-4o", null).build()))
                .outcome(Outcome.SUCCESS, 200, null)
                .build());

    assertThat(priced.costUsd()).isEqualByComparingTo("0.01123");
    assertThat(priced.wastedUsd()).isEqualByComparingTo("0.005615");
  }

  /** Asked for at OpenAI, cut there, and answered by Anthropic. */
  private static CallRecord fallenBack() {
    String words = String.join("", Collections.nCopies(40, " word"));
    byte[] body =
        "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"one two three\"}]}"
            .getBytes(StandardCharsets.UTF_8);
    return CallRecord.builder("c", facts("openai", "gpt-4o"))
        .attempts(
            Arrays.asList(
                attempt(1, "openai", "api.openai.com", "gpt-4o")
                    .response(ResponseFacts.builder().outputCharacters(words.length()).build())
                    .contentSeen(true)
                    .content(body, words)
                    .outcome(Outcome.CUT, 200, "java.io.EOFException")
                    .build(),
                attempt(2, "anthropic", "api.anthropic.com", "claude-sonnet-4-5")
                    .response(
                        ResponseFacts.builder()
                            .model("claude-sonnet-4-5-20250929")
                            .complete(true)
                            .build())
                    .usage(Usage.builder(Usage.Source.REPORTED).input(1_000).output(200).build())
                    .contentSeen(true)
                    .delivered(true)
                    .outcome(Outcome.SUCCESS, 200, null)
                    .build()))
        .outcome(Outcome.SUCCESS, 200, null)
        .build();
  }

  private CallRecord price(AttemptRecord.Builder only) {
    return pricing.price(answered(only));
  }

  private CallRecord price(CallRecord record) {
    return pricing.price(record);
  }

  private static CallRecord answered(AttemptRecord.Builder only) {
    AttemptRecord attempt = only.build();
    return CallRecord.builder("c", attempt.request())
        .attempts(Collections.singletonList(attempt))
        .outcome(attempt.outcome(), attempt.status(), attempt.errorType())
        .build();
  }

  private static AttemptRecord.Builder attempt(
      int number, String provider, String host, String model) {
    return AttemptRecord.builder(number, host, host, 443).request(facts(provider, model));
  }

  private static RequestFacts facts(String provider, String model) {
    return RequestFacts.builder(SampleCalls.protocol("p"), Operation.CHAT, provider)
        .model(model)
        .build();
  }

  /** A success at OpenAI whose usage was reported. */
  private static AttemptRecord.Builder reported(String answeredModel, String tier) {
    return attempt(1, "openai", "api.openai.com", "gpt-4o")
        .response(
            ResponseFacts.builder()
                .model(answeredModel)
                .usage(SampleCalls.usage())
                .serviceTier(tier)
                .complete(true)
                .build())
        .usage(SampleCalls.usage())
        .contentSeen(true)
        .delivered(true)
        .outcome(Outcome.SUCCESS, 200, null);
  }

  /** A success at OpenAI whose usage was not reported. */
  private static AttemptRecord.Builder unreported() {
    return attempt(1, "openai", "api.openai.com", "gpt-4o")
        .response(ResponseFacts.builder().complete(true).outputCharacters(13).build())
        .contentSeen(true)
        .delivered(true)
        .content(BODY, "good morning!")
        .outcome(Outcome.SUCCESS, 200, null);
  }

  /** What a gateway reckons counts where it is more, or all that is known. */
  @Test
  void aGatewaysReckoningIsTakenWhereItIsMore() {
    assertThat(reckoned("gpt-4o", "0.25")).isEqualByComparingTo("0.25");
    assertThat(reckoned("gpt-4o", "0.000001")).isEqualByComparingTo("0.005615");
    assertThat(reckoned("a-model-nobody-knows", "0.25")).isEqualByComparingTo("0.25");
    assertThat(reckoned("a-model-nobody-knows", null)).isNull();
  }

  private BigDecimal reckoned(String model, String usd) {
    return price(
            reported(model, null)
                .request(facts("openai", model))
                .reckonedUsd(usd == null ? null : new BigDecimal(usd)))
        .costUsd();
  }
}
