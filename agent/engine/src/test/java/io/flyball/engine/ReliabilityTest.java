package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.breaker.BreakerSettings;
import io.flyball.engine.breaker.BreakerStage;
import io.flyball.engine.breaker.BreakerState;
import io.flyball.engine.breaker.CircuitBreakers;
import io.flyball.engine.breaker.CircuitState;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.capability.Place;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Retry, timeouts and stream recovery on one target. */
class ReliabilityTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String OVERLOADED =
      "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":null}}";

  private final Policies.Builder policies =
      Policies.builder()
          .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND));

  private ReliabilityHarness retrying() {
    return new ReliabilityHarness(
        policies
            .retry(3, backoff(), new RetryBudget(0.2, 10, new ManualTime()))
            .streamRecovery(StreamRecovery.SPLICE)
            .build());
  }

  private static Backoff backoff() {
    return new Backoff(SECOND / 2, 20 * SECOND, () -> 1.0);
  }

  @Test
  void aFailureThatPassesIsAskedAgain() throws Exception {
    ReliabilityHarness harness = retrying();
    harness.upstream.answers(503, OVERLOADED).answers(200, OK);
    CompletableFuture<WireResponse> answer = harness.ask();
    assertThat(answer).isNotDone();
    harness.clock.advanceMillis(20_000);
    assertThat(text(answer.get())).isEqualTo(OK);
    assertThat(harness.upstream.sent).hasSize(2);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Test
  void theLastFailureIsHandedOnAsItCame() throws Exception {
    ReliabilityHarness harness = retrying();
    harness.upstream.answers(503, "1").answers(503, "2").answers(503, OVERLOADED);
    CompletableFuture<WireResponse> answer = harness.ask();
    harness.clock.advanceMillis(60_000);
    assertThat(answer.get().status()).isEqualTo(503);
    assertThat(text(answer.get())).isEqualTo(OVERLOADED);
    assertThat(harness.upstream.sent).hasSize(3);
  }

  @Test
  void whatTheApplicationGotWrongIsNotAskedAgain() throws Exception {
    for (int status : new int[] {400, 401, 403, 404, 422}) {
      ReliabilityHarness harness = retrying();
      harness.upstream.answers(status, OVERLOADED);
      assertThat(harness.ask().get().status()).isEqualTo(status);
      assertThat(harness.upstream.sent).hasSize(1);
    }
  }

  @Test
  void whoIsTurnedAwayByACircuitBreakerIsNoted() throws Exception {
    CircuitBreakers breakers = new CircuitBreakers(new ManualTime());
    breakers.configure(
        new BreakerSettings(0.5, null, 60 * SECOND, 10, 60 * SECOND, 15 * SECOND)
            .alwaysRefusing(true));
    policies.stage(Place.BREAKER, new BreakerStage(breakers, TimeSource.SYSTEM));
    ReliabilityHarness harness = retrying();
    for (int i = 0; i < 60; i++) {
      harness.upstream.answers(500, "{}");
    }
    for (int i = 0; i < 20; i++) {
      CompletableFuture<WireResponse> answer = harness.ask();
      harness.clock.advanceMillis(60_000);
      text(answer.get());
    }
    CallJournal first = harness.records.get(0).journal();
    CallJournal last = harness.records.get(19).journal();
    assertThat(first.notes()).isEmpty();
    assertThat(last.notes()).hasToString("{breaker=open}");
    assertThat(last.budgetDecision()).isNull();
  }

  @Test
  void aRedirectThatTheClientDoesNotFollowIsHandedOnOnceAndNoFailureOfTheTarget() throws Exception {
    CircuitBreakers breakers = new CircuitBreakers(new ManualTime());
    policies.stage(Place.BREAKER, new BreakerStage(breakers, TimeSource.SYSTEM));
    for (String body : new String[] {"", "<html>moved</html>", OK}) {
      ReliabilityHarness harness = retrying();
      for (int i = 0; i < 10; i++) {
        harness.upstream.answers(307, body, "Location", "https://elsewhere.example/v1");
        WireResponse answer = harness.ask().get();
        assertThat(answer.status()).isEqualTo(307);
        assertThat(answer.headers().first("Location")).isEqualTo("https://elsewhere.example/v1");
        assertThat(text(answer)).isEqualTo(body);
      }
      assertThat(harness.upstream.sent).hasSize(10);
      assertThat(harness.errors.counts()).isEmpty();
    }
    assertThat(breakers.states()).extracting(BreakerState::state).containsOnly(CircuitState.CLOSED);
  }

  @Test
  void theProviderSaysHowLongToWait() {
    ReliabilityHarness harness = retrying();
    harness.upstream.answers(429, OVERLOADED, "Retry-After", "2").answers(200, OK);
    CompletableFuture<WireResponse> answer = harness.ask();
    harness.clock.advanceMillis(1_999);
    assertThat(answer).isNotDone();
    harness.clock.advanceMillis(2_000);
    assertThat(answer).isDone();
  }

  @Test
  void aWaitThatDoesNotFitIsNotWaited() throws Exception {
    ReliabilityHarness harness = retrying();
    harness.upstream.answers(429, OVERLOADED, "Retry-After", "3600");
    assertThat(harness.ask().get().status()).isEqualTo(429);
  }

  @Test
  void aDeadConnectionIsAskedAgainAndKeepsItsException() {
    ReliabilityHarness harness = retrying();
    IOException last = new IOException("reset");
    harness.upstream.fails(new IOException("1")).fails(new IOException("2")).fails(last);
    CompletableFuture<WireResponse> answer = harness.ask();
    harness.clock.advanceMillis(60_000);
    assertThatThrownBy(answer::get).cause().isSameAs(last);
    assertThat(harness.upstream.sent).hasSize(3);
  }

  @Test
  void aStreamThatFailsBeforeItsFirstContentIsAskedAgain() throws Exception {
    ReliabilityHarness harness = retrying();
    harness
        .upstream
        .streams(
            "data: {\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}\n\n", null)
        .streams(wholeStream("Hi"), null);
    CompletableFuture<WireResponse> answer = harness.askStream();
    harness.clock.advanceMillis(5_000);
    assertThat(text(answer.get())).isEqualTo(wholeStream("Hi"));
  }

  @Test
  void anAnswerThatEndsBeforeItsFirstContentIsAskedAgain() throws Exception {
    ReliabilityHarness harness =
        new ReliabilityHarness(
            Policies.builder()
                .retry(3, backoff(), new RetryBudget(0.2, 10, new ManualTime()))
                .build());
    harness.upstream.streams(": wait\n\n", null).streams(wholeStream("Hel", "lo"), null);
    CompletableFuture<WireResponse> answer = harness.askStream();
    harness.clock.advanceMillis(5_000);
    assertThat(text(answer.get())).isEqualTo(wholeStream("Hel", "lo"));
    assertThat(harness.upstream.sent).hasSize(2);
  }

  @Test
  void halfAnAnswerIsAskedAgain() throws Exception {
    ReliabilityHarness harness = retrying();
    harness.upstream.answers(200, OK.substring(0, 100)).answers(200, OK);
    CompletableFuture<WireResponse> answer = harness.ask();
    harness.clock.advanceMillis(5_000);
    assertThat(text(answer.get())).isEqualTo(OK);
    assertThat(harness.upstream.sent).hasSize(2);
  }

  @Test
  void whoIsSilentIsGivenUpAndNotAskedAgain() throws Exception {
    ReliabilityHarness harness = retrying();
    harness.upstream.isSilent();
    CompletableFuture<WireResponse> answer = harness.askStream();
    harness.clock.advanceMillis(4_999);
    assertThat(answer).isNotDone();
    harness.clock.advanceMillis(1);
    assertThat(answer.get().status()).isEqualTo(504);
    assertThat(text(answer.get())).contains("flyball_timeout", "api.openai.com", "5 s");
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(harness.upstream.attempts.get(0).isCancelled()).isTrue();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(harness.onlyRecord().attempts().get(0).outcome()).isEqualTo(Outcome.TIMEOUT);
  }

  @Test
  void allAttemptsShareTheTimeOfTheCall() throws Exception {
    ReliabilityHarness harness = retrying();
    harness.upstream.answers(503, OVERLOADED).isSilent();
    CompletableFuture<WireResponse> answer = harness.ask("x-flyball-timeout", "4s");
    harness.clock.advanceMillis(3_999);
    assertThat(answer).isNotDone();
    harness.clock.advanceMillis(1);
    assertThat(answer).isDone();
  }

  @Test
  void aStreamThatGoesSilentFailsItsRead() throws Exception {
    ReliabilityHarness harness = retrying();
    Pieces body = Pieces.of(chunk("Hel"));
    harness.upstream.streams(body);
    WireResponse answer = harness.askStream().get();
    assertThat(answer.body().read().toCompletableFuture()).isCompleted();
    CompletableFuture<?> second = answer.body().read().toCompletableFuture();
    harness.clock.advanceMillis(2_999);
    assertThat(second).isNotDone();
    harness.clock.advanceMillis(10);
    assertThatThrownBy(second::get).cause().isInstanceOf(SocketTimeoutException.class);
    assertThat(harness.upstream.attempts.get(0).isCancelled()).isTrue();
    assertThat(harness.upstream.sent).as("a silent target is not asked again").hasSize(1);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.TIMEOUT);
  }

  @Test
  void aReaderThatTakesItsTimeIsNoSilence() throws Exception {
    ReliabilityHarness harness = retrying();
    harness.upstream.streams(chunk("Hel"), chunk("lo"), finish() + DONE, null);
    WireResponse answer = harness.askStream().get();
    answer.body().read();
    harness.clock.advanceMillis(30_000);
    assertThat(text(answer)).isEqualTo(chunk("lo") + finish() + DONE);
  }

  @Test
  void aCutStreamGoesOnWithAnAnswerThatRepeatsIt() throws Exception {
    ReliabilityHarness harness = retrying();
    harness
        .upstream
        .streams(chunk("One "), chunk("two "), new IOException("reset"))
        .streams(chunk("One two thr"), chunk("ee"), finish(), DONE, null);
    String all = text(harness.askStream().get());
    assertThat(content(all)).isEqualTo("One two three");
    assertThat(all).endsWith(DONE).containsOnlyOnce("[DONE]");
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(harness.onlyRecord().attempts()).hasSize(2);
  }

  @Test
  void aCutStreamIsNeverJoinedWithADifferentAnswer() throws Exception {
    ReliabilityHarness harness = retrying();
    harness
        .upstream
        .streams(chunk("One "), chunk("two "), new IOException("reset"))
        .streams(wholeStream("One ", "and two"), null);
    WireResponse answer = harness.askStream().get();
    assertThatThrownBy(() -> text(answer)).isInstanceOf(IOException.class);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.CUT);
  }

  @Test
  void anEndWithoutTheLastEventIsNoEnd() throws Exception {
    ReliabilityHarness harness =
        new ReliabilityHarness(policies.streamRecovery(StreamRecovery.OFF).build());
    harness.upstream.streams(chunk("One "), chunk("two "), null);
    WireResponse answer = harness.askStream().get();
    assertThatThrownBy(() -> text(answer))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("broke off");
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.CUT);
  }

  @Test
  void aStreamIsBufferedUntilItIsWhole() throws Exception {
    ReliabilityHarness harness =
        new ReliabilityHarness(
            policies
                .retry(3, backoff(), new RetryBudget(0.2, 10, new ManualTime()))
                .streamRecovery(StreamRecovery.BUFFER)
                .build());
    harness
        .upstream
        .streams(chunk("One "), new IOException("reset"))
        .streams(wholeStream("Something ", "else"), null);
    CompletableFuture<WireResponse> answer = harness.askStream();
    harness.clock.advanceMillis(5_000);
    assertThat(text(answer.get())).isEqualTo(wholeStream("Something ", "else"));
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void aMalformedEventIsTakenOut() throws Exception {
    ReliabilityHarness harness = retrying();
    harness.upstream.streams(
        chunk("One "), "data: {\"id\":\"c1\",\"cho\n\n", wholeStream("two"), null);
    assertThat(text(harness.askStream().get())).isEqualTo(chunk("One ") + wholeStream("two"));
    assertThat(harness.onlyRecord().journal().eventsTakenOut()).isEqualTo(1);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void withoutATimerTheCallStillWorks() throws Exception {
    ReliabilityHarness harness = retrying();
    harness.clock.close();
    harness.upstream.answers(200, OK).answers(503, OVERLOADED);
    assertThat(text(harness.ask().get())).isEqualTo(OK);
    assertThat(harness.ask().get().status()).as("asked once, as without us").isEqualTo(503);
  }

  @Test
  void aTimerIsLeftBehindByNobody() throws Exception {
    ReliabilityHarness harness = retrying();
    harness.upstream.answers(200, OK);
    text(harness.ask().get());
    assertThat(harness.clock.scheduled()).isZero();
  }

  private static String content(String stream) {
    StringBuilder content = new StringBuilder();
    for (String event : stream.split("\n\n")) {
      int start = event.indexOf("\"content\":\"");
      if (start >= 0) {
        content.append(event, start + 11, event.indexOf('"', start + 11));
      }
    }
    return content.toString();
  }
}
