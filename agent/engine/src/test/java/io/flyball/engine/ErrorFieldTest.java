package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.breaker.BreakerStage;
import io.flyball.engine.breaker.BreakerState;
import io.flyball.engine.breaker.CircuitBreakers;
import io.flyball.engine.breaker.CircuitState;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.capability.Place;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.WireResponse;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is asked again for what stands under {@code error} in an answer with status 200. */
class ErrorFieldTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final List<String> NOTHING =
      Arrays.asList(
          "\"\"",
          "{}",
          "\"none\"",
          "{\"code\":0}",
          "{\"message\":null}",
          "{\"code\":\"0\",\"message\":\"success\"}");

  private final CircuitBreakers breakers = new CircuitBreakers(new ManualTime());

  private ReliabilityHarness harness() {
    return new ReliabilityHarness(
        Policies.builder()
            .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
            .retry(
                3,
                new Backoff(SECOND / 2, SECOND, () -> 1.0),
                new RetryBudget(0.2, 100, new ManualTime()))
            .stage(Place.BREAKER, new BreakerStage(breakers, TimeSource.SYSTEM))
            .streamRecovery(StreamRecovery.SPLICE)
            .build());
  }

  private static String with(String error, String json) {
    return json.replaceFirst("\\{\"id\"", "{\"error\":" + error.replace("$", "") + ",\"id\"");
  }

  private void isAskedOnce(ReliabilityHarness harness, String body, boolean stream)
      throws Exception {
    CompletableFuture<WireResponse> answer = stream ? harness.askStream() : harness.ask();
    assertThat(text(answer.get(10, TimeUnit.SECONDS))).isEqualTo(body);
    assertThat(harness.upstream.sent).as(body).hasSize(1);
    assertThat(breakers.states()).extracting(BreakerState::state).containsOnly(CircuitState.CLOSED);
  }

  @Test
  void anErrorThatSaysNothingIsNoReasonToAskAgain() throws Exception {
    for (String error : NOTHING) {
      String plain = with(error, OK);
      ReliabilityHarness harness = harness();
      harness.upstream.answers(200, plain);
      isAskedOnce(harness, plain, false);
      assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);

      for (boolean onlyLater : new boolean[] {false, true}) {
        String first = onlyLater ? chunk("one ") : with(error, chunk("one "));
        String[] pieces = {first, with(error, chunk("two")), with(error, finish()), DONE};
        harness = harness();
        harness.upstream.streams(pieces[0], pieces[1], pieces[2], pieces[3], null);
        isAskedOnce(harness, String.join("", pieces), true);
        assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
      }
    }
  }

  @Test
  void aWholePlainAnswerIsNotAskedForAgainWhateverStandsBesideIt() throws Exception {
    String plain = with("{\"message\":\"the cache was down\",\"code\":500}", OK);
    ReliabilityHarness harness = harness();
    harness.upstream.answers(200, plain);
    isAskedOnce(harness, plain, false);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void anErrorThatSaysSomethingIsAskedAgain() throws Exception {
    ReliabilityHarness harness = harness();
    harness.upstream.answers(200, "{\"error\":{\"message\":\"boom\"}}").answers(200, OK);
    CompletableFuture<WireResponse> answer = harness.ask();
    harness.clock.advanceMillis(20_000);
    assertThat(text(answer.get(10, TimeUnit.SECONDS))).isEqualTo(OK);
    assertThat(harness.upstream.sent).hasSize(2);
  }

  @Test
  void anErrorBehindTheFinishReasonIsNoReasonHoweverItIsCut() throws Exception {
    String error = "data: {\"error\":{\"message\":\"boom\",\"type\":\"server_error\"}}\n\n";
    String whole = chunk("Hi") + finish() + error;
    Object[][] cuts = {
      {whole, null},
      {whole, DONE, null},
      {chunk("Hi"), finish() + error, null},
      {chunk("Hi") + finish(), error, null}
    };
    for (Object[] cut : cuts) {
      ReliabilityHarness harness = harness();
      harness.upstream.streams(cut);
      isAskedOnce(harness, whole + (cut[1] == DONE ? DONE : ""), true);
    }
    ReliabilityHarness harness = harness();
    harness
        .upstream
        .streams(chunk("Hi") + error, null)
        .streams(chunk("Hi") + finish() + DONE, null);
    CompletableFuture<WireResponse> answer = harness.askStream();
    harness.clock.advanceMillis(20_000);
    assertThat(text(answer.get(10, TimeUnit.SECONDS))).isEqualTo(chunk("Hi") + finish() + DONE);
  }

  /** Another stream that goes on for one that broke off may say it, too. */
  @Test
  void anErrorThatSaysNothingIsNoneInTheStreamThatGoesOn() throws Exception {
    ReliabilityHarness harness = harness();
    String whole = chunk("one ") + chunk("two") + finish() + DONE;
    harness
        .upstream
        .streams(chunk("one "), new java.io.IOException("reset"))
        .streams(whole.replace("{\"id\"", "{\"error\":{},\"id\""), null);
    CompletableFuture<WireResponse> answer = harness.askStream();
    String got = text(answer.get(10, TimeUnit.SECONDS));
    assertThat(got).startsWith(chunk("one ")).endsWith(DONE).contains("two");
    assertThat(harness.upstream.sent).hasSize(2);
  }
}
