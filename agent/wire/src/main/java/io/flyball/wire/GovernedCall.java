package io.flyball.wire;

import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;

/** One call under way. Exactly one of the execute methods and {@link #begin} is called, once. */
public interface GovernedCall {

  /** The id that stands in {@code x-flyball-call}. */
  String id();

  /**
   * Runs the call on this thread and returns when the answer may be handed to the application.
   * Honours interruption the way the transport does.
   *
   * @throws IOException the client's own exception, the same object the transport failed with
   * @throws RuntimeException likewise
   */
  WireResponse execute(Transport transport) throws IOException;

  /**
   * Runs the call without blocking any thread.
   *
   * @param executor where continuations may run; the client's own
   * @return completes exceptionally with the transport's exception, not wrapped
   */
  CompletionStage<WireResponse> executeAsync(Transport transport, Executor executor);

  /**
   * Begins the call for a client that sends a request before anybody waits for its answer. Goes on
   * with it on this thread until the request has gone out, the call is over, or a second has
   * passed: what a policy has it wait for longer, it waits for in {@link Begun#await}. Never throws
   * what the call fails with.
   *
   * @param transport may return stages that are not completed before {@link Begun#await} is called
   * @param gone whether the transport has sent the request
   */
  default Begun begin(Transport transport, BooleanSupplier gone) {
    return first -> execute(transport);
  }

  /** A call whose request is on its way. */
  interface Begun {

    /**
     * Goes on with the call on this thread, which may be another one, as {@link #execute} does.
     * Called once at most.
     *
     * @param first done before anything else; by then work of the call belongs to this thread
     */
    WireResponse await(Runnable first) throws IOException;
  }

  /**
   * Runs the action once the call has ended, however it did, also when that was before: its answer
   * was read to the end or closed, or it failed. On any thread; must not block or throw. A call
   * that cannot tell never runs it.
   */
  default void whenEnded(Runnable action) {}

  /**
   * The application walked away: cancels the attempt under way and settles what was used. Closing
   * the response's body early does the same. Harmless after the end.
   */
  void cancel();

  /**
   * Like {@link #cancel()}, when it is not the application that ends the call but its client.
   *
   * @param why for example a {@link java.net.SocketTimeoutException} when the client's time limit
   *     for the whole call is over: the call then counts as timed out
   */
  void cancel(Throwable why);
}
