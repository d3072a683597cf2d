package io.flyball.benchmarks;

import io.flyball.engine.Engine;
import io.flyball.engine.EngineSettings;
import io.flyball.engine.Mode;
import io.flyball.engine.budget.Amounts;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Decision;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.budget.MappedAccounts;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.protocol.Protocols;
import io.flyball.wire.Bodies;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What budgets add to a call: half of them for each tenant, half for all, kept in a file. With 100
 * budgets and 100,000 tenants there are five million accounts: some 2 GB of memory and 640 MB in
 * the folder for temporary files, and half a minute until the first figure.
 */
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-Xmx5g")
@State(Scope.Benchmark)
public class MoneyPath {
  private static final URI MODEL_URL = URI.create("https://api.openai.com/v1/chat/completions");
  private static final Headers JSON = Headers.of("Content-Type", "application/json");
  private static final BigDecimal COST = new BigDecimal("0.0000471");
  private static final Amounts MOST = new Amounts(BudgetUnit.USD.parts(COST), 1_500, 1);
  private static final Amounts ACTUAL = new Amounts(BudgetUnit.USD.parts(COST), 170, 1);
  private static final long NOW = 1_795_000_000_000L;

  @Param({"1", "10", "100"})
  int budgets;

  @Param({"1", "1000", "100000"})
  int tenants;

  private final List<Budget> all = new ArrayList<>();
  private Path folder;
  private MappedAccounts accounts;
  private Ledger ledger;
  private Engine engine;
  private byte[] body;
  private byte[] answer;

  /** Which tenant's turn it is; each thread goes round them on its own. */
  @State(Scope.Thread)
  public static class Turn {
    private int next;

    String tenant(int tenants) {
      // A stride that comes by all of them in no order that caches like.
      next = (int) ((next + 7_919L) % tenants);
      return "tenant-" + next;
    }
  }

  @Setup(Level.Trial)
  public void prepare() throws IOException {
    for (int i = 0; i < budgets; i++) {
      all.add(
          new Budget(
                  "budget-" + i,
                  i % 3 == 0 ? BudgetUnit.USD : i % 3 == 1 ? BudgetUnit.TOKENS : BudgetUnit.CALLS,
                  Long.MAX_VALUE / 2,
                  BudgetWindow.of("1mo", ZoneOffset.UTC),
                  i % 2 == 0
                      ? EnumSet.of(Budget.Dimension.TENANT)
                      : EnumSet.noneOf(Budget.Dimension.class),
                  Budget.Action.BLOCK,
                  null,
                  0.8)
              .maxAccounts(tenants));
    }
    folder = Files.createTempDirectory("flyball-money");
    accounts = MappedAccounts.in(folder, NOW);
    ledger = new Ledger(accounts, alert -> {});
    PriceCatalogue prices = PriceCatalogue.builtIn();
    Policies policies =
        Policies.builder()
            .budgets(
                new BudgetSettings(all, false, 0),
                ledger,
                new CostBounds(
                    prices::priceOf, (provider, host, model) -> 16_384, (bytes, model) -> 1_000))
            .build();
    engine =
        Engine.builder(
                EngineSettings.builder(new Protocols(Collections.emptyList()))
                    .mode(Mode.GOVERN)
                    .policies(policies)
                    .build(),
                MoneyPath::settle,
                (place, failure) -> {
                  throw new IllegalStateException(place, failure);
                })
            .build();
    body =
        ("{\"model\":\"gpt-4o-mini\",\"max_tokens\":500,\"messages\":[{\"role\":\"user\","
                + "\"content\":\""
                + "a".repeat(1_000)
                + "\"}]}")
            .getBytes(StandardCharsets.UTF_8);
    answer =
        ("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1795000000,"
                + "\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
                + "\"assistant\",\"content\":\"Hello.\"},\"finish_reason\":\"stop\"}],\"usage\":{"
                + "\"prompt_tokens\":120,\"completion_tokens\":50,\"total_tokens\":170}}")
            .getBytes(StandardCharsets.UTF_8);
    for (int tenant = 0; tenant < tenants; tenant++) {
      reserveAndSettle("tenant-" + tenant);
    }
  }

  @TearDown(Level.Trial)
  public void forget() throws IOException {
    accounts.close();
    Files.delete(accounts.file());
    Files.delete(folder);
  }

  private static void settle(CallRecord record) {
    for (AttemptRecord attempt : record.attempts()) {
      if (attempt.settlement() != null) {
        attempt.settlement().settle(attempt.usage(), COST);
      }
    }
  }

  private Decision reserveAndSettle(String tenant) {
    Decision decision =
        ledger.reserve(
            all, new Attribution(tenant, null, null, null, null, null), "gpt-4o-mini", MOST, NOW);
    decision.reservation().settle(ACTUAL);
    return decision;
  }

  /** All that is done in the ledger for one attempt. */
  @Benchmark
  public Decision reserveAndSettle(Turn turn) {
    return reserveAndSettle(turn.tenant(tenants));
  }

  /** A whole plain call with a transport that answers at once: what the stage itself does, too. */
  @Benchmark
  public long plainCall(Turn turn) throws IOException {
    WireRequest request =
        new WireRequest(
            "POST",
            MODEL_URL,
            JSON.toBuilder().set("x-flyball-tenant", turn.tenant(tenants)).build(),
            body);
    WireResponse response =
        engine
            .open(request)
            .execute(
                (sent, cancellation) ->
                    CompletableFuture.completedFuture(
                        WireResponse.received(200, JSON, Bodies.of(answer), new Object())));
    long total = 0;
    for (ByteBuffer bytes = response.body().read().toCompletableFuture().join();
        bytes != null;
        bytes = response.body().read().toCompletableFuture().join()) {
      total += bytes.remaining();
    }
    response.body().close();
    return total;
  }
}
