package io.flyball.engine.retry;

import io.flyball.engine.attempt.Refused;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.protocol.sdk.Sdk;
import java.util.concurrent.CompletionStage;

/**
 * Has the application's SDK not ask again what was asked often enough: its retries would multiply
 * with ours. What fails is said in the words that this SDK takes for final.
 */
public final class SdkRetries implements Stage {
  private static final String SHOULD_RETRY = "x-should-retry";

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    return Completions.then(
        next.proceed(call),
        (response, failure) -> {
          if (call.context().journal().areRetriesLeft()) {
            return failure == null ? Completions.completed(response) : Completions.failed(failure);
          }
          if (failure != null) {
            return afterFailure(call, failure);
          }
          return Completions.completed(
              response.status() >= 400
                  ? response.withHeaders(response.headers().with(SHOULD_RETRY, "false"))
                  : response);
        });
  }

  private static CompletionStage<WireResponse> afterFailure(ModelCall call, Throwable failure) {
    Verdict verdict = Verdict.of(failure, call.context().cancellation().isCancelled());
    boolean connection =
        verdict.failure() == FailureKind.CONNECTION || verdict.failure() == FailureKind.TIMEOUT;
    Sdk sdk = Sdk.of(call.original().headers()::first);
    if (!connection || !sdk.retriesConnectionFailures() || !sdk.obeysShouldRetry()) {
      return Completions.failed(failure);
    }
    return Completions.completed(
        Refused.answer(
            call,
            RefusalKind.UPSTREAM_FAILED,
            call.destination() + " could not be reached: " + failure.getClass().getSimpleName()));
  }
}
