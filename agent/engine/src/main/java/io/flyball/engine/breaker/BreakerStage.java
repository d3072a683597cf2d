package io.flyball.engine.breaker;

import io.flyball.engine.attempt.Refused;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Note;
import io.flyball.engine.call.Service;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.util.concurrent.CompletionStage;

/**
 * Keeps attempts away from what keeps failing, a target's model as asked with one credential, but
 * for one probe at a time. Where nobody else may answer it keeps nothing away: the wire might have
 * answered, or has its own word for what is wrong.
 */
public final class BreakerStage implements Stage {
  /** An attempt was not made. */
  static final Note<String> TURNED_AWAY = Note.word("breaker");

  private final CircuitBreakers breakers;
  private final TimeSource time;

  public BreakerStage(CircuitBreakers breakers, TimeSource time) {
    this.breakers = breakers;
    this.time = time;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    Service service = call.service();
    String key = service.key();
    CircuitBreakers.Permit permit = breakers.tryAcquire(key);
    if (permit == null && !call.othersMayAnswer() && !breakers.alwaysRefuse()) {
      permit = breakers.passOpen(key);
      call.context().journal().askedOnce();
    }
    if (permit == null) {
      call.context().journal().note(TURNED_AWAY, "open");
      return Completions.completed(
          Refused.foreseen(
              call,
              RefusalKind.CIRCUIT_OPEN,
              "the circuit breaker of " + service + " is open, it failed too often"));
    }
    return attempt(call, next, permit);
  }

  private CompletionStage<WireResponse> attempt(
      ModelCall call, Next next, CircuitBreakers.Permit permit) {
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
    } else if (failure == null || !isOfTarget(failure)) {
      permit.neutral();
    } else {
      permit.failure(nanos, verdict.retryAfterNanos());
    }
  }

  /**
   * Whether the target itself does not do well; the request, the account and its limits may not.
   */
  private static boolean isOfTarget(FailureKind failure) {
    switch (failure) {
      case OVERLOADED:
      case SERVER_ERROR:
      case CONNECTION:
      case TIMEOUT:
      case MALFORMED:
      case UNTRUSTED:
        return true;
      default:
        return false;
    }
  }
}
