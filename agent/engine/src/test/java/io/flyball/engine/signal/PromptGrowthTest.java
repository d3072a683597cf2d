package io.flyball.engine.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.telemetry.SampleCalls;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;

class PromptGrowthTest {
  private final List<PromptGrowth.Alert> alerts = new ArrayList<>();
  private final PromptGrowth growth = new PromptGrowth(10, alerts::add);

  private static CallRecord call(Operation operation, String feature, long tokens) {
    RequestFacts request =
        RequestFacts.builder(SampleCalls.protocol("openai.chat"), operation, "openai").build();
    return CallRecord.builder("c", request)
        .attribution(new Attribution(null, feature, null, null, null, null))
        .outcome(io.flyball.engine.call.Outcome.SUCCESS, 200, null)
        .times(0, 1)
        .usage(Usage.builder(Usage.Source.REPORTED).input(tokens).output(1).build())
        .build();
  }

  private void ask(String feature, int calls, Random random, ToLongFunction<Random> length) {
    for (int i = 0; i < calls; i++) {
      growth.callEnded(call(Operation.CHAT, feature, Math.max(1, length.applyAsLong(random))));
    }
  }

  private static ToLongFunction<Random> logNormal(double median, double sigma) {
    return random -> Math.round(median * Math.exp(sigma * random.nextGaussian()));
  }

  /** It has no mean that anybody could compare with. */
  private static ToLongFunction<Random> pareto(double least, double shape) {
    return random -> Math.round(least * Math.pow(1 - random.nextDouble(), -1 / shape));
  }

  /** Short questions and whole documents, about as many of each: the median is a coin toss. */
  private static long twoKinds(Random random) {
    return random.nextInt(100) < 52 ? 100 : 20_000;
  }

  @Test
  void heavyTailsAloneRaiseNoAlarm() {
    for (long seed = 0; seed < 50; seed++) {
      ask("a" + seed, 5_000, new Random(seed), logNormal(1_000, 1));
      ask("b" + seed, 5_000, new Random(seed), logNormal(1_000, 2));
      ask("c" + seed, 5_000, new Random(seed), pareto(200, 0.9));
      ask("d" + seed, 5_000, new Random(seed), PromptGrowthTest::twoKinds);
    }
    assertThat(alerts).isEmpty();
  }

  @Test
  void promptsThatDoubleAreNoticedOnce() {
    for (long seed = 0; seed < 50; seed++) {
      alerts.clear();
      Random random = new Random(seed);
      String feature = "f" + seed;
      ask(feature, 600, random, logNormal(1_000, 1));
      assertThat(alerts).isEmpty();
      ask(feature, 600, random, logNormal(2_200, 1));
      assertThat(alerts).as("seed " + seed).hasSize(1);
      assertThat(alerts.get(0).feature()).isEqualTo(feature);
      assertThat(alerts.get(0).before()).isBetween(700L, 1_400L);
      assertThat(alerts.get(0).now()).isBetween(1_500L, 3_000L);
    }
    assertThat(growth.alerts()).isEqualTo(50);
  }

  @Test
  void growthByLittleAndLittleIsNoticedToo() {
    Random random = new Random(1);
    for (int day = 0; day < 100; day++) {
      ask("chat", 50, random, logNormal(1_000 * Math.pow(1.02, day), 0.7));
    }
    // By e² in all: more than twice, and twice again.
    assertThat(alerts.size()).isBetween(2, 3);
  }

  @Test
  void lengthsThatNeverVaryCanGrowToo() {
    ask("fixed", 300, new Random(1), random -> 1_000);
    assertThat(alerts).isEmpty();
    assertThat(growth.ratios()).containsEntry("fixed", 1.0);
    ask("fixed", 100, new Random(1), random -> 2_000);
    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0))
        .hasToString("prompts of the feature fixed have grown: 1000 -> 2000 tokens (median)");
  }

  @Test
  void theFirstCallsAreNoGrowth() {
    ask("new", 100, new Random(1), random -> 100);
    ask("new", 90, new Random(1), random -> 10_000);
    assertThat(alerts).isEmpty();
    assertThat(growth.ratios()).isEmpty();
  }

  @Test
  void whatBecameShorterGrowsFromThere() {
    Random random = new Random(1);
    ask("chat", 600, random, logNormal(4_000, 0.5));
    ask("chat", 600, random, logNormal(1_000, 0.5));
    assertThat(alerts).isEmpty();
    ask("chat", 600, random, logNormal(3_000, 0.5));
    assertThat(alerts).hasSize(1);
  }

  @Test
  void featuresAreWatchedByThemselvesAndNotWithoutEnd() {
    ask(null, 600, new Random(1), random -> 1_000);
    for (int i = 0; i < 1_000; i++) {
      ask("f" + i, 1, new Random(1), random -> 50_000);
      ask(null, 1, new Random(1), random -> 1_000);
    }
    assertThat(alerts).isEmpty();
    assertThat(growth.ratios()).containsOnlyKeys("");
    ask(null, 100, new Random(1), random -> 5_000);
    assertThat(alerts).hasSize(1);
    assertThat(alerts.get(0).toString()).contains("calls without a feature");
  }

  @Test
  void onlyPromptsCount() {
    ask("chat", 300, new Random(1), random -> 1_000);
    for (int i = 0; i < 300; i++) {
      growth.callEnded(call(Operation.EMBEDDINGS, "chat", 50_000));
      growth.callEnded(SampleCalls.failed(500, "error").build());
    }
    assertThat(alerts).isEmpty();
  }
}
