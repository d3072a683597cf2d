package io.flyball.engine;

import static io.flyball.engine.EngineHarness.readAll;
import static io.flyball.engine.EngineHarness.request;
import static io.flyball.engine.ScriptedTransport.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.Usage;
import io.flyball.wire.Bodies;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** In observe mode nothing changes and everything is recorded. */
class EngineObserveTest {
  private final EngineHarness harness = new EngineHarness(Mode.OBSERVE);

  @Test
  void sendsTheVeryRequestAndGivesTheVeryBytes() throws Exception {
    WireRequest request = request("ask stream", "x-flyball-feature", "search");
    WireResponse answer =
        stream(Pieces.of("data: he", "llo\n\nda", "ta: usage\n\n", "data: done\n\n", null));
    ScriptedTransport transport = ScriptedTransport.answering(answer);

    WireResponse delivered = harness.engine.open(request).execute(transport);

    assertThat(transport.sent).containsExactly(request);
    assertThat(transport.threads).containsExactly(Thread.currentThread());
    assertThat(delivered.headers()).isSameAs(answer.headers());
    assertThat(delivered.origin()).isSameAs(answer.origin());
    assertThat(readAll(delivered.body())).isEqualTo("data: hello\n\ndata: usage\n\ndata: done\n\n");
    CallRecord record = harness.onlyRecord();
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(record.usage().input()).isEqualTo(10);
    assertThat(record.usage().source()).isEqualTo(Usage.Source.REPORTED);
    assertThat(record.attribution().feature()).isEqualTo("search");
    assertThat(record.contentChunks()).isEqualTo(3);
    assertThat(record.timeToFirstTokenNanos()).isNotNegative();
    assertThat(record.attempts()).hasSize(1);
    assertThat(record.attempts().get(0).host()).isEqualTo("models.example");
    assertThat(record.attempts().get(0).port()).isEqualTo(443);
    assertThat(record.attempts().get(0).outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(record.attempts().get(0).requestBody()).as("kept only when it is needed").isNull();
    assertThat(harness.errors.total()).isZero();
  }

  @Test
  void leavesOtherTrafficAlone() {
    assertThat(harness.engine.mayGovern("POST", "shop.example", 443, "/v1/other")).isFalse();
    assertThat(harness.open("not a model call")).isNull();
    assertThat(harness.records).isEmpty();
  }

  @Test
  void readsOnlyWhenTheApplicationReads() throws Exception {
    Pieces body = Pieces.of("data: a\n\n", "data: b\n\n", null);
    WireResponse delivered =
        harness.open("ask stream").execute(ScriptedTransport.answering(stream(body)));
    assertThat(body.reads).isZero();
    delivered.body().read();
    assertThat(body.reads).isEqualTo(1);
  }

  @Test
  void closingEarlyClosesTheBodyAndRecordsWhatWasUsed() throws Exception {
    Pieces body = Pieces.of("data: usage\n\ndata: hello\n\n");
    GovernedCall call = harness.open("ask stream");
    WireResponse delivered = call.execute(ScriptedTransport.answering(stream(body)));
    delivered.body().read();
    delivered.body().close();
    delivered.body().close();
    call.cancel();

    assertThat(body.closed).isTrue();
    CallRecord record = harness.onlyRecord();
    assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record.usage().source()).isEqualTo(Usage.Source.PARTIAL);
    assertThat(record.attempts().get(0).outputText()).isEqualTo("hello");
    assertThat(new String(record.attempts().get(0).requestBody(), StandardCharsets.UTF_8))
        .isEqualTo("ask stream");
  }

  @Test
  void closingAfterTheTerminalEventIsASuccess() throws Exception {
    Pieces body = Pieces.of("data: hello\n\ndata: done\n\n");
    WireResponse delivered =
        harness.open("ask stream").execute(ScriptedTransport.answering(stream(body)));
    delivered.body().read();
    delivered.body().close();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void anAnswerThatIsNotTheGzipItSaysIsAnErrorOfTheProvider() throws Exception {
    byte[] garbage = {1, 2, 3, 4};
    WireResponse answer =
        WireResponse.received(
            200,
            Headers.of("Content-Type", "application/json", "Content-Encoding", "gzip"),
            Pieces.of(garbage, null),
            new Object());
    WireResponse delivered = harness.open("ask").execute(ScriptedTransport.answering(answer));

    assertThat(delivered.body().read().toCompletableFuture().join().remaining()).isEqualTo(4);
    assertThat(delivered.body().read().toCompletableFuture().join()).isNull();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.ERROR);
    assertThat(harness.onlyRecord().errorType()).isEqualTo("unreadable_body");
    assertThat(harness.errors.total()).as("not a failure of ours").isZero();
  }

  @Test
  void anEndWithoutTerminalEventIsACutWhereOneHasBeenSeen() throws Exception {
    readAll(
        harness
            .open("ask stream")
            .execute(
                ScriptedTransport.answering(
                    stream(Pieces.of("data: hello\n\ndata: done\n\n", null))))
            .body());
    harness.records.clear();
    WireResponse delivered =
        harness
            .open("ask stream")
            .execute(ScriptedTransport.answering(stream(Pieces.of("data: hello\n\n", null))));
    assertThat(readAll(delivered.body())).isEqualTo("data: hello\n\n");
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.CUT);
    assertThat(harness.onlyRecord().status()).isEqualTo(200);
  }

  @Test
  void aFailureWithinTheBodyReachesTheApplicationAsItIs() throws Exception {
    IOException reset = new IOException("reset");
    WireResponse delivered =
        harness
            .open("ask stream")
            .execute(ScriptedTransport.answering(stream(Pieces.of("data: hello\n\n", reset))));
    assertThat(catchThrowable(() -> readAll(delivered.body()))).isSameAs(reset);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.CUT);
    assertThat(harness.onlyRecord().errorType()).isEqualTo("java.io.IOException");
  }

  @Test
  void aFailureBeforeTheHeadReachesTheApplicationAsItIs() {
    SocketTimeoutException timeout = new SocketTimeoutException("slow");
    GovernedCall call = harness.open("ask");
    assertThat(catchThrowable(() -> call.execute(ScriptedTransport.failing(timeout))))
        .isSameAs(timeout);
    CallRecord record = harness.onlyRecord();
    assertThat(record.outcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(record.status()).isZero();
    assertThat(record.attempts().get(0).outcome()).isEqualTo(Outcome.TIMEOUT);
  }

  @Test
  void aTransportThatThrowsIsNoInternalError() {
    IllegalStateException thrown = new IllegalStateException("client is closed");
    ScriptedTransport transport =
        new ScriptedTransport(
            n -> {
              throw thrown;
            });
    GovernedCall call = harness.open("ask");
    assertThat(catchThrowable(() -> call.execute(transport))).isSameAs(thrown);
    assertThat(harness.errors.total()).isZero();
    assertThat(transport.sent).hasSize(1);
  }

  @Test
  void errorStatusAndErrorEventAreErrors() throws Exception {
    readAll(
        harness
            .open("ask")
            .execute(
                ScriptedTransport.answering(
                    ScriptedTransport.answer(503, "application/json", Bodies.of(new byte[] {'x'}))))
            .body());
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.ERROR);
    assertThat(harness.onlyRecord().errorType()).isEqualTo("503");
    harness.records.clear();
    readAll(
        harness
            .open("ask stream")
            .execute(
                ScriptedTransport.answering(stream(Pieces.of("data: hi\n\ndata: error\n\n", null))))
            .body());
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.ERROR);
    assertThat(harness.onlyRecord().errorType()).isEqualTo("overloaded");
    assertThat(harness.onlyRecord().status()).isEqualTo(200);
  }

  @Test
  void aFailingReaderDoesNotTouchTheBytes() throws Exception {
    WireResponse delivered =
        harness
            .open("ask stream")
            .execute(
                ScriptedTransport.answering(
                    stream(Pieces.of("data: hi\n\n", "data: poison\n\n", "data: more\n\n", null))));
    assertThat(readAll(delivered.body())).isEqualTo("data: hi\n\ndata: poison\n\ndata: more\n\n");
    assertThat(harness.errors.counts()).containsEntry("meter", 1L);
    assertThat(harness.records).hasSize(1);
  }

  @Test
  void aFailingSinkIsReportedOnly() throws Exception {
    Engine engine =
        Engine.builder(
                harness.settings(Mode.OBSERVE).build(),
                record -> {
                  throw new IllegalStateException("full");
                },
                harness.errors)
            .build();
    WireResponse delivered =
        engine
            .open(request("ask"))
            .execute(
                ScriptedTransport.answering(
                    ScriptedTransport.answer(200, "application/json", Pieces.of("hi", null))));
    assertThat(readAll(delivered.body())).isEqualTo("hi");
    assertThat(harness.errors.counts()).containsEntry("record", 1L);
  }
}
