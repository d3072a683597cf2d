package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Money under the packed agent. A thousand tokens of an answer cost $0.15, prompts nothing. */
class BudgetIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final BigDecimal WORTH = new BigDecimal("0.15");

  /** Two hundred calls of at most three attempts that may each use 20,000 tokens of a dollar. */
  private static final BigDecimal MOST_KEPT = new BigDecimal("12");

  private static final Pattern CONSOLE =
      Pattern.compile("console at (http://127\\.0\\.0\\.1:\\d+)");
  private static final Pattern MOST = Pattern.compile("\"max_(?:completion_)?tokens\":(\\d+)");
  private static final String[] NO_OTHER_POLICY = {
    "-Dflyball.breaker.enabled=false",
    "-Dflyball.limit.adaptive=false",
    "-Dflyball.retry.base-delay=10ms",
    "-Dflyball.hedge.enabled=false"
  };

  private final HttpClient browser = HttpClient.newHttpClient();
  private final Gate end = new Gate();

  @TempDir Path folder;
  private Path events;
  private Path data;
  private Path prices;

  @BeforeEach
  void writePrices() throws IOException {
    events = folder.resolve("events.jsonl");
    data = folder.resolve("data");
    prices = folder.resolve("prices.yaml");
    Files.writeString(
        prices,
        "version: 1\n"
            + "providers:\n"
            + "  - id: openai\n"
            + "    models:\n"
            + "      - {name: dear, input: 0, output: 150, context_window: 100000, max_output:"
            + " 1000}\n"
            + "      - {name: stream, input: 1.7, output: 150}\n"
            + "      - {name: leave, input: 1.7, output: 150}\n"
            + "      - {name: plain, input: 1.3, output: 31.7}\n"
            + "      - {name: error, input: 1, output: 1}\n"
            + "      - {name: busy, input: 1, output: 1}\n"
            + "      - {name: late, input: 1, output: 1}\n"
            + "      - {name: reset, input: 1, output: 1}\n"
            + "      - {name: give-up, input: 1, output: 1}\n");
  }

  /**
   * What is on record, and all that was set aside for the calls that were late or given up: the
   * provider may have them paid.
   */
  private static void holdsWhatWasSpent(JsonNode account, BigDecimal spent) {
    assertThat(account.path("used").decimalValue())
        .isGreaterThan(spent)
        .isLessThan(spent.add(MOST_KEPT));
  }

  @ParameterizedTest(name = "{0} calls at once that use {1} tokens of 1000")
  @CsvSource({"8,1000", "100,1000", "1000,1000", "100,300"})
  void neverMoreIsSpentThanThereIs(int calls, int tokens) throws Exception {
    BigDecimal limit = new BigDecimal("0.45");
    try (FakeProvider provider =
            FakeProvider.start(
                0, request -> isEnd(request) ? farewell() : completion(request, tokens));
        JavaProcess program =
            spenders(provider, calls, calls, "dear")
                .jvm("-Dflyball.budget.day.limit=0.45 USD", "-Dflyball.limit.max-wait=20s")
                .start()) {
      String console = consoleOf(program);
      awaitEvents(program, events, calls);
      BigDecimal spent = CallEvents.read(events).total().costUsd();
      JsonNode account = account(console, "day");
      end.open();
      program.await(1, TimeUnit.MINUTES);

      long sent = provider.requests().stream().filter(request -> !isEnd(request)).count();
      assertThat(spent).as(program::describe).isLessThanOrEqualTo(limit);
      assertThat(account.path("used").decimalValue()).isEqualByComparingTo(spent);
      assertThat(account.path("reserved").decimalValue()).isZero();
      Map<String, Integer> seen = seen(program);
      assertThat(seen.get("dear 200")).isEqualTo((int) sent);
      assertThat(seen.get("dear 429")).isEqualTo((int) (calls - sent));
      if (tokens == 1000) {
        assertThat(sent).isBetween(1L, 3L);
        assertThat(spent).isEqualByComparingTo(WORTH.multiply(BigDecimal.valueOf(sent)));
      } else {
        // What is left over of a reservation is for those who wait.
        assertThat(limit.subtract(spent)).isLessThan(new BigDecimal("0.045"));
      }
    }
  }

  @Test
  void theAccountIsTheSumOfWhatWasSpentHoweverCallsEnd() throws Exception {
    int calls = 2_000;
    try (FakeProvider provider = FakeProvider.start(0, this::anyEnd);
        JavaProcess program =
            spenders(
                    provider,
                    40,
                    calls,
                    "plain,stream,plain,leave,plain,error,stream,plain,give-up,stream,"
                        + "plain,stream,plain,busy,plain,late,stream,plain,reset,stream")
                .jvm(
                    "-Dflyball.budget.day.limit=10000 USD",
                    "-Dflyball.budget.each.limit=10000 USD",
                    "-Dflyball.budget.each.scope=tenant",
                    "-Dflyball.budget.tokens.limit=900M tokens")
                .start()) {
      String console = consoleOf(program);
      awaitEvents(program, events, calls);
      CallEvents all = CallEvents.read(events);
      JsonNode day = account(console, "day");
      List<JsonNode> accounts = accounts(console);
      end.open();
      program.await(1, TimeUnit.MINUTES);

      assertThat(all.total().costUsd()).isGreaterThan(BigDecimal.ONE);
      holdsWhatWasSpent(day, all.total().costUsd());
      Map<String, CallEvents.Totals> byTenant = all.by("tenant");
      assertThat(byTenant).containsOnlyKeys("even", "odd");
      for (String tenant : byTenant.keySet()) {
        holdsWhatWasSpent(
            account(console, accounts, "each|=" + tenant), byTenant.get(tenant).costUsd());
      }
      assertThat(accounts)
          .allSatisfy(each -> assertThat(each.path("reserved").decimalValue()).isZero());
      assertThat(all.all()).noneMatch(event -> event.path("outcome").asText().equals("refused"));
      assertThat(seen(program))
          .as(program::describe)
          .containsEntry("plain 200", 800)
          .containsEntry("stream 200", 600)
          .containsEntry("error 500", 100)
          .containsEntry("busy 429", 100)
          .containsEntry("late exception", 100)
          .containsEntry("give-up exception", 100)
          .containsEntry("reset exception", 100);
    }
  }

  @Test
  void aModelWithoutAPriceIsRefusedWhereMoneyIsCounted() throws Exception {
    try (FakeProvider provider =
            FakeProvider.start(0, request -> isEnd(request) ? farewell() : completion(request, 1));
        JavaProcess program =
            spenders(provider, 1, 2, "unheard-of,dear")
                .jvm("-Dflyball.budget.day.limit=100 USD")
                .start()) {
      end.open();
      program.await(1, TimeUnit.MINUTES);
      assertThat(seen(program))
          .as(program::describe)
          .containsOnlyKeys("dear 200", "unheard-of 429");
      assertThat(provider.requests())
          .noneMatch(request -> request.bodyText().contains("unheard-of"));
    }
  }

  @Test
  void aCheaperTargetIsAskedWhenTheBudgetIsSpent() throws Exception {
    try (FakeProvider small =
            FakeProvider.start(0, request -> completion("plain", 3, most(request)));
        FakeProvider hook = FakeProvider.start(0, request -> Answer.of(204, ""));
        FakeProvider provider =
            FakeProvider.start(
                0, request -> isEnd(request) ? farewell() : completion(request, 1000));
        JavaProcess program =
            spenders(provider, 1, 10, "dear")
                .jvm(
                    "-Dflyball.budget.day.limit=0.30 USD",
                    "-Dflyball.budget.day.scope=model",
                    "-Dflyball.budget.day.action=degrade:small",
                    "-Dflyball.target.small.url=" + small.url() + "/v1",
                    "-Dflyball.target.small.model=plain",
                    "-Dflyball.target.small.api-key=small-key",
                    "-Dflyball.anomaly.webhook.url=" + hook.url() + "/hook")
                .start()) {
      String console = consoleOf(program);
      awaitEvents(program, events, 10);
      await().atMost(Duration.ofSeconds(30)).until(() -> hook.requests().size() == 2);
      JsonNode shown = JSON.readTree(get(console, "/api/anomalies")).path("alerts");
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  get(console, "/metrics")
                      .contains(
                          "flyball_budget_alerts_total{budget=\"day\",mark=\"exhausted\"} 1.0"));
      end.open();
      program.await(1, TimeUnit.MINUTES);
      assertThat(seen(program)).as(program::describe).containsEntry("dear 200", 10);
      assertThat(small.requests()).hasSize(8);
      assertThat(provider.requests().stream().filter(request -> !isEnd(request))).hasSize(2);
      assertThat(small.requests())
          .allMatch(request -> request.header("authorization").equals("Bearer small-key"));

      List<JsonNode> posted = new ArrayList<>();
      for (RecordedRequest request : hook.requests()) {
        posted.add(JSON.readTree(request.bodyText()));
      }
      assertThat(posted)
          .extracting(
              alert -> alert.path("event").asText(),
              alert -> alert.path("mark").asText(),
              alert -> alert.path("account").asText())
          .containsExactly(
              tuple("budget", "exhausted", "day|=dear"), tuple("budget", "alert-at", "day|=plain"));
      assertThat(shown).containsExactlyInAnyOrderElementsOf(posted);
      assertThat(Files.readAllLines(events))
          .filteredOn(line -> line.startsWith("{\"event\""))
          .containsExactly(hook.requests().get(0).bodyText(), hook.requests().get(1).bodyText());
      String logged = "budget `day`, model dear: $0.30 of $0.30 spent, it is exhausted";
      assertThat(program.err().split(Pattern.quote(logged), -1)).as("log lines").hasSize(2);
    }
  }

  @Test
  void aJvmThatIsKilledLeavesTheAccountRight() throws Exception {
    BigDecimal before;
    BigDecimal inFlight;
    try (FakeProvider provider = FakeProvider.start(0, request -> completion(request, 200));
        JavaProcess program = spenders(provider, 8, 1_000_000, "dear").jvm(durable()).start()) {
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !program.isAlive() || CallEvents.read(events).all().size() > 200);
      assertThat(program.isAlive()).as(program::describe).isTrue();
      program.close();
      await().atMost(Duration.ofSeconds(10)).until(() -> !program.isAlive());
      CallEvents written = CallEvents.read(events);
      before = written.total().costUsd();
      long unknown = provider.requests().size() - written.all().size();
      // Eight threads may have reserved without having sent.
      inFlight = WORTH.multiply(BigDecimal.valueOf(unknown + 8));
    }
    try (FakeProvider provider =
            FakeProvider.start(
                0, request -> isEnd(request) ? farewell() : completion(request, 1000));
        JavaProcess program = spenders(provider, 1, 1, "dear").jvm(durable()).start()) {
      String console = consoleOf(program);
      program.awaitLine(line -> line.equals("spent"), 60, TimeUnit.SECONDS);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> account(console, "day").path("reserved").decimalValue().signum() == 0);
      BigDecimal used = account(console, "day").path("used").decimalValue().subtract(WORTH);
      end.open();
      program.await(1, TimeUnit.MINUTES);
      assertThat(used).isGreaterThan(before).isLessThanOrEqualTo(before.add(inFlight));
      assertThat(program.err()).contains("killed with calls under way", "counts as spent");
    }
  }

  @Test
  void twoJvmsKeepAccountsInOneFolderAndBothAreThereAfterwards() throws Exception {
    Path otherEvents = folder.resolve("other.jsonl");
    List<BigDecimal> used = new ArrayList<>();
    try (FakeProvider provider =
        FakeProvider.start(0, request -> isEnd(request) ? farewell() : completion(request, 100))) {
      try (JavaProcess one = spenders(provider, 8, 200, "dear").jvm(durable()).start();
          JavaProcess other =
              spenders(provider, 8, 300, "dear")
                  .jvm(durable())
                  .jvm("-Dflyball.events.file=" + otherEvents)
                  .start()) {
        String console = consoleOf(one);
        String otherConsole = consoleOf(other);
        awaitEvents(one, events, 200);
        awaitEvents(other, otherEvents, 300);
        used.add(account(console, "day").path("used").decimalValue());
        used.add(account(otherConsole, "day").path("used").decimalValue());
        end.open();
        one.await(1, TimeUnit.MINUTES);
        other.await(1, TimeUnit.MINUTES);
        assertThat(one.err() + other.err()).doesNotContain("ERROR");
      }
      assertThat(used.get(0)).isEqualByComparingTo(CallEvents.read(events).total().costUsd());
      assertThat(used.get(1)).isEqualByComparingTo(CallEvents.read(otherEvents).total().costUsd());
      // One after the other takes the first file.
      try (JavaProcess again = spenders(provider, 1, 1, "dear").jvm(durable()).start()) {
        String console = consoleOf(again);
        again.await(1, TimeUnit.MINUTES);
        assertThat(again.err()).doesNotContain("ERROR", "killed");
        assertThat(console).isNotEmpty();
      }
      assertThat(data.resolve("budgets.dat")).exists();
      assertThat(data.resolve("budgets-2.dat")).exists();
    }
  }

  @Test
  void whereNothingCanBeKeptTheProgramRunsAndIsTold() throws Exception {
    Files.createFile(data);
    try (FakeProvider provider =
            FakeProvider.start(
                0, request -> isEnd(request) ? farewell() : completion(request, 10));
        JavaProcess program = spenders(provider, 2, 10, "dear").jvm(durable()).start()) {
      end.open();
      program.await(1, TimeUnit.MINUTES);
      assertThat(program.exitCode()).isZero();
      assertThat(seen(program)).containsEntry("dear 200", 10);
      assertThat(program.err())
          .contains("budgets: what is spent is forgotten when the JVM ends", data.toString());
      assertThat(program.err().split("budgets: what is spent", -1)).hasSize(2);
    }
  }

  private String[] durable() {
    return new String[] {"-Dflyball.data.dir=" + data, "-Dflyball.budget.day.limit=1000 USD"};
  }

  private JavaProcess.Builder spenders(
      FakeProvider provider, int threads, int calls, String kinds) {
    return JavaProcess.on(Jdk.running())
        .classPath(
            Built.classPath("traffic"),
            "com.example.traffic.Spenders",
            provider.url(),
            String.valueOf(threads),
            String.valueOf(calls),
            kinds)
        .jvm(TrafficClient.agent("govern", events))
        .jvm(NO_OTHER_POLICY)
        .jvm(
            "-Xss512k",
            "-Dflyball.prices.file=" + prices,
            // None of these tests is to fail at midnight.
            "-Dflyball.budget.day.window=1mo",
            "-Dflyball.console.port=0",
            "-Dflyball.console.token=money-0123456789");
  }

  private static boolean isEnd(RecordedRequest request) {
    return request.path().startsWith("/end");
  }

  private Answer farewell() {
    return Answer.nothing().gate(end).andThen(Answer.of(200, "bye"));
  }

  private static int most(RecordedRequest request) {
    Matcher matcher = MOST.matcher(request.bodyText());
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 1000;
  }

  private static String modelOf(RecordedRequest request) {
    return request.path().split("/")[1];
  }

  /** After a moment, that others come meanwhile. */
  private static Answer completion(RecordedRequest request, int tokens) {
    return Answer.nothing()
        .pause(100, TimeUnit.MILLISECONDS)
        .andThen(completion(modelOf(request), 7, Math.min(most(request), tokens)));
  }

  private static Answer completion(String model, int in, int out) {
    return Answer.json(
        200,
        "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\""
            + model
            + "\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},"
            + "\"finish_reason\":\"stop\"}],\"usage\":"
            + usage(in, out)
            + "}");
  }

  private static String usage(int in, int out) {
    return "{\"prompt_tokens\":"
        + in
        + ",\"completion_tokens\":"
        + out
        + ",\"total_tokens\":"
        + (in + out)
        + "}";
  }

  private static String chunk(String model, String choices, String more) {
    return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\""
        + model
        + "\",\"choices\":["
        + choices
        + "]"
        + more
        + "}";
  }

  private static String word(String text) {
    return "{\"index\":0,\"delta\":{\"content\":\"" + text + "\"},\"finish_reason\":null}";
  }

  private Answer anyEnd(RecordedRequest request) {
    int some = request.rawText().hashCode() & 0xff;
    switch (modelOf(request)) {
      case "plain":
        return completion("plain", 11 + some, 101 + some);
      case "stream":
        return Answer.events()
            .event(chunk("stream", word("one"), ""))
            .event(chunk("stream", word(" two"), ""))
            .event(chunk("stream", "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}", ""))
            .event(chunk("stream", "", ",\"usage\":" + usage(13 + some, 2)))
            .event("[DONE]")
            .end();
      case "leave":
        return Answer.events().event(chunk("leave", word("one"), "")).stall();
      case "error":
        return CannedAnswers.openAiError(500, "server_error");
      case "busy":
        return CannedAnswers.openAiError(429, "rate_limit_exceeded");
      case "reset":
        return Answer.nothing().reset();
      case "end":
        return farewell();
      default:
        return Answer.silence();
    }
  }

  private static void awaitEvents(JavaProcess program, Path file, int calls) {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> !program.isAlive() || CallEvents.read(file).all().size() >= calls);
    assertThat(program.isAlive()).as(program::describe).isTrue();
  }

  private static Map<String, Integer> seen(JavaProcess program) {
    Map<String, Integer> seen = new TreeMap<>();
    for (String line : program.out().split("\n")) {
      if (line.contains(" = ")) {
        seen.put(line.split(" = ")[0], Integer.parseInt(line.split(" = ")[1].trim()));
      }
    }
    return seen;
  }

  private static String consoleOf(JavaProcess program) {
    Matcher printed =
        CONSOLE.matcher(
            program.awaitLine(line -> CONSOLE.matcher(line).find(), 60, TimeUnit.SECONDS));
    assertThat(printed.find()).isTrue();
    return printed.group(1);
  }

  private List<JsonNode> accounts(String console) throws Exception {
    List<JsonNode> all = new ArrayList<>();
    JSON.readTree(get(console, "/api/budgets")).path("budgets").forEach(all::add);
    return all;
  }

  private String get(String console, String path) throws Exception {
    HttpResponse<String> answer =
        browser.send(
            HttpRequest.newBuilder(URI.create(console + path))
                .header("Authorization", "Bearer money-0123456789")
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer::body).isEqualTo(200);
    return answer.body();
  }

  private JsonNode account(String console, String name) throws Exception {
    return account(console, accounts(console), name);
  }

  private static JsonNode account(String console, List<JsonNode> accounts, String name) {
    for (JsonNode each : accounts) {
      if (each.path("account").asText().equals(name)) {
        return each;
      }
    }
    throw new AssertionError(console + " has no account " + name + ": " + accounts);
  }
}
