package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Body;
import io.flyball.wire.BodyInputStream;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The stack is exhausted, or there is no memory, while an answer is read: with what was in hand
 * then a part of it is gone, and whatever comes after that is no end of it, nor more of it.
 */
class ErrorWhileReadingTest {
  private static final String STREAM = wholeStream("One ", "two ", "three");

  /** Fails once with an error, and then has lost some bytes and knows nothing of it. */
  private static final class Lossy implements Body {
    private final byte[] bytes;
    private final int piece;
    private final int at;
    private final int lost;
    private final boolean thrown;
    private Error error;
    private int position;

    Lossy(byte[] bytes, int piece, int at, int lost, boolean thrown, Error error) {
      this.bytes = bytes;
      this.piece = piece;
      this.at = at;
      this.lost = lost;
      this.thrown = thrown;
      this.error = error;
    }

    @Override
    public CompletionStage<ByteBuffer> read() {
      if (position >= at && error != null) {
        Error now = error;
        error = null;
        position = Math.min(bytes.length, position + lost);
        if (thrown) {
          throw now;
        }
        return Completions.failed(now);
      }
      if (position == bytes.length) {
        return Completions.completed(null);
      }
      int end = Math.min(position < at ? at : bytes.length, position + piece);
      ByteBuffer next = ByteBuffer.wrap(Arrays.copyOfRange(bytes, position, end));
      position = end;
      return Completions.completed(next);
    }

    @Override
    public void close() {}
  }

  private static ReliabilityHarness harness() {
    return new ReliabilityHarness(
        Policies.builder()
            .retry(3, new Backoff(1, 1), new RetryBudget(0.2, 10, new ManualTime()))
            .streamRecovery(StreamRecovery.SPLICE)
            .build());
  }

  @Property(tries = 2000)
  void isNeverAnEnd(
      @ForAll boolean stream,
      @ForAll @IntRange(max = 2000) int place,
      @ForAll @IntRange(min = 1, max = 300) int piece,
      @ForAll @IntRange(max = 200) int lost,
      @ForAll boolean thrown,
      @ForAll boolean memory)
      throws Exception {
    String whole = stream ? STREAM : OK;
    int at = place % (whole.length() + 1);
    Error error = memory ? new OutOfMemoryError("injected") : new StackOverflowError("injected");
    ReliabilityHarness harness = harness();
    harness.upstream.responds(
        200,
        Headers.builder()
            .add("Content-Type", stream ? "text/event-stream" : "application/json")
            .build(),
        new Lossy(whole.getBytes(StandardCharsets.UTF_8), piece, at, lost, thrown, error));
    StringBuilder read = new StringBuilder();
    int failures = 0;
    try (InputStream in =
        new BodyInputStream((stream ? harness.askStream() : harness.ask()).get().body())) {
      while (failures < 4) {
        try {
          int next = in.read();
          assertThat(next).as("after " + read).isNotNegative();
          assertThat(failures).as("more after a part was lost").isZero();
          read.append((char) next);
        } catch (AssertionError wrong) {
          throw wrong;
        } catch (Exception | Error seen) {
          failures++;
        }
      }
    } catch (ExecutionException seen) {
      assertThat(seen).hasCause(error);
    }
    assertThat(whole.substring(0, at)).startsWith(read.toString());
    assertThat(harness.upstream.sent).hasSize(1);
    harness.onlyRecord();
  }
}
