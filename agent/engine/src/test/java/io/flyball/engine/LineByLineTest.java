package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.WireStreams.Piece;
import io.flyball.engine.WireStreams.Style;
import io.flyball.engine.WireStreams.Wire;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many an application reads a stream by its lines. It has each line with data when the provider has
 * sent it, also where the blank line behind it comes late or never, as without Flyball.
 */
class LineByLineTest {
  private static final List<Piece> ANSWER =
      Arrays.asList(new Piece("text", "One "), new Piece("text", "two "), new Piece("text", "3"));

  private static Policies policies() {
    return Policies.builder().streamRecovery(StreamRecovery.SPLICE).joinNanos(1).build();
  }

  /** Gives the pieces one by one, and wants each to arrive, once the first content has. */
  private static void arrives(Wire wire, String[] pieces, String firstContent) throws Exception {
    ReliabilityHarness harness = new ReliabilityHarness(policies());
    Pieces provider = new Pieces();
    harness.upstream.responds(200, Headers.of("Content-Type", "text/event-stream"), provider);
    CompletableFuture<WireResponse> asked =
        harness
            .engine
            .open(
                new WireRequest(
                    "POST",
                    URI.create(wire.url),
                    Headers.of("Content-Type", "application/json", "Authorization", "Bearer k"),
                    wire.request().getBytes(StandardCharsets.UTF_8)))
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture();
    ByteArrayOutputStream got = new ByteArrayOutputStream();
    StringBuilder sent = new StringBuilder();
    CompletableFuture<ByteBuffer> next = null;
    for (String piece : pieces) {
      provider.give(piece.getBytes(StandardCharsets.UTF_8));
      sent.append(piece);
      if (sent.indexOf(firstContent) < 0) {
        continue;
      }
      assertThat(asked).as("the head, after %s", piece).isDone();
      while (true) {
        next = next == null ? asked.get().body().read().toCompletableFuture() : next;
        if (!next.isDone()) {
          break;
        }
        ByteBuffer bytes = next.get();
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        got.write(copy, 0, copy.length);
        next = null;
      }
      assertThat(got.toString("UTF-8").trim()).isEqualTo(sent.toString().trim());
    }
    provider.give(null);
    assertThat(next.get()).isNull();
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(harness.errors.counts()).isEmpty();
  }

  private static String[] events(Wire wire) {
    byte[] stream = WireStreams.write(wire, "one", ANSWER, new Style("\n", false, false));
    return new String(stream, StandardCharsets.UTF_8).split("(?<=\n\n)");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void theBlankLineComesBeforeTheNextEvent(Wire wire) throws Exception {
    String[] pieces = events(wire);
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = "\n" + pieces[i].substring(0, pieces[i].length() - 1);
    }
    arrives(wire, pieces, "One ");
  }

  @ParameterizedTest
  @EnumSource(Wire.class)
  void thereAreNoBlankLines(Wire wire) throws Exception {
    String[] pieces = events(wire);
    for (int i = 0; i < pieces.length; i++) {
      pieces[i] = pieces[i].substring(0, pieces[i].length() - 1);
    }
    arrives(wire, pieces, "One ");
  }
}
