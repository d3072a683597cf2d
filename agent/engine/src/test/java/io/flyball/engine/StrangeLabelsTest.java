package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.bytes;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.protocol.Usage;
import io.flyball.wire.Body;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

/**
 * Servers call their answers anything. The event that exists because Flyball asked for it reaches
 * no application, whatever stands before it; and who answers so that nobody could take it out is
 * not asked again.
 */
class StrangeLabelsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String EXPECTED = chunk("Hello") + finish() + DONE;
  private static final String STREAM =
      chunk("Hello")
          + finish()
          + "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{"
          + "\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}\n\n"
          + DONE;

  private ReliabilityHarness harness;

  @BeforeTry
  void nobodyKnowsAnything() {
    harness =
        new ReliabilityHarness(
            Policies.builder()
                .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
                .retry(
                    3,
                    new Backoff(SECOND / 2, SECOND, () -> 1.0),
                    new RetryBudget(0.2, 100, new ManualTime()))
                .build());
  }

  private WireResponse answer(
      byte[] sent, String encoding, String type, boolean measured, int piece) {
    List<Object> pieces = new ArrayList<>();
    for (int at = 0; at < sent.length; at += piece) {
      pieces.add(Arrays.copyOfRange(sent, at, Math.min(sent.length, at + piece)));
    }
    pieces.add(null);
    return ask(Pieces.of(pieces.toArray()), sent.length, encoding, type, measured);
  }

  private WireResponse ask(Body body, int length, String encoding, String type, boolean measured) {
    Headers.Builder headers = Headers.builder();
    if (encoding != null) {
      headers.set("Content-Encoding", encoding);
    }
    if (type != null) {
      headers.set("Content-Type", type);
    }
    if (measured) {
      headers.set("Content-Length", Integer.toString(length));
    }
    harness.upstream.responds(200, headers.build(), body);
    CompletableFuture<WireResponse> answer = harness.askStream();
    assertThat(answer).isDone();
    return answer.join();
  }

  private boolean wasAsked(int request) {
    WireRequest sent = harness.upstream.sent.get(request);
    return new String(sent.body(), StandardCharsets.UTF_8).contains("include_usage");
  }

  @Property(tries = 500)
  void whatWasAskedForIsTakenOutOfPlainBytesWhateverTheyAreCalled(
      @ForAll("labels") String encoding,
      @ForAll("types") String type,
      @ForAll boolean measured,
      @ForAll @IntRange(min = 1, max = 400) int piece)
      throws Exception {
    byte[] sent = STREAM.getBytes(StandardCharsets.UTF_8);

    WireResponse answer = answer(sent, encoding, type, measured, piece);

    assertThat(wasAsked(0)).isTrue();
    assertThat(text(answer)).isEqualTo(EXPECTED);
    assertThat(answer.headers().first("Content-Length")).isNull();
    assertThat(harness.upstream.sent).hasSize(1);
    assertThat(harness.errors.counts()).isEmpty();
    if (!isOfCoding(encoding)) {
      assertThat(answer.headers().first("Content-Encoding")).isEqualTo(encoding);
      assertThat(harness.onlyRecord().usage().source()).isEqualTo(Usage.Source.REPORTED);
      assertThat(harness.onlyRecord().usage().total()).isEqualTo(10);
    }
  }

  /** What is no coding of its own: plain bytes under it are mislabelled, and told so elsewhere. */
  private static boolean isOfCoding(String encoding) {
    String name = encoding == null ? "" : encoding.toLowerCase(Locale.ROOT);
    return name.contains("gzip") || name.contains("deflate");
  }

  @Property(tries = 300)
  void whoCannotBeReadIsHandedOnAsItCameAndNotAskedAgain(
      @ForAll("foreign") byte[] sent,
      @ForAll("unknown") String encoding,
      @ForAll("types") String type,
      @ForAll boolean measured,
      @ForAll boolean left,
      @ForAll @IntRange(min = 1, max = 400) int piece)
      throws Exception {
    WireResponse answer = answer(sent, encoding, type, measured, piece);
    if (left) {
      answer.body().read();
      answer.body().close();
    } else {
      assertThat(bytes(answer)).isEqualTo(sent);
      assertThat(answer.headers().first("Content-Encoding")).isEqualTo(encoding);
    }
    if (measured && type != null && type.startsWith("application/json")) {
      assertThat(answer.headers().first("Content-Length")).isNotNull();
    }

    answer(sent, encoding, type, measured, piece);

    assertThat(wasAsked(0)).isTrue();
    assertThat(wasAsked(1)).isFalse();
    assertThat(harness.upstream.sent).hasSize(2);
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Property(tries = 100)
  void whatIsEncodedOtherwiseThanItSaysPassesAndIsNotAskedAgain(
      @ForAll("unknownOrNone") String encoding, @ForAll @IntRange(min = 1, max = 400) int piece)
      throws Exception {
    byte[] sent = gzip(STREAM);

    WireResponse answer = answer(sent, encoding, "text/event-stream", false, piece);

    assertThat(bytes(answer)).isEqualTo(sent);
    answer(sent, encoding, "text/event-stream", false, piece);
    assertThat(wasAsked(1)).isFalse();
    assertThat(harness.records.get(0).usage().total()).isEqualTo(10);
  }

  @Property(tries = 100)
  void jsonKeepsItsLengthWhereAStreamWasAskedFor(
      @ForAll("unknownOrNone") String encoding, @ForAll @IntRange(min = 1, max = 400) int piece)
      throws Exception {
    byte[] sent = ReliabilityHarness.OK.getBytes(StandardCharsets.UTF_8);

    WireResponse answer = answer(sent, encoding, "application/json", true, piece);

    assertThat(answer.headers().first("Content-Length")).isEqualTo(Integer.toString(sent.length));
    assertThat(bytes(answer)).isEqualTo(sent);
  }

  private static byte[] gzip(String plain) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(plain.getBytes(StandardCharsets.UTF_8));
    }
    return bytes.toByteArray();
  }

  @Provide
  Arbitrary<String> unknown() {
    Arbitrary<String> made =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withChars('-', '_', '8')
            .ofMinLength(1)
            .ofMaxLength(12)
            .filter(name -> !isOfCoding(name) && !name.equals("identity"));
    return Arbitraries.oneOf(
        made,
        made.list().ofMinSize(2).ofMaxSize(3).map(names -> String.join(", ", names)),
        made.map(name -> name + ";q=1"),
        Arbitraries.of(
            "utf-8", "UTF8", "none", "br", "zstd", "compress", "aws-chunked", "binary", "null"));
  }

  @Provide
  Arbitrary<String> unknownOrNone() {
    return Arbitraries.oneOf(unknown(), Arbitraries.just(null));
  }

  @Provide
  Arbitrary<String> labels() {
    return Arbitraries.oneOf(
        unknown(),
        Arbitraries.of(
            null,
            "",
            "identity",
            "identity, identity",
            "identity;q=1",
            ",",
            "gzip",
            "x-gzip",
            "gzip;q=1",
            "GZIP , identity",
            "gzip, gzip",
            "br, gzip"));
  }

  @Provide
  Arbitrary<String> types() {
    return Arbitraries.of(
        "text/event-stream",
        "TEXT/EVENT-STREAM; charset=utf-8",
        "application/json",
        "application/json; charset=utf-8",
        "application/octet-stream",
        "text/plain",
        null);
  }

  /** As Zstandard, Brotli and old compress write. */
  @Provide
  Arbitrary<byte[]> foreign() {
    return Arbitraries.of(
            new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd},
            new byte[] {0x1b, 0x0b, 0x01},
            new byte[] {0x5b, (byte) 0xff, 0x03},
            new byte[] {(byte) 0x8b, 0x02, (byte) 0x80},
            new byte[] {0x1f, (byte) 0x9d, (byte) 0x90})
        .flatMap(
            head ->
                Arbitraries.bytes()
                    .array(byte[].class)
                    .ofMinSize(50)
                    .ofMaxSize(400)
                    .map(
                        rest -> {
                          byte[] all = Arrays.copyOf(head, head.length + rest.length);
                          System.arraycopy(rest, 0, all, head.length, rest.length);
                          return all;
                        }));
  }
}
