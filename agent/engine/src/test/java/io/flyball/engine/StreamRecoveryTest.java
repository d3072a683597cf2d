package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Bodies;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is asked again for, for how long, on which thread, and what is left when it was in vain. */
class StreamRecoveryTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String OVERLOADED =
      "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":null}}";

  private static ReliabilityHarness harness() {
    return new ReliabilityHarness(policies(3));
  }

  private static Policies policies(int attempts) {
    return Policies.builder()
        .timeouts(new TimeoutSettings(100 * SECOND, 100 * SECOND, 100 * SECOND, 1000 * SECOND))
        .retry(
            attempts,
            new Backoff(SECOND / 2, 20 * SECOND, () -> 1.0),
            new RetryBudget(0.2, 10, new ManualTime()))
        .streamRecovery(StreamRecovery.SPLICE)
        .joinNanos(15 * SECOND)
        .build();
  }

  private static String error(String type) {
    return "data: {\"error\":{\"message\":\"m\",\"type\":\"" + type + "\"}}\n\n";
  }

  private static IOException reset() {
    return new IOException("reset");
  }

  @Test
  void whoDoesNotBeginAgainInTimeIsNotWaitedFor() throws Exception {
    ReliabilityHarness harness = harness();
    harness.upstream.streams(chunk("One "), reset()).isSilent();
    WireResponse answer = harness.askStream().get();
    answer.body().read();
    CompletableFuture<?> next = answer.body().read().toCompletableFuture();
    harness.clock.advanceMillis(14_990);
    assertThat(next).isNotDone();

    harness.clock.advanceMillis(20);

    assertThatThrownBy(next::get).cause().hasMessage("reset");
    assertThat(harness.upstream.attempts.get(1).isCancelled()).isTrue();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.CUT);
  }

  @Test
  void whoDoesNotCatchUpInTimeIsNotWaitedFor() throws Exception {
    ReliabilityHarness harness = harness();
    Pieces slow = Pieces.of(chunk("One "));
    harness.upstream.streams(chunk("One "), chunk("two "), reset()).streams(slow);
    WireResponse answer = harness.askStream().get();
    answer.body().read();
    answer.body().read();
    CompletableFuture<?> next = answer.body().read().toCompletableFuture();
    harness.upstream.attempts.get(1).onCancel(() -> slow.give(new IOException("Canceled")));
    harness.clock.advanceMillis(15_010);

    assertThatThrownBy(next::get).cause().hasMessage("reset");
  }

  @Test
  void whoHasCaughtUpHasAllTheTimeOfAStream() throws Exception {
    ReliabilityHarness harness = harness();
    Pieces second = Pieces.of(chunk("One "), chunk("two "));
    harness.upstream.streams(chunk("One "), reset()).streams(second);
    WireResponse answer = harness.askStream().get();
    answer.body().read();
    answer.body().read().toCompletableFuture().get();
    harness.clock.advanceMillis(60_000);
    second.give(chunk("three") + finish() + DONE);
    second.give(null);

    assertThat(text(answer)).contains("three").endsWith(DONE);
    assertThat(harness.upstream.attempts.get(1).isCancelled()).isFalse();
  }

  @Test
  void withoutAnotherTargetItIsAskedForOnceMore() throws Exception {
    ReliabilityHarness harness = harness();
    harness
        .upstream
        .streams(chunk("One "), reset())
        .streams(chunk("One "), chunk("two "), reset())
        .streams(wholeStream("One ", "two ", "three"), null);
    WireResponse answer = harness.askStream().get();

    assertThatThrownBy(() -> text(answer)).hasMessage("reset");
    assertThat(harness.upstream.sent).hasSize(2);
  }

  @Test
  void whereTheNextFailsTooTheApplicationGetsTheFirstFailure() throws Exception {
    ReliabilityHarness harness = harness();
    harness
        .upstream
        .streams(chunk("One "), reset())
        .streams(chunk("One "), chunk("two "), new IOException("another"));
    WireResponse answer = harness.askStream().get();

    assertThatThrownBy(() -> text(answer)).hasMessage("reset");
  }

  @Test
  void whereBothReportAnErrorTheApplicationGetsThatOfTheLast() throws Exception {
    ReliabilityHarness harness = harness();
    harness
        .upstream
        .streams(chunk("One "), error("server_error"), DONE, null)
        .streams(chunk("One "), chunk("two "), error("overloaded_error"), DONE, null);
    WireResponse answer = harness.askStream().get();

    assertThat(text(answer)).isEqualTo(chunk("One ") + chunk("two ") + error("overloaded_error"));
  }

  @Test
  void whereOnlyTheFirstReportsAnErrorTheApplicationGetsThatOne() throws Exception {
    ReliabilityHarness harness = harness();
    harness
        .upstream
        .streams(chunk("One "), error("server_error"), DONE, null)
        .streams(chunk("One "), chunk("two "), reset());
    WireResponse answer = harness.askStream().get();

    assertThat(text(answer)).isEqualTo(chunk("One ") + chunk("two ") + error("server_error"));
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.CUT);
  }

  /** A client holds what it reads against the length that it was told. */
  @Test
  void whatIsSentByItsLengthUnderAnotherNameEndsAsItDoes() throws Exception {
    ReliabilityHarness harness = harness();
    harness
        .upstream
        .responds(
            200,
            Headers.of("Content-Type", "application/octet-stream", "Content-Length", "687"),
            Pieces.of(chunk("One "), reset()))
        .streams(wholeStream("One ", "two"), null);
    WireResponse answer =
        harness
            .call(
                "{\"model\":\"m\",\"stream\":true,\"messages\":[],"
                    + "\"stream_options\":{\"include_usage\":true}}")
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .get();

    assertThat(answer.headers().first("Content-Length")).isEqualTo("687");
    assertThatThrownBy(() -> text(answer)).hasMessage("reset");
    assertThat(harness.upstream.sent).hasSize(1);
  }

  /** Ten are always free here; a fifth of the calls, otherwise. */
  @Test
  void allStreamsTogetherAreAskedForAgainAsOftenAsRetriesMay() throws Exception {
    ReliabilityHarness harness = harness();
    int joined = 0;
    for (int i = 0; i < 30; i++) {
      harness.upstream.streams(chunk("One "), reset());
      harness.upstream.streams(wholeStream("One ", "two"), null);
      int before = harness.upstream.sent.size();
      WireResponse answer = harness.askStream().get();
      try {
        text(answer);
        joined++;
      } catch (IOException reset) {
        assertThat(harness.upstream.sent).hasSize(before + 1);
      }
      harness.upstream.forgetScript();
    }
    assertThat(joined).isBetween(10, 16);
  }

  @Test
  void anErrorEventThatPassesIsNotSeen() throws Exception {
    ReliabilityHarness harness = harness();
    harness
        .upstream
        .streams(chunk("One "), error("server_error") + DONE, null)
        .streams(wholeStream("One ", "two"), null);
    assertThat(text(harness.askStream().get())).isEqualTo(wholeStream("One ", "two"));
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void anErrorAsFinishReasonIsAnError() throws Exception {
    ReliabilityHarness harness = harness();
    String failed = finish().replace("\"stop\"", "\"error\"");
    harness
        .upstream
        .streams(chunk("One "), failed, DONE, null)
        .streams(wholeStream("One ", "two"), null);
    assertThat(text(harness.askStream().get())).isEqualTo(wholeStream("One ", "two"));

    harness
        .upstream
        .streams(chunk("One "), failed, DONE, null)
        .answers(400, OVERLOADED)
        .answers(400, OVERLOADED);
    assertThat(text(harness.askStream().get())).isEqualTo(chunk("One ") + failed + DONE);
    assertThat(harness.records.get(1).outcome()).isEqualTo(Outcome.ERROR);
  }

  @Test
  void anErrorThatTheRequestIsToBlameForIsHandedOnAtOnce() throws Exception {
    ReliabilityHarness harness = harness();
    String stream = chunk("One ") + error("invalid_request_error") + ": bye\n\n" + "data: {";
    harness.upstream.streams(
        chunk("One "), error("invalid_request_error"), ": bye\n\n", "data: {", null);
    assertThat(text(harness.askStream().get())).isEqualTo(stream);
    assertThat(harness.upstream.sent).hasSize(1);
  }

  @Test
  void anErrorThatOnlyAnotherTargetHelpsAgainstIsNotAskedForAgainHere() throws Exception {
    ReliabilityHarness harness = harness();
    harness.upstream.streams(chunk("One "), error("insufficient_quota"), null);
    assertThat(text(harness.askStream().get()))
        .isEqualTo(chunk("One ") + error("insufficient_quota"));
    assertThat(harness.upstream.sent).hasSize(1);
  }

  @Test
  void anErrorAfterTheLastWordIsNoReasonToAskAgain() throws Exception {
    ReliabilityHarness harness = harness();
    String stream = chunk("One") + finish() + error("server_error");
    harness.upstream.streams(chunk("One"), finish(), error("server_error"), null);
    assertThat(text(harness.askStream().get())).isEqualTo(stream);
    assertThat(harness.upstream.sent).hasSize(1);
  }

  @Test
  void whatIsGivenUpGoesOnAsTheProviderGoesOn() throws Exception {
    ReliabilityHarness harness = harness();
    Pieces first = Pieces.of(chunk("One "), error("server_error"));
    harness.upstream.streams(first).answers(400, OVERLOADED).answers(400, OVERLOADED);
    WireResponse answer = harness.askStream().get();
    answer.body().read();
    answer.body().read().toCompletableFuture().get();
    CompletableFuture<ByteBuffer> next = answer.body().read().toCompletableFuture();
    assertThat(next).as("the provider says no more for now").isNotDone();
    assertThat(first.closed).isFalse();
    first.give(reset());
    assertThatThrownBy(next::get).cause().hasMessage("reset");
  }

  /** The first choice's end is not that of the others. */
  @Test
  void ofSeveralChoicesNoneEndsTheAnswer() throws Exception {
    ReliabilityHarness harness = harness();
    harness.upstream.streams(chunk("One"), finish(), reset());
    WireResponse answer =
        harness
            .call("{\"model\":\"m\",\"stream\":true,\"n\":2,\"messages\":[]}")
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .get();
    assertThatThrownBy(() -> text(answer)).hasMessage("reset");
    assertThat(harness.upstream.sent).hasSize(1);
  }

  /** A blocking client whose bodies are read on threads that it has for all of its calls. */
  private static final class Shared implements Transport {
    final Pieces first;
    final CountDownLatch answers = new CountDownLatch(1);
    final List<Thread> threads = Collections.synchronizedList(new ArrayList<Thread>());

    Shared(Pieces first) {
      this.first = first;
    }

    @Override
    public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
      threads.add(Thread.currentThread());
      if (threads.size() == 1) {
        return Completions.completed(ScriptedTransport.stream(first));
      }
      try {
        answers.await();
      } catch (InterruptedException e) {
        return Completions.failed(e);
      }
      return Completions.completed(
          ScriptedTransport.stream(
              Bodies.of(wholeStream("One ", "two").getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public boolean maySendElsewhere() {
      return true;
    }
  }

  @Test
  void aThreadOfTheClientIsNeverBlocked() throws Exception {
    ReliabilityHarness harness = harness();
    Pieces first = Pieces.of(chunk("One "));
    Shared client = new Shared(first);
    WireResponse answer = harness.call(true).execute(client);
    answer.body().read();
    CompletableFuture<ByteBuffer> next = answer.body().read().toCompletableFuture();
    Thread frames = new Thread(() -> first.give(reset()), "frames");
    frames.start();
    frames.join(TimeUnit.SECONDS.toMillis(30));
    assertThat(frames.isAlive()).as("while the second answer is awaited").isFalse();
    assertThat(next).isNotDone();

    client.answers.countDown();

    assertThat(StandardCharsets.UTF_8.decode(next.get(30, TimeUnit.SECONDS)).toString())
        .contains("two");
    assertThat(client.threads.get(1)).isNotIn(frames, Thread.currentThread());
  }

  @Test
  void theApplicationsOwnThreadAsksAgainItself() throws Exception {
    ReliabilityHarness harness = harness();
    ScriptedTransport client =
        ScriptedTransport.answering(
                ScriptedTransport.stream(Pieces.of(chunk("One "), reset())),
                ScriptedTransport.stream(Pieces.of(wholeStream("One ", "two"), null)))
            .sendingElsewhere(true);
    WireResponse answer = harness.call(true).execute(client);

    assertThat(text(answer)).contains("two");
    assertThat(client.threads).containsOnly(Thread.currentThread());
  }
}
