package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.wire.Body;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * An answer that is made as a whole and whose end is missing is paid for as the dearest, wherever
 * it ends: also where nothing but its head has come.
 */
class MissingEndTest {
  private static final long MOST = 1_000;

  private static final String ASKED =
      "{\"model\":\"gpt-4o-mini\",\"max_tokens\":1000,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";

  private static final String ANSWER =
      "{\"id\":\"x\",\"object\":\"chat.completion\",\"model\":\"gpt-4o-mini\",\"choices\":"
          + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},"
          + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,"
          + "\"completion_tokens\":900,\"total_tokens\":909}}";

  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final CallPricing pricing = new CallPricing(PriceCatalogue.builtIn(), estimate);

  /** How the client says that there is no more. */
  enum End {
    FAILS,
    TIMES_OUT,
    ENDS
  }

  @Property(tries = 400)
  void allThatWasSetAsideIsKept(
      @ForAll @IntRange(min = 0, max = 220) int cut,
      @ForAll End end,
      @ForAll boolean inOne,
      @ForAll boolean told)
      throws Exception {
    Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
    ReliabilityHarness harness =
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
    // Without a promise of more, next to nothing is an answer that says nothing.
    Assume.that(end != End.ENDS || told || cut > 8);
    Headers.Builder head = Headers.builder().add("Content-Type", "application/json");
    if (told) {
      head.add("Content-Length", Integer.toString(ANSWER.length()));
    }
    harness.upstream.responds(200, head.build(), body(cut, end, inOne));
    read(harness);

    CallRecord priced = pricing.price(harness.onlyRecord());
    new SettlingListener().callEnded(priced);
    assertThat(ledger.states(0).get(0).reserved()).isZero();
    assertThat(ledger.states(0).get(0).used()).isGreaterThanOrEqualTo(MOST);
  }

  private static Body body(int cut, End end, boolean inOne) {
    List<Object> pieces = new ArrayList<>();
    String there = ANSWER.substring(0, cut);
    for (int i = 0; i < cut; i += inOne ? cut : 16) {
      pieces.add(there.substring(i, inOne ? cut : Math.min(cut, i + 16)));
    }
    switch (end) {
      case FAILS:
        pieces.add(new EOFException("unexpected end of stream"));
        break;
      case TIMES_OUT:
        pieces.add(new SocketTimeoutException("Read timed out"));
        break;
      default:
        pieces.add(null);
    }
    return Pieces.of(pieces.toArray());
  }

  private static void read(ReliabilityHarness harness) throws Exception {
    WireResponse answer =
        harness
            .call(ASKED)
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .getNow(null);
    assertThat(answer).isNotNull();
    try {
      ReliabilityHarness.bytes(answer);
    } catch (IOException expected) {
      answer.body().close();
    }
  }

  private static Budget budget() {
    return new Budget(
        "t",
        BudgetUnit.TOKENS,
        100_000,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        Budget.Action.BLOCK,
        null,
        0.8);
  }
}
