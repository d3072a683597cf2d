package io.flyball.engine;

import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;
import java.util.concurrent.CompletionStage;

/** A call the application wants left alone. */
final class Bypass implements EngineCall.Work {
  private static final String OWN_HEADERS = "x-flyball-";

  private final WireRequest request;

  Bypass(WireRequest request) {
    this.request = request;
  }

  @Override
  public CompletionStage<WireResponse> run(EngineCall call) {
    return call.send(request.withHeaders(request.headers().withoutPrefix(OWN_HEADERS)), call);
  }

  @Override
  public void cancelled() {}
}
