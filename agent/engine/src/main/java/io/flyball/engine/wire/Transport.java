package io.flyball.engine.wire;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletionStage;

/**
 * One attempt over the application's own client, so that its proxy, TLS, pool and DNS settings
 * hold.
 */
public interface Transport {

  /**
   * Sends the request once. Redirects the client follows by itself belong to the attempt. The stage
   * completes when the response head is there; it completes exceptionally with the exception the
   * client itself would have thrown (never wrapped in a CompletionException by the transport).
   *
   * <p>The transport of a blocking client is only ever called on the caller's own thread, blocks
   * there, and returns a completed stage; cancelling from another thread must end the blocking
   * call. The transport of an asynchronous client never blocks.
   *
   * <p>It may be called several times for a call, one after the other or (asynchronous clients
   * only) at once. A response that is not handed to the application is closed by whoever discards
   * it.
   *
   * @param cancellation cancels this attempt: the exchange is aborted, before or after the head
   */
  CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation);

  /**
   * Whether an attempt that can be cancelled alone may be sent on another thread than the caller's,
   * also while one is under way there. Asked of blocking clients only.
   */
  default boolean maySendElsewhere() {
    return false;
  }

  /**
   * How long the caller is still willing to wait for the answer, in nanoseconds, where the client
   * knows; zero when that is over, -1 when it is not known.
   */
  default long nanosLeft() {
    return -1;
  }

  /** What the client throws when a read takes too long. */
  default Throwable timeoutFailure(String message) {
    return new SocketTimeoutException(message);
  }

  /** What the client throws when a body breaks off. */
  default Throwable cutFailure(String message) {
    return new IOException(message);
  }
}
