package io.flyball.engine.recovery;

import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.conversation.answer.StreamContinuation;
import io.flyball.wire.Bodies;
import io.flyball.wire.Completions;
import io.flyball.wire.HeldBytes;
import io.flyball.wire.WireResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Sees to it that a stream which breaks off after its beginning was handed on never looks like a
 * whole one: it goes on with another answer that repeats what was handed on, or it fails.
 */
public final class RecoveryStage implements Stage {
  private final boolean splice;
  private final long joinNanos;
  private final Predicate<ModelCall> mayAsk;
  private final TimeSource time;

  /**
   * @param splice whether to ask again for an answer to go on with
   * @param joinNanos how long the application waits for another answer to go on where the first one
   *     broke off
   * @param mayAsk asked before another answer is: whether calls like it have not asked too often
   *     lately
   */
  public RecoveryStage(
      boolean splice, long joinNanos, Predicate<ModelCall> mayAsk, TimeSource time) {
    this.splice = splice;
    this.joinNanos = joinNanos;
    this.mayAsk = mayAsk;
    this.time = time;
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
              isStream(response) ? response.withBody(recovered(response, call, next)) : response);
        });
  }

  private RecoveredBody recovered(WireResponse response, ModelCall call, Next next) {
    HeldBytes.Hold kept = HeldBytes.ofThisJvm().hold();
    return new RecoveredBody(
        (ObservedBody) response.body(),
        splice ? continuation(call.originalFacts(), response) : null,
        StreamCoding.of(response.headers(), kept::grow),
        kept,
        call,
        next,
        mayAsk,
        time,
        joinNanos);
  }

  /** Null when the stream cannot be joined. */
  private static StreamContinuation continuation(RequestFacts facts, WireResponse response) {
    int choices = facts.choices() == null ? 1 : facts.choices();
    String contentType = response.headers().first("Content-Type");
    return StreamContinuation.of(
        facts.protocol().id(),
        choices,
        () -> facts.protocol().reader(facts, response.status(), contentType));
  }

  /**
   * What is left of a complete answer whose transport failed. Where the application asked for
   * nothing that comes behind the finish reason, only what we asked for can have been waited for:
   * then it ends as it would have without, with its last event.
   */
  static ByteBuffer endOfComplete(StreamContinuation continuation, ModelCall call) {
    ByteBuffer held = continuation.heldWithItsEnd();
    RequestFacts facts = call.originalFacts();
    boolean nothingElse =
        !call.request().isEncoded()
            && facts.protocol().askForUsage(facts, call.request().body()) != null;
    return nothingElse ? Bodies.joined(held, continuation.missingEnd()) : held;
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
