package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.breaker.BreakerSettings;
import io.flyball.engine.breaker.BreakerStage;
import io.flyball.engine.breaker.CircuitBreakers;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetState;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.budget.MappedAccounts;
import io.flyball.engine.budget.StoredSizes;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.capability.Place;
import io.flyball.engine.capability.PlacedStage;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.HedgeSettings;
import io.flyball.engine.fallback.Hedging;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Hours of a program's calls, its machine and its provider, all by chance from one seed. */
final class BudgetCourse implements AutoCloseable {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MINUTE = 60_000;
  private static final long LONGEST = 900;
  private static final long MID_MONTH = 1_791_979_200_000L;
  private static final URI OWN = URI.create("https://api.openai.com/v1/chat/completions");
  private static final UsageEstimate ESTIMATE = new UsageEstimate(new TokenCounter(1L << 40));
  private static final PriceCatalogue PRICES = PriceCatalogue.builtIn();
  private static final CallPricing PRICING = new CallPricing(PRICES, ESTIMATE);

  /** Runs at once, so that hedges are part of the course. */
  private static final ThreadPoolExecutor HERE =
      new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
        @Override
        public void execute(Runnable task) {
          task.run();
        }
      };

  private final Random random;
  private final SetClock clock;
  private final BillingProvider provider;
  private final HardBudgetLaw law;
  private final ReportedErrors errors = new ReportedErrors();
  private final Path folder;
  private final List<CompletableFuture<?>> calls = Collections.synchronizedList(new ArrayList<>());
  private final List<CompletableFuture<?>> reads = Collections.synchronizedList(new ArrayList<>());
  private final boolean oneThread;
  private List<Budget> budgets;
  private Machine machine;

  /** On one thread: what happens at which moment is the same each time. */
  static BudgetCourse of(long seed, Path folder) throws IOException {
    Random random = new Random(seed);
    long begin = SomeBudgets.moment(random);
    return new BudgetCourse(random, folder, begin, SomeBudgets.some(random), true);
  }

  /** For {@link #rush}: no window ends in it, no clock is set. */
  static BudgetCourse ofThreads(long seed, Path folder) throws IOException {
    Random random = new Random(seed);
    return new BudgetCourse(random, folder, MID_MONTH, SomeBudgets.ofAMonth(random), false);
  }

  /**
   * @param folder for the accounts; null: in memory
   */
  private BudgetCourse(
      Random random, Path folder, long begin, List<Budget> budgets, boolean oneThread)
      throws IOException {
    this.random = random;
    this.folder = folder;
    this.clock = new SetClock(begin);
    this.provider = new BillingProvider(clock, new Random(random.nextLong()), LONGEST);
    this.budgets = budgets;
    this.oneThread = oneThread;
    this.law = new HardBudgetLaw(clock, budgets);
    this.machine = new Machine();
  }

  /** One JVM, until it is killed. */
  private final class Machine {
    final AccountStore accounts;
    final Ledger ledger;
    final Engine engine;
    boolean dead;

    Machine() throws IOException {
      accounts =
          folder == null ? AccountStore.MEMORY : MappedAccounts.in(folder, clock.epochMillis());
      // A thread that is a step behind would see a clock that is set.
      ledger = new Ledger(accounts, alert -> {}, null, oneThread ? clock : null);
      engine =
          Engine.builder(settings(ledger), this::ended, errors)
              .time(clock)
              .timer(clock.passing)
              .pricing(() -> PRICING)
              .build();
    }

    /** What the thread of the records does, a moment later. */
    private void ended(CallRecord record) {
      clock.passing.schedule(random.nextInt(80) * 1_000_000L, () -> settle(record));
    }

    private void settle(CallRecord record) {
      if (dead) {
        return;
      }
      if (random.nextInt(60) == 0) {
        law.isNotExact();
        SettlingListener.forfeit(record);
      } else {
        new SettlingListener().callEnded(PRICING.price(record));
      }
    }

    void kill() throws IOException {
      dead = true;
      if (accounts instanceof MappedAccounts) {
        ((MappedAccounts) accounts).close();
      }
      for (BillingProvider.Bill bill : provider.bills()) {
        bill.isUnknown();
      }
      calls.clear();
      reads.clear();
    }
  }

  private EngineSettings settings(Ledger ledger) {
    Target backup = target("backup", "gpt-4o-mini");
    Target small = target("small", "gpt-4.1-nano");
    List<Link> chain = new ArrayList<>();
    if (random.nextBoolean()) {
      chain.add(Link.to(backup));
    }
    if (random.nextInt(4) == 0) {
      chain.add(random.nextBoolean() ? Link.text("Sorry") : Link.lastAnswer());
    }
    boolean hedges = random.nextBoolean();
    if (hedges) {
      // Whoever loses may have said all, and nobody has read it.
      law.isNotExact();
    }
    CircuitBreakers breakers = new CircuitBreakers(clock);
    breakers.configure(new BreakerSettings(0.8, null, 1, 20, 30 * SECOND, 10 * SECOND));
    Policies.Builder policies =
        Policies.builder()
            .timeouts(
                random.nextInt(4) == 0
                    ? TimeoutSettings.OFF
                    : new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
            .retry(
                1 + random.nextInt(3),
                new Backoff(SECOND / 2, SECOND, () -> 1.0),
                new RetryBudget(1, 1_000, clock))
            .stages(
                random.nextBoolean()
                    ? Collections.singletonList(
                        new PlacedStage(Place.BREAKER, new BreakerStage(breakers, clock)))
                    : Collections.emptyList())
            .fallback(
                new FallbackSettings(
                    chain,
                    Arrays.asList(backup, small),
                    EnumSet.complementOf(EnumSet.of(FallbackReason.CONTENT_FILTER)),
                    hedges ? new HedgeSettings(0.9, SECOND, SECOND) : null),
                new LastAnswers(1 << 20),
                (provider, host, model) -> 0)
            .hedging(new Hedging(clock))
            .streamRecovery(StreamRecovery.values()[random.nextInt(StreamRecovery.values().length)])
            .asksForUsage(random.nextInt(3) > 0)
            .budgets(
                new BudgetSettings(budgets, false, random.nextInt(3) * 10 * SECOND),
                ledger,
                new CostBounds(
                    PRICES::priceOf,
                    (provider, host, model) -> LONGEST,
                    (provider, host, model) -> 0,
                    ESTIMATE::atMost,
                    new StoredSizes(),
                    this::count));
    return EngineSettings.builder(new Protocols(Collections.<Endpoint>emptyList()))
        .policies(policies.build())
        .build();
  }

  /** Elsewhere, after others. */
  private void count(Runnable work) {
    if (random.nextBoolean()) {
      work.run();
    } else {
      clock.passing.schedule(random.nextInt(500) * 1_000_000L, work);
    }
  }

  private static Target target(String name, String model) {
    return new Target(
        name,
        URI.create("https://" + name + ".example/v1"),
        "openai",
        model,
        "key",
        0,
        0,
        Collections.<String, String>emptyMap());
  }

  /** All of it. */
  void run() throws IOException {
    int steps = 40 + random.nextInt(120);
    long most = random.nextInt(3) == 0 ? 20 * MINUTE : random.nextBoolean() ? MINUTE : 2_000;
    for (int step = 0; step < steps; step++) {
      clock.passing.advanceMillis(random.nextInt(5) == 0 ? 0 : random.nextInt((int) most));
      int what = random.nextInt(100);
      if (what < 3) {
        setClock();
      } else if (what < 5) {
        changeLimits();
      } else if (what < 7 && folder != null) {
        startAnew();
      } else {
        ask();
      }
      law.holds(provider.bills());
    }
    end();
  }

  /** Threads ask, read, wait, settle and let time pass, all at once. */
  void rush(int threads, int steps) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    for (int i = 0; i < threads; i++) {
      all.add(pool.submit(() -> rush(steps)));
    }
    pool.shutdown();
    for (Future<?> each : all) {
      each.get(1, TimeUnit.MINUTES);
    }
    // Who gives up at the very moment of an answer may be billed less than is kept.
    law.isNotExact();
    end();
  }

  private void rush(int steps) {
    for (int step = 0; step < steps; step++) {
      if (random.nextInt(3) == 0) {
        clock.passing.advanceMillis(random.nextInt(1_000));
      } else {
        ask();
      }
    }
  }

  private void end() {
    for (int minute = 0; minute < 10; minute++) {
      clock.passing.advanceMillis(MINUTE);
    }
    law.holds(provider.bills());
    assertThat(calls).as("every call came to an end").allMatch(CompletableFuture::isDone);
    assertThat(reads).as("every read came to an end").allMatch(CompletableFuture::isDone);
    List<BudgetState> states = machine.ledger.states(clock.epochMillis());
    assertThat(states)
        .allSatisfy(state -> assertThat(state.reserved()).as(state.account()).isZero());
    law.isTheSameAs(states, provider.bills());
    assertThat(errors.counts()).isEmpty();
  }

  private void setClock() {
    law.clockIsSet();
    clock.set(clock.isRight() ? SomeBudgets.jump(random) : 0);
  }

  private void changeLimits() {
    budgets = SomeBudgets.changed(random, budgets);
    law.isNow(budgets);
    machine.engine.apply(settings(machine.ledger));
  }

  private void startAnew() throws IOException {
    machine.kill();
    law.jvmEnds();
    if (random.nextBoolean()) {
      law.isDamaged();
      SomeBudgets.damage(random, folder);
    }
    clock.passing.advanceMillis(random.nextInt(60_000));
    machine = new Machine();
  }

  private void ask() {
    String tenant = "t" + random.nextInt(3);
    boolean stream = random.nextBoolean();
    StringBuilder prompt = new StringBuilder();
    for (int i = random.nextInt(40); i >= 0; i--) {
      prompt.append(" word");
    }
    String limit = random.nextInt(4) == 0 ? "" : ",\"max_tokens\":" + (1 + random.nextInt(400));
    String body =
        "{\"model\":\"gpt-4o-mini\",\"stream\":"
            + stream
            + limit
            + ",\"messages\":[{\"role\":\"user\",\"content\":\""
            + prompt
            + "\"}]}";
    Machine here = machine;
    GovernedCall call =
        here.engine.open(
            new WireRequest(
                "POST",
                OWN,
                Headers.of("Content-Type", "application/json", "x-flyball-tenant", tenant),
                body.getBytes(StandardCharsets.UTF_8)));
    law.asked(tenant, provider.bills().size());
    CompletableFuture<WireResponse> answer =
        call.executeAsync(provider.wire(tenant, () -> sends(here)), HERE).toCompletableFuture();
    calls.add(answer);
    int leaves = random.nextInt(4) == 0 ? random.nextInt(6) : Integer.MAX_VALUE;
    answer.thenAccept(response -> read(here, response, leaves));
    // Nobody waits for ever, whatever has no limit of its own.
    int patience = random.nextInt(8) == 0 ? random.nextInt(20_000) : 300_000;
    clock.passing.schedule(patience * 1_000_000L, () -> cancel(here, call));
  }

  private boolean sends(Machine where) {
    // Threads settle while others look: what is used and what is set aside are read in turn.
    if (!where.dead && oneThread) {
      law.sends(where.ledger);
    }
    return !where.dead;
  }

  private static void cancel(Machine where, GovernedCall call) {
    if (!where.dead) {
      call.cancel();
    }
  }

  /** The application reads as far as it likes. */
  private void read(Machine where, WireResponse response, int leaves) {
    if (leaves == 0) {
      response.body().close();
      return;
    }
    CompletableFuture<ByteBuffer> read = response.body().read().toCompletableFuture();
    reads.add(read);
    read.whenComplete(
        (bytes, failure) -> {
          if (where.dead) {
            return;
          }
          if (failure != null || bytes == null) {
            response.body().close();
          } else {
            read(where, response, leaves - 1);
          }
        });
  }

  @Override
  public void close() throws IOException {
    machine.kill();
  }
}
