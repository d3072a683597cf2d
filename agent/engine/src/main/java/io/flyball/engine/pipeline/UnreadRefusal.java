package io.flyball.engine.pipeline;

import io.flyball.engine.attempt.Refused;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.wire.Completions;
import io.flyball.wire.RequestEncoding;
import io.flyball.wire.WireResponse;
import java.util.concurrent.CompletionStage;

/** Refuses a call that cannot be read: what no call may exceed could not be held against it. */
final class UnreadRefusal implements Stage {

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    return Completions.completed(insteadOfUnguarded(call));
  }

  @Override
  public WireResponse insteadOfUnguarded(ModelCall call) {
    return Refused.answer(
        call,
        RefusalKind.BLOCKED,
        RequestEncoding.why(call.request())
            + "; a budget that blocks, or a limit of flyball.request, has to read it");
  }
}
