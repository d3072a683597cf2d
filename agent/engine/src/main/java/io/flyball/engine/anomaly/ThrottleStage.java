package io.flyball.engine.anomaly;

import io.flyball.engine.attempt.Refused;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.util.concurrent.CompletionStage;

/** Refuses calls that are held back because of an anomaly. */
public final class ThrottleStage implements Stage {
  private final Throttle throttle;

  public ThrottleStage(Throttle throttle) {
    this.throttle = throttle;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    if (throttle.isIdle()) {
      return next.proceed(call);
    }
    String loop = throttle.loopRefusal(call.original().body(), call.attribution());
    if (loop != null) {
      return refuse(call, RefusalKind.BLOCKED, loop);
    }
    String spending = throttle.spendingRefusal(call.attribution());
    return spending == null ? next.proceed(call) : refuse(call, RefusalKind.RATE_LIMITED, spending);
  }

  private static CompletionStage<WireResponse> refuse(
      ModelCall call, RefusalKind kind, String message) {
    call.context().journal().heldBack();
    return Completions.completed(Refused.answer(call, kind, message));
  }
}
