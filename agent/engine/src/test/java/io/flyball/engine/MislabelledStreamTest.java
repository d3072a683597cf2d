package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * What was asked for as a stream comes as it comes, whatever its type says and however it is cut.
 */
class MislabelledStreamTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final List<String> TYPES =
      Arrays.asList(
          "application/json",
          "application/json; charset=utf-8",
          "application/jsonl",
          "application/x-ndjson",
          "text/event-stream",
          "text/plain",
          "application/octet-stream");

  private static ReliabilityHarness harness() {
    return new ReliabilityHarness(
        Policies.builder()
            .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
            .retry(
                3,
                new Backoff(SECOND / 2, SECOND, () -> 1.0),
                new RetryBudget(0.2, 100, new ManualTime()))
            .streamRecovery(StreamRecovery.SPLICE)
            .build());
  }

  private static String next(WireResponse answer) throws Exception {
    CompletableFuture<ByteBuffer> piece = answer.body().read().toCompletableFuture();
    assertThat(piece).isDone();
    ByteBuffer bytes = piece.get();
    return bytes == null ? null : StandardCharsets.UTF_8.decode(bytes).toString();
  }

  /** Each piece is there before the next one is sent. */
  private static void passes(String type, String... pieces) throws Exception {
    ReliabilityHarness harness = harness();
    Pieces body = Pieces.of(pieces[0]);
    harness.upstream.responds(200, Headers.of("Content-Type", type), body);
    CompletableFuture<WireResponse> asked = harness.askStream();
    assertThat(asked).as("%s %s", type, pieces[0]).isDone();
    WireResponse answer = asked.get();
    for (int i = 0; i < pieces.length; i++) {
      if (i > 0) {
        body.give(pieces[i]);
      }
      assertThat(next(answer)).as(type).isEqualTo(pieces[i]);
    }
    body.give(null);
    assertThat(next(answer)).isNull();
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(harness.errors.counts()).isEmpty();
  }

  private static String line(String event) {
    return event.substring("data: ".length()).trim() + "\n";
  }

  @Test
  void eventsComeAsTheyComeUnderAnyType() throws Exception {
    for (String type : TYPES) {
      passes(type, chunk("one"), chunk("two"), finish(), DONE);
      passes(type, ": hello\n\n" + chunk("one"), chunk("two"), finish(), DONE);
      passes(type, "\n\nid: 1\n" + chunk("one"), "retry: 5\n\n" + chunk("two"), finish(), DONE);
    }
  }

  @Test
  void soDoLinesOfJsonAndJsonInPieces() throws Exception {
    for (String type : TYPES) {
      passes(type, line(chunk("one")), line(chunk("two")), line(finish()));
      passes(type, "[" + line(chunk("one")), "," + line(chunk("two")), "," + line(finish()), "]");
      int half = OK.indexOf(",\"finish_reason\"");
      passes(type, OK.substring(0, half), OK.substring(half));
    }
  }

  @Test
  void anErrorUnderAnyTypeIsAskedAgain() throws Exception {
    String error = "{\"error\":{\"message\":\"boom\",\"type\":\"server_error\"}}";
    for (String type : TYPES) {
      for (String form : Arrays.asList(error, "data: " + error + "\n\n", error + "\n")) {
        ReliabilityHarness harness = harness();
        String[] halves = {form.substring(0, 12), form.substring(12)};
        harness
            .upstream
            .responds(200, Headers.of("Content-Type", type), Pieces.of(halves[0], halves[1], null))
            .answers(200, OK);
        CompletableFuture<WireResponse> answer = harness.askStream();
        harness.clock.advanceMillis(20_000);
        assertThat(text(answer.get(10, TimeUnit.SECONDS))).as(type).isEqualTo(OK);
      }
    }
  }

  /** A stream under another type that breaks off goes on like any other. */
  @Test
  void anotherStreamGoesOnForOneUnderAnotherType() throws Exception {
    ReliabilityHarness harness = harness();
    harness
        .upstream
        .responds(
            200,
            Headers.of("Content-Type", "application/json"),
            Pieces.of(chunk("one "), new IOException("reset")))
        .streams(chunk("one ") + chunk("two") + finish() + DONE, null);
    String got = text(harness.askStream().get(10, TimeUnit.SECONDS));
    assertThat(got).startsWith(chunk("one ")).contains("two").endsWith(DONE);
  }

  private static WireResponse askAtHome(ReliabilityHarness harness, String path) throws Exception {
    String body =
        "{\"model\":\"m\",\"stream\":true,\"max_tokens\":9,\"messages\":[],\"input\":\"\"}";
    return harness
        .engine
        .open(
            new WireRequest(
                "POST",
                URI.create("http://home.made:8080" + path),
                Headers.of("Content-Type", "application/json"),
                body.getBytes(StandardCharsets.UTF_8)))
        .executeAsync(harness.upstream, Runnable::run)
        .toCompletableFuture()
        .get(10, TimeUnit.SECONDS);
  }

  private static String event(String name, String data) {
    return "event: " + name + "\ndata: " + data + "\n\n";
  }

  private static String block(String text) {
    return event("content_block_delta", "{\"index\":0,\"delta\":{\"text\":\"" + text + "\"}}");
  }

  private static final String BEGINNING =
      event("message_start", "{\"message\":{\"id\":\"m\",\"usage\":{\"input_tokens\":1}}}")
          + event("content_block_start", "{\"index\":0,\"content_block\":{\"type\":\"text\"}}");
  private static final String END =
      event("content_block_stop", "{\"index\":0}")
          + event("message_delta", "{\"delta\":{\"stop_reason\":\"end_turn\"}}")
          + event("message_stop", "{}");

  @Test
  void theNameOfAnEventStandsInForItsType() throws Exception {
    String whole = BEGINNING + block("one ") + block("two") + END;
    ReliabilityHarness harness = harness();
    for (int i = 0; i < 2; i++) {
      harness.upstream.streams(BEGINNING + block("one "), block("two") + END, null);
      assertThat(text(askAtHome(harness, "/v1/messages"))).isEqualTo(whole);
    }
    // All of it is there: what its transport does then is no loss.
    harness.upstream.streams(BEGINNING + block("one "), block("two") + END, new IOException("x"));
    assertThat(text(askAtHome(harness, "/v1/messages"))).isEqualTo(whole);
    assertThat(harness.upstream.sent).hasSize(3);
    // And what is there is not given twice.
    harness.upstream.streams(BEGINNING + block("one "), new IOException("reset"));
    harness.upstream.streams(whole, null);
    assertThat(text(askAtHome(harness, "/v1/messages"))).isEqualTo(whole);
    assertThat(harness.upstream.sent).hasSize(5);
  }

  @Test
  void soItDoesInResponses() throws Exception {
    String begin =
        event("response.created", "{\"response\":{\"id\":\"r\",\"status\":\"in_progress\"}}")
            + event(
                "response.output_item.added",
                "{\"output_index\":0,\"item\":{\"id\":\"i\",\"type\":\"message\"}}")
            + event(
                "response.output_text.delta",
                "{\"output_index\":0,\"content_index\":0,\"delta\":\"one \"}");
    String whole =
        begin
            + event(
                "response.output_text.delta",
                "{\"output_index\":0,\"content_index\":0,\"delta\":\"two\"}")
            + event("response.completed", "{\"response\":{\"id\":\"r\",\"status\":\"completed\"}}");
    ReliabilityHarness harness = harness();
    harness.upstream.streams(whole, null);
    assertThat(text(askAtHome(harness, "/v1/responses"))).isEqualTo(whole);
    harness.upstream.streams(begin, new IOException("reset")).streams(whole, null);
    assertThat(text(askAtHome(harness, "/v1/responses"))).isEqualTo(whole);
    assertThat(harness.upstream.sent).hasSize(3);
  }

  @Test
  void anEventThatIsOnlyCalledAnErrorIsOne() throws Exception {
    ReliabilityHarness harness = harness();
    String whole = BEGINNING + block("one") + END;
    harness.upstream.streams(event("error", "{\"message\":\"busy\"}"), null).streams(whole, null);
    CompletableFuture<WireResponse> answer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return askAtHome(harness, "/v1/messages");
              } catch (Exception failed) {
                throw new IllegalStateException(failed);
              }
            });
    while (!answer.isDone()) {
      harness.clock.advanceMillis(1_000);
      Thread.yield();
    }
    assertThat(text(answer.get())).isEqualTo(whole);
    assertThat(harness.upstream.sent).hasSize(2);
  }

  @Test
  void eventsThatASingleLineEndPartsAreAWholeStream() throws Exception {
    String whole =
        (chunk("one") + chunk("two") + finish()).replace("\n\n", "\n") + "data: [DONE]\n";
    for (String body : Arrays.asList(whole, whole + "\n", whole.replace("\n", "\r\n"))) {
      ReliabilityHarness harness = harness();
      for (int i = 0; i < 2; i++) {
        harness.upstream.streams(body.substring(0, 100), body.substring(100), null);
        assertThat(text(harness.askStream().get(10, TimeUnit.SECONDS))).isEqualTo(body);
      }
      assertThat(harness.upstream.sent).hasSize(2);
      assertThat(harness.records).extracting(r -> r.outcome()).containsOnly(Outcome.SUCCESS);
    }
  }
}
