package io.flyball.engine.breaker;

import io.flyball.engine.attempt.Refused;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.sdk.RefusalKind;
import java.util.concurrent.CompletionStage;

/** Keeps attempts away from a target's model that keeps failing, but for one probe at a time. */
public final class BreakerStage implements Stage {
  private final CircuitBreakers breakers;
  private final TimeSource time;

  public BreakerStage(CircuitBreakers breakers, TimeSource time) {
    this.breakers = breakers;
    this.time = time;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    String key = call.destination() + '/' + call.facts().model();
    CircuitBreakers.Permit permit = breakers.tryAcquire(key);
    if (permit == null) {
      call.context().journal().turnedAwayByBreaker();
      return Completions.completed(
          Refused.answer(
              call,
              RefusalKind.CIRCUIT_OPEN,
              "the circuit breaker of " + key + " is open, it failed too often"));
    }
    long began = time.nanoTime();
    return Completions.then(
        next.proceed(call),
        (response, failure) -> {
          report(
              permit,
              failure == null
                  ? Verdict.of(response)
                  : Verdict.of(failure, call.context().cancellation().isCancelled()),
              time.nanoTime() - began);
          return failure == null ? Completions.completed(response) : Completions.failed(failure);
        });
  }

  private static void report(CircuitBreakers.Permit permit, Verdict verdict, long nanos) {
    FailureKind failure = verdict.failure();
    if (verdict.isAnswered()) {
      permit.success(nanos);
    } else if (failure == null
        || failure.isCallerFault()
        || failure == FailureKind.UNKNOWN
        // Limits are kept by waiting, not by staying away.
        || failure == FailureKind.RATE_LIMIT) {
      permit.neutral();
    } else {
      permit.failure(nanos, verdict.retryAfterNanos());
    }
  }
}
