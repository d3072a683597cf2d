package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.RefusalNotices;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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

/**
 * Events whose data is no JSON are the application's: whatever stands among the events of a stream
 * arrives byte for byte, is asked for once, and is charged.
 */
class TextEventsLawTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** What is broken JSON, so that an SDK would die of it. */
  private static final String BROKEN =
      "data: {\"object\":\"chat.completion.chunk\",\"choices\":[{\"delta\":{\"content\":\n\n";

  private final CallPricing pricing =
      new CallPricing(
          PriceCatalogue.builtIn(), new UsageEstimate(new TokenCounter(Long.MAX_VALUE)));

  private final List<String> told = new ArrayList<>();

  private ReliabilityHarness harness() {
    told.clear();
    ManualTime time = new ManualTime();
    return new ReliabilityHarness(
        Policies.builder()
            .timeouts(
                new TimeoutSettings(
                    TimeoutSettings.NONE,
                    TimeoutSettings.NONE,
                    TimeoutSettings.NONE,
                    TimeoutSettings.NONE))
            .retry(3, new Backoff(SECOND / 2, 20 * SECOND, () -> 1.0), budget(time))
            .streamRecovery(StreamRecovery.SPLICE)
            .refusals(new RefusalNotices(told::add, time))
            .build());
  }

  private static RetryBudget budget(ManualTime time) {
    return new RetryBudget(0.2, 10, time);
  }

  /** What the application reads of that stream, wherever it is cut into pieces. */
  private static String read(ReliabilityHarness harness, boolean home, String stream, int piece)
      throws Exception {
    byte[] bytes = stream.getBytes(StandardCharsets.UTF_8);
    Pieces pieces = new Pieces();
    for (int from = 0; from < bytes.length; from += piece) {
      pieces.give(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + piece)));
    }
    pieces.give(null);
    // Whoever asks once more gets no other answer.
    harness.upstream.streams(pieces).answers(400, "{}");
    CompletableFuture<WireResponse> answer = home ? harness.askStreamAtHome() : harness.askStream();
    harness.clock.advanceMillis(60_000);
    assertThat(answer).isDone();
    return text(answer.get());
  }

  @Property(tries = 1000)
  void whateverStandsInItArrivesOnceAndIsCharged(
      @ForAll("streams") String stream,
      @ForAll @IntRange(min = 1, max = 400) int piece,
      @ForAll boolean home,
      @ForAll boolean shown)
      throws Exception {
    ReliabilityHarness harness = harness();
    if (shown && home) {
      harness.atHomeBefore();
    }

    assertThat(read(harness, home, stream, piece)).isEqualTo(stream);

    assertThat(harness.upstream.sent).hasSize(1);
    CallRecord record = pricing.price(harness.onlyRecord());
    assertThat(record.usage()).isNotNull();
    assertThat(record.usage().output()).isPositive();
    assertThat(record.costUsd()).isPositive();
    assertThat(harness.errors.counts()).isEmpty();
  }

  /** A JSON event that breaks off, directly between two good ones: the one thing left out. */
  @Property(tries = 500)
  void brokenJsonBetweenGoodEventsIsLeftOut(
      @ForAll @IntRange(min = 1, max = 5) int before,
      @ForAll @IntRange(min = 1, max = 5) int after,
      @ForAll @IntRange(min = 1, max = 400) int piece,
      @ForAll boolean blankLines)
      throws Exception {
    ReliabilityHarness harness = harness();
    StringBuilder first = new StringBuilder();
    for (int i = 0; i < before; i++) {
      first.append(chunk("a" + i));
    }
    String last = wholeStream(new String[after]);

    assertThat(read(harness, true, first + BROKEN + (blankLines ? "\n\n" : "") + last, piece))
        .isEqualTo(first + last);

    assertThat(harness.onlyRecord().journal().eventsTakenOut()).isEqualTo(1);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).contains("models.example.test").doesNotContain("chunk");
  }

  /** Everywhere else it stays: nobody can say that the application does not want it. */
  @Test
  void brokenJsonThatStandsElsewhereStays() throws Exception {
    String good = chunk("One ");
    String[] streams = {
      BROKEN + wholeStream("One "),
      good + BROKEN + DONE,
      good + BROKEN,
      good + BROKEN + "data: a word\n\n" + wholeStream("two"),
      good + "data: a word\n\n" + BROKEN + wholeStream("two"),
      good + BROKEN + BROKEN + wholeStream("two"),
      good + BROKEN + ": keep-alive\n\n" + wholeStream("two"),
      good + BROKEN.replace("data:", "event: x\ndata:").replace("\n\n", ""),
      good + finish() + BROKEN + DONE
    };
    for (String stream : streams) {
      for (int piece : new int[] {1, 7, 1 << 20}) {
        ReliabilityHarness harness = harness();
        String read;
        try {
          read = read(harness, true, stream, piece);
        } catch (IOException cut) {
          continue;
        }
        assertThat(read).as(stream).isEqualTo(stream);
        assertThat(harness.onlyRecord().journal().eventsTakenOut()).as(stream).isZero();
      }
    }
  }

  /** An event of that name is an error, whatever its data is. */
  @Test
  void anErrorInPlainWordsIsAnError() throws Exception {
    for (String words : new String[] {"overloaded", "{\"error\": \"upstream", "\"broken\""}) {
      String error = "event: error\ndata: " + words + "\n\n";
      for (String after : new String[] {"", DONE, wholeStream("two")}) {
        ReliabilityHarness harness = harness();
        String stream = chunk("Hel") + error + after;
        // Nobody else has a better answer.
        harness.upstream.streams(chunk("Hel"), error, after, null).answers(400, "{}");
        CompletableFuture<WireResponse> answer = harness.askStreamAtHome();
        assertThat(answer).isDone();
        assertThat(text(answer.get())).as(stream).isEqualTo(stream);
        assertThat(harness.onlyRecord().outcome()).as(stream).isEqualTo(Outcome.ERROR);
      }
    }
  }

  @Test
  void anErrorInPlainWordsBeforeContentIsAskedAgain() throws Exception {
    ReliabilityHarness harness = harness();
    harness.upstream.streams("event: error\ndata: overloaded\n\n", null);
    harness.upstream.streams(wholeStream("Hello"), null);
    CompletableFuture<WireResponse> answer = harness.askStreamAtHome();
    harness.clock.advanceMillis(20_000);
    assertThat(text(answer.get())).isEqualTo(wholeStream("Hello"));
  }

  /** Text is handed on when it comes: nobody waits for JSON that may never come. */
  @Test
  void textIsHandedOnAtOnce() throws Exception {
    ReliabilityHarness harness = harness();
    Pieces pieces = new Pieces();
    pieces.give("data: a word\n\n");
    harness.upstream.streams(pieces);
    CompletableFuture<WireResponse> answer = harness.askStreamAtHome();
    assertThat(answer).isDone();
    assertThat(answer.get().body().read().toCompletableFuture()).isDone();
  }

  @Provide
  Arbitrary<String> streams() {
    Arbitrary<String> words =
        Arbitraries.of(
            "word",
            "Error: upstream timed out",
            "Internal Server Error",
            "ping",
            "[done]",
            "DONE",
            "END",
            "<|im_end|>",
            "<html><body>502</body></html>",
            "https://example.com/a",
            "aGVsbG8gd29ybGQ=",
            "[1] see below",
            "{name}, hello",
            "{{x}}",
            "{",
            "[",
            "\"quoted\"",
            "\"quote",
            "'",
            "1",
            "1.5 per cent",
            "true",
            "// no comment",
            "/* x",
            "# x",
            "grüße 💡",
            "  a = 1",
            "}",
            "x\ndata: y",
            "[DONE",
            "[DONE]]");
    Arbitrary<String> name =
        Arbitraries.of("", "", "", "event: ping\n", "event: sources\n", "id: 7\n");
    Arbitrary<String> plain =
        Combinators.combine(name, words, Arbitraries.of("\n", "\r\n"))
            .as((n, w, end) -> (n + "data: " + w + "\n\n").replace("\n", end));
    Arbitrary<String> good =
        Arbitraries.of(
            chunk("One "),
            chunk(""),
            ": keep-alive\n\n",
            "data: {}\n\n",
            "data:\n\n",
            "data: null\n\n",
            chunk("two").replace("\n", "\r\n"));
    Arbitrary<String> all =
        Combinators.combine(
                Arbitraries.oneOf(plain, good).list().ofMaxSize(8),
                plain,
                Arbitraries.oneOf(plain, good).list().ofMaxSize(8),
                Arbitraries.of("", "", finish(), DONE, finish() + DONE, "data: last word"))
            .as(
                (before, text, after, end) ->
                    String.join("", before) + text + String.join("", after) + end);
    return all;
  }
}
