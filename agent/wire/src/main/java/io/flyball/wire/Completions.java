package io.flyball.wire;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What {@link CompletionStage} lacks on Java 8: failed stages, and continuations that see
 * exceptions as they were thrown instead of wrapped in a {@link CompletionException}.
 */
public final class Completions {

  private static final int MOST_ATTEMPTS = 1_000;

  private Completions() {}

  /** What is done with a value or, when {@code failure} is not null, with a failure. */
  public interface Continuation<T, R> {

    /** An exception thrown here fails the resulting stage with that very exception. */
    CompletionStage<R> apply(T value, Throwable failure);
  }

  /** What one round of {@link #repeat} does with what it was given. */
  public interface Round<T> {

    /**
     * Returns whether another round is wanted. What is thrown here is given to one more round as
     * the failure of the stage; the last one.
     */
    boolean apply(T value, Throwable failure);
  }

  /** Starts one round of {@link #repeat}. */
  public interface Start<T> {
    CompletionStage<T> begin();
  }

  public static <T> CompletionStage<T> completed(T value) {
    return CompletableFuture.completedFuture(value);
  }

  public static <T> CompletionStage<T> failed(Throwable failure) {
    CompletableFuture<T> stage = new CompletableFuture<>();
    stage.completeExceptionally(failure);
    return stage;
  }

  /** The exception inside a {@link CompletionException}; any other exception as it is. */
  public static Throwable unwrap(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }

  /**
   * Goes on when the stage ended, either way; at once and on this thread when it already has. The
   * exceptions of both stages keep their identity.
   */
  public static <T, R> CompletionStage<R> then(
      CompletionStage<T> stage, Continuation<T, R> continuation) {
    CompletableFuture<T> source = finished(stage);
    if (source != null) {
      Throwable failure = failureOf(source);
      return run(continuation, failure == null ? source.join() : null, failure);
    }
    CompletableFuture<R> result = new CompletableFuture<>();
    stage.whenComplete(
        (value, failure) ->
            orFail(
                result,
                () ->
                    forward(
                        run(continuation, value, failure == null ? null : unwrap(failure)),
                        result)));
    return result;
  }

  /**
   * Ends as the first of the two does, on the executor (or here, when that refuses).
   *
   * @param there never fails
   */
  public static CompletionStage<Void> firstOf(
      CompletionStage<Void> there, CompletionStage<Void> here, Executor executor) {
    CompletableFuture<Void> first = new CompletableFuture<>();
    there.whenComplete(
        (none, failure) -> orFail(first, () -> execute(executor, () -> first.complete(null))));
    forward(here, first);
    return first;
  }

  /**
   * Does what a completion depends on. What it throws, errors of the JVM included, is how the
   * target ends, so that nobody waits for ever: a stage swallows what its callbacks throw.
   */
  public static void orFail(CompletableFuture<?> target, Runnable work) {
    try {
      work.run();
    } catch (Throwable failure) {
      fail(target, failure);
    }
  }

  /** When there is no memory or stack to say so, there may be some a moment later. */
  private static void fail(CompletableFuture<?> target, Throwable failure) {
    for (int attempt = 0; !target.isDone() && attempt < MOST_ATTEMPTS; attempt++) {
      try {
        target.completeExceptionally(failure);
      } catch (Throwable again) {
        Thread.yield();
      }
    }
  }

  /**
   * The same as {@link #then} for a continuation that ends the target by itself: what it throws
   * ends the target, too.
   */
  public static <T, R> void thenOrFail(
      CompletionStage<T> stage, CompletableFuture<?> target, Continuation<T, R> continuation) {
    CompletionStage<R> ended = then(stage, continuation);
    then(ended, (value, thrown) -> failed(thrown, target));
  }

  private static CompletionStage<Void> failed(Throwable thrown, CompletableFuture<?> target) {
    if (thrown != null) {
      fail(target, thrown);
    }
    return completed(null);
  }

  /**
   * Runs a task on an executor; here, when that refuses it or cannot run it. A task that may have
   * begun there must not mind to be run twice.
   */
  public static void execute(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (Throwable refused) {
      task.run();
    }
  }

  /** Completes the target as the stage ends, with the exception as it was thrown. */
  public static <T> void forward(CompletionStage<T> stage, CompletableFuture<T> target) {
    stage.whenComplete(
        (value, failure) ->
            orFail(
                target,
                () -> {
                  if (failure == null) {
                    target.complete(value);
                  } else {
                    target.completeExceptionally(unwrap(failure));
                  }
                }));
  }

  /** Runs the action when the stage ended, either way; now, when it has. */
  public static void onEnd(CompletionStage<?> stage, Runnable action) {
    stage.whenComplete((value, failure) -> action.run());
  }

  /**
   * Round after round until one wants no more, in constant stack depth however the stages complete.
   */
  public static <T> void repeat(Start<T> start, Round<T> round) {
    while (true) {
      CompletionStage<T> stage;
      try {
        stage = start.begin();
      } catch (Throwable failure) {
        stage = failed(failure);
      }
      CompletableFuture<T> done = finished(stage);
      if (done == null) {
        Handover<T> handover = new Handover<>();
        stage.whenComplete(
            (value, failure) -> {
              handover.value = value;
              handover.failure = failure == null ? null : unwrap(failure);
              if (handover.secondToArrive() && again(round, handover.value, handover.failure)) {
                repeat(start, round);
              }
            });
        if (!handover.secondToArrive() || !again(round, handover.value, handover.failure)) {
          return;
        }
      } else {
        Throwable failure = failureOf(done);
        if (!again(round, failure == null ? done.join() : null, failure)) {
          return;
        }
      }
    }
  }

  private static <T> boolean again(Round<T> round, T value, Throwable failure) {
    try {
      return round.apply(value, failure);
    } catch (Throwable thrown) {
      round.apply(null, thrown);
      return false;
    }
  }

  /** Throws any exception as it is, checked or not. */
  @SuppressWarnings("unchecked")
  public static <X extends Throwable> RuntimeException sneakyThrow(Throwable failure) throws X {
    throw (X) failure;
  }

  private static <T> CompletableFuture<T> finished(CompletionStage<T> stage) {
    if (stage instanceof CompletableFuture) {
      CompletableFuture<T> future = (CompletableFuture<T>) stage;
      return future.isDone() ? future : null;
    }
    return null;
  }

  /** Of a finished future: its exception as it was thrown, or null. */
  public static Throwable failureOf(CompletableFuture<?> future) {
    if (!future.isCompletedExceptionally()) {
      return null;
    }
    try {
      future.join();
      return null;
    } catch (RuntimeException failure) {
      return unwrap(failure);
    }
  }

  private static <T, R> CompletionStage<R> run(
      Continuation<T, R> continuation, T value, Throwable failure) {
    try {
      return continuation.apply(value, failure);
    } catch (Throwable thrown) {
      return failed(thrown);
    }
  }

  /** Lets the later one of loop and callback go on, so that neither nests in the other. */
  private static final class Handover<T> extends AtomicInteger {
    private static final long serialVersionUID = 1L;
    private transient T value;
    private transient Throwable failure;

    boolean secondToArrive() {
      return getAndIncrement() == 1;
    }
  }
}
