package io.flyball.engine.call;

import io.flyball.wire.Cancellation;
import io.flyball.wire.WireRequest;
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
   * How much time there is left in which another attempt, or a wait for it, may begin, in
   * nanoseconds: by a limit, by default settings or by the caller's own deadline, whichever comes
   * first. {@link Long#MAX_VALUE} when there is none; may be negative.
   */
  long nanosLeft();

  /**
   * The same until the call is cut, by {@link #limit} alone: what is over by the caller's own
   * deadline, its client ends by itself and in its own words; and no default cuts anything.
   */
  long nanosLeftOfLimit();

  /**
   * The same until the application's client ends the call by a time limit of its own for all
   * attempts together; {@link Long#MAX_VALUE} when there is none that is known.
   */
  long nanosLeftOfClient();

  /** What the call is cut by. */
  CallLimit limit();

  /** The longest that the application's client waits for a byte, in nanoseconds; -1: not known. */
  long readTimeoutNanos();

  /**
   * Whether the application lets its client send a request once more where the connection failed.
   */
  boolean repeatsAfterConnectionFailures();

  /** How often the application's SDK would ask again by itself; -1 when that is not known. */
  int sdkRetries();

  /**
   * Completes after that time, on {@link #executor()}; fails with the reason of the cancellation
   * when the call is cancelled before. Blocks nobody; a waiting caller wakes itself.
   *
   * @throws java.util.concurrent.RejectedExecutionException when there is no timer any more
   */
  CompletionStage<Void> delay(long nanos);

  /**
   * The same for a wait without which the call has a result, too. Where the application's client
   * takes no notice of an interruption, that of the thread which waits ends this wait alone, by an
   * {@link java.io.InterruptedIOException}; the thread's flag stays set.
   */
  CompletionStage<Void> pause(long nanos);

  /** The exception of the application's client for an answer that took too long. */
  Throwable timeoutFailure(String message);

  /** The exception of the application's client for a body that broke off. */
  Throwable cutFailure(String message);

  /**
   * Which SDK made the call, and whether it will not ask again by itself once this call has failed:
   * its retries are ended in its own code.
   */
  Client client();

  /**
   * Whether an attempt may be sent on a thread that is not the caller's while the caller waits.
   * Always so for an asynchronous client.
   */
  boolean maySendElsewhere();

  /** Whether the client sends that request with no more ado than the application's own. */
  boolean takesReadily(WireRequest changed);

  /** This context for one attempt, which can be cancelled without the call. */
  CallContext withCancellation(Cancellation attempt);

  /**
   * This context for an attempt made beside another one: on threads of that executor, because the
   * caller's own thread may be busy. Only where {@link #maySendElsewhere()}.
   */
  CallContext withExecutor(Executor elsewhere);

  /**
   * Goes on with the call after its answer has been handed out, from within a read of its body.
   * Never blocks a thread that is not the application's: the work of a blocking client is done on
   * the thread that reads, where that is the application's own, else on one that its transport has
   * for that or on one of ours.
   *
   * @param reading whether this thread called the read, and is still in it
   * @param work is given the context to go on with
   */
  <T> CompletionStage<T> resume(boolean reading, Function<CallContext, CompletionStage<T>> work);
}
