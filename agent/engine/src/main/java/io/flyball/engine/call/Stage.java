package io.flyball.engine.call;

import io.flyball.wire.WireResponse;
import java.util.concurrent.CompletionStage;

/**
 * A policy's place in the pipeline. It may answer by itself, change the request, ask the rest of
 * the pipeline once or more often, and change the response.
 *
 * <p>Runs on {@link CallContext#executor()}; never blocks except through the rest of the pipeline.
 * An exception from the stage itself (not from {@code next}) is an internal error: it is logged and
 * counted. Then the call goes on as if the stage were not there, when that is a soft policy; a hard
 * guard refuses it ({@link #insteadOfUnguarded}).
 */
public interface Stage {

  CompletionStage<WireResponse> handle(ModelCall call, Next next);

  /**
   * What a hard guard answers when it failed before anything was sent: a refusal, because what it
   * guards against may not happen for its own fault either. Null for a soft policy.
   */
  default WireResponse insteadOfUnguarded(ModelCall call) {
    return null;
  }

  /** The rest of the pipeline. */
  interface Next {

    /** Completes exceptionally only with the client's own exception. */
    CompletionStage<WireResponse> proceed(ModelCall call);
  }
}
