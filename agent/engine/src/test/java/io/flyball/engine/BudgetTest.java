package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Amounts;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.Budget.Action;
import io.flyball.engine.budget.BudgetAlert;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.BudgetDecision;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.share.Share;
import io.flyball.engine.share.ShareAnswer;
import io.flyball.engine.share.ShareExchange;
import io.flyball.engine.share.ShareRequest;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Usage;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Budgets around real calls: gpt-4o-mini at $0.15 and $0.60 per million tokens. */
class BudgetTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** 9 tokens in, 1 out. */
  private static final BigDecimal COST = new BigDecimal("0.00000195");

  private final PriceCatalogue prices = PriceCatalogue.builtIn();
  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final CallPricing pricing = new CallPricing(prices, estimate);
  private final List<BudgetAlert> alerts = new ArrayList<>();
  private Ledger ledger = new Ledger(AccountStore.MEMORY, alerts::add);
  private ReliabilityHarness harness;

  /** What prices a call on the thread it ends on; null as long as that is not at hand. */
  private CallPricing atHand;

  @AfterEach
  void nothingFailedInside() {
    assertThat(harness.errors.counts()).isEmpty();
  }

  private static Budget budget(String usd, Action action, String degradeTo) {
    return new Budget(
        "daily",
        BudgetUnit.USD,
        BudgetUnit.USD.parts(new BigDecimal(usd)),
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        action,
        degradeTo,
        0.8);
  }

  /** What another JVM would say; nobody asks by itself. */
  private static final class Others implements ShareExchange {
    final Deque<Share> notes = new ArrayDeque<>();
    boolean reachable = true;

    @Override
    public void note(Share share) {
      notes.add(share);
    }

    @Override
    public boolean isReachable() {
      return reachable;
    }

    @Override
    public boolean isExact() {
      return true;
    }

    @Override
    public double slice() {
      return 0;
    }

    @Override
    public int members() {
      return 1;
    }

    ShareRequest request() {
      return notes.remove().request(0);
    }

    void answer(ShareRequest request, ShareAnswer.Outcome outcome, long granted, long unleased) {
      request.answered(new ShareAnswer(outcome, granted, unleased, 0, 0), 0);
    }
  }

  private void with(Budget budget, Link... chain) {
    Target small =
        new Target(
            "small",
            URI.create("https://small.example/v1"),
            "openai",
            "gpt-4.1-nano",
            "small-key",
            0,
            0,
            Collections.<String, String>emptyMap());
    harness =
        new ReliabilityHarness(
            Policies.builder()
                .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
                .retry(
                    3,
                    new Backoff(SECOND, SECOND, () -> 1.0),
                    new RetryBudget(0.2, 10, new ManualTime()))
                .fallback(
                    new FallbackSettings(
                        Arrays.asList(chain),
                        Collections.singletonList(small),
                        EnumSet.noneOf(FallbackReason.class),
                        null),
                    new LastAnswers(1 << 20),
                    (provider, host, model) -> 0)
                .budgets(
                    new BudgetSettings(Collections.singletonList(budget), false, 10 * SECOND),
                    ledger,
                    new CostBounds(
                        prices::priceOf, (provider, host, model) -> 16_384, estimate::atMost))
                .build(),
            atHand);
  }

  /** What the record thread does. */
  private CallRecord settle() {
    CallRecord priced = pricing.price(harness.records.get(harness.records.size() - 1));
    new SettlingListener().callEnded(priced);
    return priced;
  }

  private BudgetState account() {
    List<BudgetState> states = ledger.states(0);
    assertThat(states).hasSize(1);
    return states.get(0);
  }

  private BigDecimal used() {
    return BudgetUnit.USD.amount(account().used());
  }

  private static String body(WireRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  @Test
  void aCallIsChargedWhatItDidCost() throws Exception {
    with(budget("1.00", Action.BLOCK, null));
    harness.upstream.answers(200, OK);
    CompletableFuture<WireResponse> answer = harness.ask();
    assertThat(account().reserved()).isPositive();
    text(answer.get());
    settle();
    assertThat(used()).isEqualByComparingTo(COST);
    assertThat(account().reserved()).isZero();
    assertThat(body(harness.upstream.sent.get(0))).doesNotContain("max_completion_tokens");
    assertThat(decision()).isEqualTo(BudgetDecision.ALLOW);
  }

  @Test
  void aBillThatWasToldCountsBeforeItsRecordIsHandled() throws Exception {
    atHand = pricing;
    with(budget("1.00", Action.BLOCK, null));
    harness.upstream.answers(200, OK.replace("\"prompt_tokens\":9", "\"prompt_tokens\":9000000"));
    text(harness.ask().get());
    assertThat(used()).isEqualByComparingTo("1.3500006");
    assertThat(account().reserved()).isZero();
    assertThat(harness.ask().get().status()).isEqualTo(429);
    BigDecimal before = used();
    new SettlingListener().callEnded(pricing.price(harness.records.get(0)));
    assertThat(used()).isEqualByComparingTo(before);
  }

  @Test
  void whatMustBeEstimatedStaysSetAsideUntilItsRecordIsHandled() throws Exception {
    atHand = pricing;
    with(budget("1.00", Action.BLOCK, null));
    harness.upstream.answers(200, OK.substring(0, OK.indexOf(",\"usage\"")) + "}");
    text(harness.ask().get());
    assertThat(used()).isZero();
    assertThat(account().reserved()).isPositive();
    settle();
    assertThat(used()).isPositive();
    assertThat(account().reserved()).isZero();
  }

  @Test
  void anAttemptThatIsMadeOnceMoreWithoutWhatFlyballAddedIsPaidOnce() throws Exception {
    with(budget("1.00", Action.BLOCK, null));
    String usage =
        "data: {\"id\":\"c1\",\"model\":\"gpt-4o-mini\",\"choices\":[],\"usage\":{"
            + "\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}\n\n";
    harness
        .upstream
        .answers(400, "{\"error\":{\"message\":\"Bad request\"}}")
        .streams(
            ReliabilityHarness.chunk("Hello"),
            ReliabilityHarness.finish(),
            usage,
            ReliabilityHarness.DONE,
            null);
    text(harness.askStream().get());
    assertThat(harness.upstream.sent).hasSize(2);
    settle();
    assertThat(used()).isEqualByComparingTo(COST);
    assertThat(account().reserved()).isZero();
  }

  /** Of the last call. */
  private BudgetDecision decision() {
    return harness.records.get(harness.records.size() - 1).journal().budgetDecision();
  }

  @Test
  void whatNoBudgetPaysForIsRefusedInTheProvidersWords() throws Exception {
    with(budget("0.0000001", Action.BLOCK, null));
    WireResponse answer = harness.ask("User-Agent", "OpenAIClientImpl/Java 4.100.0").get();
    assertThat(answer.status()).isEqualTo(429);
    assertThat(answer.headers().first("x-should-retry")).isEqualTo("false");
    assertThat(text(answer)).contains("flyball_budget_exceeded", "daily", "begins anew");
    assertThat(harness.upstream.sent).isEmpty();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.REFUSED);
    assertThat(harness.onlyRecord().errorType()).isEqualTo("flyball_budget_exceeded");
    assertThat(decision()).isEqualTo(BudgetDecision.BLOCK);
  }

  /** Unless it is refused for want of a price. */
  @Test
  void whoIsRefusedNearTheEndOfABudgetIsNewsOfIt() throws Exception {
    Budget nearlySpent = budget("0.0001", Action.BLOCK, null);
    with(nearlySpent);
    Amounts most = new Amounts(BudgetUnit.USD.parts(new BigDecimal("0.00009")), 0, 1);
    long now = TimeUnit.NANOSECONDS.toMillis(harness.clock.epochNanos());
    ledger
        .reserve(Collections.singletonList(nearlySpent), Attribution.NONE, "m", most, now)
        .reservation()
        .settle(most);
    harness
        .ask("gpt-unheard-of", false)
        .executeAsync(harness.upstream, Runnable::run)
        .toCompletableFuture()
        .get();
    assertThat(alerts).extracting(BudgetAlert::mark).containsExactly(BudgetAlert.Mark.ALERT_AT);
    assertThat(harness.ask().get().status()).isEqualTo(429);
    assertThat(alerts).hasSize(2);
    assertThat(alerts.get(1).mark()).isEqualTo(BudgetAlert.Mark.EXHAUSTED);
  }

  /** Its thinking alone would take what is left. */
  @Test
  void anAnswerOfAModelThatThinksFirstIsNotCutToNothing() throws Exception {
    // Pays for about 3,000 tokens of output.
    with(budget("0.007", Action.BLOCK, null));
    WireResponse refused =
        harness
            .ask("gpt-5-mini", false)
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .get();
    assertThat(refused.status()).isEqualTo(429);
    assertThat(harness.upstream.sent).isEmpty();
  }

  @Test
  void aWholeAnswerOfTheCheaperModelComesBeforeHalfOfOne() throws Exception {
    // Pays for thousands of tokens of the dear model, and for a whole answer of the other.
    with(budget("0.007", Action.DEGRADE, "small"));
    harness.upstream.answers(200, OK);
    text(harness.ask().get());
    WireRequest sent = harness.upstream.sent.get(0);
    assertThat(sent.host()).isEqualTo("small.example");
    assertThat(body(sent)).doesNotContain("max_completion_tokens");
  }

  @Test
  void nearItsEndTheAnswerIsCutToWhatIsLeft() throws Exception {
    // Pays for about 160 tokens of output.
    with(budget("0.0001", Action.BLOCK, null));
    harness.upstream.answers(200, OK);
    text(harness.ask().get());
    String sent = body(harness.upstream.sent.get(0));
    assertThat(sent).containsPattern("\"max_completion_tokens\":1[0-9][0-9]\\D");
    assertThat(harness.onlyRecord().journal().shortenedTo()).isBetween(100L, 166L);
    assertThat(decision()).isEqualTo(BudgetDecision.SHORTEN);
  }

  @Test
  void anAttemptThatFailedCostsNothing() throws Exception {
    with(budget("1.00", Action.BLOCK, null));
    harness.upstream.answers(503, "{}").fails(new IOException("reset")).answers(200, OK);
    CompletableFuture<WireResponse> answer = harness.ask();
    harness.clock.advanceMillis(10_000);
    text(answer.get());
    settle();
    assertThat(used()).isEqualByComparingTo(COST);
    assertThat(account().reserved()).isZero();
  }

  @Test
  void anAnswerMayBeOfTheDearestKindOfTokens() {
    with(budget("10.00", Action.BLOCK, null));
    harness.upstream.isSilent();
    harness.ask("gpt-audio", false).executeAsync(harness.upstream, Runnable::run);
    Usage spoken = Usage.builder(Usage.Source.ESTIMATED).output(16_384).outputAudio(16_384).build();
    BigDecimal cost = prices.priceOf("openai", null, "gpt-audio").get().cost(spoken, null);
    assertThat(cost).isGreaterThan(BigDecimal.ONE);
    assertThat(BudgetUnit.USD.amount(account().reserved())).isGreaterThan(cost);
  }

  @Test
  void whatIsCancelledBeforeItIsSentSetsNothingAside() throws Exception {
    with(budget("1.00", Action.BLOCK, null));
    GovernedCall call = harness.call(false);
    call.cancel();
    call.executeAsync(harness.upstream, Runnable::run);
    assertThat(harness.upstream.sent).isEmpty();
    settle();
    assertThat(account().reserved()).isZero();
    assertThat(account().used()).isZero();
  }

  @Test
  void everyAttemptOfAJoinedStreamIsCharged() throws Exception {
    with(budget("1.00", Action.BLOCK, null));
    harness.upstream.streams(
        ReliabilityHarness.chunk("One two three four five six seven"), new IOException("reset"));
    WireResponse answer = harness.askStream().get();
    answer.body().read();
    answer.body().read();
    settle();
    assertThat(used()).isPositive().isLessThan(new BigDecimal("0.0001"));
    assertThat(account().reserved()).isZero();
  }

  @Test
  void aCheaperTargetIsAskedInstead() throws Exception {
    with(budget("0.00004", Action.DEGRADE, "small"));
    harness.upstream.answers(200, OK);
    WireResponse answer = harness.ask().get();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(harness.upstream.sent.get(0).uri().getHost()).isEqualTo("small.example");
    assertThat(harness.upstream.sent.get(0).headers().all("Authorization"))
        .containsExactly("Bearer small-key");
    assertThat(body(harness.upstream.sent.get(0))).contains("gpt-4.1-nano");
    text(answer);
    assertThat(decision()).isEqualTo(BudgetDecision.DEGRADE);
  }

  @Test
  void theLastGoodAnswerIsGivenInstead() throws Exception {
    with(budget("0.0002", Action.CACHE, null));
    harness.upstream.answers(200, OK);
    text(harness.ask().get());
    // Nobody has settled: what is set aside stands in the way until the wait is over.
    CompletableFuture<WireResponse> second = harness.ask();
    harness.clock.advanceMillis(11_000);
    assertThat(text(second.get())).isEqualTo(OK);
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(decision()).isEqualTo(BudgetDecision.CACHE);
  }

  @Test
  void whoStandsInTheWayIsWaitedFor() throws Exception {
    with(budget("0.0002", Action.BLOCK, null));
    harness.upstream.answers(200, OK).answers(200, OK);
    text(harness.ask().get());
    CompletableFuture<WireResponse> second = harness.ask();
    assertThat(second).isNotDone();
    settle();
    assertThat(second.get().status()).isEqualTo(200);
  }

  /** Asks for an answer of that length at most. */
  private CompletableFuture<WireResponse> ask(GovernedCall[] call, int tokens) {
    GovernedCall asked =
        harness.call(
            "{\"model\":\"gpt-4o-mini\",\"max_tokens\":"
                + tokens
                + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    if (call != null) {
      call[0] = asked;
    }
    return asked.executeAsync(harness.upstream, Runnable::run).toCompletableFuture();
  }

  @Test
  void whoWaitsFirstIsServedFirst() throws Exception {
    with(budget("0.000223", Action.BLOCK, null));
    harness.upstream.answers(200, OK).answers(200, OK).answers(200, OK);
    WireResponse underWay = ask(null, 300).get();
    CompletableFuture<WireResponse> big = ask(null, 300);
    harness.clock.advanceMillis(1_000);
    CompletableFuture<WireResponse> small = ask(null, 16);
    assertThat(big).isNotDone();
    assertThat(small).as("it would fit, but does not overtake").isNotDone();
    assertThat(harness.upstream.sent).hasSize(1);

    text(underWay);
    settle();
    assertThat(big.getNow(null).status()).isEqualTo(200);
    assertThat(body(harness.upstream.sent.get(1))).contains("\"max_tokens\":300");
    assertThat(small).as("there is room for both").isCompleted();
  }

  @Test
  void aBigOneDoesNotStandInTheWayForEver() throws Exception {
    with(budget("0.000223", Action.BLOCK, null));
    harness.upstream.answers(200, OK).answers(200, OK);
    ask(null, 300).get();
    CompletableFuture<WireResponse> big = ask(null, 300);
    harness.clock.advanceMillis(1_000);
    CompletableFuture<WireResponse> small = ask(null, 16);
    harness.clock.advanceMillis(8_999);
    assertThat(small).isNotDone();
    harness.clock.advanceMillis(1);
    assertThat(big.getNow(null).status()).isEqualTo(429);
    assertThat(small.getNow(null).status()).isEqualTo(200);
  }

  @Test
  void whoIsCancelledWhileItWaitsLetsTheNextPass() throws Exception {
    with(budget("0.000223", Action.BLOCK, null));
    harness.upstream.answers(200, OK).answers(200, OK).answers(200, OK);
    ask(null, 300).get();
    GovernedCall[] call = new GovernedCall[1];
    CompletableFuture<WireResponse> big = ask(call, 300);
    CompletableFuture<WireResponse> small = ask(null, 16);
    assertThat(small).isNotDone();
    call[0].cancel();
    assertThat(big).isCompletedExceptionally();
    assertThat(small.getNow(null).status()).isEqualTo(200);
    assertThat(ask(null, 16)).as("nobody waits any more").isCompleted();
    assertThat(harness.upstream.sent).hasSize(3);
  }

  @Test
  void aNewWindowIsForWhoWaitsForIt() throws Exception {
    with(budget("0.0002", Action.BLOCK, null));
    harness.upstream.answers(200, OK).answers(200, OK);
    long day = TimeUnit.DAYS.toMillis(1);
    long toMidnight = day - harness.clock.epochNanos() / 1_000_000 % day;
    harness.clock.advanceMillis(toMidnight - 2_000);
    ask(null, 300).get();
    CompletableFuture<WireResponse> next = ask(null, 300);
    harness.clock.advanceMillis(1_999);
    assertThat(next).isNotDone();
    harness.clock.advanceMillis(1);
    assertThat(next.getNow(null).status()).isEqualTo(200);
  }

  @Test
  void aModelWithoutAPriceFitsIntoNoBudgetOfMoney() throws Exception {
    with(budget("0.00004", Action.DEGRADE, "small"));
    harness.upstream.answers(200, OK);
    WireResponse answer =
        harness
            .ask("gpt-unheard-of", false)
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .get();
    assertThat(answer.status()).isEqualTo(200);
    assertThat(harness.upstream.sent.get(0).uri().getHost()).isEqualTo("small.example");
  }

  @Test
  void whoNeedsMoreThanThisJvmHasWaitsForTheOthers() throws Exception {
    Others others = new Others();
    ledger = new Ledger(AccountStore.MEMORY, alert -> {}, others);
    with(budget("1.00", Action.BLOCK, null));
    harness.upstream.answers(200, OK);
    CompletableFuture<WireResponse> answer = harness.ask();
    assertThat(answer).isNotDone();
    assertThat(harness.upstream.sent).isEmpty();
    ShareRequest request = others.request();
    assertThat(request.need()).isPositive();
    assertThat(request.keep()).isZero();
    others.answer(request, ShareAnswer.Outcome.GRANTED, request.need(), 1_000_000);
    assertThat(answer.get().status()).isEqualTo(200);
    assertThat(account().leased()).isEqualTo(request.need() * 10_000);
  }

  @Test
  void nothingIsLeasedForWhoWaitsNoLonger() {
    Others others = new Others();
    ledger = new Ledger(AccountStore.MEMORY, alert -> {}, others);
    with(budget("1.00", Action.BLOCK, null));
    GovernedCall gone = harness.call(false);
    gone.executeAsync(harness.upstream, Runnable::run);
    gone.cancel();
    CompletableFuture<WireResponse> waits = harness.ask();
    ShareRequest request = others.request();
    assertThat(waits).isNotDone();
    assertThat(request.need()).isPositive();
    assertThat(request.demand()).as("one call's").isEqualTo(request.need());
  }

  @Test
  void whereTheOthersHaveSpentAllItIsRefusedAndSaysSo() throws Exception {
    Others others = new Others();
    ledger = new Ledger(AccountStore.MEMORY, alert -> {}, others);
    with(budget("0.01", Action.BLOCK, null));
    CompletableFuture<WireResponse> answer = harness.ask();
    ShareRequest request = others.request();
    request.answered(
        new ShareAnswer(ShareAnswer.Outcome.DENIED, 0, 0, request.limit(), 0),
        harness.clock.epochNanos() / 1_000_000);
    assertThat(text(answer.get())).contains("has $0.00 left");
  }

  @Test
  void whereTheOthersDoNotAnswerTheBudgetIsClosedAndSaysSo() throws Exception {
    Others others = new Others();
    ledger = new Ledger(AccountStore.MEMORY, alert -> {}, others);
    with(budget("1.00", Action.BLOCK, null));
    CompletableFuture<WireResponse> answer = harness.ask();
    others.reachable = false;
    ledger.wake();
    assertThat(text(answer.get()))
        .contains("Redis, which has not been reached")
        .doesNotContain("has $0.00 left");
    assertThat(harness.upstream.sent).isEmpty();
  }

  @Test
  void whereTheOthersDoNotAnswerAnOpenBudgetGoesOn() throws Exception {
    Others others = new Others();
    others.reachable = false;
    ledger = new Ledger(AccountStore.MEMORY, alert -> {}, others);
    with(budget("1.00", Action.BLOCK, null).openOnLoss());
    harness.upstream.answers(200, OK);
    assertThat(harness.ask().get().status()).isEqualTo(200);
  }

  @Test
  void anOpenBudgetThatIsUsedUpSaysNothingOfTheOthers() throws Exception {
    Others others = new Others();
    others.reachable = false;
    ledger = new Ledger(AccountStore.MEMORY, alert -> {}, others);
    with(budget("0.0000001", Action.BLOCK, null).openOnLoss());
    assertThat(text(harness.ask().get())).contains("budget_exceeded").doesNotContain("Redis");
  }

  @Test
  void whereTheCheaperTargetIsNotPaidForEitherTheCallIsBlocked() throws Exception {
    with(budget("0.0000001", Action.DEGRADE, "small"));
    assertThat(text(harness.ask().get())).contains("budget_exceeded");
    assertThat(decision()).isEqualTo(BudgetDecision.BLOCK);
  }

  @Test
  void aBudgetThatOnlyWarnsStopsNobody() throws Exception {
    with(budget("0.0000001", Action.WARN, null));
    harness.upstream.answers(200, OK);
    assertThat(text(harness.ask().get())).isEqualTo(OK);
  }
}
