package io.flyball.engine.meter;

import io.flyball.wire.Body;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/** A body in the place of one of which something was read, with the meter of that one. */
public class ReplacedBody implements ObservedBody {
  private final Body body;
  private final AnswerMeter answer;

  /**
   * @param answer null when nobody has looked on
   */
  public ReplacedBody(Body body, AnswerMeter answer) {
    this.body = body;
    this.answer = answer;
  }

  @Override
  public final AnswerMeter answer() {
    return answer;
  }

  @Override
  public final CompletionStage<ByteBuffer> read() {
    return body.read();
  }

  @Override
  public final boolean goesOnAfter(Throwable failure) {
    return body.goesOnAfter(failure);
  }

  @Override
  public final int available() {
    return body.available();
  }

  @Override
  public void close() {
    body.close();
  }
}
