package io.flyball.wire;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

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
   * <p>A request for another host than the application's own ({@link WireRequest#isSameOrigin})
   * carries what the request says and nothing that the client would add for the application: no
   * cookies, no authenticator's answer, nothing from its interceptors; and redirects are not
   * followed.
   *
   * <p>The transport of a blocking client blocks the thread that calls it and returns a completed
   * stage. It is called on the caller's own thread, but see {@link #maySendElsewhere}. The
   * transport of an asynchronous client never blocks.
   *
   * <p>It may be called several times for a call, one after the other, or at once where {@link
   * #maySendElsewhere} allows it. A response that is not handed to the application is closed by
   * whoever discards it.
   *
   * @param cancellation cancels this attempt, from any thread, before or after the head: the
   *     exchange is aborted. When it is the attempt's own ({@link Cancellation#isOfOneAttempt}), a
   *     blocked {@code send} returns and the stage completes at once even where the client cannot
   *     abort; an answer that comes later is closed here.
   */
  CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation);

  /**
   * The same, telling when the request's body begins to be written. A transport that cannot tell
   * says so before anything else: what may have been sent was sent.
   */
  default CompletionStage<WireResponse> send(
      WireRequest request, Cancellation cancellation, Sending sending) {
    try {
      sending.begin();
    } catch (IOException over) {
      return Completions.failed(over);
    }
    return send(request, cancellation);
  }

  /**
   * Whether an attempt whose cancellation is its own ({@link Cancellation#isOfOneAttempt}) may be
   * sent on another thread than the caller's, while another attempt is under way. Its body may then
   * be read on any thread, one at a time.
   */
  default boolean maySendElsewhere() {
    return false;
  }

  /**
   * Whether a request that is not quite the application's own is sent with no more ado than that
   * one. Where not, it takes a connection of its own beside one that is open already, which is not
   * worth it for what the application has not asked for.
   */
  default boolean takesReadily(WireRequest changed) {
    return true;
  }

  /**
   * Where a call whose caller has waited for it goes on once its answer was handed out, for a
   * client whose bodies come on threads that must not wait: a connection's own reader, for example.
   * From then on {@link #send} blocks nobody. Null where whoever wants the next bytes waits for
   * them anyway; then the work is done on that thread.
   */
  default Executor afterwards() {
    return null;
  }

  /**
   * Nanoseconds that the application's own time limit for the whole call still leaves, whatever the
   * number of attempts; 0 when it is over, -1 when the application set none that is known. The
   * client fails the call by itself then.
   */
  default long nanosLeft() {
    return -1;
  }

  /**
   * The longest that the application lets its client wait for a byte, in nanoseconds; -1 when it
   * set no such time, or it is not known. Nobody is held for longer by waits for another attempt.
   */
  default long readTimeoutNanos() {
    return -1;
  }

  /**
   * Whether the application lets its client send a request once more where the connection failed;
   * false only where it has said so.
   */
  default boolean repeatsAfterConnectionFailures() {
    return true;
  }

  /**
   * Whether the application's client ends a call as soon as the thread that waits for it is
   * interrupted. Where it does not, an interruption ends no more than a wait of ours.
   */
  default boolean endsWhenInterrupted() {
    return false;
  }

  /** What this client throws when an answer does not come in time. */
  default IOException timeoutFailure(String message) {
    return new SocketTimeoutException(message);
  }

  /** What this client throws when a body breaks off. */
  default IOException cutFailure(String message) {
    return new IOException(message);
  }
}
