package io.flyball.engine.meter;

import io.flyball.wire.Body;
import io.flyball.wire.Completions;
import java.nio.ByteBuffer;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;

/** The body in the application's hands: its end, either way, is the end of the call. */
final class DeliveredBody implements Body {
  private final Body body;
  private final CallMeter call;
  private AnswerMeter answer;

  DeliveredBody(Body body, CallMeter call) {
    this.body = body;
    this.call = call;
    this.answer = answering();
  }

  private AnswerMeter answering() {
    return ObservedBody.answerOf(body);
  }

  @Override
  public CompletionStage<ByteBuffer> read() {
    CompletionStage<ByteBuffer> next = body.read();
    return Completions.then(
        next,
        (bytes, failure) -> {
          AnswerMeter now = answering();
          if (now != null && now != answer) {
            answer = now;
            call.continuedBy(now);
          }
          if (body.goesOnAfter(failure)) {
            call.silent(failure);
          } else if (failure != null) {
            call.cut(failure);
          } else if (bytes == null) {
            call.ended();
          }
          return next;
        });
  }

  @Override
  public boolean goesOnAfter(Throwable failure) {
    return body.goesOnAfter(failure);
  }

  @Override
  public int available() {
    return body.available();
  }

  @Override
  public void close() {
    boolean early = call.closed();
    body.close();
    if (early) {
      call.cancel(new CancellationException("the application closed the answer"));
    }
  }
}
