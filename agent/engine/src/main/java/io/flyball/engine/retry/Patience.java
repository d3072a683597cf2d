package io.flyball.engine.retry;

import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.sdk.Sdk;

/**
 * How long the one who waits for a call lets itself be held by repetitions: as long as it would
 * have repeated by itself, or a few seconds where it would not have. Immutable.
 */
final class Patience {
  private static final long SECOND = 1_000_000_000L;
  private static final int MOST_DIGITS = 9;
  private static final int REQUEST_TIMEOUT = 408;

  /** The last fifth of the time that somebody is held for is left to the answer. */
  private static final long LAST_SHARE = 5;

  private final RetrySettings settings;
  private final Sdk sdk;

  /** How often the SDK would have asked again; 0 for a client that does not. */
  private final int ownRetries;

  /** Whether somebody said so to the SDK, or it is at its own repetitions already. */
  private final boolean said;

  /**
   * The longest that the client waits for a byte; {@link Long#MAX_VALUE} when that is not known.
   */
  private final long clientNanos;

  /** Whether the client does not try again where a connection failed. */
  private final boolean staysLost;

  private Patience(
      RetrySettings settings,
      Sdk sdk,
      int ownRetries,
      boolean said,
      long clientNanos,
      boolean staysLost) {
    this.settings = settings;
    this.sdk = sdk;
    this.ownRetries = ownRetries;
    this.said = said;
    this.clientNanos = clientNanos;
    this.staysLost = staysLost;
  }

  static Patience of(ModelCall call, RetrySettings settings) {
    Sdk sdk = call.context().client().sdk();
    int told = call.context().sdkRetries();
    int usual = told >= 0 ? told : sdk.usualRetries(call.originalFacts().stream());
    long repetition = number(call, "x-stainless-retry-count", 0);
    return new Patience(
        settings,
        sdk,
        (int) Math.max(0, usual - repetition),
        told >= 0 || repetition > 0,
        clientNanos(call),
        !call.context().repeatsAfterConnectionFailures());
  }

  private static long clientNanos(ModelCall call) {
    long read = call.context().readTimeoutNanos();
    long told =
        Math.min(
            number(call, "x-stainless-timeout", Long.MAX_VALUE),
            number(call, "x-stainless-read-timeout", Long.MAX_VALUE));
    long nanos = told == Long.MAX_VALUE ? told : told * SECOND;
    return read <= 0 ? nanos : Math.min(nanos, read);
  }

  /** A positive whole number of the request's header, or the other. */
  private static long number(ModelCall call, String header, long other) {
    String text = call.original().headers().first(header);
    if (text == null || text.isEmpty() || text.length() > MOST_DIGITS) {
      return other;
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return other;
      }
    }
    long number = Long.parseLong(text);
    return number == 0 ? other : number;
  }

  /**
   * Whether the client itself would have asked again after that attempt.
   *
   * @param status 0 when there was no answer
   */
  boolean wouldRepeat(int attempt, int status, Verdict verdict) {
    if (attempt > ownRetries || verdict.isSilent() || Boolean.FALSE.equals(verdict.advice())) {
      return false;
    }
    if (sdk == Sdk.UNKNOWN) {
      return verdict.mayBeAskedAgain();
    }
    if (status / 100 == 2) {
      return sdk.retriesUnreadableAnswers() && verdict.mayBeAskedAgain();
    }
    return status == 0
        ? sdk.retriesConnectionFailures()
        : sdk.retries(status) || (sdk.obeysShouldRetry() && Boolean.TRUE.equals(verdict.advice()));
  }

  /**
   * Whether the application has told its client not to send a request once more after such a
   * failure, which is an answer to the question unless the user has given another.
   */
  boolean isToldNotTo(int status, Verdict verdict) {
    boolean lost = verdict.failure() == FailureKind.CONNECTION || status == REQUEST_TIMEOUT;
    return lost && staysLost && !settings.areAttemptsSet();
  }

  /** Whether so many attempts are all that it would have made by itself. */
  boolean isUsedUpBy(int attempts) {
    return attempts > ownRetries;
  }

  /**
   * How long it is held after its first failure until another attempt's answer has begun, where it
   * would not have asked again itself; {@link Long#MAX_VALUE} for no limit.
   */
  long nanosUntilAnswer() {
    return settings.time() < 0 ? RetrySettings.OTHER_CLIENTS : settings.time();
  }

  /** How many attempts there are, the first one included. */
  int attempts(boolean would) {
    if (settings.areAttemptsSet()) {
      return settings.attempts();
    }
    return would || said ? ownRetries + 1 : settings.attempts();
  }

  /**
   * How long to wait before the next attempt.
   *
   * @param retryAfterNanos how long the provider wants to be left alone, -1: it does not say
   * @param askedNanos as much of that as an SDK sees
   * @param would whether the client itself would have asked again
   * @param hasNext whether somebody else can be asked
   * @param elapsedNanos since the first attempt began
   * @param waitedNanos of that in waits
   * @return nanoseconds; -1 when that takes too long
   */
  long wait(
      Backoff backoff,
      int nextAttempt,
      long retryAfterNanos,
      long askedNanos,
      boolean would,
      boolean hasNext,
      long elapsedNanos,
      long waitedNanos) {
    long wait = backoff.nanosBefore(nextAttempt, retryAfterNanos);
    boolean set = settings.time() >= 0;
    if (hasNext) {
      long most = set ? settings.time() : Long.MAX_VALUE;
      return within(wait, Math.min(most, settings.timeBeforeNext()), elapsedNanos);
    }
    if (!would) {
      // An answer takes a moment, too.
      long begins = nanosUntilAnswer() - nanosUntilAnswer() / LAST_SHARE;
      return within(wait, set ? begins : Math.min(begins, clientNanos), elapsedNanos);
    }
    if (set) {
      return within(wait, settings.time(), elapsedNanos);
    }
    // The attempts themselves take what they would have taken.
    long left = Math.min(RetrySettings.SDKS, clientNanos) - waitedNanos;
    long heeded = heeded(retryAfterNanos, askedNanos, waitedNanos);
    if (heeded > left || left < 0) {
      return -1;
    }
    long own = Math.min(left, backoff.nanosBefore(nextAttempt, heeded));
    return heeded > 0 && heeded < retryAfterNanos ? heeded : own;
  }

  /** As much of what the provider asks for as the SDK would see and wait, or what is little. */
  private long heeded(long retryAfterNanos, long askedNanos, long waitedNanos) {
    boolean little = waitedNanos + retryAfterNanos <= RetrySettings.OTHER_CLIENTS;
    return little
        ? retryAfterNanos
        : Math.min(Math.max(askedNanos, 0), sdk.longestRetryAfterNanos());
  }

  private static long within(long wait, long most, long elapsedNanos) {
    return wait <= most - elapsedNanos ? wait : -1;
  }
}
