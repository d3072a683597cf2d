package io.flyball.engine.fallback;

import io.flyball.base.DetachedThread;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Asks a second target when the first has been silent for longer than it usually is. The first
 * content wins; who loses is cancelled.
 */
public final class Hedging {
  private static final int MOST_THREADS = 64;
  private static final long IDLE_SECONDS = 10;

  private final TimeSource time;
  private final FirstTokenTimes times = new FirstTokenTimes();

  /** For clients that block: their own thread waits for the first attempt. */
  private final Executor beside =
      new ThreadPoolExecutor(
          0,
          MOST_THREADS,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          work -> DetachedThread.create("flyball-hedge", work));

  public Hedging(TimeSource time) {
    this.time = time;
  }

  /**
   * Asks the first target, and perhaps the second.
   *
   * @param second asks the second target; gives null when there is none
   * @param won is told when the second target's answer is the one
   * @return the first answer, or how the first target failed
   */
  CompletionStage<WireResponse> race(
      ModelCall call,
      Stage.Next next,
      HedgeSettings settings,
      Function<ModelCall, CompletionStage<WireResponse>> second,
      Runnable won) {
    CallContext context = call.context();
    if (!context.maySendElsewhere()) {
      return next.proceed(call);
    }
    Race race = new Race(call, second, won);
    race.startClock(delay(call, settings));
    return race.run(next);
  }

  private long delay(ModelCall call, HedgeSettings settings) {
    long usual = times.percentile(key(call), settings.percentile());
    return usual < 0
        ? settings.maxDelay()
        : Math.max(settings.minDelay(), Math.min(settings.maxDelay(), usual));
  }

  private static String key(ModelCall call) {
    return call.destination() + '/' + call.facts().model();
  }

  /** Two attempts at one answer. */
  private final class Race {
    private final ModelCall call;
    private final Function<ModelCall, CompletionStage<WireResponse>> second;
    private final Runnable won;
    private final Cancellation first;
    private final Cancellation other;
    private final CompletableFuture<WireResponse> result = new CompletableFuture<>();
    private CompletionStage<WireResponse> firstOutcome;
    private boolean otherRuns;

    Race(ModelCall call, Function<ModelCall, CompletionStage<WireResponse>> second, Runnable won) {
      this.call = call;
      this.second = second;
      this.won = won;
      this.first = call.context().cancellation().child();
      this.other = call.context().cancellation().child();
    }

    void startClock(long delay) {
      CallContext context = call.context();
      CallContext elsewhere =
          context.executor() instanceof ThreadPoolExecutor ? context : context.withExecutor(beside);
      try {
        Completions.then(
            elsewhere.withCancellation(other).delay(delay),
            (none, cancelled) -> {
              if (cancelled == null) {
                try {
                  ask(call.withContext(elsewhere.withCancellation(other)));
                } catch (Throwable failure) {
                  otherFailed();
                  throw failure;
                }
              }
              return Completions.completed(null);
            });
      } catch (RejectedExecutionException noTimer) {
        // Then there is no second one.
      }
    }

    private void ask(ModelCall beside) {
      synchronized (this) {
        if (firstOutcome != null || result.isDone()) {
          return;
        }
        otherRuns = true;
      }
      CompletionStage<WireResponse> asked = second.apply(beside);
      if (asked == null) {
        otherFailed();
        return;
      }
      Completions.thenOrFail(
          asked,
          result,
          (response, failure) -> {
            if (failure != null || response == null || !Verdict.of(response).isAnswered()) {
              if (response != null) {
                response.body().close();
              }
              otherFailed();
            } else if (result.isDone()) {
              response.body().close();
            } else {
              won.run();
              if (result.complete(response)) {
                first.cancel(new CancellationException("another target answered first"));
              } else {
                response.body().close();
              }
            }
            return Completions.completed(null);
          });
    }

    private void otherFailed() {
      CompletionStage<WireResponse> outcome;
      synchronized (this) {
        otherRuns = false;
        outcome = firstOutcome;
      }
      if (outcome != null) {
        Completions.forward(outcome, result);
      }
    }

    CompletionStage<WireResponse> run(Stage.Next next) {
      long began = time.nanoTime();
      CompletionStage<WireResponse> outcome = next.proceed(call.withCancellation(first));
      Completions.thenOrFail(
          outcome,
          result,
          (response, failure) -> {
            boolean answered = failure == null && Verdict.of(response).isAnswered();
            if (answered) {
              times.add(key(call), time.nanoTime() - began);
            }
            boolean waits;
            synchronized (this) {
              firstOutcome = outcome;
              waits = !answered && otherRuns;
            }
            if (!waits) {
              boolean taken =
                  failure == null
                      ? result.complete(response)
                      : result.completeExceptionally(failure);
              if (!taken && response != null) {
                response.body().close();
              }
              other.cancel(new CancellationException("another target answered first"));
            }
            return Completions.completed(null);
          });
      return result;
    }
  }
}
