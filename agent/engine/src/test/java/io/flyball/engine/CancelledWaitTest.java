package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Bodies;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is cancelled while it waits for another attempt is cancelled, and nothing else. */
class CancelledWaitTest {
  private final ReliabilityHarness harness =
      new ReliabilityHarness(
          Policies.builder()
              .retry(
                  RetrySettings.usual(3),
                  new Backoff(1, 1, () -> 1.0),
                  new RetryBudget(0.2, 10, new ManualTime()))
              .build());
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private int requests;

  /** Answers with a failure that passes. */
  private CompletionStage<WireResponse> unavailable() {
    requests++;
    return Completions.completed(
        WireResponse.received(
            503,
            Headers.of("Content-Type", "application/json"),
            Bodies.of("{}".getBytes(StandardCharsets.UTF_8)),
            new Object()));
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  private void assertOneAttempt() {
    assertThat(requests).isEqualTo(1);
    CallRecord record = harness.records.get(0);
    assertThat(harness.records).hasSize(1);
    assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record.attempts()).extracting(AttemptRecord::number).containsExactly(1);
  }

  @Test
  void aCallCancelledDuringTheWait() {
    GovernedCall call = harness.call(false);
    CompletableFuture<WireResponse> answer =
        call.executeAsync((request, cancellation) -> unavailable(), Runnable::run)
            .toCompletableFuture();
    assertThat(answer).isNotDone();

    call.cancel();
    harness.clock.advance(1, TimeUnit.MINUTES);

    assertThat(answer).isCompletedExceptionally();
    assertOneAttempt();
  }

  @Test
  void aWaitThatIsOverAsTheCallIsCancelled() {
    GovernedCall call = harness.call(false);
    Transport transport =
        (request, cancellation) -> {
          // Whoever is told first of the cancellation goes on with what waits to be run.
          cancellation.onCancel(this::runTasks);
          return unavailable();
        };
    CompletableFuture<WireResponse> answer =
        call.executeAsync(transport, tasks::add).toCompletableFuture();
    runTasks();
    harness.clock.advance(1, TimeUnit.MINUTES);
    assertThat(tasks).as("the wait is over").isNotEmpty();

    call.cancel();
    runTasks();

    assertThat(answer).isCompletedExceptionally();
    assertOneAttempt();
  }

  /** A client that waits, and ends when it is interrupted. */
  private final class Interrupted implements Transport {
    @Override
    public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
      if (requests > 0) {
        return Completions.failed(new InterruptedIOException("interrupted"));
      }
      // The wait that follows is over at once, and the thread is interrupted before it is noticed.
      Thread.currentThread().interrupt();
      return unavailable();
    }

    @Override
    public boolean endsWhenInterrupted() {
      return true;
    }
  }

  @Test
  void anInterruptionBeforeOrInTheWait() {
    Throwable thrown = catchThrowable(() -> harness.call(false).execute(new Interrupted()));

    assertThat(Thread.interrupted()).isTrue();
    assertThat(thrown).isInstanceOf(InterruptedIOException.class);
    assertOneAttempt();
  }
}
