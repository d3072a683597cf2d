package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.limit.Limiter;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Bodies;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the application would pay for being told usage, with time or with a header. */
class CostOfAskingTest {
  private static final String WHOLE = wholeStream("Hello");
  private static final String USAGE =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{"
          + "\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}\n\n";

  private final ReliabilityHarness harness =
      new ReliabilityHarness(
          Policies.builder()
              .limits(new Limiter(new ManualTime(), new ManualTime()), 0)
              .streamRecovery(StreamRecovery.SPLICE)
              .build());

  private List<Boolean> asked() {
    List<Boolean> asked = new ArrayList<>();
    harness.upstream.sent.forEach(
        request ->
            asked.add(
                new String(request.body(), StandardCharsets.UTF_8).contains("include_usage")));
    return asked;
  }

  /** Reads a stream whose server needs that long before and after its finish event. */
  private void streamWith(long beforeFinish, long beforeReading, long beforeUsage, long beforeDone)
      throws Exception {
    ScriptedTransport.Pieces body = ScriptedTransport.Pieces.of(chunk("Hello"));
    harness.upstream.streams(body);
    WireResponse answer = harness.askStream().get();
    assertThat(read(answer)).isEqualTo(chunk("Hello"));
    CompletableFuture<ByteBuffer> last = answer.body().read().toCompletableFuture();
    harness.clock.advanceMillis(beforeFinish);
    body.give(finish());
    assertThat(written(last.get())).isEqualTo(finish());
    harness.clock.advanceMillis(beforeReading);
    CompletableFuture<ByteBuffer> end = answer.body().read().toCompletableFuture();
    harness.clock.advanceMillis(beforeUsage);
    body.give(USAGE);
    assertThat(end).isNotDone();
    harness.clock.advanceMillis(beforeDone);
    body.give(DONE);
    body.give(null);
    assertThat(written(end.get())).isEqualTo(DONE);
    assertThat(answer.body().read().toCompletableFuture().get()).isNull();
  }

  private static String read(WireResponse answer) throws Exception {
    return written(answer.body().read().toCompletableFuture().get());
  }

  private static String written(ByteBuffer bytes) {
    return StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
  }

  @ParameterizedTest
  @CsvSource({
    // before the finish event, before it is read on, before usage, before [DONE]
    "0, 0, 251, 0, false",
    "0, 0, 700, 0, false",
    "0, 700, 251, 0, false",
    "0, 0, 250, 0, true",
    "0, 0, 0, 700, true",
    "700, 0, 0, 0, true",
    "0, 700, 0, 0, true"
  })
  void whoLetsAFinishedStreamWaitForItsUsageIsNotAskedAgain(
      long beforeFinish, long beforeReading, long beforeUsage, long beforeDone, boolean again)
      throws Exception {
    streamWith(beforeFinish, beforeReading, beforeUsage, beforeDone);
    harness.upstream.streams(WHOLE, null);
    text(harness.askStream().get());
    assertThat(asked()).containsExactly(true, again);
  }

  @Test
  void thatIsFoundOutAgainAfterAnHourAndThenBelieved() throws Exception {
    for (int hour = 0; hour < 4; hour++) {
      if (hour < 2) {
        streamWith(0, 0, 700, 0);
      }
      harness.upstream.streams(WHOLE, null);
      text(harness.askStream().get());
      harness.clock.advanceMillis(TimeUnit.HOURS.toMillis(1) + 1);
    }
    assertThat(asked()).containsExactly(true, false, true, false, false, false);
  }

  private WireResponse streamOfAKnownLength(String events) throws Exception {
    byte[] bytes = events.getBytes(StandardCharsets.UTF_8);
    harness.upstream.responds(
        200,
        Headers.of(
            "Content-Type", "text/event-stream", "Content-Length", Integer.toString(bytes.length)),
        Bodies.of(bytes));
    return harness.askStreamAtHome().get();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "data: {\"choices\":[\n\n"})
  void aStreamThatTellsItsLengthKeepsItAndIsNotAsked(String between) throws Exception {
    String events = chunk("Hello") + between + finish() + DONE;
    for (int i = 0; i < 3; i++) {
      WireResponse answer = streamOfAKnownLength(events);
      assertThat(answer.headers().first("Content-Length"))
          .isEqualTo(Integer.toString(events.length()));
      assertThat(text(answer)).isEqualTo(events);
    }
    assertThat(asked()).containsExactly(false, false, false);
    assertThat(harness.errors.counts()).isEmpty();
  }
}
