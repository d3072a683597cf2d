package io.flyball.engine.attempt;

import io.flyball.engine.call.Client;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.meter.OwnRefusal;
import io.flyball.protocol.sdk.Refusal;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * The body of an answer in which Flyball says no in the provider's own format, so that the
 * application's SDK throws what it throws for the provider's no.
 */
public final class Refused implements OwnRefusal {
  /** Stands for the last good answer where something can be had instead. */
  public static final String LAST_ANSWER = "";

  private static final String PREFIX = "Flyball: ";

  private final RefusalKind kind;
  private final String message;
  private final Body body;
  private final String instead;
  private final boolean foreseen;

  private Refused(RefusalKind kind, String message, Body body, String instead, boolean foreseen) {
    this.kind = kind;
    this.message = message;
    this.body = body;
    this.instead = instead;
    this.foreseen = foreseen;
  }

  /**
   * Says no to a call.
   *
   * @param message for the application's developers; no prompt text, no secret
   */
  public static WireResponse answer(ModelCall call, RefusalKind kind, String message) {
    return answer(call, kind, message, null);
  }

  /**
   * Says no to a call, and what it can have instead.
   *
   * @param instead name of a target, or {@link #LAST_ANSWER}; null: nothing
   */
  public static WireResponse answer(
      ModelCall call, RefusalKind kind, String message, String instead) {
    return answer(call, kind, message, instead, false);
  }

  /**
   * Says no only because that is what the target would probably do: no rule of the user's forbids
   * the attempt. Where nobody else answers it is made after all.
   */
  public static WireResponse foreseen(ModelCall call, RefusalKind kind, String message) {
    return answer(call, kind, message, null, true);
  }

  private static WireResponse answer(
      ModelCall call, RefusalKind kind, String message, String instead, boolean foreseen) {
    Client client = call.context().client();
    boolean retriesEnded =
        client.retriesEnded() || call.originalFacts().stream() && !client.sdk().retriesStreams();
    Refusal refusal =
        Refusal.of(
            call.originalFacts().protocol().id(),
            client.sdk(),
            retriesEnded,
            kind,
            PREFIX + message,
            call.id());
    return WireResponse.made(
        refusal.status(),
        Headers.of(refusal.headers().toArray(new String[0])),
        new Refused(kind, PREFIX + message, Bodies.of(refusal.body()), instead, foreseen));
  }

  public RefusalKind kind() {
    return kind;
  }

  /** What the application's developers are told. */
  public String message() {
    return message;
  }

  /** What can be had instead: a target's name, {@link #LAST_ANSWER}, or null. */
  public String instead() {
    return instead;
  }

  /** See {@link #foreseen(ModelCall, RefusalKind, String)}. */
  public boolean isForeseen() {
    return foreseen;
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
    return kind.code();
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
