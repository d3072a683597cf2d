package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Bodies;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** A client that does not repeat by itself has its failure, be it that another attempt hangs. */
class RescueTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String DOWN = "{\"error\":{\"message\":\"down\",\"type\":\"server_error\"}}";
  private static final String[] RAW = {"User-Agent", "okhttp/4.12.0"};
  private static final String[] OPENAI = {
    "User-Agent",
    "OpenAIClientImpl/Java 4.100.0",
    "X-Stainless-Lang",
    "java",
    "X-Stainless-Retry-Count",
    "0"
  };

  private RetrySettings settings = RetrySettings.usual(3).withTimeBeforeNext(10 * SECOND);
  private FallbackSettings fallback = FallbackSettings.NONE;

  private ReliabilityHarness harness() {
    return new ReliabilityHarness(
        Policies.builder()
            .timeouts(TimeoutSettings.OFF.withSilence(600 * SECOND).withBegin(600 * SECOND))
            .retry(
                settings,
                new Backoff(SECOND / 2, 20 * SECOND, () -> 1.0),
                new RetryBudget(0.2, 10, new ManualTime()))
            .fallback(fallback, new LastAnswers(1 << 20), (provider, host, model) -> 0)
            .suppressSdkRetries(true)
            // What it sends once more is the application's own request, for the first time.
            .asksForUsage(false)
            .build());
  }

  /** How an attempt goes; the first one fails. */
  enum Kind {
    STATUS,
    REFUSED,
    RESET,
    CLIENTS_OWN_TIMEOUT,
    EMPTY_BODY,
    ONLY_PINGS,
    HALF_AN_ANSWER,
    SILENT,
    GOOD;

    void script(ReliabilityHarness harness, boolean stream, List<Throwable> failures) {
      ReliabilityHarness.Upstream upstream = harness.upstream;
      switch (this) {
        case STATUS:
          upstream.answers(503, DOWN, "x-said", "by the provider");
          break;
        case REFUSED:
          failures.add(new ConnectException("refused"));
          upstream.fails(failures.get(failures.size() - 1));
          break;
        case RESET:
          failures.add(new IOException("reset"));
          upstream.fails(failures.get(failures.size() - 1));
          break;
        case CLIENTS_OWN_TIMEOUT:
          failures.add(new SocketTimeoutException("Read timed out"));
          upstream.fails(failures.get(failures.size() - 1));
          break;
        case EMPTY_BODY:
          upstream.answers(500, "");
          break;
        case ONLY_PINGS:
          upstream.streams(Pieces.of(": ping\n\n"));
          break;
        case HALF_AN_ANSWER:
          upstream.responds(
              200, Headers.of("Content-Type", "application/json"), Pieces.of("{\"choices\":["));
          break;
        case SILENT:
          upstream.isSilent();
          break;
        default:
          if (stream) {
            upstream.streams(Bodies.of(wholeStream("Hello").getBytes(UTF_8)));
          } else {
            upstream.answers(200, OK);
          }
      }
    }

    boolean isStatus() {
      return this == STATUS || this == EMPTY_BODY;
    }

    boolean hangs() {
      return this == SILENT || this == ONLY_PINGS || this == HALF_AN_ANSWER;
    }
  }

  @Provide
  Arbitrary<List<Kind>> courses() {
    return Arbitraries.of(Kind.class)
        .list()
        .ofMinSize(3)
        .ofMaxSize(3)
        .filter(kinds -> !kinds.get(0).hangs() && kinds.get(0) != Kind.GOOD);
  }

  @Property(tries = 300)
  void nobodyIsHeldForLongerThanAFewSeconds(
      @ForAll("courses") List<Kind> course, @ForAll boolean stream) throws Exception {
    ReliabilityHarness harness = harness();
    List<Throwable> failures = new ArrayList<>();
    for (Kind kind : course) {
      kind.script(harness, stream, failures);
    }
    CompletableFuture<WireResponse> answer = stream ? harness.askStream(RAW) : harness.ask(RAW);
    harness.clock.advance(5, TimeUnit.SECONDS);

    assertThat(answer).isDone();
    int sent = harness.upstream.sent.size();
    Kind last = course.get(sent - 1);
    if (last == Kind.GOOD) {
      assertThat(text(answer.get())).contains("Hello");
    } else if (course.subList(0, sent).stream().anyMatch(Kind::isStatus)) {
      assertThat(answer.get().status()).isGreaterThanOrEqualTo(500);
      assertThat(text(answer.get()))
          .isEqualTo("by the provider".equals(answer.get().headers().first("x-said")) ? DOWN : "");
    } else {
      assertThat(catchThrowable(answer::get)).cause().isIn(failures);
    }
    assertThat(harness.upstream.attempts.get(sent - 1).isCancelled()).isEqualTo(last.hangs());
    assertThat(harness.records).hasSize(1);
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Test
  void aStreamThatHasBegunIsNotCut() throws Exception {
    ReliabilityHarness harness = harness();
    Pieces body = Pieces.of();
    harness.upstream.answers(503, DOWN).streams(body);
    CompletableFuture<WireResponse> answer = harness.askStream(RAW);
    harness.clock.advance(4900, TimeUnit.MILLISECONDS);
    body.give(chunk("Hello"));
    assertThat(answer.get().status()).isEqualTo(200);
    CompletableFuture<?> first = answer.get().body().read().toCompletableFuture();
    assertThat(first).isDone();
    CompletableFuture<?> later = answer.get().body().read().toCompletableFuture();
    harness.clock.advance(300, TimeUnit.SECONDS);
    body.give(chunk(" there"));
    assertThat(later).isCompleted();
    assertThat(harness.upstream.attempts.get(1).isCancelled()).isFalse();
  }

  @Test
  void whatTheUserSetsWidensIt() throws Exception {
    settings = settings.withTime(60 * SECOND);
    ReliabilityHarness harness = harness();
    harness.upstream.answers(503, DOWN);
    CompletableFuture<WireResponse> second = harness.upstream.answersLater();
    CompletableFuture<WireResponse> answer = harness.ask(RAW);
    harness.clock.advance(50, TimeUnit.SECONDS);
    assertThat(answer).isNotDone();
    second.complete(
        ScriptedTransport.answer(200, "application/json", Bodies.of(OK.getBytes(UTF_8))));
    assertThat(answer.get().status()).isEqualTo(200);

    ReliabilityHarness silent = harness();
    silent.upstream.answers(503, DOWN).isSilent();
    CompletableFuture<WireResponse> held = silent.ask(RAW);
    silent.clock.advance(60, TimeUnit.SECONDS);
    assertThat(text(held.get())).isEqualTo(DOWN);
  }

  /** Its own timeout ends an attempt, as it ends one without us. */
  @Test
  void anSdkWaitsAsLongAsItWouldForItsOwnRepetition() throws Exception {
    ReliabilityHarness harness = harness();
    harness.upstream.answers(503, DOWN);
    CompletableFuture<WireResponse> second = harness.upstream.answersLater();
    CompletableFuture<WireResponse> answer = harness.ask(OPENAI);
    harness.clock.advance(400, TimeUnit.SECONDS);
    assertThat(answer).isNotDone();
    second.complete(
        ScriptedTransport.answer(200, "application/json", Bodies.of(OK.getBytes(UTF_8))));
    assertThat(answer.get().status()).isEqualTo(200);
  }

  @Test
  void aChainMayTrade() throws Exception {
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
    fallback =
        new FallbackSettings(
            Collections.singletonList(Link.to(backup)),
            Collections.<Target>emptyList(),
            EnumSet.complementOf(EnumSet.of(FallbackReason.CONTENT_FILTER)),
            null);
    ReliabilityHarness harness = harness();
    harness.upstream.answers(503, DOWN).answers(503, DOWN).answers(503, DOWN);
    CompletableFuture<WireResponse> there = harness.upstream.answersLater();
    CompletableFuture<WireResponse> answer = harness.ask(RAW);
    harness.clock.advance(30, TimeUnit.SECONDS);
    there.complete(
        ScriptedTransport.answer(200, "application/json", Bodies.of(OK.getBytes(UTF_8))));
    assertThat(answer.get().status()).isEqualTo(200);
  }

  /** A hanging attempt that we ended says nothing of the target, and is no failure of its own. */
  @Test
  void whatIsCancelledIsRecordedSo() throws Exception {
    ReliabilityHarness harness = harness();
    harness.upstream.answers(503, DOWN).isSilent();
    CompletableFuture<WireResponse> answer = harness.ask(RAW);
    harness.clock.advance(5, TimeUnit.SECONDS);
    assertThat(text(answer.get())).isEqualTo(DOWN);
    assertThat(answer.get().headers().first("x-flyball-attempts")).isEqualTo("2");
    assertThat(harness.onlyRecord().status()).isEqualTo(503);
  }
}
