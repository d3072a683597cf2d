package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.bytes;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.breaker.BreakerStage;
import io.flyball.engine.breaker.BreakerState;
import io.flyball.engine.breaker.CircuitBreakers;
import io.flyball.engine.breaker.CircuitState;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.Budget.Action;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.capability.Place;
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
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Whole answers that a strict parser refuses: asked for once, handed on byte for byte, no failure
 * of anybody's, charged what they say. And requests of that kind.
 */
class OddAnswersTest {
  private static final Path FOLDER =
      Paths.get("..", "..", "test-apps", "attached-tests", "src", "test", "resources", "recorded");

  /** Recordings of what went wrong. */
  private static final String FAILED = ".*(cut|sseerr|sseval|reset|-e[45]).*";

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What cannot be told to be the same in another stream. */
  private static final List<String> INCOMPARABLE =
      Arrays.asList(
          "no UTF-8",
          "half a character",
          "surrogates",
          "words of Python",
          "escapes that are none",
          "numbers that are none",
          "1,100 levels",
          "1,100 objects",
          "100,000 levels");

  /** Good answers of real SDKs' calls. */
  private static final List<Exchange> GOOD = good();

  private final CircuitBreakers breakers = new CircuitBreakers(new ManualTime());

  private static Policies.Builder policies(CircuitBreakers breakers) {
    return Policies.builder()
        .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
        .retry(
            3,
            new Backoff(SECOND / 2, SECOND, () -> 1.0),
            new RetryBudget(0.2, 100, new ManualTime()))
        .stage(Place.BREAKER, new BreakerStage(breakers, TimeSource.SYSTEM))
        .streamRecovery(StreamRecovery.SPLICE);
  }

  private static String given(String kind, ReliabilityHarness harness) {
    try {
      return OddJson.of(bytes(harness.askStream().getNow(null)));
    } catch (IOException e) {
      return kind + ": " + e.getMessage();
    }
  }

  private ReliabilityHarness harness() {
    return new ReliabilityHarness(policies(breakers).build());
  }

  private static final class Exchange {
    final String name;
    final WireRequest request;
    final String contentType;
    final String body;

    Exchange(Path file) {
      name = file.getFileName().toString();
      try {
        JsonNode exchange = MAPPER.readTree(Files.readAllBytes(file));
        JsonNode sent = exchange.at("/requests/0");
        Headers.Builder headers = Headers.builder();
        for (JsonNode header : sent.path("headers")) {
          headers.add(header.get(0).asText(), header.get(1).asText());
        }
        String[] line = sent.path("line").asText("POST / HTTP/1.1").split(" ", 3);
        request =
            new WireRequest(
                line[0],
                URI.create("https://models.example" + line[1]),
                headers.build(),
                MAPPER.writeValueAsBytes(sent.get("body")));
        contentType = exchange.at("/response/headers/content-type").asText("");
        body =
            exchange.at("/response/status").asInt() == 200
                ? OddJson.of(
                    exchange.at("/response/body").asText().getBytes(StandardCharsets.UTF_8))
                : "";
      } catch (IOException e) {
        throw new AssertionError(name, e);
      }
    }

    boolean isJson() {
      return body.startsWith("{");
    }

    /** The events of the stream. */
    List<String> events() {
      return new ArrayList<>(Arrays.asList(body.split("(?<=\n\n)")));
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Exchange> good() {
    List<Exchange> good = new ArrayList<>();
    try (java.util.stream.Stream<Path> files = Files.list(FOLDER)) {
      files
          .filter(file -> file.toString().endsWith(".json"))
          .filter(file -> !file.getFileName().toString().matches(FAILED))
          .sorted()
          .map(Exchange::new)
          .filter(exchange -> exchange.isJson() || exchange.body.contains("data: {"))
          .filter(OddAnswersTest::isGood)
          .forEach(good::add);
    } catch (IOException e) {
      throw new AssertionError(FOLDER.toAbsolutePath().toString(), e);
    }
    return good;
  }

  private static boolean isGood(Exchange exchange) {
    try {
      ReliabilityHarness harness =
          new ReliabilityHarness(policies(new CircuitBreakers(new ManualTime())).build());
      GovernedCall call = harness.engine.open(exchange.request);
      return call != null
          && exchange.body.equals(ask(harness, call, exchange, exchange.body, 1 << 20))
          && harness.onlyRecord().outcome() == Outcome.SUCCESS;
    } catch (Exception e) {
      throw new AssertionError(exchange.name, e);
    }
  }

  private static String ask(
      ReliabilityHarness harness, GovernedCall call, Exchange exchange, String body, int piece)
      throws Exception {
    byte[] bytes = OddJson.bytes(body);
    List<Object> pieces = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += piece) {
      pieces.add(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece)));
    }
    pieces.add(null);
    harness.upstream.responds(
        200, Headers.of("Content-Type", exchange.contentType), Pieces.of(pieces.toArray()));
    return OddJson.of(bytes(answer(call, harness)));
  }

  /** Null where one request was not enough. */
  private static WireResponse answer(GovernedCall call, ReliabilityHarness harness) {
    return call.executeAsync(harness.upstream, Runnable::run).toCompletableFuture().getNow(null);
  }

  /** What is asked, handed on and charged is what it is of the good answer. */
  private void assertIsAnAnswer(Exchange exchange, String odd, int piece) throws Exception {
    ReliabilityHarness usual = harness();
    ask(usual, usual.engine.open(exchange.request), exchange, exchange.body, 1 << 20);
    ReliabilityHarness harness = harness();
    String given = ask(harness, harness.engine.open(exchange.request), exchange, odd, piece);
    assertThat(given.equals(odd)).as("the same bytes").isTrue();
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(harness.errors.counts()).isEmpty();
    CallRecord record = harness.onlyRecord();
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(record.attempts()).hasSize(1);
    assertThat(record.attempts().get(0).used()).isTrue();
    assertThat(record.usage()).usingRecursiveComparison().isEqualTo(usual.onlyRecord().usage());
    assertThat(record.response().model()).isEqualTo(usual.onlyRecord().response().model());
    assertThat(breakers.states()).extracting(BreakerState::state).containsOnly(CircuitState.CLOSED);
  }

  @Property(tries = 300)
  void anOddAnswerIsAnAnswer(
      @ForAll("plain") Exchange exchange,
      @ForAll("kindsOfBodies") String kind,
      @ForAll @IntRange(min = 1, max = 3) int times)
      throws Exception {
    int piece = times == 1 ? 1 << 20 : times == 2 ? 8192 : 509;
    assertIsAnAnswer(exchange, OddJson.odd(exchange.body, kind), piece);
  }

  @Property(tries = 300)
  void anOddEventIsAnEvent(
      @ForAll("streams") Exchange exchange,
      @ForAll("kindsOfData") String kind,
      @ForAll @IntRange(min = 0, max = 100) int which,
      @ForAll @IntRange(min = 300, max = 9000) int piece)
      throws Exception {
    List<String> events = exchange.events();
    int at = which % events.size();
    while (!events.get(at).contains("data: {")) {
      at = (at + 1) % events.size();
    }
    String event = events.get(at);
    int start = event.indexOf("data: ") + 6;
    int end = event.indexOf("\n", start);
    String odd = OddJson.odd(event.substring(start, end), kind);
    events.set(at, event.substring(0, start) + odd + event.substring(end));
    assertIsAnAnswer(exchange, String.join("", events), piece);
  }

  @Provide
  Arbitrary<Exchange> plain() {
    List<Exchange> plain = new ArrayList<>(GOOD);
    plain.removeIf(exchange -> !exchange.isJson());
    return Arbitraries.of(plain);
  }

  @Provide
  Arbitrary<Exchange> streams() {
    List<Exchange> streams = new ArrayList<>(GOOD);
    streams.removeIf(Exchange::isJson);
    return Arbitraries.of(streams);
  }

  @Provide
  Arbitrary<String> kindsOfBodies() {
    return Arbitraries.of(OddJson.kindsOfBodies());
  }

  @Provide
  Arbitrary<String> kindsOfData() {
    return Arbitraries.of(OddJson.kindsOfData());
  }

  @Test
  void thereAreAnswersOfEveryProtocol() {
    assertThat(GOOD)
        .extracting(exchange -> exchange.request.uri().getPath().replaceAll(".*/", ""))
        .contains("completions", "messages", "responses", "embeddings")
        .anyMatch(name -> name.endsWith(":generateContent"))
        .anyMatch(name -> name.endsWith(":streamGenerateContent"));
  }

  /** A stream goes on where it broke off, whatever was odd in it and in the one that goes on. */
  @Test
  void aStreamWithAnOddEventIsJoined() throws Exception {
    for (String kind : OddJson.kindsOfData()) {
      String odd = odd(chunk("b "), kind);
      String whole = chunk("a ") + odd + chunk("c ") + finish() + DONE;
      ReliabilityHarness harness = harness();
      harness
          .upstream
          .streams(chunk("a "), OddJson.bytes(odd), new IOException("reset"))
          .streams(OddJson.bytes(whole), null);
      String given = given(kind, harness);
      assertThat(given.equals(INCOMPARABLE.contains(kind) ? kind + ": reset" : whole))
          .as(kind + ": " + shortly(given))
          .isTrue();
    }
  }

  /** What cannot be compared goes on once the streams are together, and is not left out. */
  @Test
  void anOddEventBehindTheJointIsHandedOn() throws Exception {
    for (String kind : OddJson.kindsOfData()) {
      String rest = odd(chunk("b "), kind) + chunk("c ") + finish() + DONE;
      ReliabilityHarness harness = harness();
      harness
          .upstream
          .streams(chunk("a "), new IOException("reset"))
          .streams(OddJson.bytes(chunk("a ") + rest), null);
      String given = given(kind, harness);
      assertThat(given.equals(chunk("a ") + rest)).as(shortly(given)).isTrue();
    }
  }

  private static String shortly(String text) {
    return text.substring(0, Math.min(500, text.length()));
  }

  private static String odd(String event, String kind) {
    return "data: " + OddJson.odd(event.substring(6, event.length() - 2), kind) + "\n\n";
  }

  // ---- money

  private final PriceCatalogue prices = PriceCatalogue.builtIn();
  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});

  private ReliabilityHarness harness(BudgetUnit unit, String amount) {
    Budget budget =
        new Budget(
            "daily",
            unit,
            unit.parts(new BigDecimal(amount)),
            BudgetWindow.of("1d", ZoneOffset.UTC),
            EnumSet.noneOf(Budget.Dimension.class),
            Action.BLOCK,
            null,
            0.8);
    return new ReliabilityHarness(
        policies(breakers)
            .budgets(
                new BudgetSettings(Collections.singletonList(budget), false, 10 * SECOND),
                ledger,
                new CostBounds(prices::priceOf, (provider, host, model) -> 100, estimate::atMost))
            .build());
  }

  private CallRecord settled(ReliabilityHarness harness) {
    CallRecord priced =
        new CallPricing(prices, estimate).price(harness.records.get(harness.records.size() - 1));
    new SettlingListener().callEnded(priced);
    return priced;
  }

  @Test
  void anOddAnswerCountsAsOneCallAndCostsWhatItSays() throws Exception {
    List<String> kinds = OddJson.kindsOfBodies();
    ReliabilityHarness harness = harness(BudgetUnit.CALLS, "1000");
    for (String kind : kinds) {
      harness.upstream.answers(200, OddJson.bytes(OddJson.odd(OK, kind)));
      text(harness.ask().getNow(null));
      CallRecord record = settled(harness);
      assertThat(record.usage().source()).as(kind).isEqualTo(Usage.Source.REPORTED);
      assertThat(record.usage().input()).as(kind).isEqualTo(9);
      assertThat(record.costUsd()).as(kind).isEqualByComparingTo("0.00000195");
    }
    assertThat(BudgetUnit.CALLS.amount(ledger.states(0).get(0).used()))
        .isEqualByComparingTo(String.valueOf(kinds.size()));
    assertThat(harness.upstream.sent).hasSize(kinds.size());
  }

  @Test
  void whatNobodyCanReadIsHandedOnOnceAndEstimated() throws Exception {
    ReliabilityHarness harness = harness(BudgetUnit.USD, "1");
    String words = OddJson.repeat("word ", 400);
    for (String mistaken :
        new String[] {
          OK.replace("Hello", "He said \"" + words + "\" to me"),
          OK.replace("\"message\":", "\"message\" ").replace("Hello", words),
          OK.replace("[{", "[{]").replace("Hello", words)
        }) {
      harness.upstream.answers(200, mistaken);
      assertThat(text(harness.ask().getNow(null))).isEqualTo(mistaken);
      CallRecord record = settled(harness);
      assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
      assertThat(record.usage().source()).isEqualTo(Usage.Source.ESTIMATED);
      assertThat(record.usage().output()).isGreaterThan(400);
      assertThat(record.costUsd()).isPositive();
    }
    assertThat(harness.upstream.sent).hasSize(3);
    assertThat(breakers.states()).extracting(BreakerState::state).containsOnly(CircuitState.CLOSED);
  }

  @Test
  void onlyWhatIsCutIsAFailure() throws Exception {
    for (String kind : OddJson.kindsOfValues()) {
      String odd = OddJson.odd(OK, kind);
      ReliabilityHarness harness =
          new ReliabilityHarness(policies(new CircuitBreakers(new ManualTime())).build());
      harness
          .upstream
          .answers(200, OddJson.bytes(odd.substring(0, odd.length() - 1)))
          .answers(200, OK);
      java.util.concurrent.CompletableFuture<WireResponse> answer = harness.ask();
      harness.clock.advanceMillis(20_000);
      assertThat(text(answer.get())).as(kind).isEqualTo(OK);
    }
  }

  // ---- requests

  private static final String REQUEST =
      "{\"model\":\"gpt-4o-mini\",\"max_tokens\":50,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi there\"}]}";

  private static WireRequest request(String body) {
    return new WireRequest(
        "POST",
        URI.create("https://api.openai.com/v1/chat/completions"),
        Headers.of("Content-Type", "application/json"),
        OddJson.bytes(body));
  }

  @Test
  void anOddRequestPassesAsItIsAndIsCharged() throws Exception {
    for (String kind : OddJson.kindsOfBodies()) {
      for (String body :
          new String[] {
            OddJson.odd(REQUEST, kind),
            OddJson.odd(REQUEST.replaceFirst("\\{", "{\"stream\":true,"), kind)
          }) {
        boolean stream = body.replace("\0", "").contains("stream");
        ReliabilityHarness harness = harness(BudgetUnit.USD, "1000");
        if (stream) {
          harness.upstream.streams(wholeStream("Hi"), null);
        } else {
          harness.upstream.answers(200, OK);
        }
        GovernedCall call = harness.engine.open(request(body));
        assertThat(call).as(kind).isNotNull();
        text(answer(call, harness));
        String sent = OddJson.of(harness.upstream.sent.get(0).body());
        // Of a stream usage is asked for where that is a splice into good JSON.
        assertThat(sent.equals(body) || (stream && sent.contains("include_usage")))
            .as(kind)
            .isTrue();
        assertThat(harness.upstream.sent).as(kind).hasSize(1);
        CallRecord record = settled(harness);
        assertThat(record.request().model()).as(kind).isEqualTo("gpt-4o-mini");
        assertThat(record.usage().total()).as(kind).isPositive();
        assertThat(harness.errors.counts()).as(kind).isEmpty();
      }
    }
  }

  @Test
  void aBudgetThatIsUsedUpRefusesOddRequestsToo() throws Exception {
    ReliabilityHarness harness = harness(BudgetUnit.USD, "0.0000001");
    for (String kind : OddJson.kindsOfBodies()) {
      WireResponse refused =
          answer(harness.engine.open(request(OddJson.odd(REQUEST, kind))), harness);
      assertThat(refused.status()).as(kind).isGreaterThanOrEqualTo(400);
      text(refused);
    }
    assertThat(harness.upstream.sent).isEmpty();
  }

  /** Text behind a mistake is text, as far as anybody knows. */
  @Test
  void aLongPromptIsCountedWhereverItsJsonIsOdd() {
    String words = OddJson.repeat("many words ", 2000);
    long usual = estimate.atMost(OddJson.bytes(REQUEST.replace("Hi there", words)), "gpt-4o-mini");
    for (String odd : new String[] {"\t", "\0", "\u00ff\u00fe", "\\q", "\" \""}) {
      for (String text : new String[] {odd + words, words + odd, words + odd + words}) {
        assertThat(estimate.atMost(OddJson.bytes(REQUEST.replace("Hi there", text)), "gpt-4o-mini"))
            .as(odd)
            .isGreaterThanOrEqualTo(usual);
      }
    }
  }
}
