package io.flyball.engine.pipeline;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.Stage;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.wire.Body;
import io.flyball.engine.wire.BodyPrefix;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.WireResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * Holds an answer back until its first content is there (a stream) or all of it (a plain answer),
 * so that every failure before that is known while another attempt could still answer. A beginning
 * that failed is handed on exactly as it came.
 */
public final class CommitGate implements Stage {
  /** Plain answers longer than this many bytes are handed on before they are whole. */
  static final int MAX_HELD_BYTES = 8 << 20;

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    return Completions.then(
        next.proceed(call),
        (response, failure) ->
            failure != null
                ? Completions.failed(failure)
                : Completions.then(
                    await(response),
                    (beginning, none) -> Completions.completed(beginning.response())));
  }

  /**
   * Reads as far as is needed to tell how the answer begins, and not further; nothing at all when
   * the answer has come through a gate already. Never completes exceptionally.
   */
  public static CompletionStage<Beginning> await(WireResponse response) {
    Body body = response.body();
    if (body instanceof GatedBody) {
      GatedBody gated = (GatedBody) body;
      return Completions.completed(new Beginning(gated.kind, response, gated.failure));
    }
    AnswerMeter answer = body instanceof ObservedBody ? ((ObservedBody) body).answer() : null;
    if (response.origin() == null || (answer != null && answer.stream() && !answer.readable())) {
      return Completions.completed(new Beginning(Beginning.Kind.COMMITTED, response, null));
    }
    boolean stream = answer != null && answer.stream();
    return Completions.then(
        BodyPrefix.read(body, MAX_HELD_BYTES, () -> stream && isDecided(answer)),
        (prefix, none) -> {
          GatedBody held =
              new GatedBody(prefix.replay(), kind(response, answer, prefix), prefix.failure());
          return Completions.completed(
              new Beginning(held.kind, response.withBody(held), held.failure));
        });
  }

  private static boolean isDecided(AnswerMeter answer) {
    return answer.contentSeen() || answer.errorSeen() || !answer.readable();
  }

  private static Beginning.Kind kind(WireResponse response, AnswerMeter answer, BodyPrefix prefix) {
    if (prefix.failure() != null) {
      return Beginning.Kind.CUT;
    }
    if (response.status() >= 400) {
      return Beginning.Kind.STATUS;
    }
    if (answer == null) {
      return Beginning.Kind.COMMITTED;
    }
    if (answer.errorSeen()) {
      return Beginning.Kind.ERROR_EVENT;
    }
    if (answer.outcome() == Outcome.CUT && !answer.contentSeen()) {
      return Beginning.Kind.CUT;
    }
    return answer.outcome() == Outcome.ERROR
        ? Beginning.Kind.UNUSABLE_BODY
        : Beginning.Kind.COMMITTED;
  }

  /** A body of which is known how it begins. */
  private static final class GatedBody implements Body {
    private final Body body;
    private final Beginning.Kind kind;
    private final Throwable failure;

    GatedBody(Body body, Beginning.Kind kind, Throwable failure) {
      this.body = body;
      this.kind = kind;
      this.failure = failure;
    }

    @Override
    public CompletionStage<ByteBuffer> read() {
      return body.read();
    }

    @Override
    public void close() {
      body.close();
    }
  }
}
