package io.flyball.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.budget.StoredSizes;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the provider keeps is billed with each call that names it, and reserved. */
class ContinuedCallsTest {
  private static final long WINDOW = 200_000;
  private static final long LIMIT = 100;
  private static final String RESPONSES = "https://api.openai.com/v1/responses";
  private static final String GEMINI =
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent";

  private final AtomicLong tries = new AtomicLong();
  private final StoredSizes sizes = new StoredSizes();
  private final CallPricing pricing =
      new CallPricing(
          PriceCatalogue.builtIn(),
          new UsageEstimate(
              new TokenCounter(1L << 30),
              (request, host, port) -> sizes.most(request, host, port, (p, h, m) -> WINDOW)));
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
  private final ReliabilityHarness harness =
      new ReliabilityHarness(
          Policies.builder()
              .budgets(
                  new BudgetSettings(
                      Collections.singletonList(
                          new Budget(
                              "tokens",
                              BudgetUnit.TOKENS,
                              Long.MAX_VALUE,
                              BudgetWindow.of("1d", ZoneOffset.UTC),
                              EnumSet.noneOf(Budget.Dimension.class),
                              Budget.Action.BLOCK,
                              null,
                              1)),
                      true,
                      0),
                  ledger,
                  new CostBounds(
                      (provider, host, model) -> Optional.empty(),
                      (provider, host, model) -> LIMIT,
                      (provider, host, model) -> WINDOW,
                      (body, model) -> body.length,
                      sizes,
                      Runnable::run))
              .build(),
          pricing);

  /** What was set aside while the call was under way, and what counts when it is over. */
  private static final class Taken {
    final long reserved;
    final long used;

    Taken(long reserved, long used) {
      this.reserved = reserved;
      this.used = used;
    }
  }

  /**
   * @param answer what it gets, a stream where it begins so
   */
  private Taken take(String url, String body, String answer, int reads, IOException breaks)
      throws Exception {
    long held = held();
    long used = used();
    CompletableFuture<WireResponse> upstream = harness.upstream.answersLater();
    CompletionStage<WireResponse> answered =
        harness.callAt(url, json(body)).executeAsync(harness.upstream, Runnable::run);
    long during = held();
    String said = json(answer);
    boolean stream = said.startsWith("event: ");
    Body bytes =
        stream ? ScriptedTransport.Pieces.of(said, breaks) : Bodies.of(said.getBytes(UTF_8));
    upstream.complete(
        WireResponse.received(
            200,
            Headers.of("Content-Type", stream ? "text/event-stream" : "application/json"),
            bytes,
            new Object()));
    WireResponse got = answered.toCompletableFuture().get();
    if (reads < 0) {
      try {
        ReliabilityHarness.text(got);
      } catch (IOException broken) {
        assertThat(broken).isSameAs(breaks);
      }
    } else {
      for (int i = 0; i < reads; i++) {
        got.body().read();
      }
      got.body().close();
    }
    CallRecord record = pricing.price(harness.records.get(harness.records.size() - 1));
    new SettlingListener().callEnded(record);
    sizes.callEnded(record);
    assertThat(held()).as("nothing is left over").isEqualTo(held);
    return new Taken(during - held, used() - used);
  }

  private long reserved(String url, String body, String answer) throws Exception {
    return take(url, body, answer, -1, null).reserved;
  }

  /** With ids that no other try has. */
  private String json(String text) {
    return text.replace('\'', '"').replace("TRY", String.valueOf(tries.get()));
  }

  private long used() {
    return ledger.states(0).stream().mapToLong(state -> state.used()).sum();
  }

  private long held() {
    return ledger.states(0).stream().mapToLong(state -> state.reserved()).sum();
  }

  private static String answer(int turn, long input, long output) {
    return "{'id':'resp_TRY_"
        + turn
        + "','object':'response','model':'gpt-5','status':'completed','output':[{'type':'message',"
        + "'role':'assistant','content':[{'type':'output_text','text':'Hello'}]}],'usage':{"
        + "'input_tokens':"
        + input
        + ",'output_tokens':"
        + output
        + ",'total_tokens':"
        + (input + output)
        + "}}";
  }

  @Property(tries = 200)
  void whatIsContinuedIsReservedAsLongAsItHasGrown(@ForAll long seed) throws Exception {
    tries.incrementAndGet();
    Random random = new Random(seed);
    long kept = 0;
    for (int turn = 1; turn < 8; turn++) {
      String names = turn == 1 ? "" : ",'previous_response_id':'resp_TRY_" + (turn - 1) + "'";
      String body = "{'model':'gpt-5','max_output_tokens':100,'input':'go on'" + names + "}";
      long input = kept + 2 + random.nextInt(10);
      long output = 1 + random.nextInt((int) LIMIT);

      long reserved = reserved(RESPONSES, body, answer(turn, input, output));

      assertThat(reserved).as(body).isBetween(input + LIMIT, kept + 400);
      kept = input + output;
    }
  }

  /** It may grow by items that are added to it, and by other programs. */
  @Property(tries = 50)
  void howLongAConversationIsIsNeverKnown(@ForAll long seed) throws Exception {
    tries.incrementAndGet();
    Random random = new Random(seed);
    for (int turn = 1; turn < 5; turn++) {
      String name = random.nextBoolean() ? "'conv_TRY'" : "{'id':'conv_TRY'}";
      String body =
          "{'model':'gpt-5','max_output_tokens':100,'input':'go on','conversation':" + name + "}";
      assertThat(reserved(RESPONSES, body, answer(turn, 50, 5))).isGreaterThan(WINDOW + LIMIT);
    }
  }

  private static String prompt(String fields) {
    return "{'model':'gpt-5','max_output_tokens':100,'input':'hi','prompt':{" + fields + "}}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'id':'p','version':'3'",
        "'id':'q','version':'2'",
        "'id':'p'",
        "'id':'p','version':null",
        "'id':'p','version':'latest'",
        "'id':'p','version':'2','version':'3'",
        "'id':'p','id':'q','version':'2'",
        "'version':'2'"
      })
  void onlyAVersionOfAPromptIsKnown(String other) throws Exception {
    String known = prompt("'version':'2','id':'p'");
    assertThat(reserved(RESPONSES, known, answer(1, 5_000, 5))).isGreaterThan(WINDOW);
    assertThat(reserved(RESPONSES, known, answer(2, 5_000, 5))).isBetween(5_000L, 6_000L);
    assertThat(reserved(RESPONSES, prompt(other), answer(3, 5_000, 5))).isGreaterThan(WINDOW);
    assertThat(reserved(RESPONSES, prompt(other), answer(3, 5_000, 5)))
        .as("again")
        .matches(again -> again > WINDOW || other.matches("'id':'.','version':'.'"));
  }

  /** One of two that stand in the request may be the one that is read. */
  @Test
  void whatIsKnownDoesNotHideWhatIsNot() throws Exception {
    reserved(RESPONSES, prompt("'id':'p','version':'2'"), answer(1, 50, 5));
    for (String twice :
        new String[] {
          prompt("'id':'p'},'prompt':{'id':'p','version':'2'"),
          prompt("'id':'p','version':'2'},'prompt':{'id':'p'"),
          prompt("'id':'p','version':'2'},'extra_body':{'previous_response_id':'x'"),
        }) {
      assertThat(reserved(RESPONSES, twice, answer(2, 50, 5))).as(twice).isGreaterThan(WINDOW);
    }
  }

  @Test
  void whatAnotherHostKeepsUnderThatNameIsNotKnown() throws Exception {
    String first = "{'model':'gpt-5','max_output_tokens':100,'input':'hi'}";
    String next = first.replace("'hi'", "'hi','previous_response_id':'resp_TRY_1'");
    reserved(RESPONSES, first, answer(1, 50, 5));

    assertThat(reserved(RESPONSES, next, answer(2, 60, 5))).isLessThan(1_000);
    for (String other : new String[] {"https://eu.api.openai.com", "https://api.openai.com:444"}) {
      assertThat(reserved(other + "/v1/responses", next, answer(3, 60, 5))).isGreaterThan(WINDOW);
    }
  }

  /** How an answer may end, and what it may say of usage: with the prompt, or without. */
  @Property(tries = 300)
  void whatNobodySaysTheLengthOfIsPaidAtItsLongest(@ForAll long seed) throws Exception {
    tries.incrementAndGet();
    Random random = new Random(seed);
    String usage =
        pick(
            random,
            "",
            ",'usage':null",
            ",'usage':{}",
            ",'usage':{'output_tokens':5}",
            ",'usage':{'input_tokens':0,'output_tokens':0,'total_tokens':0}",
            ",'usage':{'input_tokens':0,'output_tokens':5,'total_tokens':5}",
            ",'usage':{'input_tokens':1000,'output_tokens':5,'total_tokens':1005}");
    String model = pick(random, "gpt-4o", "gpt-4.1-nano", "gpt-5");
    String named =
        pick(
            random,
            "'previous_response_id':'old_TRY'",
            "'conversation':'conv_TRY'",
            "'prompt':{'id':'pmpt_TRY'}",
            "'prompt':{'id':'pmpt_TRY','version':'1'}");
    boolean stream = random.nextBoolean();
    boolean ends = !stream || random.nextBoolean();
    String body =
        "{'model':'"
            + model
            + "','max_output_tokens':100,'input':'hi',"
            + named
            + (stream ? ",'stream':true" : "")
            + "}";
    String whole =
        answer(1, 0, 0).replaceAll(",'usage':\\{[^}]*\\}", usage).replace("gpt-5", model);
    String answer =
        !stream
            ? whole
            : "event: response.created\n"
                + "data: {'type':'response.created','response':{'id':'resp_TRY_1',"
                + "'status':'in_progress','model':'"
                + model
                + "','usage':null,'output':[]}}\n\n"
                + "event: response.output_text.delta\ndata: {'type':'response.output_text.delta',"
                + "'item_id':'m','output_index':0,'content_index':0,'delta':'hello'}\n\n"
                + (ends
                    ? "event: response.completed\ndata: {'type':'response.completed','response':"
                        + whole
                        + "}\n\n"
                    : "");
    IOException breaks = ends ? null : pick(random, null, new IOException("Connection reset"));
    boolean leaves = !ends && breaks == null;

    Taken taken = take(RESPONSES, body, answer, leaves ? 1 : -1, breaks);

    String told = seed + ": " + body + " " + answer;
    assertThat(taken.reserved).as(told).isGreaterThan(WINDOW + LIMIT);
    boolean isTold = ends && usage.contains("1000");
    if (isTold) {
      assertThat(taken.used).as(told).isEqualTo(1_005);
    } else {
      assertThat(taken.used).as(told).isBetween(WINDOW, taken.reserved);
    }
    // Who goes on with it knows as much.
    String next = body.replace(named, "'previous_response_id':'resp_TRY_1'");
    long reserved = take(RESPONSES, next, answer, leaves ? 1 : -1, breaks).reserved;
    if (isTold) {
      assertThat(reserved).as(told).isBetween(1_005 + LIMIT, 2_000L);
    } else {
      assertThat(reserved).as(told).isGreaterThan(WINDOW + LIMIT);
    }
  }

  @SafeVarargs
  private static <T> T pick(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  @Property(tries = 50)
  void whatGeminiKeepsIsReservedAsItWasReported(@ForAll long seed) throws Exception {
    tries.incrementAndGet();
    long kept = 1_000 + new Random(seed).nextInt(150_000);
    String body =
        "{'contents':[{'parts':[{'text':'hi'}]}],'cachedContent':'cachedContents/TRY',"
            + "'generationConfig':{'maxOutputTokens':100}}";
    String answer =
        "{'candidates':[{'content':{'parts':[{'text':'Hello'}],'role':'model'},'finishReason':'STOP'}],"
            + "'modelVersion':'gemini-2.5-pro','responseId':'r','usageMetadata':{'promptTokenCount':"
            + (kept + 3)
            + ",'candidatesTokenCount':1,'totalTokenCount':"
            + (kept + 4)
            + ",'cachedContentTokenCount':"
            + kept
            + "}}";

    assertThat(reserved(GEMINI, body, answer)).isGreaterThanOrEqualTo(WINDOW + LIMIT);
    assertThat(reserved(GEMINI, body, answer)).isBetween(kept + LIMIT, kept + 500);
  }
}
