package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.jvm.RedisServer;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Gate;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Four JVMs, one Redis, one budget of 30 dollars. A thousand tokens of an answer cost $0.15, and
 * what was spent is what the provider gave.
 */
class FleetIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CONSOLE =
      Pattern.compile("console at (http://127\\.0\\.0\\.1:\\d+)");
  private static final Pattern MOST = Pattern.compile("\"max_(?:completion_)?tokens\":(\\d+)");
  private static final BigDecimal LIMIT = new BigDecimal("30");
  private static final BigDecimal MOST_OF_IT = new BigDecimal("28.5");
  private static final int JVMS = 4;
  private static final int THREADS = 12;
  private static final int ENDLESS = 10_000_000;
  private static final int TOKENS = 300;
  private static final int REQUESTS = 200;

  private final HttpClient browser = HttpClient.newHttpClient();
  private final Gate end = new Gate();
  private final Queue<Long> arrivals = new ConcurrentLinkedQueue<>();
  private final List<JavaProcess> programs = new ArrayList<>();
  @TempDir Path folder;
  private Path prices;
  private FakeProvider provider;
  private RedisServer redis;

  static Stream<Jdk> jdks() {
    return Jdk.enough(8, 25).stream();
  }

  static Stream<Jdk> oldest() {
    return Jdk.enough(8).stream();
  }

  static Stream<Jdk> newest() {
    return Jdk.enough(25).stream();
  }

  /** Both of each; what is leased ahead does not depend on the JDK. */
  static Stream<Arguments> jdksAndSlices() {
    return jdks().map(jdk -> Arguments.of(jdk, jdk.version() == 8 ? "2%" : "exact"));
  }

  @BeforeEach
  void start() throws IOException {
    assumeTrue(RedisServer.isInstalled(), RedisServer.missingMessage());
    prices = folder.resolve("prices.yaml");
    Files.writeString(
        prices,
        "version: 1\nproviders:\n  - id: openai\n    models:\n"
            + "      - {name: dear, input: 0, output: 150, context_window: 100000, max_output: 1000}\n");
    provider = FakeProvider.start(0, this::answer);
    redis = RedisServer.start(folder);
  }

  @AfterEach
  void stop() throws IOException {
    end.open();
    programs.forEach(JavaProcess::close);
    if (redis != null) {
      redis.close();
      provider.close();
    }
  }

  @ParameterizedTest(name = "{0}, slices {1}")
  @MethodSource("jdksAndSlices")
  void allOfItIsSpentAndNeverMore(Jdk jdk, String slice) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    int calls = 400;
    for (int i = 0; i < JVMS; i++) {
      spenders(jdk, i, calls, "-Dflyball.redis.slice=" + slice);
    }
    for (JavaProcess program : programs) {
      program.awaitLine(line -> line.equals("spent"), 120, TimeUnit.SECONDS);
    }
    BigDecimal spent = spent();
    assertThat(spent).isGreaterThan(MOST_OF_IT).isLessThanOrEqualTo(LIMIT);
    // They are written when the calls are long over.
    await().atMost(Duration.ofSeconds(60)).until(() -> allEvents().size() == JVMS * calls);
    assertThat(spentBeforeTheFirstRefusal()).isGreaterThan(MOST_OF_IT);
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () -> {
              JsonNode account = account(consoleOf(programs.get(0)));
              assertThat(account.path("fleet_used").decimalValue()).isEqualByComparingTo(spent);
              assertThat(account.path("used").decimalValue()).isLessThan(spent);
            });
    end.open();
    for (JavaProcess program : programs) {
      program.await(1, TimeUnit.MINUTES);
      assertThat(program.exitCode()).isZero();
      assertThat(program.err()).doesNotContain("ERROR", "cannot be reached");
    }
  }

  @ParameterizedTest(name = "{0}, slices {1}")
  @MethodSource("jdksAndSlices")
  void redisIsKilledAndComesBackWithNothing(Jdk jdk, String slice) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    for (int i = 0; i < JVMS; i++) {
      spenders(jdk, i, ENDLESS, "-Dflyball.redis.slice=" + slice);
    }
    awaitSpent("6");
    redis.kill();
    for (JavaProcess program : programs) {
      program.awaitLine(line -> line.contains("cannot be reached"), 30, TimeUnit.SECONDS);
    }
    redis.start();
    for (JavaProcess program : programs) {
      program.awaitLine(line -> line.contains("is back"), 30, TimeUnit.SECONDS);
    }
    assertThat(spent()).isLessThan(MOST_OF_IT);
    awaitSpent("28.5");
    awaitRefusals();
    assertThat(spent()).isLessThanOrEqualTo(LIMIT);
  }

  @ParameterizedTest
  @MethodSource("newest")
  void aJvmThatIsKilledTakesNoMoreWithItThanItHad(Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    for (int i = 0; i < JVMS; i++) {
      spenders(jdk, i, ENDLESS);
    }
    awaitSpent("6");
    JavaProcess killed = awaitOneThatHasSettled();
    programs.remove(killed);
    killed.close();
    // A slice, what twelve calls may have cost, as much again for those that have just ended and
    // are not settled yet, and a call that does not fit.
    awaitSpent("25.6");
    awaitRefusals();
    assertThat(spent()).isLessThanOrEqualTo(LIMIT);
  }

  @ParameterizedTest
  @MethodSource("newest")
  void withoutRedisTheApplicationStartsAndEachBudgetDecides(Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    redis.kill();
    spenders(jdk, 0, 50, "-Dflyball.budget.day.on-redis-loss=open");
    spenders(jdk, 1, 50);
    end.open();
    programs.forEach(program -> program.await(1, TimeUnit.MINUTES));
    assertThat(programs.get(0).out()).contains("dear 200 = 50");
    assertThat(programs.get(1).out()).contains("dear 429 = 50");
    for (JavaProcess program : programs) {
      assertThat(program.exitCode()).isZero();
      assertThat(program.err().split("cannot be reached", -1)).hasSize(2);
      assertThat(program.err()).doesNotContain("ERROR");
    }
  }

  @ParameterizedTest
  @MethodSource("oldest")
  void aRateLimitIsOneForAll(Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    for (int i = 0; i < JVMS; i++) {
      spenders(
          jdk,
          i,
          ENDLESS,
          "-Dflyball.limit.rpm=" + REQUESTS,
          "-Dflyball.limit.max-wait=1s",
          "-Dflyball.budget.day.limit=10000 USD");
    }
    await().atMost(Duration.ofSeconds(50)).until(() -> requests() > REQUESTS * 95 / 100);
    awaitRefusals();
    assertThat(mostInAMinute()).isLessThanOrEqualTo(REQUESTS);
    redis.kill();
    for (JavaProcess program : programs) {
      program.awaitLine(line -> line.contains("cannot be reached"), 30, TimeUnit.SECONDS);
      assertThat(program.err()).doesNotContain("ERROR");
    }
    assertThat(mostInAMinute()).isLessThanOrEqualTo(2 * REQUESTS);
  }

  /** A little less than a minute: some take longer from where they are let through than others. */
  private int mostInAMinute() {
    List<Long> at = new ArrayList<>(arrivals);
    int most = 0;
    int first = 0;
    for (int last = 0; last < at.size(); last++) {
      while (at.get(last) - at.get(first) > TimeUnit.SECONDS.toNanos(55)) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }

  private void spenders(Jdk jdk, int number, int calls, String... more) {
    programs.add(
        JavaProcess.on(jdk)
            .classPath(
                Built.classPath("traffic"),
                "com.example.traffic.Spenders",
                provider.url(),
                String.valueOf(THREADS),
                String.valueOf(calls),
                "dear")
            .jvm(TrafficClient.agent("govern", events(number)))
            .jvm(
                "-Xss512k",
                "-Xmx256m",
                "-Dflyball.breaker.enabled=false",
                "-Dflyball.limit.adaptive=false",
                "-Dflyball.hedge.enabled=false",
                "-Dflyball.prices.file=" + prices,
                "-Dflyball.console.port=0",
                "-Dflyball.console.token=money-0123456789",
                "-Dflyball.redis.url=" + redis.url(),
                "-Dflyball.budget.day.limit=30 USD",
                "-Dflyball.budget.day.window=1mo")
            .jvm(more)
            .start());
  }

  private Path events(int number) {
    return folder.resolve("events-" + number + ".jsonl");
  }

  private Answer answer(RecordedRequest request) {
    if (request.path().startsWith("/end")) {
      return Answer.nothing().gate(end).andThen(Answer.of(200, "bye"));
    }
    arrivals.add(System.nanoTime());
    return Answer.nothing()
        .pause(50, TimeUnit.MILLISECONDS)
        .andThen(
            Answer.json(
                200,
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"dear\","
                    + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                    + "\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],\"usage\":{"
                    + "\"prompt_tokens\":7,\"completion_tokens\":"
                    + tokens(request)
                    + ",\"total_tokens\":"
                    + (7 + tokens(request))
                    + "}}"));
  }

  private static int tokens(RecordedRequest request) {
    Matcher most = MOST.matcher(request.bodyText());
    return Math.min(TOKENS, most.find() ? Integer.parseInt(most.group(1)) : 1000);
  }

  private Stream<RecordedRequest> calls() {
    return provider.requests().stream().filter(request -> !request.path().startsWith("/end"));
  }

  private long requests() {
    return calls().count();
  }

  /** What the provider bills, also to those who did not live to hear it. */
  private BigDecimal spent() {
    long tokens = calls().mapToLong(FleetIT::tokens).sum();
    return new BigDecimal("0.00015").multiply(BigDecimal.valueOf(tokens));
  }

  private void awaitSpent(String dollars) {
    await()
        .atMost(Duration.ofSeconds(120))
        .untilAsserted(() -> assertThat(spent()).isGreaterThanOrEqualTo(new BigDecimal(dollars)));
  }

  /**
   * A JVM that has just started ends calls faster than it can tell what they cost; and one that
   * starts late may find everything spent.
   */
  private JavaProcess awaitOneThatHasSettled() {
    AtomicReference<JavaProcess> settled = new AtomicReference<>();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              for (JavaProcess program : programs) {
                JsonNode account = account(consoleOf(program));
                if (account.path("used").asDouble() > 1
                    && account.path("reserved").asDouble() <= 2) {
                  settled.set(program);
                }
              }
              return settled.get() != null;
            });
    return settled.get();
  }

  /** For as long as nobody gets an answer any more. */
  private void awaitRefusals() {
    AtomicReference<BigDecimal> last = new AtomicReference<>();
    await()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              BigDecimal spent = spent();
              return spent.equals(last.getAndSet(spent));
            });
  }

  private List<JsonNode> allEvents() throws IOException {
    List<JsonNode> all = new ArrayList<>();
    for (int i = 0; i < JVMS; i++) {
      all.addAll(CallEvents.read(events(i)).all());
    }
    return all;
  }

  private BigDecimal spentBeforeTheFirstRefusal() throws IOException {
    List<JsonNode> all = allEvents();
    Instant refusal =
        all.stream()
            .filter(event -> event.path("outcome").asText().equals("refused"))
            .map(FleetIT::endOf)
            .min(Comparator.naturalOrder())
            .orElseThrow();
    return all.stream()
        .filter(event -> Instant.parse(event.path("ts").asText()).isBefore(refusal))
        .map(event -> event.path("cost_usd").decimalValue())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  private static Instant endOf(JsonNode event) {
    return Instant.parse(event.path("ts").asText()).plusMillis(event.path("latency_ms").asLong());
  }

  private static String consoleOf(JavaProcess program) {
    Matcher printed =
        CONSOLE.matcher(
            program.awaitLine(line -> CONSOLE.matcher(line).find(), 60, TimeUnit.SECONDS));
    assertThat(printed.find()).isTrue();
    return printed.group(1);
  }

  private JsonNode account(String console) throws Exception {
    HttpResponse<String> answer =
        browser.send(
            HttpRequest.newBuilder(URI.create(console + "/api/budgets"))
                .header("Authorization", "Bearer money-0123456789")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return JSON.readTree(answer.body()).path("budgets").path(0);
  }
}
