package io.flyball.engine;

import static io.flyball.engine.EngineHarness.readAll;
import static io.flyball.engine.ScriptedTransport.answer;
import static io.flyball.engine.ScriptedTransport.answering;
import static io.flyball.engine.ScriptedTransport.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/** What the engine changes when it governs. */
class EngineGovernTest {
  private final EngineHarness harness = new EngineHarness(Mode.GOVERN);

  @Test
  void whatAProviderSaysUnderItsNamesIsNotTakenForItsOwn() throws Exception {
    Headers provided =
        Headers.of(
            "Content-Type", "application/json",
            "X-Flyball-Cost-Usd", "0",
            "x-flyball-cache", "hit",
            "x-flyball-refusal", "flyball_budget_exceeded",
            "x-flyball-other", "kept");
    ScriptedTransport transport =
        answering(
            answer(200, "application/json", Pieces.of("done\n\n", null)).withHeaders(provided));
    Headers delivered = harness.open("ask").execute(transport).headers();

    assertThat(delivered.first("x-flyball-cost-usd")).isNull();
    assertThat(delivered.first("x-flyball-cache")).isNull();
    assertThat(delivered.first("x-flyball-refusal")).isNull();
    assertThat(delivered.first("x-flyball-other")).isEqualTo("kept");
    assertThat(delivered.first("x-upstream-flyball-cost-usd")).isEqualTo("0");
    assertThat(delivered.first("x-upstream-flyball-cache")).isEqualTo("hit");
    Headers observed =
        new EngineHarness(Mode.OBSERVE)
            .open("ask")
            .execute(
                answering(
                    answer(200, "application/json", Pieces.of("done\n\n", null))
                        .withHeaders(provided)))
            .headers();
    assertThat(observed).isEqualTo(provided);
  }

  @Test
  void keepsItsOwnHeadersOffTheWireAndPutsThemOnTheAnswer() throws Exception {
    ScriptedTransport transport =
        answering(answer(200, "application/json", Pieces.of("hi\n\n", "done\n\n", null)));
    GovernedCall call = harness.open("ask", "X-Flyball-Tenant", "acme", "Authorization", "secret");
    WireResponse delivered = call.execute(transport);

    assertThat(transport.sent.get(0).headers()).isEqualTo(Headers.of("Authorization", "secret"));
    assertThat(delivered.headers())
        .isEqualTo(
            Headers.of(
                "Content-Type",
                "application/json",
                "x-flyball-call",
                call.id(),
                "x-flyball-attempts",
                "1",
                "x-flyball-target",
                "models.example"));
    readAll(delivered.body());
    assertThat(harness.onlyRecord().attribution().tenant()).isEqualTo("acme");
    assertThat(harness.onlyRecord().callId()).isEqualTo(call.id());
  }

  @Test
  void aBypassedCallOnlyLosesOurHeaders() throws Exception {
    WireResponse answer = stream(Pieces.of("data: usage\n\n", null));
    ScriptedTransport transport = answering(answer);
    WireResponse delivered =
        harness
            .open("ask stream", "x-flyball-bypass", "true", "Accept-Encoding", "br")
            .execute(transport);
    assertThat(delivered.headers()).isEqualTo(answer.headers());
    assertThat(transport.sent.get(0).headers()).isEqualTo(Headers.of("Accept-Encoding", "br"));
    assertThat(text(transport.sent.get(0))).isEqualTo("ask stream");
    assertThat(readAll(delivered.body())).isEqualTo("data: usage\n\n");
  }

  @Test
  void asksForUsageAndHidesWhatThatAdds() throws Exception {
    harness.reportingNothingUnasked();
    ScriptedTransport transport =
        answering(stream(Pieces.of("data: hi\n\n", "data: us", "age\n\ndata: done\n\n", null)));
    WireResponse delivered = harness.open("ask stream", "Content-Length", "10").execute(transport);

    assertThat(text(transport.sent.get(0))).isEqualTo("ask stream+usage");
    assertThat(transport.sent.get(0).headers()).isEqualTo(Headers.EMPTY);
    assertThat(readAll(delivered.body())).isEqualTo("data: hi\n\ndata: done\n\n");
    assertThat(harness.onlyRecord().usage().output()).isEqualTo(5);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void whatItTakesOutIsNeitherCompressedNorCounted() throws Exception {
    harness.reportingNothingUnasked();
    WireResponse answer = stream(Pieces.of("data: usage\n\ndata: done\n\n", null));
    ScriptedTransport transport =
        answering(answer.withHeaders(answer.headers().with("Content-Length", "25")));
    WireResponse delivered =
        harness.open("ask stream", "Accept-Encoding", "gzip").execute(transport);
    assertThat(transport.sent.get(0).headers().first("Accept-Encoding")).isEqualTo("identity");
    assertThat(delivered.headers().first("Content-Length")).isNull();
    assertThat(readAll(delivered.body())).isEqualTo("data: done\n\n");
  }

  @Test
  void doesNotHideUsageTheApplicationAskedFor() throws Exception {
    ScriptedTransport transport =
        answering(stream(Pieces.of("data: hi\n\ndata: usage\n\ndata: done\n\n", null)));
    WireResponse delivered = harness.open("ask stream+usage").execute(transport);
    assertThat(readAll(delivered.body())).contains("usage");
  }

  @Test
  void aProviderThatRefusesTheFieldGetsTheOriginalOnceAndIsRemembered() throws Exception {
    harness.reportingNothingUnasked();
    Pieces refusal = Pieces.of("{\"error\":\"Unknown field: stream_opt", "ions\"}", null);
    ScriptedTransport transport =
        answering(
            answer(400, "application/json", refusal),
            stream(Pieces.of("data: hi\n\ndata: done\n\n", null)),
            stream(Pieces.of("data: hi\n\ndata: done\n\n", null)));
    WireResponse delivered = harness.open("ask stream").execute(transport);

    assertThat(readAll(delivered.body())).isEqualTo("data: hi\n\ndata: done\n\n");
    assertThat(delivered.headers().first("x-flyball-attempts")).isEqualTo("2");
    assertThat(refusal.closed).isTrue();
    harness.open("ask stream").execute(transport).body().close();
    assertThat(transport.sent)
        .extracting(EngineGovernTest::text)
        .containsExactly("ask stream+usage", "ask stream", "ask stream");
    CallRecord record = harness.records.get(0);
    assertThat(record.attempts()).extracting(a -> a.status()).containsExactly(400, 200);
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void anyOtherRefusalIsTheApplicationsOwn() throws Exception {
    harness.reportingNothingUnasked();
    ScriptedTransport transport =
        answering(
            answer(400, "application/json", Pieces.of("prompt is too long", null)),
            answer(400, "application/json", Pieces.of("prompt is too long", null)));
    WireResponse delivered = harness.open("ask stream").execute(transport);
    assertThat(delivered.status()).isEqualTo(400);
    assertThat(readAll(delivered.body())).isEqualTo("prompt is too long");
    assertThat(transport.sent)
        .extracting(EngineGovernTest::text)
        .containsExactly("ask stream+usage", "ask stream");
  }

  @Test
  void aStreamIsHandedOnWithItsFirstContentAndNoLater() {
    Pieces body = Pieces.of();
    CompletableFuture<WireResponse> result =
        EngineHarness.gated()
            .open("ask stream+usage")
            .executeAsync(answering(stream(body)), Runnable::run)
            .toCompletableFuture();
    body.give("data: ping\n\n");
    assertThat(result).isNotDone();
    body.give("data: hello\n\n");
    assertThat(result).isDone();
    int readsUntilCommit = body.reads;

    Body delivered = result.join().body();
    assertThat(next(delivered)).isEqualTo("data: ping\n\n");
    assertThat(next(delivered)).isEqualTo("data: hello\n\n");
    assertThat(body.reads).as("reads nothing ahead of the application").isEqualTo(readsUntilCommit);
  }

  @Test
  void whereNothingCouldAnswerInsteadTheHeadIsHandedOnAtOnce() {
    Pieces body = Pieces.of();
    CompletableFuture<WireResponse> result =
        harness
            .open("ask stream+usage")
            .executeAsync(answering(stream(body)), Runnable::run)
            .toCompletableFuture();
    assertThat(result).isDone();
    assertThat(body.reads).isZero();
  }

  @Test
  void anErrorEventBeforeContentIsHandedOnAsItCame() throws Exception {
    EngineHarness harness = EngineHarness.gated();
    WireResponse delivered =
        harness
            .open("ask stream+usage")
            .execute(answering(stream(Pieces.of("data: ping\n\n", "data: error\n\n", null))));
    assertThat(readAll(delivered.body())).isEqualTo("data: ping\n\ndata: error\n\n");
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.ERROR);
  }

  @Test
  void aPlainAnswerThatBreaksIsHandedOnAsItCame() throws Exception {
    EngineHarness harness = EngineHarness.gated();
    IOException reset = new IOException("reset");
    WireResponse delivered =
        harness
            .open("ask")
            .execute(answering(answer(200, "application/json", Pieces.of("half", reset))));
    assertThat(next(delivered.body())).isEqualTo("half");
    assertThat(catchThrowable(() -> readAll(delivered.body()))).isSameAs(reset);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.CUT);
  }

  @Test
  void longPlainAnswersAreNotHeldWhole() throws Exception {
    byte[] megabyte = new byte[1 << 20];
    Object[] pieces = new Object[20];
    Arrays.fill(pieces, megabyte);
    Pieces body = Pieces.of(pieces);
    body.give(null);
    WireResponse delivered =
        EngineHarness.gated().open("ask").execute(answering(answer(200, "application/json", body)));
    assertThat(body.reads).isEqualTo(8);
    long total = 0;
    for (ByteBuffer piece = delivered.body().read().toCompletableFuture().join();
        piece != null;
        piece = delivered.body().read().toCompletableFuture().join()) {
      total += piece.remaining();
    }
    assertThat(total).isEqualTo(20L << 20);
  }

  @Test
  void tenThousandChunksLeaveNothingBehindAndNestNothing() throws Exception {
    List<ByteBuffer> chunks = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      chunks.add(bytes("data: ping\n\n"));
    }
    chunks.add(bytes("data: end\n\ndata: done\n\n"));
    WireResponse delivered =
        harness.open("ask stream+usage").execute(answering(stream(Bodies.of(chunks))));
    assertThat(readAll(delivered.body())).hasSize(10_000 * 12 + 23);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void readsGzippedAnswersOnTheSide() throws Exception {
    byte[] zipped = gzip("data: hello\n\ndata: usage\n\ndata: done\n\n");
    Object[] pieces = new Object[zipped.length];
    for (int i = 0; i < zipped.length; i++) {
      pieces[i] = new byte[] {zipped[i]};
    }
    Pieces body = Pieces.of(pieces);
    body.give(null);
    WireResponse answer = stream(body);
    WireResponse delivered =
        harness
            .open("ask stream+usage")
            .execute(
                answering(answer.withHeaders(answer.headers().with("Content-Encoding", "gzip"))));
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    for (ByteBuffer piece = delivered.body().read().toCompletableFuture().join();
        piece != null;
        piece = delivered.body().read().toCompletableFuture().join()) {
      received.write(piece.get());
    }
    assertThat(received.toByteArray()).isEqualTo(zipped);
    assertThat(harness.onlyRecord().usage().input()).isEqualTo(10);
    assertThat(String.join("", harness.protocol.fed))
        .isEqualTo("data: hello\n\ndata: usage\n\ndata: done\n\n");
  }

  @Test
  void asksStreamsForEncodingsItCanRead() throws Exception {
    ScriptedTransport transport =
        answering(
            stream(Pieces.of("data: done\n\n", null)),
            stream(Pieces.of("data: done\n\n", null)),
            answer(200, "application/json", Bodies.empty()));
    harness.open("ask stream+usage", "accept-encoding", "gzip, br;q=1.0,zstd").execute(transport);
    harness.open("ask stream+usage", "Accept-Encoding", "br").execute(transport);
    harness.open("ask", "Accept-Encoding", "br").execute(transport);
    assertThat(transport.sent)
        .extracting(request -> request.headers().first("Accept-Encoding"))
        .containsExactly("gzip", "identity", "br");
  }

  @Test
  void settingsAreReplacedForLaterCallsOnly() throws Exception {
    GovernedCall before = harness.open("ask", "x-flyball-tenant", "a");
    harness.engine.apply(harness.settings(Mode.OBSERVE).build());
    GovernedCall after = harness.open("ask", "x-flyball-tenant", "a");
    ScriptedTransport transport =
        answering(
            answer(200, "application/json", Bodies.empty()),
            answer(200, "application/json", Bodies.empty()));
    before.execute(transport);
    after.execute(transport);
    assertThat(transport.sent)
        .extracting(request -> request.headers().size())
        .containsExactly(0, 1);
  }

  private static String text(WireRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String next(Body body) {
    return StandardCharsets.UTF_8.decode(body.read().toCompletableFuture().join()).toString();
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return zipped.toByteArray();
  }
}
