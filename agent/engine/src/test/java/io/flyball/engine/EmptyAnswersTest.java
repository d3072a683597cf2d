package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.bytes;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.breaker.BreakerStage;
import io.flyball.engine.breaker.BreakerState;
import io.flyball.engine.breaker.CircuitBreakers;
import io.flyball.engine.breaker.CircuitState;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.capability.Place;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Answers that are none, answers that only look like it, and streams that just end. */
class EmptyAnswersTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String WHOLE = wholeStream("Backup");
  private static final String NO_CHOICES = "{\"id\":\"c1\",\"object\":\"x\",\"choices\":[]}";
  private static final String EVENTS = "text/event-stream";
  private static final String JSON = "application/json";

  private CircuitBreakers breakers = new CircuitBreakers(new ManualTime());

  private Policies.Builder policies(int attempts, StreamRecovery recovery) {
    return Policies.builder()
        .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
        .retry(
            attempts,
            new Backoff(SECOND / 2, SECOND, () -> 1.0),
            new RetryBudget(0.2, 100, new ManualTime()))
        .stage(Place.BREAKER, new BreakerStage(breakers, TimeSource.SYSTEM))
        .streamRecovery(recovery);
  }

  private ReliabilityHarness alone() {
    return new ReliabilityHarness(policies(3, StreamRecovery.SPLICE).build());
  }

  @Test
  void whoSaysThatThereIsNoContentIsAskedOnce() throws Exception {
    for (int status : new int[] {204, 205}) {
      ReliabilityHarness plain = alone();
      plain.upstream.answers(status, "");
      assertThat(plain.ask().get().status()).isEqualTo(status);
      assertThat(plain.upstream.sent).hasSize(1);

      ReliabilityHarness stream = alone();
      stream.upstream.answers(status, "");
      assertThat(stream.askStream().get().status()).isEqualTo(status);
      assertThat(stream.upstream.sent).hasSize(1);
    }
  }

  /** A part, a promise, another protocol: what comes is all that was meant to come. */
  @Test
  void onlyAStatusThatPromisesAnAnswerIsAskedForOneAgain() throws Exception {
    for (int status : new int[] {101, 199, 202, 206, 226}) {
      for (String body : new String[] {"", NO_CHOICES.substring(0, 20)}) {
        ReliabilityHarness alone = alone();
        alone.upstream.answers(status, body);
        WireResponse answer = alone.ask().get(10, TimeUnit.SECONDS);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(text(answer)).isEqualTo(body);
        assertThat(alone.upstream.sent).hasSize(1);

        ReliabilityHarness chained = chained(StreamRecovery.SPLICE);
        chained.upstream.answers(status, body).answers(200, OK);
        assertThat(text(chained.ask().get(10, TimeUnit.SECONDS))).isEqualTo(OK);
      }
    }
    for (int status : new int[] {200, 201, 203}) {
      ReliabilityHarness alone = alone();
      alone.upstream.answers(status, "").answers(status, OK);
      CompletableFuture<WireResponse> answer = alone.ask();
      alone.clock.advanceMillis(60_000);
      assertThat(text(answer.get(10, TimeUnit.SECONDS))).isEqualTo(OK);
    }
  }

  private ReliabilityHarness chained(StreamRecovery recovery) {
    breakers = new CircuitBreakers(new ManualTime());
    Target backup =
        new Target(
            "backup",
            URI.create("https://backup.example/v1"),
            "openai",
            "m2",
            "backup-key",
            0,
            0,
            Collections.<String, String>emptyMap());
    return new ReliabilityHarness(
        policies(1, recovery)
            .fallback(
                new FallbackSettings(
                    Collections.singletonList(Link.to(backup)),
                    Collections.<Target>emptyList(),
                    EnumSet.of(FallbackReason.ERROR),
                    null),
                new LastAnswers(1 << 20),
                (provider, host, model) -> 0)
            .build());
  }

  /** Answers that are none: what was asked for, what comes as what. */
  private static final Object[][] NONE = {
    {true, EVENTS, DONE, null},
    {true, EVENTS, "data: [DONE] \n\n", null},
    {true, EVENTS, "data: {\"id\":\"c1\",\"choices\":[]}\n\n" + DONE, null},
    {true, JSON, NO_CHOICES, null},
    {true, EVENTS, NO_CHOICES, null},
    {true, "text/html", "<html>sign in</html>", null},
    {true, EVENTS, WHOLE, "gzip"},
    {false, JSON, NO_CHOICES, null},
    {false, JSON, "[]", null},
    {false, JSON, "{}", null},
    {false, JSON, OK, "gzip"},
    {false, "text/html", "<html>sign in</html>", null},
    {false, EVENTS, wholeStream("Hi"), null},
    {false, JSON, wholeStream("Hi"), null}
  };

  private static void responds(ReliabilityHarness harness, Object[] none) {
    Headers.Builder headers = Headers.builder();
    headers.set("Content-Type", (String) none[1]);
    if (none[3] != null) {
      headers.set("Content-Encoding", (String) none[3]);
    }
    harness.upstream.responds(200, headers.build(), Pieces.of(none[2], null));
  }

  @Test
  void withNobodyElseToAskAnAnswerThatIsNonePassesAsItCame() throws Exception {
    for (Object[] none : NONE) {
      ReliabilityHarness harness = alone();
      for (int i = 0; i < 12; i++) {
        responds(harness, none);
        WireResponse answer =
            harness
                .call((Boolean) none[0])
                .executeAsync(harness.upstream, Runnable::run)
                .toCompletableFuture()
                .get();
        assertThat(text(answer)).as("%s", none).isEqualTo(none[2]);
      }
      assertThat(harness.upstream.sent).as("%s", none).hasSize(12);
      assertThat(harness.errors.counts()).isEmpty();
    }
    assertThat(breakers.states()).extracting(BreakerState::state).containsOnly(CircuitState.CLOSED);
  }

  @Test
  void withSomebodyElseToAskItIsAFailureBeforeAnythingWasHandedOn() throws Exception {
    for (Object[] none : NONE) {
      ReliabilityHarness harness = chained(StreamRecovery.SPLICE);
      responds(harness, none);
      boolean stream = (Boolean) none[0];
      if (stream) {
        harness.upstream.streams(WHOLE, null);
      } else {
        harness.upstream.answers(200, OK);
      }
      WireResponse answer =
          harness
              .call(stream)
              .executeAsync(harness.upstream, Runnable::run)
              .toCompletableFuture()
              .get();
      assertThat(text(answer)).as("%s", none).isEqualTo(stream ? WHOLE : OK);
      assertThat(answer.headers().first("x-flyball-target")).isEqualTo("backup");
    }
  }

  @Test
  void whenNobodyHasOneTheApplicationGetsWhatItsOwnEndpointSaid() throws Exception {
    ReliabilityHarness harness = chained(StreamRecovery.SPLICE);
    harness.upstream.streams(DONE, null).streams(": nothing\n\n" + DONE, null);
    assertThat(text(harness.askStream().get())).isEqualTo(DONE);
  }

  @Test
  void contentWithoutAFinishReasonIsAFailureWhereItIsHeldBack() throws Exception {
    ReliabilityHarness harness = chained(StreamRecovery.BUFFER);
    harness.upstream.streams(chunk("Hal") + DONE, null).streams(WHOLE, null);
    assertThat(text(harness.askStream().get())).isEqualTo(WHOLE);
    harness = chained(StreamRecovery.SPLICE);
    harness.upstream.streams(chunk("Hal"), DONE, null);
    assertThat(text(harness.askStream().get())).isEqualTo(chunk("Hal") + DONE);
  }

  @Test
  void goodAnswersThatSayLittlePassWhoeverCouldBeAsked() throws Exception {
    String finished = finish() + DONE;
    String empty =
        "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"\"},\"finish_reason\":\"stop\"}]}";
    String[] json = {empty, OK.replace("Hello", "a\tb"), OK.replace("9", "NaN"), OK + "}"};
    for (ReliabilityHarness harness :
        new ReliabilityHarness[] {alone(), chained(StreamRecovery.SPLICE)}) {
      harness.upstream.streams(finished, null);
      assertThat(text(harness.askStream().get())).isEqualTo(finished);
      for (String body : json) {
        harness.upstream.answers(200, body);
        assertThat(text(harness.ask().get())).isEqualTo(body);
      }
      byte[] latin = OK.replace("Hello", "\u00fc").getBytes(StandardCharsets.ISO_8859_1);
      harness.upstream.answers(200, latin);
      assertThat(bytes(harness.ask().get())).isEqualTo(latin);
      // A stream was asked for, and a whole good answer comes.
      harness.upstream.answers(200, OK);
      assertThat(text(harness.askStream().get())).isEqualTo(OK);
      assertThat(harness.upstream.sent).hasSize(7);
      assertThat(harness.records).extracting(r -> r.outcome()).containsOnly(Outcome.SUCCESS);
    }
  }

  @Test
  void aPlainAnswerThatBreaksOffIsAskedAgain() throws Exception {
    ReliabilityHarness harness = alone();
    for (String cut : new String[] {"", "{", OK.substring(0, OK.length() - 1)}) {
      harness.upstream.answers(200, cut).answers(200, OK);
      CompletableFuture<WireResponse> answer = harness.ask();
      harness.clock.advanceMillis(20_000);
      assertThat(text(answer.get())).isEqualTo(OK);
    }
  }

  private static GovernedCall homeMade(ReliabilityHarness harness, String host) {
    return harness.engine.open(
        new WireRequest(
            "POST",
            URI.create("http://" + host + "/v1/chat/completions"),
            Headers.of("Content-Type", "application/json"),
            "{\"model\":\"m\",\"stream\":true,\"messages\":[]}".getBytes(StandardCharsets.UTF_8)));
  }

  private static WireResponse ask(ReliabilityHarness harness, String host) throws Exception {
    return homeMade(harness, host)
        .executeAsync(harness.upstream, Runnable::run)
        .toCompletableFuture()
        .get();
  }

  @Test
  void aStreamThatJustEndsIsWholeUntilItsEndpointHasShownHowItEndsThem() throws Exception {
    ReliabilityHarness harness =
        new ReliabilityHarness(policies(1, StreamRecovery.OFF).asksForUsage(false).build());
    String ended = chunk("Hello") + chunk(" you");
    for (int i = 0; i < 3; i++) {
      harness.upstream.streams(ended, null);
      assertThat(text(ask(harness, "home.made:8080"))).isEqualTo(ended);
    }
    assertThat(harness.records).extracting(r -> r.outcome()).containsOnly(Outcome.SUCCESS);

    harness.upstream.streams(wholeStream("Hi"), null);
    text(ask(harness, "home.made:8080"));
    harness.upstream.streams(ended, null).streams(ended, null);
    WireResponse cut = ask(harness, "home.made:8080");
    assertThatThrownBy(() -> text(cut)).isInstanceOf(java.io.IOException.class);
    assertThat(harness.records.get(4).outcome()).isEqualTo(Outcome.CUT);
    // Another endpoint is another matter.
    assertThat(text(ask(harness, "home.made:8081"))).isEqualTo(ended);
  }

  @Test
  void whatEndsWithinAnEventIsCutWhoeverSentIt() throws Exception {
    ReliabilityHarness harness =
        new ReliabilityHarness(policies(1, StreamRecovery.OFF).asksForUsage(false).build());
    harness.upstream.streams(chunk("Hello") + "data: {\"choices\":[{\"del", null);
    WireResponse cut = ask(harness, "home.made:8080");
    assertThatThrownBy(() -> text(cut)).isInstanceOf(java.io.IOException.class);
  }

  @Test
  void aResponseThatWasRefusedIsAskedForOnce() throws Exception {
    String failed =
        "{\"id\":\"r1\",\"object\":\"response\",\"status\":\"failed\",\"error\":{\"code\":\"%s\","
            + "\"message\":\"no\"},\"output\":[]}";
    for (String code :
        new String[] {"bio_policy", "cyber_policy", "invalid_prompt", "unheard_of"}) {
      ReliabilityHarness harness = alone();
      String body = String.format(failed, code);
      harness.upstream.answers(200, body);
      WireResponse answer =
          harness
              .engine
              .open(
                  new WireRequest(
                      "POST",
                      URI.create("https://api.openai.com/v1/responses"),
                      Headers.EMPTY,
                      "{\"model\":\"m\",\"input\":\"Hi\"}".getBytes(StandardCharsets.UTF_8)))
              .executeAsync(harness.upstream, Runnable::run)
              .toCompletableFuture()
              .get();
      assertThat(text(answer)).isEqualTo(body);
      assertThat(harness.upstream.sent).hasSize(1);
    }
  }
}
