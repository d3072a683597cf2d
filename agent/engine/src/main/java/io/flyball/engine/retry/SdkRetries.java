package io.flyball.engine.retry;

import io.flyball.engine.attempt.Refused;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.Client;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.util.concurrent.CompletionStage;

/**
 * Has the application's SDK not ask again what was asked often enough: its retries would multiply
 * with ours. Where they are ended in its own code it gets what it would have got without us, a
 * failed connection or a timeout as its HTTP client's exception; elsewhere what fails is said in
 * the words that this SDK takes for final.
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

  /**
   * The exception that stands for an answer where the SDK has no status for what it says: a
   * timeout, which it only knows as an exception of its HTTP client's.
   *
   * @return null when the answer is to be handed on
   */
  public static Throwable insteadOf(WireResponse response, CallContext context) {
    if (!(response.body() instanceof Refused)) {
      return null;
    }
    Refused refused = (Refused) response.body();
    Client client = context.client();
    return refused.kind() == RefusalKind.TIMEOUT
            && client.retriesEnded()
            && client.sdk().timeoutStatus() < 0
        ? context.timeoutFailure(refused.message())
        : null;
  }

  private static CompletionStage<WireResponse> afterFailure(ModelCall call, Throwable failure) {
    Verdict verdict = Verdict.of(failure, call.context().cancellation().isCancelled());
    // A client's own timeout was not answered by another attempt: that is left to its SDK.
    boolean connection = verdict.failure() == FailureKind.CONNECTION;
    Client client = call.context().client();
    if (!connection
        || client.retriesEnded()
        || !client.sdk().retriesConnectionFailures()
        || !client.sdk().obeysShouldRetry()) {
      return Completions.failed(failure);
    }
    return Completions.completed(
        Refused.answer(
            call,
            RefusalKind.UPSTREAM_FAILED,
            call.destination() + " could not be reached: " + failure.getClass().getSimpleName()));
  }
}
