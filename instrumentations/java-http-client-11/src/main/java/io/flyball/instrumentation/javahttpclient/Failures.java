package io.flyball.instrumentation.javahttpclient;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CancellationException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** Failures in the form in which the client reports them. */
final class Failures {

  /** The client's own words. */
  private static final String CANCELLED = "Request cancelled";

  private Failures() {}

  /**
   * What {@code HttpClient.send} throws when a response fails with that: an exception of the same
   * kind, with the stack of the calling thread. The kinds are those of JDK 25; 11 and 17 know fewer
   * and throw their superclass IOException.
   */
  static Throwable asThrownBySend(Throwable failure) {
    String message = failure.getMessage();
    if (failure instanceof IllegalArgumentException) {
      return new IllegalArgumentException(message, failure);
    }
    if (failure instanceof SecurityException) {
      return new SecurityException(message, failure);
    }
    if (failure instanceof HttpConnectTimeoutException) {
      return new HttpConnectTimeoutException(message).initCause(failure);
    }
    if (failure instanceof HttpTimeoutException) {
      return new HttpTimeoutException(message);
    }
    if (failure instanceof ConnectException) {
      return new ConnectException(message).initCause(failure);
    }
    if (failure instanceof SSLHandshakeException) {
      return new SSLHandshakeException(message).initCause(failure);
    }
    if (failure instanceof SSLException) {
      return new SSLException(message, failure);
    }
    if (failure instanceof ProtocolException) {
      return new ProtocolException(message).initCause(failure);
    }
    return new IOException(message, failure);
  }

  /** What a call ends with whose future, or a stage that depends on it, was cancelled. */
  static CancellationException cancelled() {
    CancellationException cancelled = new CancellationException(CANCELLED);
    cancelled.initCause(new IOException(CANCELLED));
    return cancelled;
  }

  /** An interruption as an attempt reports it to the engine; the thread's flag is set again. */
  static InterruptedIOException interrupted(InterruptedException interruption) {
    Thread.currentThread().interrupt();
    InterruptedIOException failure = new InterruptedIOException("interrupted");
    failure.initCause(interruption);
    return failure;
  }

  /**
   * The opposite of {@link #interrupted}: the exception that {@code send} throws for an
   * interruption, with the flag cleared, or the failure itself when it is none.
   */
  static Throwable interruptionOf(Throwable failure) {
    if (!(failure instanceof InterruptedIOException) || failure instanceof SocketTimeoutException) {
      return failure;
    }
    boolean flagged = Thread.interrupted();
    if (failure.getCause() instanceof InterruptedException) {
      return failure.getCause();
    }
    return flagged ? new InterruptedException(failure.getMessage()) : failure;
  }
}
