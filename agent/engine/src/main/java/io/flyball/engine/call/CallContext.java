package io.flyball.engine.call;

import io.flyball.engine.wire.Cancellation;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** What the stages of one call share. Thread safe. */
public interface CallContext {

  /** Fires when the application walks away or the call (or this attempt of it) is given up. */
  Cancellation cancellation();

  /**
   * Where continuations of this call run: the waiting caller's own thread for a blocking client,
   * the client's executor for an asynchronous one. Timers only hand work over to it.
   */
  Executor executor();

  /** What is noted of the call's course for its record. */
  CallJournal journal();

  /**
   * How much time the call has left, in nanoseconds: by the user's limit or the caller's own
   * deadline, whichever comes first. {@link Long#MAX_VALUE} when there is none; may be negative.
   */
  long nanosLeft();

  /**
   * The same by the user's limit alone: what is over by the caller's own deadline, its client ends
   * by itself and in its own words.
   */
  long nanosLeftOfLimit();

  /**
   * Completes after that time, on {@link #executor()}; fails with the reason of the cancellation
   * when the call is cancelled before. Blocks nobody; a waiting caller wakes itself.
   *
   * @throws java.util.concurrent.RejectedExecutionException when there is no timer any more
   */
  CompletionStage<Void> delay(long nanos);

  /** The exception of the application's client for an answer that took too long. */
  Throwable timeoutFailure(String message);

  /** The exception of the application's client for a body that broke off. */
  Throwable cutFailure(String message);

  /**
   * Whether an attempt may be sent on a thread that is not the caller's while the caller waits.
   * Always so for an asynchronous client.
   */
  boolean maySendElsewhere();

  /** This context for one attempt, which can be cancelled without the call. */
  CallContext withCancellation(Cancellation attempt);

  /**
   * This context for an attempt made beside another one: on threads of that executor, because the
   * caller's own thread may be busy. Only where {@link #maySendElsewhere()}.
   */
  CallContext withExecutor(Executor elsewhere);

  /**
   * Goes on with the call after its answer has been handed out, from within a read of its body. For
   * a blocking client whose reader waits anyway the work is done on the reading thread, and the
   * stage returned is complete; a thread of the client's own is never kept.
   *
   * @param work is given the context to go on with
   */
  <T> CompletionStage<T> resume(Function<CallContext, CompletionStage<T>> work);
}
