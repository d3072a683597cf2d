package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.time.Timer;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The stack is exhausted, or a class cannot be used, wherever a call may come along: what was set
 * aside for it is given back or spent in the end, and nothing is sent that is not counted.
 */
class ErrorsEverywhereTest {
  private static final long LONGEST = 16_384;
  private static final int BUDGET = 1000;
  private static final PriceCatalogue PRICES = PriceCatalogue.builtIn();

  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final CallPricing pricing = new CallPricing(PRICES, estimate);

  /** Throws at one question, or at several in a row, of all that the engine asks of others. */
  private static final class Fault {
    private final Error thrown;
    private IntSupplier sent = () -> 0;
    private int sentBefore;
    private int questions;
    private int from = Integer.MAX_VALUE;
    private int until;

    Fault(Error thrown) {
      this.thrown = thrown;
    }

    void at(int first, int times) {
      from = questions + first;
      until = from + times;
    }

    private void question() {
      int now = questions++;
      if (now >= from && now < until) {
        sentBefore = Math.max(sentBefore, sent.getAsInt());
        throw thrown;
      }
    }

    <T> T in(Class<T> type, T target) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, arguments) -> {
                question();
                try {
                  return method.invoke(target, arguments);
                } catch (InvocationTargetException failed) {
                  throw failed.getCause();
                }
              }));
    }

    CostBounds bounds(UsageEstimate estimate) {
      return new CostBounds(
          (provider, host, model) -> {
            question();
            return PRICES.priceOf(provider, host, model);
          },
          (provider, host, model) -> {
            question();
            return LONGEST;
          },
          (body, model) -> {
            question();
            return estimate.atMost(body, model);
          });
    }
  }

  @Provide
  Arbitrary<Error> errors() {
    return Arbitraries.of(new StackOverflowError("injected"), new NoClassDefFoundError("injected"));
  }

  @Provide
  Arbitrary<int[]> places() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 60), Arbitraries.of(1, 1, 2, 3, 5, 100))
        .as((first, times) -> new int[] {first, times});
  }

  @Property(tries = 500)
  void nothingStaysReservedAndNothingIsSentUncounted(
      @ForAll("errors") Error thrown,
      @ForAll("places") int[] place,
      @ForAll boolean blocking,
      @ForAll boolean fails)
      throws Exception {
    Fault fault = new Fault(thrown);
    Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
    Scene scene = new Scene(fault, ledger);
    scene.call(blocking, false);

    fault.at(place[0], place[1]);
    int before = scene.upstream.sent.size();
    scene.call(blocking, fails);
    // What could not even connect costs nothing. Nor is it said here what becomes of an answer
    // whose
    // reading fails in us.
    boolean free = fails || fault.sentBefore > before;
    fault.at(Integer.MAX_VALUE / 2, 0);
    scene.call(blocking, false);

    scene.settle();
    BudgetState state = ledger.states(0).get(0);
    assertThat(state.reserved()).isZero();
    assertThat(state.used()).isGreaterThanOrEqualTo(free ? before : scene.upstream.sent.size());
  }

  /** An engine with a hard budget of calls. */
  private final class Scene {
    final ReliabilityHarness.Upstream upstream = new ReliabilityHarness.Upstream();
    private final List<CallRecord> records = new ArrayList<>();
    private final Engine engine;
    private final Transport transport;

    Scene(Fault fault, Ledger ledger) {
      ManualTime clock = new ManualTime();
      Budget calls =
          new Budget(
              "calls",
              BudgetUnit.CALLS,
              BUDGET,
              BudgetWindow.of("1d", ZoneOffset.UTC),
              EnumSet.noneOf(Budget.Dimension.class),
              Budget.Action.BLOCK,
              null,
              0.8);
      Policies.Builder policies =
          Policies.builder()
              .budgets(
                  new BudgetSettings(Collections.singletonList(calls), true, 0),
                  ledger,
                  fault.bounds(estimate));
      engine =
          Engine.builder(
                  EngineSettings.builder(new Protocols(Collections.<Endpoint>emptyList()))
                      .policies(policies.build())
                      .build(),
                  records::add,
                  new ReportedErrors())
              .time(fault.in(TimeSource.class, clock))
              .timer(fault.in(Timer.class, clock))
              .build();
      transport = fault.in(Transport.class, upstream);
      fault.sent = upstream.sent::size;
    }

    void call(boolean blocking, boolean fails) {
      if (fails) {
        upstream.fails(new IOException("refused"));
      } else {
        upstream.answers(200, ReliabilityHarness.OK);
      }
      try {
        GovernedCall call =
            engine.open(
                new WireRequest(
                    "POST",
                    URI.create("https://api.openai.com/v1/chat/completions"),
                    Headers.of("Content-Type", "application/json"),
                    "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"
                        .getBytes(StandardCharsets.UTF_8)));
        assertThat(call).as("a call that goes past a hard budget").isNotNull();
        ReliabilityHarness.text(answer(call, blocking));
      } catch (Exception | StackOverflowError | NoClassDefFoundError failure) {
        // It may fail.
      }
      upstream.forgetScript();
    }

    private WireResponse answer(GovernedCall call, boolean blocking) throws Exception {
      if (blocking) {
        return call.execute(transport);
      }
      CompletableFuture<WireResponse> answer =
          call.executeAsync(transport, Runnable::run).toCompletableFuture();
      return answer.get(10, TimeUnit.SECONDS);
    }

    /** As the thread of the records does. */
    void settle() {
      SettlingListener settling = new SettlingListener();
      for (CallRecord record : records) {
        settling.callEnded(pricing.price(record));
      }
    }
  }
}
