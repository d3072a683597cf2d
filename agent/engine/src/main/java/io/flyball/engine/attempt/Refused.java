package io.flyball.engine.attempt;

import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.meter.OwnRefusal;
import io.flyball.engine.wire.Bodies;
import io.flyball.engine.wire.Body;
import io.flyball.engine.wire.Headers;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.sdk.Refusal;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.protocol.sdk.Sdk;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * The body of an answer in which Flyball says no in the provider's own format, so that the
 * application's SDK throws what it throws for the provider's no.
 */
public final class Refused implements OwnRefusal {
  private final RefusalKind kind;
  private final Body body;

  private Refused(RefusalKind kind, Body body) {
    this.kind = kind;
    this.body = body;
  }

  /**
   * Says no to a call.
   *
   * @param message for the application's developers; no prompt text, no secret
   */
  public static WireResponse answer(ModelCall call, RefusalKind kind, String message) {
    Refusal refusal =
        Refusal.of(
            call.originalFacts().protocol().id(),
            Sdk.of(call.original().headers()::first),
            kind,
            "Flyball: " + message,
            call.id());
    return WireResponse.made(
        refusal.status(),
        Headers.of(refusal.headers()),
        new Refused(kind, Bodies.of(refusal.body())));
  }

  public RefusalKind kind() {
    return kind;
  }

  @Override
  public Outcome outcome() {
    switch (kind) {
      case TIMEOUT:
        return Outcome.TIMEOUT;
      case UPSTREAM_FAILED:
        return Outcome.CUT;
      default:
        return Outcome.REFUSED;
    }
  }

  @Override
  public String word() {
    return kind.word();
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
