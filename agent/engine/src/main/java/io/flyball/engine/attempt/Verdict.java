package io.flyball.engine.attempt;

import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.Failures;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.failure.FailureReader;
import io.flyball.protocol.failure.ProviderFailure;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.wire.WireResponse;
import java.util.Locale;
import java.util.concurrent.CancellationException;

/** What became of an attempt, or of what stood in its place. Immutable. */
public final class Verdict {
  private static final Verdict ANSWERED = new Verdict(null, null, false, -1, null);
  private static final Verdict CANCELLED = new Verdict(null, null, false, -1, "cancelled");

  private final FailureKind failure;
  private final RefusalKind refusal;
  private final boolean silent;
  private final long retryAfterNanos;
  private final long askedNanos;
  private final String word;
  private final Boolean advice;

  private Verdict(
      FailureKind failure, RefusalKind refusal, boolean silent, long retryAfterNanos, String word) {
    this(failure, refusal, silent, retryAfterNanos, -1, word, null);
  }

  private Verdict(
      FailureKind failure,
      RefusalKind refusal,
      boolean silent,
      long retryAfterNanos,
      long askedNanos,
      String word,
      Boolean advice) {
    this.failure = failure;
    this.refusal = refusal;
    this.silent = silent;
    this.retryAfterNanos = retryAfterNanos;
    this.askedNanos = askedNanos;
    this.word = word;
    this.advice = advice;
  }

  static Verdict answered() {
    return ANSWERED;
  }

  /** Of an attempt that failed so. */
  public static Verdict of(FailureKind failure) {
    return new Verdict(failure, null, false, -1, null);
  }

  static Verdict of(ProviderFailure failure) {
    return new Verdict(
        failure.kind(),
        null,
        false,
        failure.retryAfterNanos(),
        failure.askedNanos(),
        failure.type(),
        null);
  }

  /** Of an answer in which an error event was seen. */
  public static Verdict ofError(AnswerMeter answer) {
    ResponseFacts said = answer.factsSoFar();
    return of(FailureReader.ofEvent(said.errorType(), said.errorMessage()));
  }

  /**
   * The same, said with that status. No client asks again after a status that finds fault with the
   * request, whatever name its body has for it, unless it is told when.
   */
  Verdict inAnswerWith(int status) {
    boolean findsFault = status == 400 || status == 413 || status == 422;
    return findsFault && retryAfterNanos < 0 ? advised("false") : this;
  }

  /**
   * The same with what the provider says of asking again.
   *
   * @param shouldRetry {@code true}, {@code false}; null or anything else says nothing
   */
  Verdict advised(String shouldRetry) {
    Boolean said =
        "true".equals(shouldRetry)
            ? Boolean.TRUE
            : "false".equals(shouldRetry) ? Boolean.FALSE : null;
    return said == null
        ? this
        : new Verdict(failure, refusal, silent, retryAfterNanos, askedNanos, word, said);
  }

  /** Of an answer that has come through the {@link CommitGate}, or that a policy made. */
  public static Verdict of(WireResponse response) {
    if (response.body() instanceof Refused) {
      RefusalKind kind = ((Refused) response.body()).kind();
      boolean timeout = kind == RefusalKind.TIMEOUT;
      return new Verdict(timeout ? FailureKind.TIMEOUT : null, kind, timeout, -1, kind.code());
    }
    return response.body() instanceof Judged ? ((Judged) response.body()).verdict() : ANSWERED;
  }

  /**
   * Of an exception of the application's client.
   *
   * @param cancelled whether the application has walked away
   */
  public static Verdict of(Throwable thrown, boolean cancelled) {
    if (cancelled || thrown instanceof CancellationException) {
      return CANCELLED;
    }
    switch (Failures.outcome(thrown, false)) {
      case TIMEOUT:
        return new Verdict(FailureKind.TIMEOUT, null, true, -1, null);
      case CANCELLED:
        return CANCELLED;
      default:
        return of(ClientExceptions.kind(thrown));
    }
  }

  /** Whether that is the client's word that the application has ended it, and no attempt's. */
  public static boolean isOfEndedClient(Throwable thrown) {
    return ClientExceptions.saysShutDown(thrown);
  }

  /** Whether there is an answer to hand on. */
  public boolean isAnswered() {
    return this == ANSWERED;
  }

  /** Whether nobody waits for an answer any more. */
  public boolean isCancelled() {
    return this == CANCELLED;
  }

  /** What failed; null for an answer, for a refusal, and when cancelled. */
  public FailureKind failure() {
    return failure;
  }

  /** Which policy said no; null when none did. */
  public RefusalKind refusal() {
    return refusal;
  }

  /** How long the provider wants to be left alone, in nanoseconds; -1 when it did not say. */
  public long retryAfterNanos() {
    return retryAfterNanos;
  }

  /** As much of that as an SDK would have seen, in the headers made for it; -1: nothing. */
  public long askedNanos() {
    return askedNanos;
  }

  /** Whether the same target may answer the same request a little later. */
  public boolean mayBeAskedAgain() {
    // Who was silent once is silent again, and the caller has waited already.
    return failure != null
        && !silent
        && (advice == null ? failure.isRetryable() : advice.booleanValue());
  }

  /** What the provider says of asking again; null when it says nothing. */
  public Boolean advice() {
    return advice;
  }

  /** Whether the target said nothing for as long as it was waited for. */
  public boolean isSilent() {
    return silent;
  }

  /** The provider's or our own word for it, else that of its kind; few distinct values. */
  @Override
  public String toString() {
    if (word != null) {
      return word;
    }
    return failure == null ? "answered" : failure.name().toLowerCase(Locale.ROOT);
  }

  /** A body of which is known what becomes of it. */
  interface Judged extends ObservedBody {
    Verdict verdict();
  }
}
