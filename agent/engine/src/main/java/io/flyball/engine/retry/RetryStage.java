package io.flyball.engine.retry;

import io.flyball.engine.attempt.CommitGate;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.Timer;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiPredicate;

/**
 * Asks the same target again when it failed in a way that passes. Never after content was handed
 * on, not longer than the caller has {@link Patience}, and not more often than the budget for all
 * calls to the same service with the same credential allows, unless the application's SDK would
 * have done so by itself. A good status whose body came to its end is what the application would
 * have taken for its answer, though it is none: what comes later replaces it only when it is one,
 * and until that is known it is held. So is any answer of the target's that only exceptions come
 * after.
 */
public final class RetryStage implements Stage {
  /** The last tenth of a client's time is left to hand on what there is. */
  private static final long LAST_SHARE = 10;

  /** An SDK's own repetition has all of its time; one of ours has nearly all of it. */
  private static final long MOST_GONE = 10;

  private final RetrySettings settings;
  private final Backoff backoff;
  private final RetryBudget budget;
  private final BiPredicate<ModelCall, Verdict> hasNext;
  private final Timer timer;
  private final TimeSource time;

  /**
   * @param hasNext whether another target would be asked for a call that failed so
   */
  public RetryStage(
      RetrySettings settings,
      Backoff backoff,
      RetryBudget budget,
      BiPredicate<ModelCall, Verdict> hasNext,
      Timer timer,
      TimeSource time) {
    this.settings = settings;
    this.backoff = backoff;
    this.budget = budget;
    this.hasNext = hasNext;
    this.timer = timer;
    this.time = time;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    RetryBudget own = budget.of(call.service().key());
    long began = time.nanoTime();
    if (call.unanswered() != null) {
      // It was an attempt like any other: its beginning was handed on, and nothing lost by that.
      return new Course(call, next, own, began)
          .judge(new Failed(call.unanswered(), null, Math.max(1, breaks(call))));
    }
    own.call();
    return Completions.then(
        next.proceed(call),
        (response, failure) -> {
          if (failure == null && Verdict.of(response).isAnswered()) {
            return Completions.completed(response);
          }
          // Those whose answers broke off later were attempts, too.
          int attempt = 1 + breaks(call);
          return new Course(call, next, own, began).judge(new Failed(response, failure, attempt));
        });
  }

  private static int breaks(ModelCall call) {
    return call.context().journal().breaksOf(call.destination());
  }

  /** A call whose first attempt has failed. */
  private final class Course {
    private final ModelCall call;
    private final Next next;
    private final RetryBudget own;
    private final long began;
    private final Patience patience;
    private long waited;

    /** What the application gets when nothing better comes. */
    private Failed held;

    /** Whether the client itself would have asked again after the latest failure. */
    private boolean wouldGoOn;

    /** When it would have had a failure for its answer without us. */
    private long failedAt;

    Course(ModelCall call, Next next, RetryBudget own, long began) {
      this.call = call;
      this.next = next;
      this.own = own;
      this.began = began;
      this.patience = Patience.of(call, settings);
    }

    CompletionStage<WireResponse> judge(Failed latest) {
      Verdict verdict = latest.verdict(call);
      boolean would =
          !verdict.isAnswered()
              && !verdict.isCancelled()
              && verdict.refusal() == null
              && patience.wouldRepeat(latest.attempt, latest.status(), verdict);
      if (held == null || wouldGoOn) {
        failedAt = time.nanoTime();
      }
      hold(latest, verdict);
      wouldGoOn = would;
      note(latest);
      if (!(would || verdict.mayBeAskedAgain()) || latest.attempt >= patience.attempts(would)) {
        return held.outcome();
      }
      boolean toldNotTo = patience.isToldNotTo(latest.status(), verdict);
      if (!would && (toldNotTo || latest.isRepeatedByClient())) {
        // Ours would multiply with the client's own, or take the place of what is not wanted.
        return held.outcome();
      }
      if (call.context().journal().isAskedOnce()) {
        // Because nobody else may answer: once, as without us.
        return held.outcome();
      }
      boolean another = hasNext.test(call, verdict);
      if (another && !verdict.mayBeAskedAgain()) {
        return held.outcome();
      }
      long wait =
          patience.wait(
              backoff,
              latest.attempt + 1,
              verdict.retryAfterNanos(),
              verdict.askedNanos(),
              would,
              another,
              time.nanoTime() - began,
              waited);
      if (would && wait >= 0 && !call.othersMayAnswer() && isShortOfTime(wait)) {
        call.context().journal().retriesLeft();
        return held.outcome();
      }
      if (wait < 0 || wait >= call.context().nanosLeft()) {
        return held.outcome();
      }
      if (!own.tryRetry() && (!would || settings.isBudgetSet())) {
        if (!call.othersMayAnswer()) {
          call.context().journal().retriesLeft();
        }
        return held.outcome();
      }
      waited += wait;
      CompletionStage<Void> over;
      try {
        over = call.context().pause(wait);
      } catch (RejectedExecutionException noTimer) {
        return held.outcome();
      }
      return Completions.then(
          over,
          (none, ended) -> {
            if (ended == null) {
              return again(latest.attempt + 1);
            }
            if (!call.context().cancellation().isCancelled()) {
              return held.outcome();
            }
            held.discard();
            return Completions.failed(ended);
          });
    }

    /** Noted for the loop of the SDK, which may be left to go on. */
    private void note(Failed latest) {
      if (call.target() == null) {
        call.context().journal().repeated(latest.attempt - 1, patience.isUsedUpBy(latest.attempt));
      }
    }

    /**
     * Whether the client, which has a time for all of our attempts together, would have given the
     * next one more of it than there is left.
     */
    private boolean isShortOfTime(long wait) {
      long left = call.context().nanosLeftOfClient();
      long gone = time.nanoTime() - began + wait;
      return left != Long.MAX_VALUE && gone > (left - wait) / MOST_GONE;
    }

    /** Of two failures the one that the application is better off with; the other one is closed. */
    private void hold(Failed latest, Verdict verdict) {
      boolean worse =
          held != null
              && !verdict.isCancelled()
              && (held.isTakenForAnAnswer() || (!wouldGoOn && latest.saysLessThan(held)));
      Failed other = worse ? latest : held;
      held = worse ? held : latest;
      if (other != null) {
        other.discard();
      }
    }

    private CompletionStage<WireResponse> again(int attempt) {
      CompletionStage<WireResponse> answer;
      try {
        answer = answer(held.isTakenForAnAnswer() ? call.heldWhole() : call);
      } catch (RejectedExecutionException noTimer) {
        return held.outcome();
      }
      return Completions.then(
          answer,
          (response, failure) -> {
            if (failure == null && response == null) {
              return held.outcome();
            }
            if (failure == null && Verdict.of(response).isAnswered()) {
              held.discard();
              return Completions.completed(response);
            }
            if (failure == null && Verdict.of(response).refusal() != null) {
              // A policy stands in the way meanwhile: what the target itself said says more.
              response.body().close();
              return held.outcome();
            }
            return judge(new Failed(response, failure, attempt));
          });
    }

    /** Null when its caller does not wait for it any more. */
    private CompletionStage<WireResponse> answer(ModelCall another) {
      long most =
          wouldGoOn || call.othersMayAnswer() ? Long.MAX_VALUE : patience.nanosUntilAnswer();
      if (most == Long.MAX_VALUE) {
        return next.proceed(another);
      }
      long left = most - (time.nanoTime() - failedAt);
      long client = call.context().nanosLeft();
      // What the client ends by itself is over for good, and with it what is held.
      long before = client == Long.MAX_VALUE ? client : client - client / LAST_SHARE;
      return Rescue.within(Math.max(0, Math.min(left, before)), timer, another, next);
    }
  }

  /** What an attempt came to. */
  private static final class Failed {
    final WireResponse response;
    final Throwable failure;
    final int attempt;

    Failed(WireResponse response, Throwable failure, int attempt) {
      this.response = response;
      this.failure = failure;
      this.attempt = attempt;
    }

    Verdict verdict(ModelCall call) {
      return failure == null
          ? Verdict.of(response)
          : Verdict.of(failure, call.context().cancellation().isCancelled());
    }

    /** 0 when there was no answer. */
    int status() {
      return failure == null ? response.status() : 0;
    }

    boolean isRepeatedByClient() {
      return response != null && response.isRepeatedByClient();
    }

    /** Without Flyball nothing was sent after that one: to a client that was ended meanwhile. */
    boolean saysLessThan(Failed before) {
      return failure != null && (before.response != null || Verdict.isOfEndedClient(failure));
    }

    /** Without Flyball the application had that, and no error of its client's. */
    boolean isTakenForAnAnswer() {
      return failure == null && response.status() / 100 == 2 && CommitGate.isWhole(response);
    }

    CompletionStage<WireResponse> outcome() {
      return failure == null ? Completions.completed(response) : Completions.failed(failure);
    }

    void discard() {
      if (response != null) {
        response.body().close();
      }
    }
  }
}
