package io.flyball.engine.recovery;

import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ContentDecoder;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.conversation.answer.StreamContinuation;
import java.util.concurrent.CompletionStage;

/**
 * Sees to it that a stream which breaks off after its beginning was handed on never looks like a
 * whole one: it goes on with another answer that repeats what was handed on, or it fails.
 */
public final class RecoveryStage implements Stage {
  private final boolean splice;

  /**
   * @param splice whether to ask again for an answer to go on with
   */
  public RecoveryStage(boolean splice) {
    this.splice = splice;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    return Completions.then(
        next.proceed(call),
        (response, failure) -> {
          if (failure != null) {
            return Completions.failed(failure);
          }
          return Completions.completed(
              isStream(response)
                  ? response.withBody(
                      new RecoveredBody(
                          (ObservedBody) response.body(),
                          // What is compressed cannot be read along, and goes on as it comes.
                          splice
                                  && ContentDecoder.isPlain(
                                      response.headers().first("Content-Encoding"))
                              ? StreamContinuation.of(call.originalFacts().protocol().id())
                              : null,
                          call,
                          next))
                  : response);
        });
  }

  static boolean isStream(WireResponse response) {
    if (!Verdict.of(response).isAnswered() || !(response.body() instanceof ObservedBody)) {
      return false;
    }
    ObservedBody body = (ObservedBody) response.body();
    AnswerMeter answer = body.answer();
    return answer != null
        && answer.stream()
        && answer.isUnderstood()
        // What only calls itself a stream is nobody's to read along.
        && answer.factsSoFar().events();
  }
}
