package io.flyball.instrumentation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.Gate;
import io.flyball.instrumentation.testing.provider.Wire;
import io.flyball.instrumentation.testing.stage.ScriptedStage;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Streams in the blocking form. */
abstract class StreamContract extends CallContract {
  private static final String FIRST = "data: " + CannedAnswers.content("one") + "\n\n";
  private static final String SECOND = "data: " + CannedAnswers.content("two") + "\n\n";
  private static final String DONE = "data: [DONE]\n\n";

  @Test
  void aStreamArrivesAsItIsSent() throws Exception {
    Gate gate = new Gate();
    provider.answer(Answer.events().chunk(FIRST).gate(gate).chunk(SECOND).event("[DONE]").end());
    try (OpenReply reply = client.open(Outgoing.chatStream(provider.url()))) {
      assertThat(read(reply, FIRST.length())).isEqualTo(FIRST);
      gate.open();
      assertThat(reply.whole().text()).isEqualTo(SECOND + "data: [DONE]\n\n");
    }
  }

  protected static String read(OpenReply reply, int count) throws IOException {
    byte[] bytes = new byte[count];
    InputStream in = reply.body();
    for (int done = 0; done < count; ) {
      int read = in.read(bytes, done, count - done);
      if (read < 0) {
        throw new EOFException("the stream ended after " + done + " bytes");
      }
      done += read;
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void aStreamRequestGoesOutByteForByte() throws Exception {
    provider.answer(CannedAnswers.chatStream(true), CannedAnswers.chatStream(true));
    Reply expected = client.send(twin(Outgoing.chatStream(provider.url())));
    Reply actual = client.send(Outgoing.chatStream(provider.url()));
    assertThat(actual.text()).isEqualTo(expected.text()).endsWith("data: [DONE]\n\n");
    assertThat(actual.providersHeaders()).isEqualTo(expected.providersHeaders());
    assertThat(asTwin(provider.requests().get(1))).isEqualTo(provider.requests().get(0).rawText());
  }

  @Test
  void streamsAnAnswerWithoutTheNetwork() throws Exception {
    needsGovern();
    Reply reply = client.send(Outgoing.chatStream(provider.url()).script("answer-stream"));
    assertThat(reply.header("content-type")).isEqualTo("text/event-stream");
    assertThat(reply.text()).isEqualTo(ScriptedStage.ANSWER_STREAM);
    assertThat(provider.connections()).isEmpty();
  }

  @Test
  void streamsTheAnswerOfALaterAttempt() throws Exception {
    needsGovern();
    Gate gate = new Gate();
    provider.answer(
        CannedAnswers.openAiError(503, "overloaded"),
        Answer.events().chunk(FIRST).gate(gate).chunk(SECOND).chunk(DONE).end());
    try (OpenReply reply = client.open(Outgoing.chatStream(provider.url()).script("retry"))) {
      assertThat(read(reply, FIRST.length())).isEqualTo(FIRST);
      gate.open();
      assertThat(reply.whole().text()).isEqualTo(SECOND + DONE);
    }
  }

  @Test
  void aSlowReaderSlowsTheSenderDown() throws Exception {
    byte[] event =
        ("data: {\"x\":\"" + new String(new char[64 * 1024]).replace('\0', 'x') + "\"}\n\n")
            .getBytes(StandardCharsets.UTF_8);
    int events = 1024;
    provider.answer(
        Answer.events()
            .chunk(FIRST)
            .then(
                wire -> {
                  byte[] framed = frame(event);
                  for (int i = 0; i < events; i++) {
                    wire.write(framed);
                  }
                })
            .chunk(DONE)
            .end());
    try (OpenReply reply = client.open(Outgoing.chatStream(provider.url()))) {
      read(reply, FIRST.length());
      Wire wire = provider.connections().get(0);
      awaitStandstill(wire);
      assertThat(wire.written()).isLessThan(events / 2 * (long) event.length);
      InputStream in = reply.body();
      byte[] buffer = new byte[64 * 1024];
      long total = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        total += read;
      }
      assertThat(total).isEqualTo(events * (long) event.length + DONE.length());
    }
  }

  private static byte[] frame(byte[] event) {
    byte[] head = (Integer.toHexString(event.length) + "\r\n").getBytes(StandardCharsets.UTF_8);
    byte[] framed = new byte[head.length + event.length + 2];
    System.arraycopy(head, 0, framed, 0, head.length);
    System.arraycopy(event, 0, framed, head.length, event.length);
    framed[framed.length - 2] = '\r';
    framed[framed.length - 1] = '\n';
    return framed;
  }

  private static void awaitStandstill(Wire wire) {
    AtomicLong before = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(30))
        .until(() -> before.getAndSet(wire.written()) == wire.written());
  }

  @Test
  void aStreamThatBreaksOffFailsAsItAlwaysDid() throws Exception {
    Answer cut = Answer.events().chunk(FIRST).close();
    provider.answer(cut, cut);
    failsLikeItsTwin(Outgoing.chatStream(provider.url()));
  }

  @Test
  void aStreamThatIsResetIsNeverANormalEnd() throws Exception {
    Gate gate = new Gate();
    provider.answer(Answer.events().chunk(FIRST).gate(gate).reset());
    try (OpenReply reply = client.open(Outgoing.chatStream(provider.url()))) {
      read(reply, FIRST.length());
      gate.open();
      assertThatThrownBy(reply::whole)
          .isInstanceOf(IOException.class)
          .satisfies(ContractFixture::assertNothingOfOursIn);
    }
  }

  @Test
  void silenceWithinAStreamFailsAsItAlwaysDid() throws Exception {
    assumeFalse(capabilities().contains(Capability.PATIENT), "the client would wait forever");
    Answer stalls = Answer.events().chunk(FIRST).stall();
    provider.answer(stalls, stalls);
    try (GovernedClient impatient = newClient(300)) {
      Throwable expected =
          catchThrowable(() -> impatient.send(twin(Outgoing.chatStream(provider.url()))));
      Throwable actual = catchThrowable(() -> impatient.send(Outgoing.chatStream(provider.url())));
      if (expected != null) {
        assertThatThrown(actual, expected);
      }
    }
  }

  @Test
  void aStreamIsNotHandedOverBeforeItsFirstContent() throws Exception {
    needsGovern();
    Answer brokenOffEarly = Answer.events().chunk(": hold the line\n\n").close();
    provider.answer(brokenOffEarly, Answer.events().chunk(FIRST).event("[DONE]").end());
    Reply reply = client.send(Outgoing.chatStream(provider.url()).script("retry"));
    assertThat(reply.text()).isEqualTo(FIRST + "data: [DONE]\n\n");
    assertThat(provider.requests()).hasSize(2);
  }

  @Test
  void aStreamClosedEarlyIsRecordedAsCancelled() throws Exception {
    needsRecords();
    int before = agent().records().size();
    provider.answer(Answer.events().chunk(FIRST).stall());
    try (OpenReply reply = client.open(Outgoing.chatStream(provider.url()))) {
      read(reply, FIRST.length());
    }
    await().until(() -> agent().records().size() == before + 1);
    CallRecord record = agent().records().get(before);
    assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void closingEarlyClosesTheProvidersConnection() throws Exception {
    provider.answer(Answer.events().chunk(FIRST).stall());
    try (OpenReply reply = client.open(Outgoing.chatStream(provider.url()))) {
      read(reply, FIRST.length());
    }
    assertThat(provider.connections().get(0).awaitClose()).isTrue();
  }

  @Test
  void closingEarlyClosesALaterAttemptsConnection() throws Exception {
    needsGovern();
    provider.answer(Answer.nothing().close(), Answer.events().chunk(FIRST).stall());
    try (OpenReply reply = client.open(Outgoing.chatStream(provider.url()).script("retry"))) {
      read(reply, FIRST.length());
    }
    assertThat(provider.connections().get(1).awaitClose()).isTrue();
  }

  @Test
  void theEngineCancelsAStreamUnderWay() throws Exception {
    needsGovern();
    provider.answer(Answer.events().chunk(FIRST).stall());
    try (OpenReply reply =
        client.open(Outgoing.chatStream(provider.url()).script("cancel-after-first-read"))) {
      assertThatThrownBy(reply::whole)
          .isInstanceOf(IOException.class)
          .satisfies(ContractFixture::assertNothingOfOursIn);
    }
    assertThat(provider.connections().get(0).awaitClose()).isTrue();
  }
}
