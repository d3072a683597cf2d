package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/**
 * What an application would have taken for its answer without Flyball does not become a failure
 * because it was asked again.
 */
class TakenAnswerTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String BUSY = "{\"code\":1305,\"msg\":\"busy\",\"success\":false}";

  private final ReliabilityHarness harness =
      new ReliabilityHarness(
          Policies.builder()
              .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
              .retry(
                  3,
                  new Backoff(SECOND / 2, SECOND, () -> 1.0),
                  new RetryBudget(0.2, 100, new ManualTime()))
              .streamRecovery(StreamRecovery.SPLICE)
              .asksForUsage(false)
              .build());

  private WireResponse answer(boolean stream) throws Exception {
    CompletableFuture<WireResponse> answer = stream ? harness.askStream() : harness.ask();
    harness.clock.advanceMillis(2_000);
    harness.clock.advanceMillis(2_000);
    return answer.get(10, TimeUnit.SECONDS);
  }

  /** What an attempt may come to that is no answer. */
  enum Miss {
    REFUSED,
    EMPTY,
    OVERLOADED,
    CUT
  }

  private void script(Miss miss, boolean stream) {
    if (miss == Miss.REFUSED) {
      harness.upstream.fails(new IOException("refused"));
    } else if (miss == Miss.CUT) {
      harness.upstream.streams(stream ? chunk("One ") : "{\"id\"", new IOException("reset"));
    } else {
      harness.upstream.answers(miss == Miss.EMPTY ? 201 : 503, "");
    }
  }

  @Provide
  Arbitrary<List<Miss>> misses() {
    return Arbitraries.of(Miss.class).list().ofSize(2);
  }

  @Property
  void theFirstGoodStatusWithItsEndStaysTheAnswer(
      @ForAll("misses") List<Miss> misses, @ForAll boolean stream) throws Exception {
    TakenAnswerTest fresh = new TakenAnswerTest();
    fresh.harness.upstream.answers(202, BUSY);
    misses.forEach(miss -> fresh.script(miss, stream));

    WireResponse answer = fresh.answer(stream);

    assertThat(answer.status()).isEqualTo(202);
    assertThat(text(answer)).isEqualTo(BUSY);
    assertThat(fresh.harness.upstream.sent).hasSize(3);
    assertThat(fresh.harness.errors.counts()).isEmpty();
  }

  @Property
  void whateverAGoodStatusComesWith(
      @ForAll("requests") String[] request,
      @ForAll("bodies") String body,
      @ForAll("types") String type)
      throws Exception {
    TakenAnswerTest fresh = new TakenAnswerTest();
    fresh
        .harness
        .upstream
        .responds(200, Headers.of("Content-Type", type), Pieces.of(body, null))
        .fails(new EOFException("no bytes"))
        .fails(new EOFException("no bytes"));
    CompletableFuture<WireResponse> answer =
        fresh
            .harness
            .engine
            .open(
                new WireRequest(
                    "POST",
                    URI.create(request[0]),
                    Headers.of("Content-Type", "application/json"),
                    request[1].getBytes(StandardCharsets.UTF_8)))
            .executeAsync(fresh.harness.upstream, Runnable::run)
            .toCompletableFuture();
    fresh.harness.clock.advanceMillis(2_000);
    fresh.harness.clock.advanceMillis(2_000);

    assertThat(text(answer.get(10, TimeUnit.SECONDS))).isEqualTo(body);
    assertThat(fresh.harness.errors.counts()).isEmpty();
  }

  @Provide
  Arbitrary<String[]> requests() {
    return Arbitraries.of(
        new String[] {
          "https://api.openai.com/v1/chat/completions",
          "{\"model\":\"m\",\"stream\":true,\"messages\":[]}"
        },
        new String[] {
          "https://api.openai.com/v1/responses",
          "{\"model\":\"m\",\"stream\":true,\"input\":\"Hi\"}"
        },
        new String[] {
          "https://api.anthropic.com/v1/messages",
          "{\"model\":\"m\",\"stream\":true,\"max_tokens\":9,\"messages\":[]}"
        },
        new String[] {
          "https://generativelanguage.googleapis.com/v1beta/models/g:streamGenerateContent?alt=sse",
          "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}"
        },
        new String[] {
          "https://generativelanguage.googleapis.com/v1beta/models/g:streamGenerateContent",
          "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}"
        },
        new String[] {"https://api.openai.com/v1/embeddings", "{\"model\":\"m\",\"input\":\"x\"}"});
  }

  @Provide
  Arbitrary<String> bodies() {
    return Arbitraries.of(
        "",
        "upstream error",
        "{",
        "{}",
        "[]",
        "null",
        "{\"error\":\"overloaded\"}",
        BUSY,
        "<html>Please log in</html>",
        ": ping\n\n",
        "data: [DONE]\n\n");
  }

  @Provide
  Arbitrary<String> types() {
    return Arbitraries.of("application/json", "text/event-stream", "text/html", "");
  }

  @Test
  void anAnswerTakesItsPlace() throws Exception {
    harness.upstream.answers(201, "").answers(200, OK);
    assertThat(text(answer(false))).isEqualTo(OK);
  }

  @Test
  void soDoesAWholeStreamThatIsHeldUntilItIsWhole() throws Exception {
    harness.upstream.answers(201, "").streams(chunk("One "), new IOException("reset"));
    harness.upstream.streams(wholeStream("Hello"), null);
    assertThat(text(answer(true))).isEqualTo(wholeStream("Hello"));
    assertThat(harness.upstream.sent).hasSize(3);
  }

  @Test
  void whatComesAfterAFailureIsAsEver() throws Exception {
    harness.upstream.answers(503, "{}").answers(201, "").fails(new IOException("reset"));
    WireResponse answer = answer(false);
    assertThat(answer.status()).isEqualTo(201);
    assertThat(text(answer)).isEmpty();
  }
}
