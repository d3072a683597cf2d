package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.HedgeSettings;
import io.flyball.engine.fallback.Hedging;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.limit.LimitScope;
import io.flyball.engine.limit.LimitSettings;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.limit.Limits;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Usage;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What a call has set aside for one of its attempts never stands in the way of the next one. */
class OwnReservationsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long LIMIT = 5_000;
  private static final String DOWN =
      "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":null}}";

  /** How an attempt ends. */
  enum Ends {
    WELL,
    DOWN,
    REFUSED,
    SILENT,
    /** A plain answer, or a stream, that is no answer from its beginning. */
    ERROR_EVENT,
    CUT,
    STALLED
  }

  private final PriceCatalogue prices = PriceCatalogue.builtIn();
  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final CallPricing pricing = new CallPricing(prices, estimate);
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
  private ReliabilityHarness harness;

  /** Runs at once, so that hedges are part of the course. */
  private final ThreadPoolExecutor here =
      new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
        @Override
        public void execute(Runnable task) {
          task.run();
        }
      };

  private void with(long limit, boolean hedges, int attempts) {
    Budget budget =
        new Budget(
            "t",
            BudgetUnit.TOKENS,
            limit,
            BudgetWindow.of("1d", ZoneOffset.UTC),
            EnumSet.noneOf(Budget.Dimension.class),
            Budget.Action.BLOCK,
            null,
            0.8);
    Target backup =
        new Target(
            "backup",
            URI.create("https://backup.example/v1"),
            "openai",
            "gpt-4o-mini",
            "backup-key",
            0,
            0,
            Collections.<String, String>emptyMap());
    harness =
        new ReliabilityHarness(
            Policies.builder()
                .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
                .retry(
                    attempts,
                    new Backoff(SECOND / 2, SECOND, () -> 1.0),
                    new RetryBudget(1, 1_000, new ManualTime()))
                .fallback(
                    new FallbackSettings(
                        Collections.singletonList(Link.to(backup)),
                        Collections.<Target>emptyList(),
                        EnumSet.complementOf(EnumSet.of(FallbackReason.CONTENT_FILTER)),
                        hedges ? new HedgeSettings(0.9, SECOND, SECOND) : null),
                    new LastAnswers(1 << 20),
                    (provider, host, model) -> 0)
                .hedging(new Hedging(new ManualTime()))
                .budgets(
                    new BudgetSettings(Collections.singletonList(budget), false, 10 * SECOND),
                    ledger,
                    new CostBounds(
                        prices::priceOf, (provider, host, model) -> 16_384, estimate::atMost))
                .streamRecovery(StreamRecovery.SPLICE)
                .build(),
            pricing);
  }

  private void script(List<Ends> all, boolean stream) {
    harness.upstream.forgetScript();
    for (Ends each : all) {
      switch (each) {
        case WELL:
          if (stream) {
            harness.upstream.streams(wholeStream("One ", "two ", "three"), null);
          } else {
            harness.upstream.answers(200, OK);
          }
          break;
        case DOWN:
          harness.upstream.answers(503, DOWN);
          break;
        case REFUSED:
          harness.upstream.fails(new IOException("refused"));
          break;
        case SILENT:
          harness.upstream.isSilent();
          break;
        case ERROR_EVENT:
          if (stream) {
            harness.upstream.streams("data: " + DOWN + "\n\n", null);
          } else {
            harness.upstream.answers(200, DOWN);
          }
          break;
        case CUT:
          if (stream) {
            harness.upstream.streams(chunk("One "), chunk("two "), new IOException("cut"));
          } else {
            harness.upstream.answers(200, OK.substring(0, OK.length() - 30));
          }
          break;
        default:
          if (stream) {
            harness.upstream.streams(chunk("One "));
          } else {
            harness.upstream.isSilent();
          }
      }
    }
  }

  private CompletableFuture<WireResponse> ask(boolean stream) {
    return harness
        .call(stream)
        .executeAsync(
            (request, cancellation) -> {
              assertThat(used() + reserved()).as("spent and set aside").isLessThanOrEqualTo(LIMIT);
              return harness.upstream.send(request, cancellation);
            },
            here)
        .toCompletableFuture();
  }

  private long used() {
    return states().isEmpty() ? 0 : states().get(0).used();
  }

  private long reserved() {
    return states().isEmpty() ? 0 : states().get(0).reserved();
  }

  private List<BudgetState> states() {
    return ledger.states(harness.clock.epochNanos() / 1_000_000);
  }

  /** The call is made, its answer read, and paid for, whatever becomes of it. */
  private CallRecord whole(boolean stream) {
    CompletableFuture<WireResponse> call = ask(stream);
    for (int i = 0; i < 200 && !call.isDone(); i++) {
      harness.clock.advanceMillis(500);
    }
    assertThat(call).isDone();
    if (!call.isCompletedExceptionally()) {
      CompletableFuture<?> read = call.join().body().read().toCompletableFuture();
      for (int i = 0; i < 500; i++) {
        if (!read.isDone()) {
          harness.clock.advanceMillis(500);
        } else if (read.isCompletedExceptionally() || read.join() == null) {
          break;
        } else {
          read = call.join().body().read().toCompletableFuture();
        }
      }
      assertThat(read).isDone();
    }
    CallRecord priced = pricing.price(harness.records.get(harness.records.size() - 1));
    new SettlingListener().callEnded(priced);
    return priced;
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void noAttemptWaitsForItsOwnCall(
      @ForAll @Size(max = 12) List<@Size(min = 1, max = 6) List<Ends>> calls,
      @ForAll boolean stream,
      @ForAll boolean hedges,
      @ForAll @IntRange(min = 1, max = 3) int attempts) {
    with(LIMIT, hedges, attempts);
    for (List<Ends> ends : calls) {
      script(ends, stream);
      CallRecord record = whole(stream);
      // Nobody else is there to be waited for.
      assertThat(record.journal().limitWaitNanos()).isZero();
      assertThat(reserved()).as("all was settled").isZero();
      assertThat(used()).isLessThanOrEqualTo(LIMIT);
    }
    assertThat(harness.errors.counts()).isEmpty();
    // As often as the own endpoint is asked, then the backup.
    Ends[] down = new Ends[attempts];
    Arrays.fill(down, Ends.DOWN);
    script(Arrays.asList(down), false);
    harness.upstream.answers(200, OK);
    if (!hedges && used() < LIMIT / 2) {
      assertThat(whole(false).journal().fallbackTo()).isEqualTo("backup");
    }
  }

  /** Clients end a call that is cancelled with a failure like any other. */
  @Example
  void whatTheApplicationCancelsMayBePaidAllTheSame() throws Exception {
    with(LIMIT, false, 1);
    harness.upstream.isSilent();
    GovernedCall call = harness.call(false);
    CompletableFuture<WireResponse> answer =
        call.executeAsync(harness.upstream, here).toCompletableFuture();
    long all = reserved();
    call.cancel();
    assertThat(answer).isCompletedExceptionally();
    assertThat(reserved()).isEqualTo(all);
    new SettlingListener().callEnded(pricing.price(harness.onlyRecord()));
    assertThat(used()).isEqualTo(all);
  }

  /** However little of it came. */
  @Example
  void aPlainAnswerThatIsCutWasMadeAndPaidAsAWhole() throws Exception {
    with(LIMIT, false, 1);
    harness.upstream.responds(
        200,
        Headers.of("Content-Type", "application/json"),
        ScriptedTransport.Pieces.of(OK.substring(0, 30), new IOException("cut")));
    CompletableFuture<WireResponse> answer = ask(false);
    assertThat(answer).isDone();
    assertThat(harness.upstream.sent).as("nothing is left for the backup").hasSize(1);
    long all = reserved();
    assertThat(all).isGreaterThan(LIMIT / 2);
    assertThatThrownBy(() -> text(answer.get())).hasMessage("cut");
    new SettlingListener().callEnded(pricing.price(harness.onlyRecord()));
    assertThat(used()).isEqualTo(all);
  }

  @Example
  void theBackupAnswersAsSoonAsWithoutABudget() throws Exception {
    with(LIMIT, false, 3);
    script(Arrays.asList(Ends.DOWN, Ends.DOWN, Ends.DOWN, Ends.WELL), false);
    CompletableFuture<WireResponse> call = ask(false);
    harness.clock.advanceMillis(1_500);
    assertThat(call).isDone();
    assertThat(text(call.get())).isEqualTo(OK);
    assertThat(call.get().headers().first("x-flyball-target")).isEqualTo("backup");
  }

  @Example
  void whatABrokenStreamMayHaveCostIsKeptAndTheRestIsThereForTheNextAttempt() throws Exception {
    with(LIMIT, false, 1);
    harness
        .upstream
        .streams(chunk("One "), chunk("two "), new IOException("cut"))
        .streams(chunk("One two three"), finish(), DONE, null);
    WireResponse answer = ask(true).get();
    long[] whileJoined = new long[1];
    answer.body().read();
    assertThat(reserved()).as("all that is left").isGreaterThan(LIMIT - 200);
    answer.body().read();
    answer.body().read();
    whileJoined[0] = reserved();
    text(answer);
    assertThat(harness.upstream.sent).hasSize(2);
    assertThat(whileJoined[0]).as("both attempts").isLessThanOrEqualTo(LIMIT);
    CallRecord priced = pricing.price(harness.onlyRecord());
    new SettlingListener().callEnded(priced);
    assertThat(priced.attempts().get(0).usage().output()).isPositive();
    assertThat(used())
        .isEqualTo(
            priced.attempts().stream()
                .mapToLong(each -> each.usage().input() + each.usage().output())
                .sum());
  }

  @Example
  void aHedgeThatDoesNotFitIsNotMadeAndNotWaitedFor() throws Exception {
    with(LIMIT, true, 1);
    harness.upstream.isSilent().answers(200, OK);
    CompletableFuture<WireResponse> call = ask(false);
    harness.clock.advanceMillis(1_100);
    assertThat(harness.upstream.sent).as("all is set aside for the first one").hasSize(1);
    assertThat(call).isNotDone();
    harness.clock.advanceMillis(19_000);
    assertThat(call).as("the first one's silence is over").isDone();
    assertThat(text(call.get())).as("and may be paid all the same").contains("flyball_timeout");
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(harness.onlyRecord().journal().limitWaitNanos()).isZero();
  }

  @Example
  void whoIsNoLongerWaitedForMayBePaidAndDoesNotStandInTheWayWhereBothFit() throws Exception {
    with(20 * LIMIT, false, 1);
    harness.upstream.isSilent().answers(200, OK);
    CompletableFuture<WireResponse> call =
        harness.call(false).executeAsync(harness.upstream, here).toCompletableFuture();
    harness.clock.advanceMillis(21_000);
    assertThat(call).isDone();
    assertThat(text(call.get())).isEqualTo(OK);
    long both = reserved();
    CallRecord priced = pricing.price(harness.onlyRecord());
    new SettlingListener().callEnded(priced);

    AttemptRecord silent = priced.attempts().get(0);
    assertThat(silent.openEnded()).isTrue();
    assertThat(silent.usage().source()).isEqualTo(Usage.Source.PARTIAL);
    assertThat(priced.attempts().get(1).openEnded()).isFalse();
    assertThat(reserved()).isZero();
    // All that was set aside for the first one, and the ten tokens of the second one.
    assertThat(used()).isGreaterThan(16_384).isLessThan(both);
  }

  @Example
  void theLimitsOfATargetAreFreeForTheNextAttempt() throws Exception {
    ManualTime clock = new ManualTime();
    Limiter limiter = new Limiter(clock, clock);
    Map<LimitScope, Limits> each = new EnumMap<>(LimitScope.class);
    each.put(LimitScope.TARGET, new Limits(1, Limits.UNLIMITED, 600));
    limiter.configure(
        new LimitSettings(each, Collections.<String, Limits>emptyMap(), true, true, false));
    harness =
        new ReliabilityHarness(
            Policies.builder()
                .retry(
                    3,
                    new Backoff(SECOND / 2, SECOND, () -> 0.0),
                    new RetryBudget(1, 1_000, new ManualTime()))
                .limits(limiter, 10 * SECOND)
                .streamRecovery(StreamRecovery.SPLICE)
                .build());
    harness
        .upstream
        .answers(503, DOWN)
        .fails(new IOException("refused"))
        .streams(chunk("One "), new IOException("cut"))
        .streams(chunk("One two"), finish(), DONE, null);
    CompletableFuture<WireResponse> call = harness.askStream();
    harness.clock.advanceMillis(1);
    assertThat(call).as("500 tokens each, 600 a minute").isDone();
    assertThat(harness.upstream.sent).hasSize(3);
    assertThat(call.get().body().read().toCompletableFuture()).isDone();
    CompletableFuture<?> joined = call.get().body().read().toCompletableFuture();
    assertThat(joined).as("the attempt that was cut has given its place and tokens back").isDone();
    assertThat(harness.upstream.sent).hasSize(4);
    String all = text(call.get());
    assertThat(all).endsWith(DONE);
    assertThat(harness.onlyRecord().journal().limitWaitNanos()).isZero();
  }
}
