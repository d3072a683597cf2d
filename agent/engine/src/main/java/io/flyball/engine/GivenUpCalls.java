package io.flyball.engine;

import io.flyball.protocol.sdk.Sdk;
import io.flyball.wire.SdkAttempt;
import java.util.concurrent.CancellationException;

/**
 * Remembers for the retry loops of SDKs which calls ended in a failure that Flyball let through.
 * Thread safe.
 */
final class GivenUpCalls {
  /** Longer chains of causes are not followed to their end. */
  private static final int MOST_CAUSES = 16;

  private final ThreadLocal<Attempt> onThread = new ThreadLocal<>();
  private final WeakIdentitySet<Throwable> failures = new WeakIdentitySet<>();

  /**
   * @param sdk whose loop it is
   * @param retries how often the loop makes another attempt at most; -1 when that is not known
   */
  SdkAttempt begin(Sdk sdk, int retries) {
    Attempt attempt = new Attempt(sdk, onThread.get(), retries);
    onThread.set(attempt);
    return attempt;
  }

  /** The attempt that calls made on this thread belong to, or null. */
  Attempt current() {
    return onThread.get();
  }

  /** The application gets that exception. */
  void failed(Attempt attempt, Throwable failure) {
    failures.add(failure);
    if (failure instanceof CancellationException && failure.getCause() != null) {
      // Clients tell by it what they were ended for, and throw that.
      failures.add(failure.getCause());
    }
    tell(attempt, true);
  }

  /** The loop around the attempt goes on, in which Flyball has asked again so often. */
  void left(Attempt innermost, int repetitions) {
    for (Attempt attempt = innermost; attempt != null; attempt = attempt.around) {
      attempt.repetitions += repetitions;
      attempt.givenUp = false;
    }
  }

  /**
   * The application gets an answer.
   *
   * @param givenUp whether it is a failure after which Flyball does not leave it to the SDK to ask
   *     again
   */
  void answered(Attempt attempt, boolean givenUp) {
    tell(attempt, givenUp);
  }

  /** Whether the application got that exception, or one that caused it, from a governed call. */
  boolean include(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      if (failures.contains(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static void tell(Attempt innermost, boolean givenUp) {
    for (Attempt attempt = innermost; attempt != null; attempt = attempt.around) {
      attempt.givenUp = givenUp;
    }
  }

  /** Inside the attempt of another loop where one SDK is built on another. */
  final class Attempt implements SdkAttempt {
    private final Sdk sdk;
    private final Attempt around;
    private final int retries;
    private volatile boolean givenUp;
    private volatile int repetitions;

    private Attempt(Sdk sdk, Attempt around, int retries) {
      this.sdk = sdk;
      this.around = around;
      this.retries = retries;
    }

    /** Of all loops around it that say so, the most that are left; -1 when none does. */
    int retries() {
      int left = retries < 0 ? retries : Math.max(0, retries - repetitions);
      return around == null ? left : Math.max(left, around.retries());
    }

    @Override
    public int repetitions() {
      return repetitions;
    }

    Sdk sdk() {
      return sdk;
    }

    @Override
    public void close() {
      if (around == null) {
        onThread.remove();
      } else {
        onThread.set(around);
      }
    }

    @Override
    public boolean isGivenUp() {
      return givenUp;
    }
  }
}
