package io.flyball.engine.retry;

import io.flyball.engine.attempt.CommitGate;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.WireResponse;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiPredicate;

/**
 * Asks the same target again when it failed in a way that passes. Never after content was handed
 * on, not longer than the caller has {@link Patience}, and not more often than the budget for all
 * calls to the same service with the same credential allows, unless the application's SDK would
 * have done so by itself. A good status whose body came to its end is what the application would
 * have taken for its answer, though it is none: what comes later replaces it only when it is one,
 * and until that is known it is held.
 */
public final class RetryStage implements Stage {
  private final RetrySettings settings;
  private final Backoff backoff;
  private final RetryBudget budget;
  private final BiPredicate<ModelCall, Verdict> hasNext;
  private final TimeSource time;

  /**
   * @param hasNext whether another target would be asked for a call that failed so
   */
  public RetryStage(
      RetrySettings settings,
      Backoff backoff,
      RetryBudget budget,
      BiPredicate<ModelCall, Verdict> hasNext,
      TimeSource time) {
    this.settings = settings;
    this.backoff = backoff;
    this.budget = budget;
    this.hasNext = hasNext;
    this.time = time;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    RetryBudget own = budget.of(call.service().key());
    own.call();
    long began = time.nanoTime();
    return Completions.then(
        next.proceed(call),
        (response, failure) -> {
          if (failure == null && Verdict.of(response).isAnswered()) {
            return Completions.completed(response);
          }
          // Those whose answers broke off later were attempts, too.
          int attempt = 1 + call.context().journal().breaksOf(call.destination());
          return new Course(call, next, own, began).judge(new Failed(response, failure, attempt));
        });
  }

  /** A call whose first attempt has failed. */
  private final class Course {
    private final ModelCall call;
    private final Next next;
    private final RetryBudget own;
    private final long began;
    private final Patience patience;
    private long waited;

    /** What the application would have taken for its answer; null when nothing was. */
    private Failed taken;

    Course(ModelCall call, Next next, RetryBudget own, long began) {
      this.call = call;
      this.next = next;
      this.own = own;
      this.began = began;
      this.patience = Patience.of(call, settings);
    }

    CompletionStage<WireResponse> judge(Failed latest) {
      if (taken == null && latest.isTakenForAnAnswer()) {
        taken = latest;
      }
      Verdict verdict = latest.verdict(call);
      boolean would =
          !verdict.isAnswered()
              && !verdict.isCancelled()
              && verdict.refusal() == null
              && patience.wouldRepeat(latest.attempt, latest.status(), verdict);
      if (!(would || verdict.mayBeAskedAgain()) || latest.attempt >= patience.attempts(would)) {
        return outcome(latest);
      }
      if (call.context().journal().hasPassedOpenBreaker()) {
        // Because nobody else may answer: once, as without us.
        return outcome(latest);
      }
      boolean another = hasNext.test(call, verdict);
      if (another && !verdict.mayBeAskedAgain()) {
        return outcome(latest);
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
      if (wait < 0 || wait >= call.context().nanosLeft()) {
        return outcome(latest);
      }
      if (!own.tryRetry() && (!would || settings.isBudgetSet())) {
        if (!call.othersMayAnswer()) {
          call.context().journal().retriesLeft();
        }
        return outcome(latest);
      }
      waited += wait;
      CompletionStage<Void> over;
      try {
        over = call.context().delay(wait);
      } catch (RejectedExecutionException noTimer) {
        return outcome(latest);
      }
      return Completions.then(
          over, (none, cancelled) -> cancelled != null ? outcome(latest) : again(latest));
    }

    /** After that attempt nobody is asked any more. */
    private CompletionStage<WireResponse> outcome(Failed latest) {
      if (taken == null || taken == latest) {
        return latest.outcome();
      }
      latest.discard();
      return taken.outcome();
    }

    private CompletionStage<WireResponse> again(Failed before) {
      return Completions.then(
          next.proceed(taken == null ? call : call.heldWhole()),
          (response, failure) -> {
            if (failure == null && Verdict.of(response).isAnswered()) {
              if (taken != null) {
                taken.discard();
              }
              before.discard();
              return Completions.completed(response);
            }
            if (failure == null && Verdict.of(response).refusal() != null) {
              // A policy stands in the way meanwhile: what the target itself said says more.
              response.body().close();
              return outcome(before);
            }
            if (before != taken) {
              before.discard();
            }
            return judge(new Failed(response, failure, before.attempt + 1));
          });
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
