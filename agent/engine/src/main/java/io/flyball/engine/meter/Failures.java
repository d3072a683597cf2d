package io.flyball.engine.meter;

import io.flyball.engine.call.Outcome;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

/** What an exception of a client says about how an attempt ended. */
public final class Failures {

  private Failures() {}

  /**
   * How what failed with that exception ended.
   *
   * @param cancelled whether the call has been cancelled
   */
  public static Outcome outcome(Throwable failure, boolean cancelled) {
    if (cancelled
        || failure instanceof CancellationException
        || failure instanceof InterruptedException) {
      return Outcome.CANCELLED;
    }
    // SocketTimeoutException is an InterruptedIOException too, and so is OkHttp's call timeout.
    if (failure instanceof InterruptedIOException) {
      return Thread.currentThread().isInterrupted() ? Outcome.CANCELLED : Outcome.TIMEOUT;
    }
    return isTimeout(failure) ? Outcome.TIMEOUT : Outcome.CUT;
  }

  /** Whether it says that nobody was reached: then nothing was asked for, and nothing is billed. */
  public static boolean isOfConnecting(Throwable failure) {
    if (failure == null) {
      return false;
    }
    String words = failure.getMessage();
    return failure.getClass().getSimpleName().contains("Connect")
        || (words != null && words.regionMatches(true, 0, "connect timed out", 0, 17));
  }

  /** Whether it says that the time is over, and can say nothing else. */
  static boolean isTimeout(Throwable failure) {
    return failure instanceof SocketTimeoutException
        || failure instanceof TimeoutException
        || isHttpTimeout(failure);
  }

  /** {@code java.net.http.HttpTimeoutException} is not there on Java 8. */
  private static boolean isHttpTimeout(Throwable failure) {
    if (failure == null) {
      return false;
    }
    for (Class<?> type = failure.getClass(); type != null; type = type.getSuperclass()) {
      if (type.getName().equals("java.net.http.HttpTimeoutException")) {
        return true;
      }
    }
    return false;
  }

  static String type(Throwable failure) {
    return failure.getClass().getName();
  }
}
