package io.flyball.engine;

import static io.flyball.engine.EngineHarness.readAll;
import static io.flyball.engine.EngineHarness.request;
import static io.flyball.engine.ScriptedTransport.answer;
import static io.flyball.engine.ScriptedTransport.answering;
import static io.flyball.engine.ScriptedTransport.failing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Caller;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.SdkAttempt;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the retry loop of an SDK is told about the calls in it. */
class SdkAttemptTest {
  private static final long SECOND = 1_000_000_000L;

  private final EngineHarness harness = new EngineHarness(Mode.GOVERN);
  private final Engine engine = harness.engine;

  @AfterEach
  void nothingFailed() {
    assertThat(harness.errors.counts()).isEmpty();
  }

  private static WireResponse status(int status) {
    return answer(status, "application/json", Pieces.of("hi\n\ndone\n\n", null));
  }

  private void ask(WireResponse answer) throws IOException {
    readAll(engine.open(request("ask")).execute(answering(answer)).body());
  }

  private boolean givenUpAfter(WireResponse answer) throws IOException {
    try (SdkAttempt attempt = engine.beginSdkAttempt("langchain4j")) {
      ask(answer);
      return attempt.isGivenUp();
    }
  }

  @Test
  void isGivenUpWhenAGovernedCallGotAnError() throws IOException {
    assertThat(givenUpAfter(status(429))).isTrue();
    assertThat(givenUpAfter(status(503))).isTrue();
    assertThat(givenUpAfter(status(200))).isFalse();
  }

  @Test
  void isGivenUpWhenAGovernedCallThrew() {
    IOException reset = new IOException("reset");
    SdkAttempt attempt = engine.beginSdkAttempt("langchain4j");
    assertThat(catchThrowable(() -> engine.open(request("ask")).execute(failing(reset))))
        .isSameAs(reset);
    attempt.close();

    assertThat(attempt.isGivenUp()).isTrue();
    assertThat(engine.hasGivenUp(reset)).isTrue();
    assertThat(engine.hasGivenUp(new CompletionException(new RuntimeException(reset)))).isTrue();
    assertThat(engine.hasGivenUp(new IOException("reset"))).isFalse();
  }

  private static final String[] OPENAI = {
    "User-Agent", "OpenAI/Java 4.0.0", "X-Stainless-Lang", "java"
  };

  private static ReliabilityHarness patientForASecond() {
    return new ReliabilityHarness(
        Policies.builder()
            .timeouts(new TimeoutSettings(SECOND, SECOND, SECOND, SECOND))
            .suppressSdkRetries(true)
            .build());
  }

  private static ReliabilityHarness repeating() {
    ReliabilityHarness harness =
        new ReliabilityHarness(
            Policies.builder()
                .retry(
                    RetrySettings.usual(3),
                    new Backoff(1, 1, () -> 1.0),
                    new RetryBudget(1, 1000, new ManualTime()))
                .suppressSdkRetries(true)
                .build());
    harness.engine.endsRetriesOf("openai-java");
    return harness;
  }

  /** What the loop of an asynchronous SDK sends, first on its own thread and later on others. */
  private static CompletableFuture<WireResponse> sentBySdk(
      ReliabilityHarness harness, int repetition) {
    SdkAttempt loop = repetition > 0 ? null : harness.engine.beginSdkAttempt("openai-java", 2);
    CompletableFuture<WireResponse> answer =
        harness.ask(
            "User-Agent",
            "OpenAI/Java 4.0.0",
            "X-Stainless-Lang",
            "java",
            "X-Stainless-Retry-Count",
            Integer.toString(repetition));
    if (loop != null) {
      loop.close();
    }
    harness.clock.advanceMillis(1_000);
    return answer;
  }

  private static Throwable timeoutAfterARepetition(ReliabilityHarness harness) {
    SocketTimeoutException timeout = new SocketTimeoutException("timeout");
    harness.upstream.answers(503, "{}").fails(timeout);
    CompletableFuture<WireResponse> first = sentBySdk(harness, 0);
    assertThat(catchThrowable(() -> first.get(10, TimeUnit.SECONDS))).hasCause(timeout);
    assertThat(harness.engine.hasGivenUp(timeout)).isFalse();
    assertThat(harness.upstream.sent).hasSize(2);
    return timeout;
  }

  @Test
  void whatWasRepeatedBeforeATimeoutIsTakenOffWhatAnUnseenLoopRepeats() throws Exception {
    ReliabilityHarness failing = repeating();
    timeoutAfterARepetition(failing);
    failing.upstream.answers(503, "{}");
    WireResponse last = sentBySdk(failing, 1).get(10, TimeUnit.SECONDS);
    assertThat(last.status()).isEqualTo(503);
    assertThat(last.headers().first("x-should-retry")).isEqualTo("false");
    assertThat(failing.upstream.sent).hasSize(3);

    ReliabilityHarness silent = repeating();
    timeoutAfterARepetition(silent);
    SocketTimeoutException again = new SocketTimeoutException("timeout");
    silent.upstream.fails(again);
    assertThat(catchThrowable(() -> sentBySdk(silent, 1).get(10, TimeUnit.SECONDS)))
        .hasCause(again);
    assertThat(silent.engine.hasGivenUp(again)).isTrue();
    assertThat(silent.upstream.sent).hasSize(3);
  }

  @Test
  void whatWasRepeatedOfOneCallIsNotTakenOffAnother() throws Exception {
    ReliabilityHarness harness = repeating();
    timeoutAfterARepetition(harness);
    harness.upstream.answers(503, "{}").answers(503, "{}").answers(503, "{}");
    assertThat(sentBySdk(harness, 0).get(10, TimeUnit.SECONDS).status()).isEqualTo(503);
    assertThat(harness.upstream.sent).hasSize(5);
  }

  @Test
  void whatWasRefusedByTheNetworkIsAnAnswerOnlyToAnSdkThatNothingElseKeepsFromAskingAgain()
      throws Exception {
    ReliabilityHarness kept = patientForASecond();
    kept.upstream.fails(new ConnectException("refused"));
    assertThat(kept.ask(OPENAI).get().status()).isEqualTo(503);

    ReliabilityHarness ended = patientForASecond();
    ended.engine.endsRetriesOf("openai-java");
    ConnectException refused = new ConnectException("refused");
    ended.upstream.fails(refused);
    CompletableFuture<WireResponse> answer = ended.ask(OPENAI);
    assertThat(catchThrowable(answer::get)).hasCause(refused);
    assertThat(ended.engine.hasGivenUp(refused)).isTrue();
  }

  @Test
  void whoDoesNotSayWhoseItIsIsKnownByTheLoopAroundIt() throws Exception {
    ReliabilityHarness ended = patientForASecond();
    ended.engine.endsRetriesOf("openai-java");
    ConnectException refused = new ConnectException("refused");
    ended.upstream.fails(refused).fails(refused);
    String[] unnamed = {"X-Stainless-Lang", "java"};
    assertThat(ended.ask(unnamed).get().status()).isEqualTo(503);
    try (SdkAttempt around = ended.engine.beginSdkAttempt("openai-java")) {
      CompletableFuture<WireResponse> answer = ended.ask(unnamed);
      assertThat(catchThrowable(answer::get)).hasCause(refused);
      assertThat(around.isGivenUp()).isTrue();
    }
  }

  @Test
  void aTimeoutOfOursIsTheClientsExceptionWhereTheSdkOnlyKnowsThat() throws Exception {
    ReliabilityHarness ended = patientForASecond();
    ended.engine.endsRetriesOf("openai-java");
    ended.upstream.isSilent();
    CompletableFuture<WireResponse> answer = ended.ask(OPENAI);
    ended.clock.advanceMillis(1_000);

    Throwable timeout = catchThrowable(answer::get).getCause();
    assertThat(timeout).isInstanceOf(SocketTimeoutException.class);
    assertThat(timeout).hasMessageContaining("api.openai.com").hasMessageContaining("1 s");
    assertThat(ended.engine.hasGivenUp(timeout)).isTrue();
    assertThat(ended.onlyRecord().outcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(ended.onlyRecord().errorType()).isEqualTo("flyball_timeout");
    assertThat(ended.errors.counts()).isEmpty();
  }

  /** Nothing of ours has failed: the request must not go out as if it had. */
  @Test
  void aCallWhoseTimeIsOverBeforeItIsSentIsNotSent() throws Exception {
    ReliabilityHarness ended = patientForASecond();
    ended.engine.endsRetriesOf("openai-java");
    GovernedCall call =
        ended.call(
            false,
            "User-Agent",
            "OpenAI/Java 4.0.0",
            "X-Stainless-Lang",
            "java",
            "x-flyball-timeout",
            "1ms");
    ended.clock.advanceMillis(1);
    CompletableFuture<WireResponse> answer =
        call.executeAsync(ended.upstream, Runnable::run).toCompletableFuture();

    Throwable timeout = catchThrowable(answer::get).getCause();
    assertThat(timeout).isInstanceOf(SocketTimeoutException.class);
    assertThat(timeout).hasMessageContaining("1 ms (x-flyball-timeout) is over");
    assertThat(ended.upstream.sent).isEmpty();
    assertThat(ended.engine.hasGivenUp(timeout)).isTrue();
    assertThat(ended.onlyRecord().attempts()).isEmpty();
  }

  /** The loop that is watched tells whose call it is where the request does not. */
  @Test
  void inAWatchedLoopTheTrueStatusIsHandedOn() throws Exception {
    ReliabilityHarness harness = patientForASecond();
    harness.upstream.isSilent();
    SdkAttempt attempt = harness.engine.beginSdkAttempt("langchain4j");
    CompletableFuture<WireResponse> answer = harness.ask();
    attempt.close();
    harness.clock.advanceMillis(1_000);

    assertThat(answer.get().status()).isEqualTo(408);
    assertThat(attempt.isGivenUp()).isTrue();
  }

  private static ReliabilityHarness repeating(RetrySettings retry) {
    return new ReliabilityHarness(
        Policies.builder()
            .retry(
                retry,
                new Backoff(SECOND, 4 * SECOND, () -> 1.0),
                new RetryBudget(0.2, 10, new ManualTime()))
            .suppressSdkRetries(true)
            .build());
  }

  /** LangChain4j asks again for what it cannot read; what was done for it is not done again. */
  @Test
  void whatIsNoAnswerIsGivenUpOnceItWasAskedForInPlaceOfTheSdk() throws Exception {
    String half = ReliabilityHarness.OK.substring(0, 60);
    for (String odd :
        new String[] {half, "{\"error\":{\"message\":\"m\",\"type\":\"server_error\"}}"}) {
      ReliabilityHarness harness = repeating(RetrySettings.usual(3));
      for (int i = 0; i < 4; i++) {
        harness.upstream.answers(200, odd);
      }
      SdkAttempt attempt = harness.engine.beginSdkAttempt("langchain4j", 2);
      CompletableFuture<WireResponse> answer = harness.ask();
      attempt.close();
      // An answer that takes long does not end it early: LangChain4j would have gone on, too.
      harness.clock.advanceMillis(20_000);
      assertThat(ReliabilityHarness.text(answer.get())).isEqualTo(odd);
      assertThat(harness.upstream.sent).hasSize(3);
      assertThat(attempt.isGivenUp()).as(odd).isTrue();
    }
  }

  @Test
  void whatIsNoAnswerIsLeftToTheSdkWhereItWasAskedForOnce() throws Exception {
    Object[][] once = {
      {ReliabilityHarness.OK.replace("Hello", "a\tb"), RetrySettings.usual(3)},
      {ReliabilityHarness.OK.substring(0, 60), RetrySettings.of(1)}
    };
    for (Object[] one : once) {
      ReliabilityHarness harness = repeating((RetrySettings) one[1]);
      harness.upstream.answers(200, (String) one[0]);
      SdkAttempt attempt = harness.engine.beginSdkAttempt("langchain4j", 2);
      CompletableFuture<WireResponse> answer = harness.ask();
      attempt.close();
      assertThat(answer.get().status()).isEqualTo(200);
      assertThat(harness.upstream.sent).hasSize(1);
      assertThat(attempt.isGivenUp()).isFalse();
    }
  }

  @Test
  void isGivenUpWhenAnAnswerIsCutShort() throws IOException {
    IOException cut = new IOException("cut");
    SdkAttempt attempt = engine.beginSdkAttempt("langchain4j");
    WireResponse delivered =
        engine
            .open(request("ask"))
            .execute(answering(answer(200, "application/json", Pieces.of("hi\n\n", cut))));
    attempt.close();
    assertThat(attempt.isGivenUp()).isFalse();
    assertThat(catchThrowable(() -> readAll(delivered.body()))).isNotNull();

    assertThat(attempt.isGivenUp()).isTrue();
    assertThat(engine.hasGivenUp(cut)).isTrue();
  }

  @Test
  void theLatestCallDecides() throws IOException {
    try (SdkAttempt attempt = engine.beginSdkAttempt("langchain4j")) {
      ask(status(503));
      ask(status(200));
      assertThat(attempt.isGivenUp()).isFalse();
    }
  }

  @Test
  void anSdkBuiltOnAnotherIsToldToo() throws IOException {
    try (SdkAttempt outer = engine.beginSdkAttempt("langchain4j")) {
      assertThat(givenUpAfter(status(503))).isTrue();
      assertThat(outer.isGivenUp()).isTrue();
    }
  }

  @Test
  void isNotGivenUpByCallsOutsideIt() throws IOException {
    SdkAttempt attempt = engine.beginSdkAttempt("langchain4j");
    attempt.close();
    ask(status(503));
    assertThat(attempt.isGivenUp()).isFalse();
    assertThat(givenUpAfter(status(200))).isFalse();
  }

  @Test
  void callsThatAreNotGovernedAreNotGivenUp() throws IOException {
    IOException reset = new IOException("reset");
    SdkAttempt attempt = engine.beginSdkAttempt("langchain4j");
    assertThat(engine.open(request("no model call"))).isNull();
    GovernedCall bypassed = engine.open(request("ask", "x-flyball-bypass", "true"));
    assertThat(catchThrowable(() -> bypassed.execute(failing(reset)))).isSameAs(reset);
    attempt.close();

    assertThat(attempt.isGivenUp()).isFalse();
    assertThat(engine.hasGivenUp(reset)).isFalse();
  }

  @Test
  void whatTheApplicationCancelsIsNotGivenUp() {
    SdkAttempt attempt = engine.beginSdkAttempt("langchain4j");
    IOException cancelled = new IOException("cancelled");
    GovernedCall call = engine.open(request("ask"));
    ScriptedTransport transport =
        new ScriptedTransport(
            n -> {
              call.cancel();
              CompletableFuture<WireResponse> sent = new CompletableFuture<>();
              sent.completeExceptionally(cancelled);
              return sent;
            });
    assertThat(catchThrowable(() -> call.execute(transport))).isNotNull();
    attempt.close();

    assertThat(attempt.isGivenUp()).isFalse();
    assertThat(engine.hasGivenUp(cancelled)).isFalse();
  }

  @Test
  void aCallThatIsOpenedElsewhereBelongsToTheThreadThatMadeIt() throws Exception {
    SdkAttempt attempt = engine.beginSdkAttempt("langchain4j");
    Caller caller = engine.caller();
    GovernedCall call =
        CompletableFuture.supplyAsync(() -> engine.open(request("ask"), caller)).get();
    attempt.close();
    call.execute(answering(status(503)));

    assertThat(attempt.isGivenUp()).isTrue();
  }

  @Test
  void aCallThatIsMadeElsewhereButOpenedHereBelongsHere() throws Exception {
    Caller caller = engine.caller();
    try (SdkAttempt attempt = engine.beginSdkAttempt("langchain4j")) {
      engine.open(request("ask"), caller).execute(answering(status(503)));
      assertThat(attempt.isGivenUp()).isTrue();
    }
  }

  @Test
  void observingLeavesSdksAlone() {
    assertLeavesAlone(new EngineHarness(Mode.OBSERVE));
  }

  @Test
  void leavesSdksAloneWhenToldTo() {
    EngineHarness told = new EngineHarness(Mode.GOVERN);
    assertThat(told.engine.suppressesSdkRetries()).isTrue();
    told.engine.apply(told.settings(Mode.GOVERN).suppressSdkRetries(false).build());
    assertLeavesAlone(told);
  }

  private static void assertLeavesAlone(EngineHarness harness) {
    IOException reset = new IOException("reset");
    assertThat(harness.engine.suppressesSdkRetries()).isFalse();
    assertThat(harness.engine.beginSdkAttempt("langchain4j")).isNull();
    assertThat(catchThrowable(() -> harness.open("ask").execute(failing(reset)))).isSameAs(reset);
    assertThat(harness.engine.hasGivenUp(reset)).isFalse();
  }
}
