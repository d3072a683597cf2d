package io.flyball.engine.retry;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.time.Timer;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.net.SocketTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Another attempt for somebody who would have a failure in hand without it, and so does not wait
 * long for something better: when its answer has not committed in time, the attempt is cancelled.
 * What has committed is not ended by that.
 */
final class Rescue {
  private final CompletableFuture<WireResponse> result = new CompletableFuture<>();
  private final AtomicBoolean decided = new AtomicBoolean();
  private final ModelCall call;
  private final Cancellation attempt;

  private Rescue(ModelCall call, Cancellation attempt) {
    this.call = call;
    this.attempt = attempt;
  }

  /**
   * Makes the attempt.
   *
   * @return how it went; null when that was not known in time
   * @throws java.util.concurrent.RejectedExecutionException when there is no timer any more;
   *     nothing is sent then
   */
  static CompletionStage<WireResponse> within(
      long nanos, Timer timer, ModelCall call, Stage.Next next) {
    Cancellation attempt = call.context().cancellation().child();
    Rescue rescue = new Rescue(call, attempt);
    Timer.Scheduled alarm = timer.schedule(nanos, rescue::expire);
    Completions.thenOrFail(
        next.proceed(call.withCancellation(attempt)),
        rescue.result,
        (response, failure) -> {
          alarm.cancel();
          rescue.ended(response, failure);
          return Completions.completed(null);
        });
    return rescue.result;
  }

  private void expire() {
    if (decided.compareAndSet(false, true)) {
      try {
        attempt.cancel(new SocketTimeoutException("Flyball: the failure before it is handed on"));
      } finally {
        Completions.orFail(
            result,
            () -> Completions.execute(call.context().executor(), () -> result.complete(null)));
      }
    }
  }

  private void ended(WireResponse response, Throwable failure) {
    if (!decided.compareAndSet(false, true)) {
      if (response != null) {
        response.body().close();
      }
      result.complete(null);
    } else if (failure != null) {
      result.completeExceptionally(failure);
    } else {
      result.complete(response);
    }
  }
}
