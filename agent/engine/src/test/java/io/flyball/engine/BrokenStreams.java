package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.WireStreams.Piece;
import io.flyball.engine.WireStreams.Wire;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Streams that break off somewhere, and what an application reads of them under a chain. */
final class BrokenStreams {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String UNAVAILABLE =
      "{\"error\":{\"message\":\"no\",\"type\":\"server_error\"}}";

  private BrokenStreams() {}

  /** What came of a read: its bytes, and how it ended. */
  static final class Read {
    final ByteArrayOutputStream out = new ByteArrayOutputStream();
    Throwable failure;
    int asked;

    byte[] bytes() {
      return out.toByteArray();
    }

    String text() {
      return new String(bytes(), StandardCharsets.UTF_8);
    }
  }

  private static Policies policies(Wire wire) {
    List<Link> chain = new ArrayList<>();
    for (String name : new String[] {"b1", "b2"}) {
      chain.add(
          Link.to(
              new Target(
                  name,
                  URI.create("https://" + name + ".example"),
                  wire.target,
                  "m",
                  "key",
                  0,
                  0,
                  Collections.<String, String>emptyMap())));
    }
    return Policies.builder()
        .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
        .fallback(
            new FallbackSettings(
                chain,
                Collections.<Target>emptyList(),
                EnumSet.complementOf(EnumSet.of(FallbackReason.CONTENT_FILTER)),
                null),
            new LastAnswers(1 << 20),
            (provider, host, model) -> 0)
        .streamRecovery(StreamRecovery.SPLICE)
        .joinNanos(15 * SECOND)
        .build();
  }

  /** Asks with those answers on the wire: each the pieces of a stream, or null for a 503. */
  static Read read(Wire wire, List<Pieces> answers) throws Exception {
    Headers plain = Headers.of("Content-Type", "text/event-stream");
    return read(wire, Collections.nCopies(answers.size(), plain), answers);
  }

  /** The same with the headers of each answer. */
  static Read read(Wire wire, List<Headers> headers, List<Pieces> answers) throws Exception {
    ReliabilityHarness harness = new ReliabilityHarness(policies(wire));
    for (int i = 0; i < answers.size(); i++) {
      Pieces answer = answers.get(i);
      if (answer == null) {
        harness.upstream.answers(503, UNAVAILABLE);
      } else {
        harness.upstream.responds(200, headers.get(i), answer);
      }
    }
    for (int i = 0; i < 4; i++) {
      harness.upstream.answers(503, UNAVAILABLE);
    }
    WireResponse response =
        harness
            .engine
            .open(
                new WireRequest(
                    "POST",
                    URI.create(wire.url),
                    Headers.of("Content-Type", "application/json", "Authorization", "Bearer k"),
                    wire.request().getBytes(StandardCharsets.UTF_8)))
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .get();
    Read read = new Read();
    while (true) {
      CompletableFuture<ByteBuffer> next = response.body().read().toCompletableFuture();
      assertThat(next).as("nothing hangs").isDone();
      try {
        ByteBuffer bytes = next.get();
        if (bytes == null) {
          break;
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        read.out.write(copy, 0, copy.length);
      } catch (ExecutionException failed) {
        read.failure = failed.getCause();
        break;
      }
    }
    read.asked = harness.upstream.sent.size();
    assertThat(harness.errors.counts()).isEmpty();
    assertThat(harness.records).hasSize(1);
    return read;
  }

  static Pieces cut(byte[] stream, int length, int piece, Object end) {
    Pieces pieces = new Pieces();
    int until = Math.min(length, stream.length);
    for (int at = 0; at < until; at += piece) {
      pieces.give(Arrays.copyOfRange(stream, at, Math.min(until, at + piece)));
    }
    pieces.give(end);
    return pieces;
  }

  static IOException reset() {
    return new IOException("reset");
  }

  /** The same answer in other pieces. */
  static List<Piece> otherwise(List<Piece> answer, long seed) {
    Random random = new Random(seed);
    List<Piece> pieces = new ArrayList<>();
    for (Piece piece : answer) {
      Piece last = pieces.isEmpty() ? null : pieces.get(pieces.size() - 1);
      boolean text = !piece.kind.equals("tool");
      if (text && last != null && last.kind.equals(piece.kind) && random.nextBoolean()) {
        pieces.set(pieces.size() - 1, new Piece(piece.kind, last.text + piece.text));
      } else if (text && piece.text.length() > 1 && random.nextBoolean()) {
        int at = 1 + random.nextInt(piece.text.length() - 1);
        pieces.add(new Piece(piece.kind, piece.text.substring(0, at)));
        pieces.add(new Piece(piece.kind, piece.text.substring(at)));
      } else {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  static byte[] first(byte[] stream, int length) {
    return Arrays.copyOf(stream, Math.min(length, stream.length));
  }

  /** A stream that breaks before its first content is another one's affair. */
  static int begun(Wire wire, byte[] stream, int length) throws IOException {
    for (int at = length; at < stream.length; at++) {
      Map<String, String> said = StreamReaders.said(wire, first(stream, at));
      said.keySet().removeIf(key -> key.contains("role") || key.contains("begin"));
      if (!said.isEmpty()) {
        return at;
      }
    }
    return stream.length;
  }

  static Arbitrary<List<Piece>> answers() {
    Arbitrary<String> texts =
        Arbitraries.of(
                "a", "bc ", "\"", "\\", "\n", "é", "日本", "\ud83d\udca1", "data: x", "\u2028", "}")
            .list()
            .ofMinSize(1)
            .ofMaxSize(4)
            .map(parts -> String.join("", parts));
    Arbitrary<Piece> piece =
        Combinators.combine(Arbitraries.of("text", "text", "text", "thought"), texts)
            .as(Piece::new);
    Arbitrary<List<Piece>> tools =
        texts
            .list()
            .ofMaxSize(3)
            .map(
                args -> {
                  List<Piece> call = new ArrayList<>();
                  call.add(new Piece("tool", "tool" + args.size()));
                  args.forEach(arg -> call.add(new Piece("args", arg)));
                  return call;
                });
    return Combinators.combine(piece.list().ofMinSize(1).ofMaxSize(6), tools.list().ofMaxSize(2))
        .as(
            (texted, calls) -> {
              List<Piece> all = new ArrayList<>(texted);
              calls.forEach(all::addAll);
              return all;
            });
  }
}
