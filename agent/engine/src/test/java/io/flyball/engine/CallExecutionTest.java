package io.flyball.engine;

import static io.flyball.engine.EngineHarness.readAll;
import static io.flyball.engine.ScriptedTransport.answer;
import static io.flyball.engine.ScriptedTransport.answering;
import static io.flyball.engine.ScriptedTransport.stream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.Stage;
import io.flyball.wire.Bodies;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Blocking and asynchronous callers, cancellation both ways, stages that fail. */
class CallExecutionTest {
  private final ExecutorService elsewhere = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    elsewhere.shutdownNow();
  }

  private static WireResponse ok() {
    return answer(200, "application/json", Pieces.of("hi\n\ndone\n\n", null));
  }

  @Test
  void aBlockingTransportIsOnlyEverCalledOnTheCallersThread() throws Exception {
    Stage fromAnotherThread =
        (call, next) -> {
          CompletableFuture<WireResponse> result = new CompletableFuture<>();
          elsewhere.execute(() -> Completions.forward(next.proceed(call), result));
          return result;
        };
    EngineHarness harness = new EngineHarness(Mode.GOVERN, fromAnotherThread);
    ScriptedTransport transport = answering(ok());
    WireResponse delivered = harness.open("ask").execute(transport);
    assertThat(transport.threads).containsExactly(Thread.currentThread());
    assertThat(readAll(delivered.body())).isEqualTo("hi\n\ndone\n\n");
  }

  @Test
  void anAttemptWithAnExecutorOfItsOwnIsSentThereWhereTheClientCanDoThat() throws Exception {
    Executor own = task -> elsewhere.execute(task);
    Stage sendsElsewhere = (call, next) -> next.proceed(call.withContext(attempt(call, own)));
    for (boolean able : new boolean[] {true, false}) {
      EngineHarness harness = new EngineHarness(Mode.GOVERN, sendsElsewhere);
      ScriptedTransport transport = answering(ok()).sendingElsewhere(able);
      WireResponse delivered = harness.open("ask").execute(transport);
      assertThat(transport.threads.get(0) == Thread.currentThread()).isEqualTo(!able);
      assertThat(readAll(delivered.body())).isEqualTo("hi\n\ndone\n\n");
    }
  }

  private static CallContext attempt(ModelCall call, Executor executor) {
    CallContext context = call.context();
    return context.withCancellation(context.cancellation().child()).withExecutor(executor);
  }

  @Test
  void aCallThatItsClientEndsForATimeoutCountsAsTimedOut() {
    EngineHarness harness = new EngineHarness(Mode.GOVERN);
    CompletableFuture<WireResponse> head = new CompletableFuture<>();
    GovernedCall call = harness.open("ask");
    call.executeAsync((request, cancellation) -> head, Runnable::run);
    call.cancel(new SocketTimeoutException("timeout"));
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(harness.onlyRecord().attempts())
        .extracting(AttemptRecord::outcome)
        .containsExactly(Outcome.TIMEOUT);
  }

  @Test
  void aStreamThatItsClientEndsForATimeoutCountsAsTimedOut() throws Exception {
    EngineHarness harness = new EngineHarness(Mode.GOVERN);
    GovernedCall call = harness.open("ask");
    WireResponse answer = call.execute(answering(stream(Pieces.of("hi\n\n"))));
    answer.body().read();
    call.cancel(new SocketTimeoutException("timeout"));
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(harness.onlyRecord().errorType()).isEqualTo("java.net.SocketTimeoutException");
    assertThat(harness.onlyRecord().attempts())
        .extracting(AttemptRecord::outcome)
        .containsExactly(Outcome.TIMEOUT);
  }

  @Test
  void anInterruptWhileWaitingCancelsAndKeepsTheFlag() {
    EngineHarness harness =
        new EngineHarness(Mode.GOVERN, (call, next) -> new CompletableFuture<>());
    GovernedCall call = harness.open("ask");
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> call.execute(answering(ok())))
          .isExactlyInstanceOf(InterruptedIOException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(harness.onlyRecord().attempts()).isEmpty();
  }

  @Test
  void anInterruptCancelsTheAttemptUnderWayAndClosesALateAnswer() throws Exception {
    EngineHarness harness = new EngineHarness(Mode.OBSERVE);
    CompletableFuture<WireResponse> pending = new CompletableFuture<>();
    AtomicReference<Cancellation> cancellation = new AtomicReference<>();
    Transport transport =
        (request, attempt) -> {
          cancellation.set(attempt);
          Thread.currentThread().interrupt();
          return pending;
        };
    GovernedCall call = harness.open("ask");
    assertThat(catchThrowable(() -> call.execute(transport)))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(cancellation.get().isCancelled()).isTrue();
    Pieces late = Pieces.of("hi");
    pending.complete(stream(late));
    assertThat(late.closed).isTrue();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.CANCELLED);
  }

  @Test
  void asynchronousFailuresAreNotWrapped() {
    EngineHarness harness = new EngineHarness(Mode.GOVERN);
    CompletableFuture<WireResponse> head = new CompletableFuture<>();
    AtomicReference<Throwable> seen = new AtomicReference<>();
    harness
        .open("ask")
        .executeAsync((request, cancellation) -> head, Runnable::run)
        .whenComplete((response, failure) -> seen.set(failure));
    IOException refused = new IOException("refused");
    head.completeExceptionally(new CompletionException(refused));
    assertThat(seen.get()).isSameAs(refused);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.CUT);
  }

  @Test
  void anAsynchronousCallerIsNeverBlocked() {
    EngineHarness harness = EngineHarness.gated();
    CompletableFuture<WireResponse> head = new CompletableFuture<>();
    Pieces body = Pieces.of();
    CompletableFuture<WireResponse> result =
        harness
            .open("ask stream+usage")
            .executeAsync((request, cancellation) -> head, Runnable::run)
            .toCompletableFuture();
    assertThat(result).isNotDone();
    head.complete(stream(body));
    assertThat(result).isNotDone();
    body.give("data: hi\n\n");
    assertThat(result).isDone();
  }

  @Test
  void cancellingReachesTheAttemptAndRecordsWhatWasUsed() {
    EngineHarness harness = EngineHarness.gated();
    Pieces body = Pieces.of("data: usage\n\n");
    AtomicReference<Cancellation> cancellation = new AtomicReference<>();
    GovernedCall call = harness.open("ask stream+usage");
    call.executeAsync(
        (request, attempt) -> {
          cancellation.set(attempt);
          return Completions.completed(stream(body));
        },
        Runnable::run);
    call.cancel();
    call.cancel();
    assertThat(cancellation.get().isCancelled()).isTrue();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(harness.onlyRecord().usage().input()).isEqualTo(10);
    body.give(new IOException("Canceled"));
    assertThat(harness.records).hasSize(1);
  }

  @Test
  void cancellingAfterTheEndIsHarmless() throws Exception {
    EngineHarness harness = new EngineHarness(Mode.GOVERN);
    GovernedCall call = harness.open("ask");
    readAll(call.execute(answering(ok())).body());
    call.cancel();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void closingEarlyCancelsTheCall() throws Exception {
    EngineHarness harness = new EngineHarness(Mode.OBSERVE);
    AtomicReference<Cancellation> cancellation = new AtomicReference<>();
    WireResponse delivered =
        harness
            .open("ask stream")
            .execute(
                (request, attempt) -> {
                  cancellation.set(attempt);
                  return Completions.completed(stream(Pieces.of("data: hi\n\n")));
                });
    delivered.body().read();
    delivered.body().close();
    assertThat(cancellation.get().isCancelled()).isTrue();
  }

  @Test
  void aStageThatThrowsIsAsIfItWereNotThere() throws Exception {
    Stage broken =
        (call, next) -> {
          throw new IllegalStateException("bug");
        };
    assertOneUndisturbedCall(new EngineHarness(Mode.GOVERN, broken));
  }

  @Test
  void aStageThatGivesNothingIsAsIfItWereNotThere() throws Exception {
    assertOneUndisturbedCall(new EngineHarness(Mode.GOVERN, (call, next) -> null));
    assertOneUndisturbedCall(
        new EngineHarness(Mode.GOVERN, (call, next) -> Completions.completed(null)));
  }

  @Test
  void aStageThatFailsAfterTheAnswerDoesNotSendTwice() throws Exception {
    assertOneUndisturbedCall(
        new EngineHarness(
            Mode.GOVERN,
            (call, next) -> {
              next.proceed(call);
              throw new LinkageError("bug");
            }));
    assertOneUndisturbedCall(
        new EngineHarness(
            Mode.GOVERN,
            (call, next) ->
                Completions.then(
                    next.proceed(call),
                    (response, failure) -> {
                      throw new IllegalStateException("bug");
                    })));
  }

  @Test
  void aStageThatFailsWhileTheAnswerIsPendingWaitsForIt() {
    EngineHarness harness =
        new EngineHarness(
            Mode.GOVERN,
            (call, next) -> {
              next.proceed(call);
              throw new IllegalStateException("bug");
            });
    CompletableFuture<WireResponse> head = new CompletableFuture<>();
    CompletableFuture<WireResponse> result =
        harness
            .open("ask")
            .executeAsync((request, cancellation) -> head, Runnable::run)
            .toCompletableFuture();
    assertThat(result).isNotDone();
    IOException refused = new IOException("refused");
    head.completeExceptionally(refused);
    assertThat(catchThrowable(result::join)).hasCause(refused);
    assertThat(harness.errors.total()).isEqualTo(1);
  }

  @Test
  void aStageMayAskAgainAndEveryAttemptIsRecorded() throws Exception {
    Stage retrying =
        (call, next) ->
            Completions.then(
                next.proceed(call),
                (response, failure) -> {
                  if (failure == null && response.status() == 503) {
                    response.body().close();
                    return next.proceed(call);
                  }
                  return failure == null
                      ? Completions.completed(response)
                      : Completions.failed(failure);
                });
    EngineHarness harness = new EngineHarness(Mode.GOVERN, retrying);
    WireResponse delivered =
        harness
            .open("ask")
            .execute(answering(answer(503, "text/plain", Pieces.of("busy", null)), ok()));
    assertThat(delivered.headers().first("x-flyball-attempts")).isEqualTo("2");
    readAll(delivered.body());
    assertThat(harness.onlyRecord().attempts())
        .extracting(attempt -> attempt.outcome())
        .containsExactly(Outcome.ERROR, Outcome.SUCCESS);
    assertThat(harness.errors.total()).isZero();
  }

  @Test
  void aStageMayAnswerByItself() throws Exception {
    EngineHarness harness =
        new EngineHarness(
            Mode.GOVERN,
            (call, next) ->
                Completions.completed(
                    WireResponse.made(
                        200,
                        Headers.EMPTY,
                        Bodies.of("done\n\n".getBytes(StandardCharsets.UTF_8)))));
    ScriptedTransport transport = answering();
    WireResponse delivered = harness.open("ask").execute(transport);
    assertThat(readAll(delivered.body())).isEqualTo("done\n\n");
    assertThat(delivered.headers().first("x-flyball-attempts")).isEqualTo("0");
    assertThat(delivered.headers().first("x-flyball-target")).isNull();
    assertThat(transport.sent).isEmpty();
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void recordsReachTheSinkOnTheirOwnThreadOnly() throws Exception {
    AtomicReference<Thread> thread = new AtomicReference<>();
    ReportedErrors errors = new ReportedErrors();
    CallRecordQueue queue =
        new CallRecordQueue(record -> thread.set(Thread.currentThread()), 10, errors);
    Engine engine =
        Engine.builder(
                EngineSettings.builder(new FakeProtocol()).mode(Mode.OBSERVE).build(),
                queue,
                errors)
            .build();
    readAll(engine.open(EngineHarness.request("ask")).execute(answering(ok())).body());
    await().until(() -> thread.get() != null);
    assertThat(thread.get().getName()).isEqualTo("flyball-records");
    assertThat(thread.get().isDaemon()).isTrue();
    assertThat(thread.get().getContextClassLoader()).isNull();
    assertThat(queue.flush(5, TimeUnit.SECONDS)).isTrue();
  }

  private static void assertOneUndisturbedCall(EngineHarness harness) throws IOException {
    ScriptedTransport transport = answering(ok());
    WireResponse delivered = harness.open("ask").execute(transport);
    assertThat(readAll(delivered.body())).isEqualTo("hi\n\ndone\n\n");
    assertThat(transport.sent).hasSize(1);
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(harness.errors.total()).isEqualTo(1);
  }
}
