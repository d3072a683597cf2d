package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.event.CallJson;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.request.RequestLimits;
import io.flyball.engine.request.RequestLimits.Trim;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits of one call: gpt-4o-mini at $0.15 and $0.60 per million tokens. */
class RequestLimitTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String SYSTEM = "{\"role\":\"system\",\"content\":\"Be good.\"}";
  private static final String LAST = "{\"role\":\"user\",\"content\":\"And now?\"}";

  private final PriceCatalogue prices = PriceCatalogue.builtIn();
  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final AtomicInteger counts = new AtomicInteger();
  private ReliabilityHarness harness;

  @AfterEach
  void nothingFailedInside() {
    assertThat(harness.errors.counts()).isEmpty();
  }

  private void with(RequestLimits.Builder limits, Link... chain) {
    Target large =
        new Target(
            "large",
            URI.create("https://large.example/v1"),
            "openai",
            "gpt-4.1-nano",
            "large-key",
            0,
            0,
            Collections.<String, String>emptyMap());
    harness =
        new ReliabilityHarness(
            Policies.builder()
                .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
                .fallback(
                    new FallbackSettings(
                        Arrays.asList(chain),
                        Collections.singletonList(large),
                        EnumSet.allOf(FallbackReason.class),
                        null),
                    new LastAnswers(1 << 20),
                    (provider, host, model) -> 0)
                .requestLimits(
                    limits.build(),
                    new CostBounds(
                        prices::priceOf,
                        (provider, host, model) -> 16_384,
                        (body, model) -> {
                          counts.incrementAndGet();
                          return estimate.atMost(body, model);
                        }))
                .build());
  }

  private WireResponse ask(String body, String... headers) throws Exception {
    return harness
        .call(body, headers)
        .executeAsync(harness.upstream, Runnable::run)
        .toCompletableFuture()
        .get();
  }

  private static String times(String text, int times) {
    return String.join("", Collections.nCopies(times, text));
  }

  /** Every turn has about 520 tokens. */
  private static String conversation(int turns) {
    StringBuilder messages = new StringBuilder(SYSTEM);
    for (int i = 0; i < turns; i++) {
      messages
          .append(",{\"role\":\"user\",\"content\":\"")
          .append(times("word ", 500))
          .append("\"},{\"role\":\"assistant\",\"content\":\"Yes.\"}");
    }
    return body(messages.append(',').append(LAST).toString());
  }

  private static String body(String messages) {
    return "{\"model\":\"gpt-4o-mini\",\"messages\":[" + messages + "]}";
  }

  private String sent() {
    assertThat(harness.upstream.sent).hasSize(1);
    return body(harness.upstream.sent.get(0));
  }

  private static String body(WireRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  @Test
  void whatIsWithinTheLimitsGoesAsItIsAndUncounted() throws Exception {
    with(RequestLimits.builder().maxInputTokens(100_000).maxOutputTokens(20_000));
    harness.upstream.answers(200, OK);
    assertThat(text(ask(conversation(3)))).isEqualTo(OK);
    assertThat(sent()).isEqualTo(conversation(3));
    assertThat(counts).hasValue(0);
  }

  @Test
  void bytesThatCouldBeTooManyTokensAreCounted() throws Exception {
    with(RequestLimits.builder().maxInputTokens(2_500));
    harness.upstream.answers(200, OK);
    assertThat(conversation(3).length()).isGreaterThan(2_500);
    assertThat(text(ask(conversation(3)))).isEqualTo(OK);
    assertThat(counts).hasValue(1);
  }

  @Test
  void aPromptThatIsTooLargeIsRefusedWithNumbersAndWithoutItsText() throws Exception {
    with(RequestLimits.builder().maxInputTokens(1_000), Link.text("never"));
    WireResponse answer = ask(conversation(3), "User-Agent", "OpenAIClientImpl/Java 4.100.0");
    assertThat(answer.status()).isEqualTo(413);
    assertThat(text(answer))
        .contains("flyball_prompt_too_large", "more than the 1000")
        .containsPattern("up to 1[78][0-9]{2} tokens")
        .doesNotContain("word", "Be good");
    assertThat(harness.upstream.sent).isEmpty();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(harness.onlyRecord().errorType()).isEqualTo("flyball_prompt_too_large");
  }

  @Test
  void anAnswerIsLimitedWhereMoreIsAskedForOrNothingIsSaid() throws Exception {
    with(RequestLimits.builder().maxOutputTokens(500));
    String asking = "{\"model\":\"gpt-4o-mini\",\"max_tokens\":%s,\"messages\":[" + LAST + "]}";
    harness.upstream.answers(200, OK).answers(200, OK).answers(200, OK);
    text(ask(body(LAST)));
    text(ask(String.format(asking, 501)));
    text(ask(String.format(asking, 499)));
    assertThat(body(harness.upstream.sent.get(0))).contains("\"max_completion_tokens\":500");
    assertThat(body(harness.upstream.sent.get(1))).isEqualTo(String.format(asking, 500));
    assertThat(body(harness.upstream.sent.get(2))).isEqualTo(String.format(asking, 499));
    assertThat(harness.records.get(1).journal().shortenedTo()).isEqualTo(500);
    assertThat(harness.records.get(2).journal().shortenedTo()).isEqualTo(-1);
  }

  @Test
  void asFewOldTurnsAsEnoughAreLeftOut() throws Exception {
    with(RequestLimits.builder().maxInputTokens(2_000).trim(Trim.OLDEST_TURNS));
    harness.upstream.answers(200, OK);
    text(ask(conversation(6)));
    // Three of them have some 1,800 tokens with what is to spare, four 2,400.
    assertThat(sent()).isEqualTo(conversation(3));
    CallRecord record = harness.onlyRecord();
    assertThat(record.journal().trimmed()).isEqualTo("oldest-turns");
    assertThat(new String(new CallJson(null).bytes(record), StandardCharsets.UTF_8))
        .contains(
            "\"trimmed\":\"oldest-turns\",\"trimmed_bytes\":"
                + (conversation(6).length() - conversation(3).length()));
  }

  @Test
  void noMoreOfTheMiddleOfALongTextIsLeftOutThanEnough() throws Exception {
    with(RequestLimits.builder().maxInputTokens(1_000).trim(Trim.MIDDLE));
    harness.upstream.answers(200, OK);
    text(ask(body(SYSTEM + ",{\"role\":\"user\",\"content\":\"" + times("word ", 2_000) + "\"}")));
    assertThat(sent()).contains(SYSTEM, "[…]");
    assertThat(estimate.atMost(harness.upstream.sent.get(0).body(), "gpt-4o-mini"))
        .isBetween(900L, 1_000L);
  }

  @Test
  void whatCannotBeTrimmedEnoughIsRefused() throws Exception {
    with(RequestLimits.builder().maxInputTokens(100).trim(Trim.OLDEST_TURNS));
    String last = "{\"role\":\"user\",\"content\":\"" + times("word ", 500) + "\"}";
    WireResponse answer = ask(conversation(2).replace(LAST, last));
    assertThat(text(answer)).contains("flyball_prompt_too_large", "does not help");
    assertThat(harness.upstream.sent).isEmpty();
  }

  @Test
  void anotherTargetIsAskedInstead() throws Exception {
    with(RequestLimits.builder().maxInputTokens(1_000).routeTo("large", 100_000));
    harness.upstream.answers(200, OK);
    WireResponse answer = ask(conversation(3));
    assertThat(answer.status()).isEqualTo(200);
    text(answer);
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(harness.upstream.sent.get(0).uri().getHost()).isEqualTo("large.example");
    assertThat(sent()).contains("gpt-4.1-nano");
    assertThat(harness.onlyRecord().fallbackReason()).isEqualTo("request-limit");
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void aTargetThatIsTooSmallAsWellIsNotAsked() throws Exception {
    with(RequestLimits.builder().maxInputTokens(1_000).routeTo("large", 1_500), Link.text("never"));
    WireResponse answer = ask(conversation(3));
    assertThat(text(answer)).contains("flyball_prompt_too_large", "more than the 1000");
    assertThat(harness.upstream.sent).isEmpty();
  }

  @Test
  void whenTheOtherTargetFailsTheChainIsAskedWithinItsLimits() throws Exception {
    with(
        RequestLimits.builder().maxInputTokens(1_000).routeTo("large", 100_000),
        Link.text("Sorry."));
    harness.upstream.answers(500, "{}");
    assertThat(text(ask(conversation(3)))).contains("Sorry.");
    assertThat(harness.onlyRecord().fallbackReason()).isEqualTo("request-limit");
  }

  @Test
  void smallCallsOfThoseThatAreRoutedStay() throws Exception {
    with(RequestLimits.builder().maxInputTokens(1_000).routeTo("large", 100_000));
    harness.upstream.answers(200, OK);
    text(ask(body(LAST)));
    assertThat(harness.upstream.sent.get(0).uri().getHost()).isEqualTo("api.openai.com");
  }

  @Test
  void theAnswerIsLimitedToWhatTheCostAllows() throws Exception {
    with(RequestLimits.builder().maxCostUsd(new BigDecimal("0.001"), false));
    harness.upstream.answers(200, OK);
    text(ask(body(LAST)));
    // A thousandth of a dollar is 1,666 tokens of output, less a short prompt.
    assertThat(sent()).containsPattern("\"max_completion_tokens\":16[0-9][0-9]\\D");
  }

  @Test
  void aPromptThatAloneCostsTooMuchIsTrimmedOrRefused() throws Exception {
    RequestLimits.Builder limits =
        RequestLimits.builder().maxCostUsd(new BigDecimal("0.0004"), false);
    with(limits);
    assertThat(text(ask(conversation(8))))
        .contains("flyball_prompt_too_large", "$0.0004", "flyball.request.max-cost");
    with(limits.trim(Trim.OLDEST_TURNS));
    harness.upstream.answers(200, OK);
    text(ask(conversation(8)));
    // 2,400 tokens of prompt and 64 of output.
    assertThat(sent().length()).isBetween(conversation(3).length(), conversation(4).length() + 99);
    assertThat(sent()).contains("\"max_completion_tokens\":");
  }

  @Test
  void aModelWithoutAPriceIsRefusedUnlessThatIsAllowed() throws Exception {
    String unknown = body(LAST).replace("gpt-4o-mini", "gpt-unheard-of");
    with(RequestLimits.builder().maxCostUsd(BigDecimal.ONE, false));
    assertThat(text(ask(unknown))).contains("flyball_blocked", "no known price");
    with(RequestLimits.builder().maxCostUsd(BigDecimal.ONE, true));
    harness.upstream.answers(200, OK);
    assertThat(text(ask(unknown))).isEqualTo(OK);
  }

  @Test
  void theNextTargetIsHeldToTheLimitsToo() throws Exception {
    Target dear =
        new Target(
            "dear",
            URI.create("https://dear.example/v1"),
            "openai",
            "gpt-4",
            "dear-key",
            0,
            0,
            Collections.<String, String>emptyMap());
    with(RequestLimits.builder().maxCostUsd(new BigDecimal("0.02"), false), Link.to(dear));
    harness.upstream.answers(500, "{}").answers(200, OK);
    text(ask(body(LAST)));
    assertThat(body(harness.upstream.sent.get(0))).doesNotContain("max_completion_tokens");
    assertThat(harness.upstream.sent.get(1).uri().getHost()).isEqualTo("dear.example");
    // gpt-4 costs $60 per million tokens of output.
    assertThat(body(harness.upstream.sent.get(1)))
        .containsPattern("\"max_(completion_)?tokens\":(2|3)[0-9][0-9]\\D");
  }
}
