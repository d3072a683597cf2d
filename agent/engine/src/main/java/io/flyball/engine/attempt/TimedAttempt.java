package io.flyball.engine.attempt;

import io.flyball.engine.call.CallLimit;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.time.Timer;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
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
  private final TimeoutSettings timeouts;
  private final boolean wholeStreams;
  private final boolean othersAnswerErrors;
  private final boolean streamsGoOn;
  private final Timer timer;
  private final TimeSource time;

  /**
   * @param wholeStreams whether streams are held back until they are whole
   * @param othersAnswerErrors whether the chain, where it may answer, does so for an answer that is
   *     none
   * @param streamsGoOn whether a stream that breaks off goes on with another answer: then what
   *     comes before its content need not wait for that where nobody else may answer
   */
  public TimedAttempt(
      TimeoutSettings timeouts,
      boolean wholeStreams,
      boolean othersAnswerErrors,
      boolean streamsGoOn,
      Timer timer,
      TimeSource time) {
    this.timeouts = timeouts;
    this.wholeStreams = wholeStreams;
    this.othersAnswerErrors = othersAnswerErrors;
    this.streamsGoOn = streamsGoOn;
    this.timer = timer;
    this.time = time;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    boolean stream = call.facts().stream();
    long limit = stream ? timeouts.firstToken() : timeouts.response();
    long left = call.context().nanosLeftOfLimit();
    if (Math.min(limit, left) <= 0) {
      return Completions.completed(
          Refused.answer(
              call,
              RefusalKind.TIMEOUT,
              "there is no time left for another attempt, the call's limit of "
                  + call.context().limit()
                  + " is over"));
    }
    boolean limited =
        Math.min(limit, left) != TimeoutSettings.NONE
            || (stream && timeouts.idle() != TimeoutSettings.NONE);
    // A transport serves an attempt that is not to be cancelled alone by the application's own
    // call.
    Cancellation attempt = limited ? call.context().cancellation().child() : null;
    Race race = new Race(call, attempt, limit, left);
    race.begin();
    Completions.thenOrFail(
        next.proceed(limited ? call.withCancellation(attempt) : call),
        race.result,
        (response, failure) -> {
          if (failure != null) {
            race.failed(failure);
          } else {
            judge(race, response);
          }
          return Completions.completed(null);
        });
    return (wholeStreams || call.isHeldWhole()) && stream ? whole(race.result, call) : race.result;
  }

  private void judge(Race race, WireResponse response) {
    TimedBody timed = timed(response, race.call, race.attempt);
    Completions.thenOrFail(
        CommitGate.await(
            timed == null ? response : response.withBody(timed),
            false,
            othersAnswerErrors && race.call.othersMayAnswer(),
            streamsGoOn
                && !timeouts.areAskedFor()
                && !race.call.othersMayAnswer()
                // What it would get early it has.
                && !race.call.hasBegun()),
        race.result,
        (beginning, none) -> {
          if (timed != null
              && timed.whyExpired() != null
              && beginning.kind() == Beginning.Kind.CUT) {
            beginning.response().body().close();
            race.expired(timed.whyExpired());
          } else {
            race.begun(beginning.response());
          }
          return Completions.completed(null);
        });
  }

  /** Null where the body's time is not limited. */
  private TimedBody timed(WireResponse response, ModelCall call, Cancellation attempt) {
    if (response.origin() == null) {
      return null;
    }
    boolean stream = call.facts().stream() || isStream(response);
    // Who is to be cancelled alone was sent so.
    long idle = stream && attempt != null ? timeouts.idle() : TimeoutSettings.NONE;
    long silence = stream ? timeouts.silence() : TimeoutSettings.NONE;
    boolean limited =
        Math.min(idle, silence) != TimeoutSettings.NONE
            || call.context().nanosLeftOfLimit() != TimeoutSettings.NONE;
    return limited
        ? new TimedBody(
            response.body(),
            call,
            attempt,
            silence,
            idle,
            timeouts.firstToken() == TimeoutSettings.NONE,
            timer,
            time)
        : null;
  }

  private static boolean isStream(WireResponse response) {
    AnswerMeter answer =
        response.body() instanceof ObservedBody ? ((ObservedBody) response.body()).answer() : null;
    return answer != null && answer.stream();
  }

  private static String message(ModelCall call, long limit, long left) {
    boolean stream = call.facts().stream();
    String what = "no " + (stream ? "first token" : "answer") + " from " + call.destination();
    return left < limit
        ? what + " within the call's limit of " + call.context().limit()
        : what
            + " within "
            + CallLimit.inWords(limit)
            + (stream ? " (flyball.timeout.first-token)" : " (flyball.timeout.response)");
  }

  private CompletionStage<WireResponse> whole(CompletionStage<WireResponse> begun, ModelCall call) {
    return Completions.then(
        begun,
        (response, failure) -> {
          if (failure != null) {
            return begun;
          }
          return Completions.then(
              CommitGate.await(response, true, othersAnswerErrors && call.othersMayAnswer(), false),
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
    private final long left;
    private volatile Timer.Scheduled alarm;

    /**
     * @param attempt null where there is no limit
     * @param limit of this attempt
     * @param left to the whole call
     */
    Race(ModelCall call, Cancellation attempt, long limit, long left) {
      this.call = call;
      this.attempt = attempt;
      this.limit = limit;
      this.left = left;
    }

    void begin() {
      if (Math.min(limit, left) == TimeoutSettings.NONE) {
        return;
      }
      try {
        alarm = timer.schedule(Math.min(limit, left), this::expire);
      } catch (RejectedExecutionException noTimer) {
        // Then the client's own timeouts are the only ones.
      }
    }

    private void expire() {
      if (decided.compareAndSet(false, true)) {
        String why = message(call, limit, left);
        try {
          attempt.cancel(new SocketTimeoutException("Flyball: " + why));
        } finally {
          Completions.orFail(result, () -> handOver(() -> result.complete(refusal(why))));
        }
      }
    }

    /** Its body was silent for too long. */
    void expired(String why) {
      decide();
      result.complete(refusal(why));
    }

    private WireResponse refusal(String why) {
      return Refused.answer(call, RefusalKind.TIMEOUT, why);
    }

    private void handOver(Runnable task) {
      Completions.execute(call.context().executor(), task);
    }

    void begun(WireResponse response) {
      if (!decide()) {
        response.body().close();
        result.complete(refusal(message(call, limit, left)));
        return;
      }
      result.complete(response);
    }

    void failed(Throwable failure) {
      if (decide()) {
        result.completeExceptionally(failure);
      } else {
        result.complete(refusal(message(call, limit, left)));
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
