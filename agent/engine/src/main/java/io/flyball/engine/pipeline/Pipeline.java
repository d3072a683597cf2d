package io.flyball.engine.pipeline;

import io.flyball.base.InternalErrors;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Runs a call through stages, one inside the other, and keeps a failing stage from failing the
 * call.
 *
 * <p>A stage that fails by itself is reported; then the call goes on as if the stage were not
 * there, but nothing is sent a second time: when the stage had already asked the rest of the
 * pipeline, the latest outcome of that is passed on, be it an answer or the client's exception. A
 * hard guard that fails before it asked refuses the call. Immutable.
 */
public final class Pipeline {
  private final Stage[] stages;
  private final InternalErrors errors;

  /**
   * @param stages the outermost first
   */
  public Pipeline(List<Stage> stages, InternalErrors errors) {
    this.stages = stages.toArray(new Stage[0]);
    this.errors = errors;
  }

  /**
   * Runs a call through all stages.
   *
   * @param last what the innermost stage reaches: the wire
   * @return completes exceptionally only as {@code last} did, or because the call was cancelled
   */
  public CompletionStage<WireResponse> run(ModelCall call, Stage.Next last) {
    return run(0, call, last);
  }

  private CompletionStage<WireResponse> run(int index, ModelCall call, Stage.Next last) {
    if (index == stages.length) {
      return last.proceed(call);
    }
    Passage rest = new Passage(index + 1, last);
    CompletionStage<WireResponse> outcome;
    try {
      outcome = stages[index].handle(call, rest);
    } catch (Throwable failure) {
      return rest.without(stages[index], failure, call);
    }
    if (outcome == null) {
      return rest.without(stages[index], new NullPointerException("no completion stage"), call);
    }
    return Completions.then(
        outcome,
        (response, failure) -> {
          if (failure == null && response != null) {
            return outcome;
          }
          if (failure != null && (rest.failedWith(failure) || isCancelled(call))) {
            return Completions.failed(failure);
          }
          return rest.without(
              stages[index],
              failure == null ? new NullPointerException("no response") : failure,
              call);
        });
  }

  private static boolean isCancelled(ModelCall call) {
    return call.context().cancellation().isCancelled();
  }

  /** What one stage did with the rest of the pipeline. */
  private final class Passage implements Stage.Next {
    private final int index;
    private final Stage.Next last;
    private Asked latest;

    Passage(int index, Stage.Next last) {
      this.index = index;
      this.last = last;
    }

    @Override
    public CompletionStage<WireResponse> proceed(ModelCall call) {
      CompletionStage<WireResponse> outcome = run(index, call, last);
      synchronized (this) {
        latest = new Asked(outcome.toCompletableFuture(), latest);
      }
      return outcome;
    }

    synchronized boolean failedWith(Throwable failure) {
      for (Asked asked = latest; asked != null; asked = asked.before) {
        if (asked.outcome.isDone() && Completions.failureOf(asked.outcome) == failure) {
          return true;
        }
      }
      return false;
    }

    CompletionStage<WireResponse> without(Stage stage, Throwable failure, ModelCall call) {
      errors.report("stage " + stage.getClass().getSimpleName(), failure);
      Asked asked;
      synchronized (this) {
        asked = latest;
      }
      if (asked != null) {
        return asked.outcome;
      }
      WireResponse refusal = stage.insteadOfUnguarded(call);
      return refusal == null ? run(index, call, last) : Completions.completed(refusal);
    }
  }

  /** One time a stage asked the rest of the pipeline, and the time before. */
  private static final class Asked {
    final CompletableFuture<WireResponse> outcome;
    final Asked before;

    Asked(CompletableFuture<WireResponse> outcome, Asked before) {
      this.outcome = outcome;
      this.before = before;
    }
  }
}
