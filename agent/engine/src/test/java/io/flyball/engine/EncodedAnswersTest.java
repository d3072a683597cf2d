package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Body;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever the encoding of an answer, and whether or not it is what it says, the application gets
 * the provider's bytes: all of them, once, and no others. Only where the event of usage that
 * Flyball asked for comes encoded, though nobody asked for that, the rest comes without its
 * encoding.
 */
class EncodedAnswersTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private static final String CHAT_WITHOUT_USAGE =
      ReliabilityHarness.chunk("Hello")
          + ReliabilityHarness.chunk(" you")
          + ReliabilityHarness.finish();
  private static final String CHAT =
      CHAT_WITHOUT_USAGE
          + "data: {\"id\":\"c1\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,"
          + "\"completion_tokens\":1,\"total_tokens\":10}}\n\n"
          + ReliabilityHarness.DONE;
  private static final String MESSAGES =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m1\","
          + "\"content\":[],\"usage\":{\"input_tokens\":25,\"output_tokens\":1}}}\n\n"
          + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
          + "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi there\"}}\n\n"
          + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":"
          + "\"end_turn\"},\"usage\":{\"output_tokens\":3}}\n\n"
          + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
  private static final String GEMINI =
      "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hello\"}]}}]}\r\n\r\n"
          + "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"!\"}]},\"finishReason\":"
          + "\"STOP\"}],\"usageMetadata\":{\"promptTokenCount\":9}}\r\n\r\n";
  private static final String RESPONSES =
      "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{\"id\":\"r1\","
          + "\"status\":\"in_progress\"}}\n\n"
          + "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
          + "\"delta\":\"Hello\"}\n\n"
          + "event: response.completed\ndata: {\"type\":\"response.completed\",\"response\":{"
          + "\"id\":\"r1\",\"status\":\"completed\",\"usage\":{\"input_tokens\":9,"
          + "\"output_tokens\":1}}}\n\n";

  /** How one provider is asked for a stream, and what it says. */
  private enum Api {
    CHAT_API("https://api.openai.com/v1/chat/completions", "\"messages\":[]", CHAT),
    CHAT_WITH_USAGE(
        "https://api.openai.com/v1/chat/completions",
        "\"messages\":[],\"stream_options\":{\"include_usage\":true}",
        CHAT),
    MESSAGES_API(
        "https://api.anthropic.com/v1/messages", "\"max_tokens\":9,\"messages\":[]", MESSAGES),
    RESPONSES_API("https://api.openai.com/v1/responses", "\"input\":\"Hi\"", RESPONSES),
    GEMINI_API(
        "https://generativelanguage.googleapis.com/v1beta/models/g:streamGenerateContent?alt=sse",
        "\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]",
        GEMINI);

    final String uri;
    final String body;
    final String stream;

    Api(String uri, String fields, String stream) {
      this.uri = uri;
      this.body = "{\"model\":\"m\",\"stream\":true," + fields + "}";
      this.stream = stream;
    }
  }

  private enum Coding {
    GZIP("gzip") {
      @Override
      byte[] encode(byte[] plain) {
        return zip(plain, GZIPOutputStream::new);
      }
    },
    GZIP_IN_TWO_MEMBERS("gzip") {
      @Override
      byte[] encode(byte[] plain) {
        int half = plain.length / 2;
        byte[] first = GZIP.encode(Arrays.copyOf(plain, half));
        return join(first, GZIP.encode(Arrays.copyOfRange(plain, half, plain.length)));
      }
    },
    GZIP_WITH_GARBAGE_AFTER_IT("gzip") {
      @Override
      byte[] encode(byte[] plain) {
        return join(GZIP.encode(plain), new byte[] {0, 0, 7, 42});
      }
    },
    FLUSHED_GZIP("x-gzip") {
      @Override
      byte[] encode(byte[] plain) {
        return zip(plain, out -> new GZIPOutputStream(out, 64, true));
      }
    },
    GZIP_THAT_IS_NONE("GZIP") {
      @Override
      byte[] encode(byte[] plain) {
        return plain;
      }
    },
    ZLIB("deflate") {
      @Override
      byte[] encode(byte[] plain) {
        return zip(plain, DeflaterOutputStream::new);
      }
    },
    RAW_DEFLATE("deflate") {
      @Override
      byte[] encode(byte[] plain) {
        return zip(plain, out -> new DeflaterOutputStream(out, new Deflater(6, true)));
      }
    },
    BROTLI("br") {
      @Override
      byte[] encode(byte[] plain) {
        return RAW_DEFLATE.encode(plain);
      }
    },
    ZSTANDARD("zstd") {
      @Override
      byte[] encode(byte[] plain) {
        return RAW_DEFLATE.encode(plain);
      }
    },
    TWICE("gzip, gzip") {
      @Override
      byte[] encode(byte[] plain) {
        return GZIP.encode(GZIP.encode(plain));
      }
    };

    final String header;

    Coding(String header) {
      this.header = header;
    }

    abstract byte[] encode(byte[] plain);

    boolean isReadable() {
      return this != BROTLI && this != ZSTANDARD && this != TWICE;
    }
  }

  private interface Zipper {
    OutputStream around(OutputStream out) throws IOException;
  }

  private static byte[] zip(byte[] plain, Zipper zipper) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (OutputStream out = zipper.around(all)) {
      for (byte b : plain) {
        out.write(b);
        if (b == '\n') {
          out.flush();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.toByteArray();
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static Policies policies(StreamRecovery recovery) {
    return Policies.builder()
        .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
        .retry(
            3,
            new Backoff(SECOND / 2, SECOND, () -> 1.0),
            new RetryBudget(0.2, 100, new ManualTime()))
        .streamRecovery(recovery)
        .build();
  }

  @Property(tries = 1000)
  void allOfTheProvidersBytesArriveAndNoOthers(
      @ForAll Api api,
      @ForAll Coding coding,
      @ForAll StreamRecovery recovery,
      @ForAll boolean labelled,
      @ForAll boolean measured,
      @ForAll("cuts") List<Integer> cuts)
      throws Exception {
    ReliabilityHarness harness = new ReliabilityHarness(policies(recovery));
    byte[] sent = coding.encode(api.stream.getBytes(StandardCharsets.UTF_8));
    Headers.Builder headers = Headers.builder();
    headers.set("Content-Encoding", coding.header);
    if (labelled) {
      headers.set("Content-Type", "text/event-stream");
    }
    if (measured) {
      headers.set("Content-Length", Integer.toString(sent.length));
    }
    harness.upstream.responds(200, headers.build(), pieces(sent, cuts));
    CompletableFuture<WireResponse> answer =
        harness
            .engine
            .open(
                new WireRequest(
                    "POST",
                    URI.create(api.uri),
                    Headers.of("Content-Type", "application/json", "Accept-Encoding", "gzip"),
                    api.body.getBytes(StandardCharsets.UTF_8)))
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture();
    harness.clock.advanceMillis(60_000);

    assertThat(answer).isDone();
    assertThat(answer.get().status()).isEqualTo(200);
    boolean decoded = api == Api.CHAT_API && coding.isReadable();
    assertThat(answer.get().headers().first("Content-Encoding"))
        .isEqualTo(decoded ? null : coding.header);
    assertThat(ReliabilityHarness.bytes(answer.get()))
        .isEqualTo(
            decoded
                ? (CHAT_WITHOUT_USAGE + ReliabilityHarness.DONE).getBytes(StandardCharsets.UTF_8)
                : sent);
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(harness.errors.counts()).isEmpty();
    assertThat(harness.records).hasSize(1);
  }

  private static Body pieces(byte[] sent, List<Integer> cuts) {
    List<Object> pieces = new ArrayList<>();
    int at = 0;
    for (int cut : cuts) {
      int end = Math.min(sent.length, at + cut);
      if (end > at) {
        pieces.add(Arrays.copyOfRange(sent, at, end));
      }
      at = end;
    }
    if (at < sent.length) {
      pieces.add(Arrays.copyOfRange(sent, at, sent.length));
    }
    pieces.add(null);
    return Pieces.of(pieces.toArray());
  }

  @Provide
  Arbitrary<List<Integer>> cuts() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 200).list().ofMaxSize(20),
            Arbitraries.integers().between(1, 3).list().ofMaxSize(40))
        .as(
            (large, small) -> {
              List<Integer> all = new ArrayList<>(small);
              all.addAll(large);
              return all;
            });
  }
}
