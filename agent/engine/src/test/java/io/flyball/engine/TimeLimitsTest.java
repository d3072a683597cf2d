package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What ends a call that takes long: nothing by default but a silence of minutes. */
class TimeLimitsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MINUTE = 60 * SECOND;
  private static final TimeoutSettings DEFAULTS =
      TimeoutSettings.OFF.withSilence(10 * MINUTE).withBegin(10 * MINUTE);
  private static final long NONE = TimeoutSettings.NONE;
  private static final String PING = ": keep-alive\n\n";
  private static final String BEGINNING =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
          + "\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";
  private static final String REASONING =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
          + "\"delta\":{\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"Hm\"}]}}]}\n\n";
  private static final String THINKING =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,"
          + "\"delta\":{\"thinking_blocks\":[{\"type\":\"thinking\",\"thinking\":\"Hm\"}]}}]}\n\n";

  /** Signs of life of all kinds, most of which are no content. */
  private static final String[] SIGNS = {
    PING,
    ":\n",
    "event: ping\ndata: {\"type\": \"ping\"}\n\n",
    "event: keepalive\ndata: {\"type\":\"keepalive\",\"sequence_number\":7}\n\n",
    "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[]}\n\n",
    "data: {\"something\":\"new\"}\n\n",
    REASONING,
    THINKING,
    chunk("word "),
    "\n"
  };

  /** A sign of life, and the silence before it. */
  static final class Sign {
    final int seconds;
    final String bytes;

    Sign(int seconds, String bytes) {
      this.seconds = seconds;
      this.bytes = bytes;
    }

    @Override
    public String toString() {
      return seconds + " s " + bytes.trim();
    }
  }

  private static ReliabilityHarness harness(TimeoutSettings timeouts) {
    return new ReliabilityHarness(
        Policies.builder().timeouts(timeouts).streamRecovery(StreamRecovery.SPLICE).build());
  }

  @Provide
  Arbitrary<List<Sign>> signs() {
    return Combinators.combine(Arbitraries.integers().between(0, 599), Arbitraries.of(SIGNS))
        .as(Sign::new)
        .list()
        .ofMaxSize(30);
  }

  /** Reads on as soon as there is something. */
  private static final class Sink {
    final StringBuilder received = new StringBuilder();
    Throwable failure;
    boolean ended;
    boolean headCame;

    Sink(CompletableFuture<WireResponse> answer) {
      answer.whenComplete(
          (response, failed) -> {
            headCame = true;
            if (failed == null) {
              pull(response.body());
            } else {
              failure = failed;
            }
          });
    }

    private void pull(Body body) {
      Completions.repeat(
          body::read,
          (bytes, failed) -> {
            if (bytes == null) {
              failure = failed;
              ended = true;
              return false;
            }
            received.append(StandardCharsets.UTF_8.decode(bytes));
            return true;
          });
    }
  }

  /** Whoever waits for them may act on them, and be waited for by the provider. */
  @Property(tries = 200)
  void byDefaultWhatComesBeforeTheContentIsThereAsSoonAsItCame(@ForAll("signs") List<Sign> signs) {
    ReliabilityHarness harness = harness(DEFAULTS);
    Pieces body = new Pieces();
    harness.upstream.streams(body);
    Sink sink = new Sink(harness.askStream());
    StringBuilder whole = new StringBuilder(BEGINNING);
    body.give(BEGINNING);
    assertThat(sink.received.toString()).isEqualTo(BEGINNING);
    for (Sign sign : signs) {
      if (sign.bytes.endsWith("\n\n")) {
        body.give(sign.bytes);
        whole.append(sign.bytes);
        assertThat(sink.received.toString()).isEqualTo(whole.toString());
      }
    }
    assertThat(harness.upstream.sent).hasSize(1);
  }

  /** As without Flyball, when nobody who is asked again says more. */
  @Test
  void whatEndsWellWithoutAWordEndsWell() {
    ReliabilityHarness harness = harness(DEFAULTS);
    for (int i = 0; i < 5; i++) {
      harness.upstream.streams(BEGINNING, null);
    }
    Sink sink = new Sink(harness.askStream());
    assertThat(sink.ended).isTrue();
    assertThat(sink.failure).isNull();
    assertThat(sink.received.toString()).isEqualTo(BEGINNING);
    assertThat(harness.upstream.sent.size()).isGreaterThan(1);
  }

  @Property(tries = 300)
  void byDefaultAStreamThatShowsSignsOfLifeIsDeliveredHoweverLongItTakes(
      @ForAll("signs") List<Sign> signs, @ForAll @IntRange(max = 3_600) int secondsToTheHead) {
    ReliabilityHarness harness = harness(DEFAULTS);
    Pieces body = new Pieces();
    CompletableFuture<WireResponse> head = harness.upstream.answersLater();
    Sink sink = new Sink(harness.askStream());
    harness.clock.advance(secondsToTheHead, TimeUnit.SECONDS);
    head.complete(ScriptedTransport.stream(body));
    StringBuilder sent = new StringBuilder();
    for (Sign sign : signs) {
      harness.clock.advance(sign.seconds, TimeUnit.SECONDS);
      body.give(sign.bytes);
      sent.append(sign.bytes);
    }
    harness.clock.advance(599, TimeUnit.SECONDS);
    String end = chunk("end") + finish() + DONE;
    body.give(end);
    body.give(null);

    assertThat(sink.failure).isNull();
    assertThat(sink.ended).isTrue();
    assertThat(sink.received.toString()).isEqualTo(sent + end);
    assertThat(harness.upstream.attempts).hasSize(1);
    assertThat(harness.upstream.attempts.get(0).isOfOneAttempt())
        .as("what no limit can end is sent as the application's own")
        .isFalse();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(harness.clock.scheduled()).isZero();
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Test
  void byDefaultAPlainAnswerMayTakeAsLongAsItsClientWaits() throws Exception {
    ReliabilityHarness harness = harness(DEFAULTS);
    CompletableFuture<WireResponse> head = harness.upstream.answersLater();
    CompletableFuture<WireResponse> answer = harness.ask();
    harness.clock.advance(5, TimeUnit.HOURS);
    assertThat(answer).isNotDone();
    Pieces body = Pieces.of(OK.substring(0, 50));
    head.complete(ScriptedTransport.answer(200, "application/json", body));
    harness.clock.advance(5, TimeUnit.HOURS);
    body.give(OK.substring(50));
    body.give(null);
    assertThat(text(answer.get())).isEqualTo(OK);
    assertThat(harness.upstream.attempts.get(0).isOfOneAttempt()).isFalse();
    assertThat(harness.clock.scheduled()).isZero();
  }

  @Test
  void byDefaultAStreamThatSaysNothingForMinutesIsOver() {
    for (String said : new String[] {"", PING, chunk("Hel")}) {
      ReliabilityHarness harness = harness(DEFAULTS);
      Pieces body = new Pieces();
      harness.upstream.streams(body);
      if (!said.isEmpty()) {
        body.give(said);
      }
      Sink sink = new Sink(harness.askStream());
      harness.clock.advance(599, TimeUnit.SECONDS);
      assertThat(sink.ended).isFalse();
      harness.clock.advance(1, TimeUnit.SECONDS);
      String why = "nothing more from api.openai.com:443 for 600 s (flyball.timeout.idle)";
      if (said.startsWith("data")) {
        assertThat(sink.failure)
            .isInstanceOf(SocketTimeoutException.class)
            .hasMessageContaining(why);
      } else {
        assertThat(sink.received).contains("flyball_timeout", why);
      }
      assertThat(body.closed).isTrue();
      assertThat(harness.clock.scheduled()).isZero();
    }
  }

  @Test
  void byDefaultAnOldCallIsNotSentAgainButGoesOn() throws Exception {
    ReliabilityHarness harness =
        new ReliabilityHarness(
            Policies.builder()
                .timeouts(DEFAULTS)
                .retry(3, new Backoff(SECOND, SECOND), new RetryBudget(0.2, 10, new ManualTime()))
                .build());
    CompletableFuture<WireResponse> head = harness.upstream.answersLater();
    CompletableFuture<WireResponse> answer = harness.ask();
    harness.clock.advance(11, TimeUnit.MINUTES);
    head.complete(ScriptedTransport.answer(503, "application/json", Bodies.of(OK.getBytes(UTF_8))));
    harness.clock.advance(1, TimeUnit.MINUTES);
    assertThat(answer.get().status()).isEqualTo(503);
    assertThat(harness.upstream.sent).hasSize(1);
  }

  @Property(tries = 200)
  void whereTheUserSetsItOnlyContentIsNoSilence(
      @ForAll @IntRange(max = 60) int words, @ForAll @IntRange(min = 1, max = 9) int pause)
      throws Exception {
    ReliabilityHarness harness = harness(new TimeoutSettings(NONE, NONE, 10 * SECOND, NONE));
    Pieces body = new Pieces();
    harness.upstream.streams(body);
    Sink sink = new Sink(harness.askStream());
    for (int i = 0; i < words; i++) {
      harness.clock.advance(pause, TimeUnit.SECONDS);
      body.give(i % 3 == 0 ? REASONING : i % 3 == 1 ? THINKING : chunk("word "));
    }
    assertThat(sink.failure).isNull();
    for (int i = 0; i < 100 && !sink.ended; i++) {
      harness.clock.advanceMillis(999);
      body.give(SIGNS[i % 6]);
    }
    assertThat(sink.ended).as("pings alone").isTrue();
    if (words == 0) {
      assertThat(sink.received).contains("flyball_timeout", "no more content", "10 s");
    } else {
      assertThat(sink.failure)
          .hasMessageContaining("no more content from api.openai.com:443 for 10 s")
          .hasMessageContaining("flyball.timeout.idle");
    }
    assertThat(harness.upstream.attempts.get(0).isCancelled()).isTrue();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(harness.clock.scheduled()).isZero();
  }

  @Test
  void aLimitForTheFirstTokenHoldsUntilThereIsOneAndTheOneForSilenceAfterIt() throws Exception {
    ReliabilityHarness harness =
        harness(new TimeoutSettings(60 * SECOND, NONE, 5 * SECOND, 300 * SECOND));
    Pieces body = Pieces.of(PING);
    harness.upstream.streams(body);
    Sink sink = new Sink(harness.askStream());
    harness.clock.advance(59, TimeUnit.SECONDS);
    assertThat(sink.headCame).isFalse();
    body.give(chunk("Hel"));
    harness.clock.advance(4, TimeUnit.SECONDS);
    body.give(PING);
    assertThat(sink.ended).isFalse();
    harness.clock.advance(1, TimeUnit.SECONDS);
    assertThat(sink.failure).hasMessageContaining("5 s (flyball.timeout.idle)");
  }

  @Test
  void aMessageSaysWhichTimeWasOver() throws Exception {
    assertThat(messageOf(new TimeoutSettings(5 * SECOND, NONE, NONE, NONE)))
        .contains(
            "no first token from api.openai.com:443 within 5 s (flyball.timeout.first-token)");
    assertThat(messageOf(new TimeoutSettings(5 * SECOND, NONE, NONE, 2 * SECOND)))
        .contains("no first token", "within the call's limit of 2 s (flyball.timeout.call)");
    assertThat(
            messageOf(
                new TimeoutSettings(5 * SECOND, NONE, NONE, 9 * SECOND),
                "x-flyball-timeout",
                "687"))
        .contains("within the call's limit of 687 ms (x-flyball-timeout)");
  }

  private static String messageOf(TimeoutSettings timeouts, String... headers) {
    ReliabilityHarness harness = harness(timeouts);
    harness.upstream.isSilent();
    Sink sink = new Sink(harness.askStream(headers));
    harness.clock.advance(10, TimeUnit.SECONDS);
    return sink.received.toString();
  }

  @Test
  void theLimitOfTheCallIsNotToldAsSilence() throws Exception {
    ReliabilityHarness harness = harness(DEFAULTS);
    Pieces body = Pieces.of(chunk("Hel"));
    harness.upstream.streams(body);
    Sink sink = new Sink(harness.askStream("x-flyball-timeout", "3s"));
    harness.clock.advanceMillis(2_313);
    body.give(chunk("lo"));
    harness.clock.advanceMillis(687);
    assertThat(sink.failure)
        .hasMessageContaining("was not whole within the call's limit of 3 s (x-flyball-timeout)");
  }
}
