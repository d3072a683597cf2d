package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.bytes;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What an attempt is billed is counted though it failed; what failed and says nothing is free. */
class FailedAndBilledTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String CHAT = "https://api.openai.com/v1/chat/completions";
  private static final String RESPONSES = "https://api.openai.com/v1/responses";
  private static final String EMBEDDINGS = "https://api.openai.com/v1/embeddings";
  private static final String MESSAGES = "https://api.anthropic.com/v1/messages";
  private static final String GEMINI =
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.0-flash:";

  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String PLAIN = "{\"model\":\"gpt-4o-mini\",\"max_tokens\":2000," + HI;
  private static final String STREAM =
      "{\"model\":\"gpt-4o-mini\",\"max_tokens\":2000,\"stream\":true," + HI;
  private static final String ASKED = "{\"model\":\"gpt-4o-mini\",\"max_output_tokens\":2000,";
  private static final String CONTENTS =
      "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}],\"generationConfig\":"
          + "{\"maxOutputTokens\":2000}}";
  private static final String CLAUDE =
      "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":2000,\"stream\":true," + HI;

  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":500,\"total_tokens\":1500}";
  private static final String ERROR = "\"error\":{\"message\":\"late\",\"type\":\"server_error\"}";
  private static final long BILLED = 1_500;

  private static final String HOME = "https://models.example.test/v1/chat/completions";
  private static final String REFUSAL =
      "{\"error\":{\"message\":\"Unrecognized request argument supplied: stream_options\"},"
          + USAGE
          + "}";

  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final CallPricing pricing = new CallPricing(PriceCatalogue.builtIn(), estimate);
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
  private ReliabilityHarness harness = harness(100_000, false);

  private ReliabilityHarness harness(long limit, boolean asksForUsage) {
    return new ReliabilityHarness(
        Policies.builder()
            .limits(new Limiter(new ManualTime(), new ManualTime()), 0)
            .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
            .retry(
                2,
                new Backoff(SECOND / 2, SECOND, () -> 1.0),
                new RetryBudget(1, 1_000, new ManualTime()))
            .asksForUsage(asksForUsage)
            .budgets(
                new BudgetSettings(Collections.singletonList(budget(limit)), false, 0),
                ledger,
                new CostBounds(
                    PriceCatalogue.builtIn()::priceOf,
                    (provider, host, model) -> 16_384,
                    estimate::atMost))
            .build(),
        pricing);
  }

  private static Budget budget(long limit) {
    return new Budget(
        "t",
        BudgetUnit.TOKENS,
        limit,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        Budget.Action.BLOCK,
        null,
        0.8);
  }

  /** What is counted of a call to which every attempt gets what was scripted for it. */
  private long counted(String url, String body) {
    CompletableFuture<WireResponse> call =
        harness
            .callAt(url, body, "anthropic-version", "2023-06-01")
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture();
    harness.clock.advanceMillis(2_000);
    try {
      bytes(call.get());
    } catch (Exception asItWouldBe) {
      assertThat(call).isDone();
    }
    CallRecord priced = pricing.price(harness.onlyRecord());
    new SettlingListener().callEnded(priced);
    assertThat(harness.errors.counts()).isEmpty();
    assertThat(ledger.states(0).get(0).reserved()).isZero();
    return ledger.states(0).get(0).used();
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  @Test
  void anErrorThatSaysUsage() {
    harness.upstream.answers(400, "{" + ERROR + "," + USAGE + "}");
    assertThat(counted(CHAT, PLAIN)).isEqualTo(BILLED);
  }

  @Test
  void eachOfThoseThatWereAskedAgain() {
    harness.upstream.answers(500, "{" + ERROR + "," + USAGE + "}").answers(200, OK);
    assertThat(counted(CHAT, PLAIN)).isEqualTo(BILLED + 10);
  }

  @Test
  void allOfThoseThatWereAskedAgainInVain() {
    harness
        .upstream
        .answers(500, "{" + ERROR + "," + USAGE + "}")
        .answers(529, "{" + ERROR + "," + USAGE + "}");
    assertThat(counted(CHAT, PLAIN)).isEqualTo(2 * BILLED);
  }

  @Test
  void whatSaysNothingOrZerosIsFree() {
    harness
        .upstream
        .answers(500, "{" + ERROR + "}")
        .answers(503, "{" + ERROR + ",\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0}}");
    assertThat(counted(CHAT, PLAIN)).isZero();
  }

  @Test
  void anErrorWhoseBodyIsNoJsonIsFree() {
    harness
        .upstream
        .answers(500, "{\"error\": upstream said no, and more than a few words of it")
        .answers(502, "<html>bad gateway</html>");
    assertThat(counted(CHAT, PLAIN)).isZero();
    assertThat(pricing.price(harness.onlyRecord()).costUsd()).isNull();
  }

  @Test
  void anErrorWithAGoodStatus() {
    harness.upstream.answers(200, "{\"choices\":[]," + ERROR + "," + USAGE + "}").answers(200, OK);
    assertThat(counted(CHAT, PLAIN)).isEqualTo(BILLED + 10);
  }

  @Test
  void anErrorBesideContent() {
    String answer =
        "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"half\"},\"finish_reason\":"
            + "\"error\"}],"
            + USAGE
            + "}";
    harness.upstream.answers(200, answer).answers(200, answer);
    long used = counted(CHAT, PLAIN);
    assertThat(used % BILLED).as("once for each attempt").isZero();
    assertThat(used).isEqualTo(BILLED * harness.upstream.sent.size());
  }

  @Test
  void aResponseThatFailed() {
    String failed =
        "{\"id\":\"r\",\"object\":\"response\",\"status\":\"failed\",\"error\":{\"code\":"
            + "\"invalid_prompt\",\"message\":\"m\"},\"model\":\"gpt-4o-mini\",\"output\":[],"
            + "\"usage\":{\"input_tokens\":1000,\"output_tokens\":500,\"total_tokens\":1500}}";
    harness.upstream.answers(200, failed).answers(200, failed);
    assertThat(counted(RESPONSES, ASKED + "\"input\":\"Hi\"}"))
        .isEqualTo(BILLED * harness.upstream.sent.size());
  }

  @Test
  void aStreamedResponseThatFailed() {
    String failed =
        event(
            "{\"type\":\"response.failed\",\"response\":{\"id\":\"r\",\"status\":\"failed\","
                + "\"error\":{\"code\":\"invalid_prompt\",\"message\":\"m\"},"
                + "\"model\":\"gpt-4o-mini\",\"usage\":{\"input_tokens\":1000,"
                + "\"output_tokens\":500,\"total_tokens\":1500}}}");
    harness.upstream.streams(failed, null).streams(failed, null);
    assertThat(counted(RESPONSES, ASKED + "\"stream\":true,\"input\":\"Hi\"}"))
        .isEqualTo(BILLED * harness.upstream.sent.size());
  }

  @Test
  void aStreamThatSaysUsageAndThenAnError() {
    String usage = event("{\"model\":\"gpt-4o-mini\",\"choices\":[]," + USAGE + "}");
    harness
        .upstream
        .streams(usage, event("{" + ERROR + "}"), null)
        .streams(usage, event("{" + ERROR + "}"), null);
    assertThat(counted(CHAT, STREAM)).isEqualTo(BILLED * harness.upstream.sent.size());
  }

  @Test
  void aStreamThatSaysUsageAndBreaksOff() {
    String usage = event("{\"model\":\"gpt-4o-mini\",\"choices\":[]," + USAGE + "}");
    harness.upstream.streams(usage, new IOException("reset")).streams(chunk("one"), null);
    assertThat(counted(CHAT, STREAM)).isBetween(BILLED, BILLED + 100);
  }

  @Test
  void aGeminiStreamOfUsageOnly() {
    String usage =
        event(
            "{\"usageMetadata\":{\"promptTokenCount\":1000,\"candidatesTokenCount\":500,"
                + "\"totalTokenCount\":1500},\"modelVersion\":\"gemini-2.0-flash\"}");
    harness.upstream.streams(usage, null).streams(usage, null);
    assertThat(counted(GEMINI + "streamGenerateContent?alt=sse", CONTENTS))
        .isEqualTo(BILLED * harness.upstream.sent.size());
  }

  @Test
  void aGeminiStreamWithUsageAndThenAnError() {
    String usage =
        event(
            "{\"usageMetadata\":{\"promptTokenCount\":1000,\"candidatesTokenCount\":500,"
                + "\"totalTokenCount\":1500},\"modelVersion\":\"gemini-2.0-flash\"}");
    String error = event("{\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\"}}");
    harness.upstream.streams(usage, error, null).streams(usage, error, null);
    assertThat(counted(GEMINI + "streamGenerateContent?alt=sse", CONTENTS))
        .isEqualTo(BILLED * harness.upstream.sent.size());
  }

  @Test
  void whatClaudeHasReadBeforeItFailed() {
    String start =
        event(
            "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"claude-sonnet-4-5\","
                + "\"content\":[],\"usage\":{\"input_tokens\":10000,\"output_tokens\":1}}}");
    String error =
        event(
            "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                + "\"message\":\"no\"}}");
    harness.upstream.streams(start, error, null).streams(start, error, null);
    assertThat(counted(MESSAGES, CLAUDE)).isEqualTo(10_001 * harness.upstream.sent.size());
  }

  /** What Flyball added is undone, and both requests are paid for. */
  @Test
  void whoRefusesToSayUsageAndSaysItAnswersTheApplication() throws Exception {
    harness = harness(100_000, true);
    String whole = ReliabilityHarness.wholeStream("one");
    harness.upstream.answers(400, REFUSAL).streams(whole, null).streams(whole, null);

    long used = counted(HOME, STREAM);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(used).isBetween(BILLED + 1, BILLED + 100);
    assertThat(harness.upstream.sent).hasSize(2);

    harness.records.clear();
    assertThat(counted(HOME, STREAM) - used).isBetween(1L, 100L);
    assertThat(harness.upstream.sent).as("it is known").hasSize(3);
  }

  @Test
  void whoRefusesBothAndSaysUsageEachTimeIsPaidForBoth() {
    harness = harness(100_000, true);
    harness.upstream.answers(400, REFUSAL).answers(400, REFUSAL);
    assertThat(counted(HOME, STREAM)).isEqualTo(2 * BILLED);
  }

  /** A hard budget is not passed for it; but it happens to one call only. */
  @Test
  void whoRefusesToSayUsageIsNotAskedTwiceWithWhatIsLeftForOne() {
    harness = harness(3_000, true);
    harness.upstream.answers(400, REFUSAL).streams(ReliabilityHarness.wholeStream("one"), null);

    assertThat(counted(HOME, STREAM)).isEqualTo(BILLED);
    assertThat(harness.upstream.sent).hasSize(1);
    harness.records.clear();
    assertThat(counted(HOME, "{\"model\":\"gpt-4o-mini\",\"max_tokens\":100,\"stream\":true," + HI))
        .isBetween(BILLED + 1, BILLED + 100);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  /** A second request that was sent and nobody waited for may be paid for: all of it stays. */
  @Test
  void whatIsAskedAgainAndNotWaitedForIsPaidForBesideTheRefusal() throws Exception {
    harness = harness(100_000, true);
    harness.upstream.answers(400, REFUSAL).isSilent();
    CompletableFuture<WireResponse> call =
        harness
            .callAt(HOME, STREAM)
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture();
    harness.clock.advanceMillis(120_000);
    assertThat(bytes(call.get())).isNotEmpty();
    new SettlingListener().callEnded(pricing.price(harness.onlyRecord()));
    assertThat(ledger.states(0).get(0).reserved()).isZero();
    assertThat(ledger.states(0).get(0).used()).isGreaterThan(BILLED + 2_000);
  }

  @Test
  void aGatewaysPriceBesideAnErrorInAStream() {
    String usage =
        event(
            "{\"model\":\"gpt-4o-mini\",\"choices\":[],"
                + USAGE.replace("}", ",\"cost\":0.5}")
                + "}");
    harness
        .upstream
        .streams(usage, event("{" + ERROR + "}"), null)
        .streams(usage, event("{" + ERROR + "}"), null);
    counted("https://openrouter.ai/api/v1/chat/completions", STREAM);

    CallRecord priced = pricing.price(harness.onlyRecord());
    assertThat(priced.attempts().get(0).costUsd()).isEqualByComparingTo("0.5");
  }

  @Test
  void embeddingsThatFailed() {
    String failed = "{" + ERROR + ",\"usage\":{\"prompt_tokens\":1500,\"total_tokens\":1500}}";
    harness.upstream.answers(200, failed).answers(200, failed);
    assertThat(counted(EMBEDDINGS, "{\"model\":\"text-embedding-3-small\",\"input\":\"Hi\"}"))
        .isEqualTo(BILLED * harness.upstream.sent.size());
  }
}
