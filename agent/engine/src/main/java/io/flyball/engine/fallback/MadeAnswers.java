package io.flyball.engine.fallback;

import io.flyball.engine.call.ModelCall;
import io.flyball.protocol.conversation.answer.MadeAnswer;
import io.flyball.wire.Bodies;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;

/** Answers with a text that the user wrote, in the application's own format. */
final class MadeAnswers {
  private static final String MODEL = "flyball-static";
  private static final long MILLIS_PER_SECOND = 1_000;

  private MadeAnswers() {}

  /** Null for calls that a text does not answer, such as embeddings. */
  static WireResponse of(ModelCall call, String text) {
    MadeAnswer answer =
        MadeAnswer.of(
            call.originalFacts().protocol().id(),
            call.originalFacts().stream(),
            call.original().uri().getRawQuery(),
            text,
            MODEL,
            call.id().replaceAll("[^A-Za-z0-9]", ""),
            System.currentTimeMillis() / MILLIS_PER_SECOND);
    return answer == null
        ? null
        : WireResponse.made(
            200, Headers.of("Content-Type", answer.contentType()), Bodies.of(answer.body()));
  }
}
