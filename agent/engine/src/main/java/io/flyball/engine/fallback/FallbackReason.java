package io.flyball.engine.fallback;

import io.flyball.engine.attempt.Verdict;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.sdk.RefusalKind;
import java.util.Locale;

/** Why another target may be asked: the words of {@code flyball.fallback.on}. */
public enum FallbackReason {
  ERROR,
  TIMEOUT,
  RATE_LIMIT,
  BREAKER_OPEN,
  CONTEXT_WINDOW,
  BUDGET,
  CONTENT_FILTER;

  /** The word as users write it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Why that would be a reason to ask somebody else; null when it is none: there is an answer,
   * nobody waits, or the request itself is at fault.
   */
  static FallbackReason of(Verdict verdict) {
    if (verdict.isAnswered() || verdict.isCancelled()) {
      return null;
    }
    return verdict.refusal() != null ? of(verdict.refusal()) : of(verdict.failure());
  }

  private static FallbackReason of(RefusalKind refusal) {
    switch (refusal) {
      case CIRCUIT_OPEN:
        return BREAKER_OPEN;
      case TIMEOUT:
        return TIMEOUT;
      case RATE_LIMITED:
        return RATE_LIMIT;
      case BUDGET_EXCEEDED:
        return BUDGET;
      default:
        return null;
    }
  }

  private static FallbackReason of(FailureKind failure) {
    switch (failure) {
      case RATE_LIMIT:
        return RATE_LIMIT;
      case TIMEOUT:
        return TIMEOUT;
      case CONTEXT_WINDOW:
        return CONTEXT_WINDOW;
      case CONTENT_FILTER:
        return CONTENT_FILTER;
      case INVALID_REQUEST:
        return null;
      default:
        return ERROR;
    }
  }
}
