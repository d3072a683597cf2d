package io.flyball.engine.pipeline;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.util.concurrent.CompletionStage;

/** Keeps what applications say to Flyball ({@code x-flyball-*}) off the wire. */
final class OwnHeaders implements Stage {

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    Headers headers = call.request().headers();
    Headers others = headers.withoutFlyballs();
    return next.proceed(
        others.size() == headers.size()
            ? call
            : call.withRequest(call.request().withHeaders(others)));
  }
}
