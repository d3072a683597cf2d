package io.flyball.engine.attempt;

import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.Timer;
import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.sdk.RefusalKind;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One attempt, behind the {@link CommitGate}: it must begin, and go on, in time. What does not is
 * cancelled; before the commit that is a refusal another attempt may answer instead, after it the
 * read fails.
 */
public final class TimedAttempt implements Stage {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long MILLIS_PER_SECOND = 1_000;

  private final TimeoutSettings timeouts;
  private final boolean wholeStreams;
  private final Timer timer;
  private final TimeSource time;

  /**
   * @param wholeStreams whether streams are held back until they are whole
   */
  public TimedAttempt(
      TimeoutSettings timeouts, boolean wholeStreams, Timer timer, TimeSource time) {
    this.timeouts = timeouts;
    this.wholeStreams = wholeStreams;
    this.timer = timer;
    this.time = time;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    boolean stream = call.facts().stream();
    long limit = stream ? timeouts.firstToken() : timeouts.response();
    String setting = stream ? "flyball.timeout.first-token" : "flyball.timeout.response";
    long left = call.context().nanosLeftOfLimit();
    if (left < limit) {
      limit = left;
      setting = "the time the whole call may take";
    }
    if (limit <= 0) {
      return Completions.completed(
          Refused.answer(call, RefusalKind.TIMEOUT, "there is no time left for another attempt"));
    }
    boolean limited =
        limit != TimeoutSettings.NONE || (stream && timeouts.idle() != TimeoutSettings.NONE);
    // Who can be cancelled alone is sent aside of the application's own call.
    Cancellation whole = call.context().cancellation();
    Cancellation attempt = limited ? whole.child() : whole;
    Race race = new Race(call, attempt, limit, setting);
    race.begin();
    Completions.then(
        next.proceed(call.withCancellation(attempt)),
        (response, failure) -> {
          if (failure != null) {
            race.failed(failure);
          } else {
            Completions.then(
                CommitGate.await(response),
                (beginning, none) -> {
                  race.begun(beginning.response());
                  return Completions.completed(null);
                });
          }
          return Completions.completed(null);
        });
    return wholeStreams && stream ? whole(race.result, call) : race.result;
  }

  private static String message(ModelCall call, long limit, String setting) {
    return "no "
        + (call.facts().stream() ? "first token" : "answer")
        + " from "
        + call.destination()
        + " within "
        + inWords(limit)
        + " ("
        + setting
        + ')';
  }

  static String inWords(long nanos) {
    long millis = nanos / NANOS_PER_MILLI;
    return millis % MILLIS_PER_SECOND == 0 ? millis / MILLIS_PER_SECOND + " s" : millis + " ms";
  }

  private static CompletionStage<WireResponse> whole(
      CompletionStage<WireResponse> begun, ModelCall call) {
    return Completions.then(
        begun,
        (response, failure) -> {
          if (failure != null) {
            return begun;
          }
          return Completions.then(
              CommitGate.await(response, true),
              (all, none) -> Completions.completed(all.response()));
        });
  }

  /** The answer against the clock; the first one to arrive counts. */
  private final class Race {
    final CompletableFuture<WireResponse> result = new CompletableFuture<>();
    private final AtomicBoolean decided = new AtomicBoolean();
    private final ModelCall call;
    private final Cancellation attempt;
    private final long limit;
    private final String setting;
    private volatile Timer.Scheduled alarm;

    Race(ModelCall call, Cancellation attempt, long limit, String setting) {
      this.call = call;
      this.attempt = attempt;
      this.limit = limit;
      this.setting = setting;
    }

    void begin() {
      if (limit == TimeoutSettings.NONE) {
        return;
      }
      try {
        alarm = timer.schedule(limit, this::expire);
      } catch (RejectedExecutionException noTimer) {
        // Then the client's own timeouts are the only ones.
      }
    }

    private void expire() {
      if (decided.compareAndSet(false, true)) {
        attempt.cancel(new SocketTimeoutException("Flyball: " + message(call, limit, setting)));
        handOver(() -> result.complete(expired()));
      }
    }

    private WireResponse expired() {
      return Refused.answer(call, RefusalKind.TIMEOUT, message(call, limit, setting));
    }

    private void handOver(Runnable task) {
      CallContext context = call.context();
      try {
        context.executor().execute(task);
      } catch (RejectedExecutionException closed) {
        task.run();
      }
    }

    void begun(WireResponse response) {
      if (!decide()) {
        response.body().close();
        result.complete(expired());
        return;
      }
      Verdict verdict = Verdict.of(response);
      result.complete(
          verdict.isAnswered() && response.origin() != null
              ? response.withBody(
                  new TimedBody(response.body(), call, attempt, timeouts.idle(), timer, time))
              : response);
    }

    void failed(Throwable failure) {
      if (decide()) {
        result.completeExceptionally(failure);
      } else {
        result.complete(expired());
      }
    }

    private boolean decide() {
      boolean inTime = decided.compareAndSet(false, true);
      Timer.Scheduled set = alarm;
      if (set != null) {
        set.cancel();
      }
      return inTime;
    }
  }
}
