package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.bytes;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.Usage;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What cannot be read is not free: of an attempt that a provider may have paid, or that may have
 * cost more than was seen of it, all that was set aside counts as spent, and its usage is marked as
 * estimated.
 */
class OpenEndedTest {
  private static final long LIMIT = 100_000;
  private static final long MOST = 1_000;
  private static final String THINKING = "{\"model\":\"o4-mini\",\"max_completion_tokens\":1000,";
  private static final String PLAIN = "{\"model\":\"gpt-4o-mini\",\"max_tokens\":1000,";
  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String STREAM = "\"stream\":true,";

  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final CallPricing pricing = new CallPricing(PriceCatalogue.builtIn(), estimate);
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
  private final ReliabilityHarness harness =
      new ReliabilityHarness(
          Policies.builder()
              .timeouts(
                  new TimeoutSettings(
                      TimeUnit.SECONDS.toNanos(5),
                      TimeUnit.SECONDS.toNanos(20),
                      TimeUnit.SECONDS.toNanos(3),
                      TimeUnit.SECONDS.toNanos(60)))
              .budgets(
                  new BudgetSettings(Collections.singletonList(budget()), false, 0),
                  ledger,
                  new CostBounds(
                      PriceCatalogue.builtIn()::priceOf,
                      (provider, host, model) -> 16_384,
                      estimate::atMost))
              .build(),
          pricing);

  private static Budget budget() {
    return new Budget(
        "t",
        BudgetUnit.TOKENS,
        LIMIT,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        Budget.Action.BLOCK,
        null,
        0.8);
  }

  private CompletableFuture<WireResponse> ask(String body) {
    return harness.call(body).executeAsync(harness.upstream, Runnable::run).toCompletableFuture();
  }

  /** Its only attempt, when it is paid for. */
  private AttemptRecord settled() {
    CallRecord priced = pricing.price(harness.onlyRecord());
    new SettlingListener().callEnded(priced);
    assertThat(ledger.states(0).get(0).reserved()).isZero();
    assertThat(priced.attempts()).hasSize(1);
    return priced.attempts().get(0);
  }

  private long used() {
    return ledger.states(0).get(0).used();
  }

  private void allIsKept(AttemptRecord attempt) {
    assertThat(attempt.openEnded()).isTrue();
    assertThat(attempt.usage().source()).isNotEqualTo(Usage.Source.REPORTED);
    assertThat(attempt.costUsd()).isNotNull();
    assertThat(used()).isGreaterThanOrEqualTo(MOST).isLessThan(2 * MOST);
  }

  @Test
  void anAnswerInAnEncodingThatNobodyAskedFor() throws Exception {
    harness.upstream.answers(200, new byte[300], "Content-Encoding", "br");
    bytes(ask(PLAIN + HI).get());

    AttemptRecord attempt = settled();
    allIsKept(attempt);
    assertThat(attempt.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(attempt.usage().output()).as("about its bytes").isEqualTo(300);
  }

  @Test
  void anUnreadableAnswerIsNoLongerThanItWasAllowedToBe() throws Exception {
    harness.upstream.answers(200, new byte[30_000], "Content-Encoding", "zstd");
    bytes(ask(PLAIN + HI).get());

    assertThat(settled().usage().output()).isEqualTo(MOST);
  }

  @Test
  void whatAReasoningModelThoughtBeforeTheApplicationLeft() throws Exception {
    harness.upstream.streams(chunk("One "), chunk("two "));
    WireResponse answer = ask(THINKING + STREAM + HI).get();
    answer.body().read();
    answer.body().close();

    allIsKept(settled());
  }

  @Test
  void whatAnotherModelSaidBeforeTheApplicationLeftIsCounted() throws Exception {
    harness.upstream.streams(chunk("One "), chunk("two "));
    WireResponse answer = ask(PLAIN + STREAM + HI).get();
    answer.body().read();
    answer.body().close();

    AttemptRecord attempt = settled();
    assertThat(attempt.openEnded()).isFalse();
    assertThat(used()).isEqualTo(attempt.usage().total()).isLessThan(50);
  }

  @Test
  void whoWasToldNotToThinkDidNot() throws Exception {
    harness.upstream.streams(chunk("One "), chunk("two "));
    WireResponse answer = ask(THINKING + "\"reasoning_effort\":\"none\"," + STREAM + HI).get();
    answer.body().read();
    answer.body().close();

    assertThat(settled().openEnded()).isFalse();
  }

  @Test
  void aWholeStreamOfAReasoningModelThatSaysNoUsage() throws Exception {
    harness.upstream.streams(chunk("One"), finish(), DONE, null);
    bytes(ask(THINKING + STREAM + HI).get());

    allIsKept(settled());
  }

  @Test
  void anAnswerThatNobodyWaitedFor() throws Exception {
    harness.upstream.isSilent();
    CompletableFuture<WireResponse> call = ask(PLAIN + HI);
    harness.clock.advanceMillis(21_000);
    assertThat(text(call.get())).contains("flyball_timeout");

    AttemptRecord attempt = settled();
    allIsKept(attempt);
    assertThat(attempt.outcome()).isEqualTo(Outcome.TIMEOUT);
  }

  @Test
  void anAnswerThatTheClientDidNotWaitFor() throws Exception {
    harness.upstream.fails(new SocketTimeoutException("Read timed out"));
    assertThat(ask(PLAIN + HI)).isCompletedExceptionally();

    allIsKept(settled());
  }

  @Test
  void whoWasNotReachedIsNotPaid() throws Exception {
    harness.upstream.fails(new SocketTimeoutException("Connect timed out"));
    assertThat(ask(PLAIN + HI)).isCompletedExceptionally();
    assertThat(settled().openEnded()).isFalse();
    assertThat(used()).isZero();
  }

  @Test
  void whoRefusedTheConnectionIsNotPaid() throws Exception {
    harness.upstream.fails(new ConnectException("Connection refused"));
    assertThat(ask(PLAIN + HI)).isCompletedExceptionally();
    assertThat(settled().usage()).isNull();
    assertThat(used()).isZero();
  }

  @Test
  void anAnswerThatIsMadeInTheBackground() throws Exception {
    harness.upstream.answers(
        200,
        "{\"id\":\"r\",\"object\":\"response\",\"status\":\"queued\",\"background\":true,"
            + "\"model\":\"gpt-4o-mini\",\"output\":[],\"usage\":null}");
    bytes(
        harness
            .callAt(
                "https://api.openai.com/v1/responses",
                "{\"model\":\"gpt-4o-mini\",\"max_output_tokens\":1000,\"background\":true,"
                    + "\"input\":\"Hi\"}")
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .get());

    allIsKept(settled());
  }

  @Test
  void whatIsReportedIsSettled() throws Exception {
    harness.upstream.answers(200, OK);
    bytes(ask(THINKING + HI).get());

    assertThat(settled().openEnded()).isFalse();
    assertThat(used()).isEqualTo(10);
  }
}
