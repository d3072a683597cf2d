package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.wire.GovernedCall;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Near the end of a budget prompts are counted. Wherever in a request the text stands, and whatever
 * it is: what is left of a hard budget and does not pay for it, does not let it through; and what
 * pays for it several times does.
 *
 * <p>{@code -Dflyball.counted.seed} looks at that one alone, and {@code -Dflyball.counted.count} at
 * so many from there on.
 */
class CountedPromptTest {
  private static final long USUAL_WINDOW = 200_000;

  private static final AtomicBoolean FROM_SEED = new AtomicBoolean();

  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 40));

  @Property(tries = 600)
  void whatIsInAPromptIsCounted(@ForAll long seed) throws Exception {
    Long from = Long.getLong("flyball.counted.seed");
    if (from == null) {
      check(seed);
      return;
    }
    // Once, however often the property is tried.
    if (FROM_SEED.compareAndSet(false, true)) {
      for (long i = 0; i < Long.getLong("flyball.counted.count", 1); i++) {
        check(from + i);
      }
    }
  }

  /** Every place at least once, with text that looks like data. */
  @Test
  void everyPlaceCounts() throws Exception {
    for (int place = 0; place < CountedPrompt.places(); place++) {
      check(CountedPrompt.at(place, 7 + place));
    }
  }

  /**
   * Of what was said before an image is none of the text, wherever it stands and whichever way its
   * type does: a megabyte of it pays for its pixels.
   */
  @Property(tries = 60)
  void anImageInTheHistoryIsAnImage(
      @ForAll @IntRange(max = 9) int place,
      @ForAll @IntRange(min = 1, max = 4_000) int width,
      @ForAll @IntRange(min = 1, max = 4_000) int height,
      @ForAll boolean jpeg)
      throws Exception {
    StringBuilder data =
        new StringBuilder(jpeg ? MadeMedia.jpeg(width, height) : MadeMedia.png(width, height));
    for (int i = 0; i < 1_000_000; i++) {
      data.append((char) ('A' + (i * 31 + i / 7) % 26));
    }
    String url = "'data:image/" + (jpeg ? "jpeg" : "png") + ";base64," + data + "'";
    String[] items = {
      "{'type':'image_generation_call','id':'ig_1','status':'completed','result':'" + data + "'}",
      "{'result':'" + data + "','id':'ig_1','type':'image_generation_call'}",
      "{'type':'image_generation_call','result':" + url + "}",
      "{'type':'code_interpreter_call','outputs':[{'type':'image','url':" + url + "}]}",
      "{'outputs':[{'url':" + url + ",'type':'image'}],'type':'code_interpreter_call'}",
      "{'type':'code_interpreter_call','outputs':[{'type':'logs','logs':'a'},{'type':'image','url':"
          + url
          + "}]}",
    };
    String[] tools = {
      "{'type':'image_generation','input_image_mask':{'image_url':" + url + "}}",
      "{'input_image_mask':{'image_url':" + url + "},'type':'image_generation'}",
      "{'type':'function','name':'f'},{'type':'image_generation','input_image_mask':{'image_url':"
          + url
          + "}}",
      "{'type':'image_generation','input_image_mask':{'detail':{'x':[1]},'image_url':" + url + "}}"
    };
    String said =
        place < items.length
            ? "'input':[" + items[place] + ",{'role':'user','content':'bluer'}]"
            : "'input':'bluer','tools':[" + tools[place - items.length] + "]";
    String body = ("{'model':'gpt-5','max_output_tokens':1," + said + "}").replace('\'', '"');
    long billed = (long) DearestModel.RESPONSES_5.image(width, height, null);
    String at = DearestModel.RESPONSES_5.url;

    assertThat(passes(at, body, estimate, billed - 1)).as("less than the image").isFalse();
    assertThat(passes(at, body, estimate, billed + 5_000)).as("no megabyte of text").isTrue();
  }

  /** In a small heap tokens are guessed, and no fewer than they are. */
  @Test
  void aGuessIsNotBelow() throws Exception {
    UsageEstimate guessing = new UsageEstimate(new TokenCounter(64L << 20));
    for (long seed = 0; seed < 300; seed++) {
      CountedPrompt prompt = CountedPrompt.of(seed);
      if (passes(prompt, guessing, prompt.tokens - 1)) {
        fail("seed " + seed + ": " + prompt);
      }
    }
  }

  /** Of all that may answer, the one that makes most of a text. */
  @Test
  void whoMayAnswerInsteadIsCountedToo() throws Exception {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < 3_000; i++) {
      digits.append(i % 10);
    }
    String body =
        ("{'model':'openai/gpt-4o','models':['google/gemini-2.5-pro'],'max_tokens':1,"
                + "'messages':[{'role':'user','content':'DIGITS'}]}")
            .replace('\'', '"')
            .replace("DIGITS", digits);
    assertThat(passes("https://openrouter.ai/api/v1/chat/completions", body, estimate, 2_999))
        .isFalse();
  }

  private void check(long seed) throws Exception {
    try {
      check(CountedPrompt.of(seed));
    } catch (AssertionError broken) {
      throw new AssertionError("seed " + seed + ": " + broken.getMessage(), broken);
    }
  }

  private void check(CountedPrompt prompt) throws Exception {
    if (passes(prompt, estimate, prompt.tokens - 1)) {
      fail(prompt.tokens + " tokens pass for one less: " + prompt);
    }
    if (!passes(prompt, estimate, prompt.most)) {
      fail(prompt.tokens + " tokens do not pass for " + prompt.most + ": " + prompt);
    }
  }

  private static boolean passes(CountedPrompt prompt, UsageEstimate estimate, long limit)
      throws Exception {
    // What the provider keeps of a stored prompt is anything up to its window.
    long kept = prompt.body.contains("\"prompt\":{") ? USUAL_WINDOW : 0;
    return passes(prompt.url, prompt.body, estimate, limit + kept);
  }

  private static boolean passes(String url, String body, UsageEstimate estimate, long limit)
      throws Exception {
    Budget budget =
        new Budget(
            "b",
            BudgetUnit.TOKENS,
            limit,
            BudgetWindow.of("1d", ZoneOffset.UTC),
            EnumSet.noneOf(Budget.Dimension.class),
            Budget.Action.BLOCK,
            null,
            1);
    ReliabilityHarness harness =
        new ReliabilityHarness(
            Policies.builder()
                .budgets(
                    new BudgetSettings(Arrays.asList(budget), true, 0),
                    new Ledger(AccountStore.MEMORY, alert -> {}),
                    new CostBounds(
                        (provider, host, model) -> java.util.Optional.empty(),
                        (provider, host, model) -> 100,
                        estimate::atMost))
                .build());
    GovernedCall call = harness.callAt(url, body);
    assertThat(call).as(body).isNotNull();
    call.executeAsync(harness.upstream, Runnable::run);
    assertThat(harness.errors.counts()).as(body).isEmpty();
    return !harness.upstream.sent.isEmpty();
  }
}
