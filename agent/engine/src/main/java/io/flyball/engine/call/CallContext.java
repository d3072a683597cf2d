package io.flyball.engine.call;

import io.flyball.engine.wire.Cancellation;
import java.util.concurrent.Executor;

/** What the stages of one call share. */
public interface CallContext {

  /** Fires when the application walks away or the call is given up. */
  Cancellation cancellation();

  /**
   * Where continuations of this call run: the waiting caller's own thread for a blocking client,
   * the client's executor for an asynchronous one. Timers only hand work over to it.
   */
  Executor executor();
}
