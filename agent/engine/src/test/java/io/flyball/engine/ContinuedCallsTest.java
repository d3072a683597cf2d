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
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.wire.Bodies;
import io.flyball.engine.wire.Headers;
import io.flyball.engine.wire.WireResponse;
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

/** What the provider keeps is billed with each call that names it, and reserved. */
class ContinuedCallsTest {
  private static final long WINDOW = 200_000;
  private static final long LIMIT = 100;
  private static final String RESPONSES = "https://api.openai.com/v1/responses";
  private static final String GEMINI =
      "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent";

  private final AtomicLong tries = new AtomicLong();
  private final StoredSizes sizes = new StoredSizes();
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
              .build());

  /**
   * What is set aside while the call is under way.
   *
   * @param answer what it gets
   */
  private long reserved(String url, String body, String answer) throws Exception {
    long before = held();
    CompletableFuture<WireResponse> upstream = harness.upstream.answersLater();
    CompletionStage<WireResponse> answered =
        harness.callAt(url, json(body)).executeAsync(harness.upstream, Runnable::run);
    long during = held();
    upstream.complete(
        WireResponse.received(
            200,
            Headers.of("Content-Type", "application/json"),
            Bodies.of(json(answer).getBytes(UTF_8)),
            new Object()));
    ReliabilityHarness.text(answered.toCompletableFuture().get());
    sizes.callEnded(harness.records.get(harness.records.size() - 1));
    return during - before;
  }

  /** With ids that no other try has. */
  private String json(String text) {
    return text.replace('\'', '"').replace("TRY", String.valueOf(tries.get()));
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
  void aConversationIsReservedAsLongAsItHasGrown(@ForAll long seed) throws Exception {
    tries.incrementAndGet();
    Random random = new Random(seed);
    boolean conversation = random.nextBoolean();
    long kept = 0;
    for (int turn = 1; turn < 8; turn++) {
      String names =
          conversation
              ? random.nextBoolean()
                  ? ",'conversation':'conv_TRY'"
                  : ",'conversation':{'id':'conv_TRY'}"
              : turn == 1 ? "" : ",'previous_response_id':'resp_TRY_" + (turn - 1) + "'";
      String body = "{'model':'gpt-5','max_output_tokens':100,'input':'go on'" + names + "}";
      long input = kept + 2 + random.nextInt(10);
      long output = 1 + random.nextInt((int) LIMIT);

      long reserved = reserved(RESPONSES, body, answer(turn, input, output));

      assertThat(reserved).as(body).isGreaterThanOrEqualTo(input + LIMIT);
      boolean known = turn > 1 || !conversation;
      assertThat(reserved).as(body).isLessThan(known ? kept + 400 : WINDOW + 400);
      assertThat(reserved > WINDOW).as(body).isEqualTo(!known);
      kept = input + output;
    }
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
