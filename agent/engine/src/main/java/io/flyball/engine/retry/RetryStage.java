package io.flyball.engine.retry;

import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.WireResponse;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;

/**
 * Asks the same target again when it failed in a way that passes. Never after content was handed
 * on, never beyond the time the call has left, and not more often than the budget for all calls to
 * the same service with the same credential allows; beyond that the SDK's own retries are left to
 * it.
 */
public final class RetryStage implements Stage {
  private final int maxAttempts;
  private final Backoff backoff;
  private final RetryBudget budget;

  /**
   * @param maxAttempts on one target, the first one included
   */
  public RetryStage(int maxAttempts, Backoff backoff, RetryBudget budget) {
    this.maxAttempts = maxAttempts;
    this.backoff = backoff;
    this.budget = budget;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    RetryBudget own = budget.of(call.service().key());
    own.call();
    return Completions.then(
        next.proceed(call),
        (response, failure) -> judge(new Failed(response, failure, 1), call, next, own));
  }

  private CompletionStage<WireResponse> judge(
      Failed latest, ModelCall call, Next next, RetryBudget own) {
    Verdict verdict = latest.verdict(call);
    if (!verdict.mayBeAskedAgain() || latest.attempt >= maxAttempts) {
      return latest.outcome();
    }
    if (call.context().journal().hasPassedOpenBreaker()) {
      return latest.outcome();
    }
    long wait = backoff.nanosBefore(latest.attempt + 1, verdict.retryAfterNanos());
    if (wait >= call.context().nanosLeft()) {
      return latest.outcome();
    }
    if (!own.tryRetry()) {
      if (!call.othersMayAnswer()) {
        call.context().journal().retriesLeft();
      }
      return latest.outcome();
    }
    CompletionStage<Void> waited;
    try {
      waited = call.context().delay(wait);
    } catch (RejectedExecutionException noTimer) {
      return latest.outcome();
    }
    return Completions.then(
        waited,
        (none, cancelled) -> cancelled != null ? latest.outcome() : again(latest, call, next, own));
  }

  private CompletionStage<WireResponse> again(
      Failed before, ModelCall call, Next next, RetryBudget own) {
    return Completions.then(
        next.proceed(call),
        (response, failure) -> {
          if (failure == null && Verdict.of(response).refusal() != null) {
            // A policy stands in the way meanwhile: what the target itself said says more.
            response.body().close();
            return before.outcome();
          }
          before.discard();
          return judge(new Failed(response, failure, before.attempt + 1), call, next, own);
        });
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
