package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.WireStreams.Piece;
import io.flyball.engine.WireStreams.Style;
import io.flyball.engine.WireStreams.Wire;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * A stream whose first events were handed on before its content came, and that has none: it is
 * asked again as if they had been held back, and whatever the next ones do, the application has a
 * whole answer, or what a broken stream is, or exactly what the first one was.
 */
class WordlessStreamLawTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int ATTEMPTS = 3;
  private static final int LEAST_OF_AN_EVENT = 12;
  private static final Style PLAIN = new Style("\n", false, false);
  private static final String PING = "event: ping\ndata: {\"type\": \"ping\"}\n\n";
  private static final String DOWN = "{\"error\":{\"message\":\"down\",\"type\":\"server_error\"}}";

  /** How an answer goes. */
  enum Kind {
    /** Its beginning, then its end, as HTTP has it. */
    NO_WORD,
    NO_WORD_RESET,
    HALF_AN_EVENT,
    HALF_AN_EVENT_RESET,
    NO_WORD_ERROR,
    STATUS,
    REFUSED,
    WORDS_RESET,
    WHOLE,
    WHOLE_BUT_A_LINE;

    boolean isWhole() {
      return this == WHOLE || this == WHOLE_BUT_A_LINE;
    }

    boolean isFirst() {
      return ordinal() <= NO_WORD_ERROR.ordinal();
    }

    boolean endsWell() {
      return this == NO_WORD || this == HALF_AN_EVENT;
    }
  }

  /** One protocol's answer, in all the ways it can go wrong. */
  private static final class Answers {
    final Wire wire;
    final List<Piece> said;
    final int piece;
    final int cut;

    /** Whether the first answer, and others, begin with what only says that they live. */
    final boolean pings;

    Answers(Wire wire, List<Piece> said, int piece, int cut, boolean pings) {
      this.wire = wire;
      this.said = said;
      this.piece = piece;
      this.cut = cut;
      // Of Google's nothing else comes before the content; Responses with them are not joined.
      this.pings = wire == Wire.GEMINI || (pings && wire != Wire.RESPONSES);
    }

    byte[] whole(int index, Kind kind) {
      List<Piece> written = index == 0 ? said : BrokenStreams.otherwise(said, index);
      String stream =
          new String(WireStreams.write(wire, "s" + index, written, PLAIN), StandardCharsets.UTF_8);
      boolean begins = pings && (!kind.isWhole() || (cut + index) % 3 == 0);
      return ((begins ? PING : "") + stream).getBytes(StandardCharsets.UTF_8);
    }

    /** The bytes of an answer that goes so. */
    byte[] bytes(int index, Kind kind) throws IOException {
      byte[] whole = whole(index, kind);
      int words = BrokenStreams.begun(wire, whole, 1);
      List<Integer> ends = new ArrayList<>();
      String text = new String(whole, StandardCharsets.ISO_8859_1);
      for (int at = text.indexOf("\n\n"); at >= 0 && at + 2 < words; ) {
        ends.add(at + 2);
        at = text.indexOf("\n\n", at + 2);
      }
      int wordless = ends.isEmpty() ? 0 : ends.get(cut % ends.size());
      switch (kind) {
        case NO_WORD:
        case NO_WORD_RESET:
          return BrokenStreams.first(whole, wordless);
        case HALF_AN_EVENT:
        case HALF_AN_EVENT_RESET:
          int last = ends.get(ends.size() - 1);
          // Not as much of it as would have content in it.
          return BrokenStreams.first(whole, last + 1 + cut % LEAST_OF_AN_EVENT);
        case NO_WORD_ERROR:
          ByteArrayOutputStream out = new ByteArrayOutputStream();
          out.write(whole, 0, wordless);
          out.write(WireStreams.error(wire, PLAIN));
          return out.toByteArray();
        case WORDS_RESET:
          return BrokenStreams.first(whole, words + 1);
        case WHOLE_BUT_A_LINE:
          return BrokenStreams.first(whole, whole.length - 1);
        default:
          return whole;
      }
    }

    Pieces body(int index, Kind kind) throws IOException {
      boolean reset =
          kind == Kind.NO_WORD_RESET
              || kind == Kind.HALF_AN_EVENT_RESET
              || kind == Kind.WORDS_RESET;
      byte[] bytes = bytes(index, kind);
      return BrokenStreams.cut(
          bytes, bytes.length, piece, reset ? new IOException("reset " + index) : null);
    }
  }

  /** Reads on as soon as there is something. */
  private static final class Sink {
    final ByteArrayOutputStream received = new ByteArrayOutputStream();
    Throwable failure;
    boolean ended;

    void read(WireResponse response) {
      Completions.repeat(
          response.body()::read,
          (bytes, failed) -> {
            failure = failed;
            ended = bytes == null;
            if (bytes != null) {
              ByteBuffer copy = bytes.duplicate();
              byte[] array = new byte[copy.remaining()];
              copy.get(array);
              received.write(array, 0, array.length);
            }
            return !ended;
          });
    }
  }

  private static ReliabilityHarness harness() {
    return new ReliabilityHarness(
        Policies.builder()
            .timeouts(TimeoutSettings.OFF.withSilence(600 * SECOND).withBegin(600 * SECOND))
            .retry(
                RetrySettings.usual(ATTEMPTS),
                new Backoff(SECOND / 2, 20 * SECOND, () -> 1.0),
                new RetryBudget(0.2, 10, new ManualTime()))
            .streamRecovery(StreamRecovery.SPLICE)
            .joinNanos(15 * SECOND)
            .suppressSdkRetries(true)
            .build());
  }

  /** What is to become of a course of answers. */
  private static final class Expected {
    int asked = 1;
    boolean whole;
    boolean words;

    static Expected of(List<Kind> course) {
      Expected expected = new Expected();
      boolean held = course.get(0).endsWell();
      while (expected.asked < ATTEMPTS && !expected.whole && !expected.words) {
        Kind next = course.get(expected.asked++);
        expected.whole = next.isWhole();
        expected.words = next == Kind.WORDS_RESET && !held;
        held |= next.endsWell();
      }
      if (expected.words) {
        // The one that goes on for a stream that has broken behind content.
        expected.whole = course.get(expected.asked++).isWhole();
      }
      return expected;
    }
  }

  @Property(tries = 2000)
  void whatHasNoWordIsAskedAgainAsIfNothingHadBeenHandedOn(
      @ForAll("wires") Wire wire,
      @ForAll("texts") List<Piece> said,
      @ForAll("courses") List<Kind> course,
      @ForAll boolean sdk,
      @ForAll boolean pings,
      @ForAll @IntRange(min = 1, max = 400) int piece,
      @ForAll @IntRange(max = 1000) int cut)
      throws Exception {
    Answers answers = new Answers(wire, said, piece, cut, pings);
    ReliabilityHarness harness = harness();
    for (int i = 0; i < course.size(); i++) {
      script(harness, answers, i, course.get(i));
    }
    WireResponse response = ask(harness, wire, sdk);
    if (response == null) {
      // Nothing is handed on early where its error came with it, or what only says that it lives.
      return;
    }
    Sink sink = new Sink();
    sink.read(response);
    byte[] first = answers.bytes(0, course.get(0));
    assertThat(new String(first, StandardCharsets.UTF_8))
        .as("what is no content is handed on as it comes")
        .startsWith(sink.received.toString("UTF-8"));
    assertThat(StreamReaders.strictEvents(sink.received.toByteArray())).isNotEmpty();
    harness.clock.advance(15, TimeUnit.SECONDS);

    Expected expected = Expected.of(course);
    assertThat(sink.ended).isTrue();
    assertThat(harness.upstream.sent).hasSize(expected.asked);
    Map<String, String> given = StreamReaders.said(wire, sink.received.toByteArray());
    if (expected.whole) {
      assertThat(sink.failure).isNull();
      assertThat(given).isEqualTo(StreamReaders.said(wire, answers.whole(0, Kind.WHOLE)));
    } else if (expected.words) {
      assertThat(sink.failure == null ? "error event" : sink.failure.getMessage())
          .isEqualTo(course.get(0) == Kind.NO_WORD_ERROR ? "error event" : "reset 0");
      assertThat(
              StreamReaders.isPrefix(given, StreamReaders.said(wire, answers.whole(0, Kind.WHOLE))))
          .isTrue();
    } else {
      assertThat(sink.received.toByteArray()).as("as without Flyball").isEqualTo(first);
      if (course.get(0).name().endsWith("RESET")) {
        assertThat(sink.failure).hasMessage("reset 0");
      } else {
        assertThat(sink.failure).isNull();
      }
    }
    assertThat(beginnings(StreamReaders.strictEvents(sink.received.toByteArray())))
        .isLessThanOrEqualTo(1);
    assertThat(harness.records).hasSize(1);
    assertThat(harness.clock.scheduled()).isZero();
    assertThat(harness.errors.counts()).isEmpty();
  }

  private static long beginnings(List<JsonNode> events) {
    return events.stream()
        .filter(
            event ->
                "message_start".equals(event.path("type").asText())
                    || "response.created".equals(event.path("type").asText())
                    || event.path("choices").path(0).path("delta").has("role"))
        .count();
  }

  private static void script(ReliabilityHarness harness, Answers answers, int index, Kind kind)
      throws IOException {
    switch (kind) {
      case STATUS:
        harness.upstream.answers(503, DOWN);
        break;
      case REFUSED:
        harness.upstream.fails(new ConnectException("refused"));
        break;
      default:
        harness.upstream.responds(
            200, Headers.of("Content-Type", "text/event-stream"), answers.body(index, kind));
    }
  }

  private static WireResponse ask(ReliabilityHarness harness, Wire wire, boolean sdk)
      throws Exception {
    String[] headers =
        sdk
            ? new String[] {
              "User-Agent", "OpenAIClientImpl/Java 4.100.0", "X-Stainless-Lang", "java"
            }
            : new String[0];
    return harness
        .callAt(wire.url, wire.request(), headers)
        .executeAsync(harness.upstream, Runnable::run)
        .toCompletableFuture()
        .getNow(null);
  }

  @Provide
  Arbitrary<Wire> wires() {
    return Arbitraries.of(Wire.class);
  }

  @Provide
  Arbitrary<List<Piece>> texts() {
    return Arbitraries.of("a", "bc ", "\"", "é", "日本", "data: x")
        .map(text -> new Piece("text", text))
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<Kind>> courses() {
    Arbitrary<Kind> first =
        Arbitraries.of(Arrays.stream(Kind.values()).filter(Kind::isFirst).toArray(Kind[]::new));
    return Combinators.combine(first, Arbitraries.of(Kind.class).list().ofSize(ATTEMPTS))
        .as(
            (begins, next) -> {
              List<Kind> course = new ArrayList<>();
              course.add(begins);
              course.addAll(next);
              return course;
            });
  }
}
